"""One benchmark: a recording in real time through the live path, some runs over, with peers between them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from live_coach.bench import hearings, program, reference
from live_coach.bench.compare import Comparison
from live_coach.bench.figures import (
    Delays,
    Figures,
    medians,
    our_delays,
    percentiles,
    text_delays,
    text_figures,
)
from live_coach.bench.machine import machine, today, versions
from live_coach.bench.reference import Lines, Reference

OURS = "live_coach"

_BUSY_FROM, _BUSY_PART = 0.15, 0.6
"""From here on, and for so long, in parts of the recording, other processes keep the computer busy."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is measured. `manager`: as in `live-coach replay`; `busy`: processes that keep cores busy beside it;
    `title`: what the recording is called."""

    title: str
    recording: Path
    manager: str | None
    language: str
    model: str | None
    reference: Reference
    runs: int = 3
    busy: int = 0


@dataclass(slots=True)
class Listener:
    """What one listener did, run by run; `delays` are those of all runs."""

    name: str
    version: str
    runs: list[Figures] = field(default_factory=list)
    health: list[list[dict[str, Any]]] = field(default_factory=list)
    delays: Delays = field(default_factory=dict)

    def add(self, delays: Delays, figures: Figures) -> None:
        """One run more."""
        self.runs.append(percentiles(delays) | figures)
        for name, values in delays.items():
            self.delays.setdefault(name, []).extend(values)

    @property
    def median(self) -> Figures:
        return medians(self.runs)


@dataclass(slots=True)
class Results:
    """All listeners, ours first, and the circumstances."""

    about: dict[str, Any]
    listeners: list[Listener]

    def as_json(self) -> dict[str, Any]:
        """What is written to bench.json; numbers with four decimals."""
        return self.about | {
            "listeners": [
                {
                    "name": one.name,
                    "version": one.version,
                    "median": _rounded(one.median),
                    "runs": [_rounded(run) for run in one.runs],
                    "health": one.health,
                }
                for one in self.listeners
            ]
        }


def bundled(language: str) -> tuple[Path, Path]:
    """The bundled conversation of a language and its script."""
    folder = Path(str(files("live_coach") / "demo"))
    return folder / f"{language}.opus", folder / f"{language}.json"


def own_reference(
    recording: Path, manager: str | None, language: str, model: str | None
) -> Reference:
    """The words that the program itself hears in a recording at full speed."""
    heard = program.replay(recording, manager=manager, language=language, model=model, speed="max")
    return reference.from_own_text(heard.lines, language)


def measure(
    task: Task, say: Callable[[str], None], comparison: Comparison | None = None
) -> Results:
    """Run it; with a comparison every peer takes its turn after each of our runs.

    Raises LiveCoachError when a listener cannot run.
    """
    ours = Listener(OURS, versions()["live-coach"])
    peers = {peer.name: Listener(peer.name, "") for peer in comparison.peers} if comparison else {}
    about: dict[str, Any] = {}
    for run in range(1, task.runs + 1):
        say(f"Run {run} of {task.runs}: {OURS}, in real time.")
        with _busy(task):
            heard = program.replay(
                task.recording,
                manager=task.manager,
                language=task.language,
                model=task.model,
                speed="real",
            )
        _add_ours(ours, heard, task)
        about = _about(task, heard.lines)
        for peer in comparison.peers if comparison else ():
            say(f"Run {run} of {task.runs}: {peer.name}, in real time.")
            assert comparison is not None
            with _busy(task):
                listened = comparison.listen(peer, about["duration"])
            _add_peer(peers[peer.name], listened, task, about)
    return Results(about, [ours, *peers.values()])


def _busy(task: Task) -> AbstractContextManager[None]:
    """Load that comes when the conversation is under way, and goes before its end."""
    import soundfile

    seconds = soundfile.info(task.recording).duration
    return program.hogs(task.busy, after_s=_BUSY_FROM * seconds, for_s=_BUSY_PART * seconds)


def _add_ours(ours: Listener, heard: program.Watched, task: Task) -> None:
    shown = list(hearings.of_ours(heard.lines, task.language))
    delays = text_delays(shown, task.reference)
    end = heard.lines[-1]
    ours.add(
        delays | our_delays(heard.lines),
        text_figures(shown, task.reference, delays, hearings.Standing.FINAL)
        | load(heard, end["duration"])
        | {"dropped": float(end["dropped"]), "untranscribed": float(end["untranscribed"])},
    )
    ours.health.append([line for line in heard.lines if line["type"] == "health"])


def _add_peer(
    listener: Listener, heard: program.Watched, task: Task, about: dict[str, Any]
) -> None:
    listener.version = heard.lines[0]["version"]
    shown = list(hearings.of_peer(heard.lines, task.language))
    delays = text_delays(shown, task.reference)
    figures = text_figures(shown, task.reference, delays, hearings.Standing.SHOWN)
    listener.add(delays, figures | load(heard, about["duration"]))


def load(heard: program.Watched, duration_s: float) -> Figures:
    """CPU seconds per second of sound, of the whole process tree with its start, and its peak memory."""
    return {"cpu_s_per_s": heard.cpu_s / duration_s, "peak_memory_mb": heard.peak_mb}


def _about(task: Task, lines: Lines) -> dict[str, Any]:
    return {
        "date": today(),
        "machine": machine(),
        "versions": versions(),
        "model": lines[0]["model"],
        "language": task.language,
        "recording": task.title,
        "duration": lines[-1]["duration"],
        "reference": "own final text" if task.reference.own else "given",
        "words": len(task.reference.said),
        "busy": task.busy,
    }


def _rounded(figures: Figures) -> Figures:
    return {name: None if value is None else round(value, 4) for name, value in figures.items()}
