"""What an hour of conversation costs the screen: repaints, the interface's processor time, memory.

    python -m benchmarks.screen_hour [--minutes 60] [--language en] [--size 120x40] [--output FILE]

The bundled conversation goes through the whole program once, at full speed and without a screen; its
messages, with the levels of both sides ten times a second, are then given to the screen over and over
in real time, as a session gives them. The Textual application runs as a process of its own on a
pseudo-terminal, whose output is read and thrown away. Told are, for each minute:

- repaints: how often Textual composed something for the terminal, and the most in any one second
  (a window that slides from repaint to repaint);
- interface_percent: processor time of the thread that Textual runs on, in percent of one core, and
  writer_percent: of the thread that writes to the terminal, by the kernel's account of each thread;
- memory_mb: memory that belongs to this process alone, in MB (10^6 bytes of unique set size);
- load: the machine's load average, since other programs slow this one down.

The file is written again after every minute. The exit status is 1 when one of these does not hold:
at most ten repaints in any second; interface and writer together at most 8 % of a core over the whole
time; memory in the last five minutes at most 2 MB above minutes 3 to 8 (medians; with fewer than 20
minutes, the second half against the first). Needs psutil and a Unix system.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import pty
import statistics
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import soundfile

from benchmarks.demo_plan import Language, demo_plan, recording
from live_coach.archive.collector import Collector
from live_coach.bench.machine import machine, today, versions
from live_coach.flow.messages import (
    RATE,
    Channel,
    Health,
    Levels,
    Message,
    MetricSnapshot,
    Nudge,
    SessionStarted,
    Span,
    SpeakerKnown,
    SpeechStarted,
    Stage,
    Utterance,
)
from live_coach.screen import app
from live_coach.screen.app import CoachApp
from live_coach.screen.bridge import Bridge
from live_coach.session import Card, announce, run_inline

ROOT = Path(__file__).resolve().parent.parent
REPAINTS_A_SECOND = 10
PERCENT_OF_A_CORE = 8.0
MEMORY_MAY_GROW_MB = 2.0
MINUTE = 60.0
LEVELS_EVERY = RATE // 10

Timed = tuple[int, Message]
"""When a message came, in samples of the conversation, and the message."""


# ── the conversation ─────────────────────────────────────────────────────────────────────────────


class Kept:
    """A reader that keeps what a screen can use."""

    def __init__(self) -> None:
        self.messages: list[Timed] = []

    def receive(self, message: Message, emitted: int) -> None:
        if moved(message, 0) is not None or isinstance(message, SessionStarted):
            self.messages.append((emitted, message))


def conversation(language: Language) -> tuple[list[Timed], int]:
    """The messages of the bundled conversation in order of time, and its length in samples."""
    plan = demo_plan(language, Card(goal="I call one customer every Friday", agreed_minutes=60))
    kept = Kept()
    ended = run_inline(
        plan,
        announce(plan),
        lambda _: Collector(keep_transcript=False),
        [kept],
        threading.Event(),
    )
    together = [*kept.messages, *levels(recording(language), ended.duration)]
    return sorted(together, key=lambda timed: timed[0]), ended.duration


def levels(sound_file: Path, end: int) -> Iterator[Timed]:
    """The peaks of both sides, ten times a second, as a live source tells them."""
    sound, rate = soundfile.read(str(sound_file), dtype="float32")
    for at in range(LEVELS_EVERY, end, LEVELS_EVERY):
        piece = sound[(at - LEVELS_EVERY) * rate // RATE : at * rate // RATE]
        peaks = np.abs(piece).max(axis=0, initial=1e-6)
        dbfs = dict(zip((Channel.MANAGER, Channel.COACHEE), map(_dbfs, peaks), strict=True))
        yield at, Levels(at, dbfs)


def _dbfs(peak: float) -> float:
    return float(20 * np.log10(peak))


def moved(message: Message, by: int) -> Message | None:
    """The message so many samples later; None for one that the screen shows nothing of."""
    match message:
        case MetricSnapshot():
            return replace(message, heard_to=message.heard_to + by, read_to=message.read_to + by)
        case SpeechStarted() | SpeakerKnown():
            return replace(message, at=message.at + by, heard_to=message.heard_to + by)
        case Utterance(stage=Stage.FINAL, span=span):
            return replace(message, span=Span(span.start + by, span.end + by), text="", words=())
        case Nudge():
            return replace(message, at=message.at + by, expires_at=message.expires_at + by)
        case Health() | Levels():
            return replace(message, at=message.at + by)
        case _:
            return None


def over_and_over(messages: list[Timed], length: int, end: int) -> Iterator[Timed]:
    """The conversation again and again until `end`; it begins only once."""
    for by in range(0, end, length):
        for emitted, message in messages:
            again = (
                message if isinstance(message, SessionStarted) and not by else moved(message, by)
            )
            if again is not None and emitted + by < end:
                yield emitted + by, again


# ── the screen, on a terminal of its own ─────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Minute:
    """What one minute cost."""

    minute: int
    repaints: int
    most_in_a_second: int
    interface_percent: float
    writer_percent: float
    memory_mb: float
    load: float


class WatchedApp(CoachApp):
    """The application; counts its repaints."""

    CSS_PATH = Path(app.__file__).with_name("live_coach.tcss")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.repaints = 0
        self.most_in_a_second = 0
        self._latest: deque[float] = deque()

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, renderable)
        now = time.monotonic()
        self.repaints += 1
        self._latest.append(now)
        while self._latest[0] <= now - 1:
            self._latest.popleft()
        self.most_in_a_second = max(self.most_in_a_second, len(self._latest))


class Watch:
    """Takes the figures of a minute, and begins the next."""

    def __init__(self, screen: WatchedApp) -> None:
        self._screen = screen
        self._process = psutil.Process()
        self._minute = 0
        self._since = time.monotonic()
        self._spent = self._threads()
        screen.repaints = screen.most_in_a_second = 0

    def minute(self) -> Minute:
        now, spent = time.monotonic(), self._threads()
        lasted, self._since = now - self._since, now
        self._minute += 1
        told = Minute(
            minute=self._minute,
            repaints=self._screen.repaints,
            most_in_a_second=self._screen.most_in_a_second,
            interface_percent=round(100 * (spent[0] - self._spent[0]) / lasted, 2),
            writer_percent=round(100 * (spent[1] - self._spent[1]) / lasted, 2),
            memory_mb=round(self._process.memory_full_info().uss / 1e6, 2),
            load=round(os.getloadavg()[0], 2),
        )
        self._spent = spent
        self._screen.repaints = self._screen.most_in_a_second = 0
        return told

    def _threads(self) -> tuple[float, float]:
        """Processor seconds of the interface's thread, and of Textual's writer."""
        spent = {one.id: one.user_time + one.system_time for one in self._process.threads()}
        main = threading.main_thread().native_id or 0
        writers = [
            thread.native_id or 0
            for thread in threading.enumerate()
            if thread.name == "textual-output"
        ]
        return spent[main], sum(spent.get(one, 0.0) for one in writers)


def show(talk: Path, told: Path, minutes: int, language: str) -> None:
    """Run the application on this process's terminal; a line of figures a minute goes to `told`."""
    messages, length = pickle.loads(talk.read_bytes())
    bridge = Bridge()
    standing = threading.Event()
    screen = WatchedApp(
        bridge,
        language=language,
        on_start=standing.set,
        on_stop=lambda _: None,
        summary=lambda: "",
    )

    def feed() -> None:
        standing.wait()
        watch, began, done = Watch(screen), time.monotonic(), 0
        for emitted, message in over_and_over(messages, length, int(minutes * MINUTE * RATE)):
            time.sleep(max(0.0, began + emitted / RATE - time.monotonic()))
            bridge.receive(message, emitted)
            if time.monotonic() >= began + (done + 1) * MINUTE:
                done += 1
                _tell(told, watch.minute())
        if done < minutes:
            _tell(told, watch.minute())
        screen.call_from_thread(screen.exit)

    threading.Thread(target=feed, name="session", daemon=True).start()
    screen.present()


def _tell(told: Path, minute: Minute) -> None:
    with told.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(minute)) + "\n")


# ── the measurement ──────────────────────────────────────────────────────────────────────────────


def main() -> None:
    """Run, write the file after every minute, say what holds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--language", default="en", choices=["en", "nl"])
    parser.add_argument("--size", default="120x40", help="columns and rows of the terminal")
    parser.add_argument("--output", type=Path, default=Path("screen_hour.json"))
    parser.add_argument("--show", type=Path, nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.show:
        show(*asked.show, asked.minutes, asked.language)
        return
    with tempfile.TemporaryDirectory(prefix="screen-hour-") as name:
        talk, told = Path(name) / "talk", Path(name) / "told"
        talk.write_bytes(pickle.dumps(conversation(asked.language)))
        told.touch()
        for known in _on_a_terminal(talk, told, asked):
            result = figures(asked, known)
            asked.output.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(json.dumps(result["whole"], indent=1))
    print("holds" if result["holds"] else "DOES NOT HOLD")
    sys.exit(0 if result["holds"] else 1)


def _on_a_terminal(talk: Path, told: Path, asked: argparse.Namespace) -> Iterator[list[Minute]]:
    """All minutes so far, whenever there is one more."""
    ours, theirs = pty.openpty()
    columns, rows = map(int, asked.size.split("x"))
    termios.tcsetwinsize(theirs, (rows, columns))
    given = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    program = subprocess.Popen(
        [
            *(sys.executable, "-m", "benchmarks.screen_hour", "--show", talk, told),
            *("--minutes", str(asked.minutes), "--language", asked.language),
        ],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env={name: at for name, at in os.environ.items() if name != "NO_COLOR"} | given,
        start_new_session=True,
    )
    os.close(theirs)
    known: list[Minute] = []
    try:
        while _read(ours):
            lines = told.read_text("utf-8").splitlines()
            if len(lines) > len(known):
                known = [Minute(**json.loads(line)) for line in lines]
                yield known
    finally:
        program.kill()
        program.wait()
        os.close(ours)
    if len(known) < asked.minutes:
        raise SystemExit("The screen ended too early.")


def _read(terminal: int) -> bool:
    try:
        return bool(os.read(terminal, 1 << 16))
    except OSError:
        return False


def figures(asked: argparse.Namespace, known: list[Minute]) -> dict[str, Any]:
    """The file: what holds, the whole, and every minute."""
    early, late = _windows([minute.memory_mb for minute in known])
    whole = {
        "minutes": len(known),
        "repaints_per_second": round(sum(one.repaints for one in known) / MINUTE / len(known), 2),
        "most_repaints_in_a_second": max(one.most_in_a_second for one in known),
        "interface_percent": round(statistics.mean(one.interface_percent for one in known), 2),
        "writer_percent": round(statistics.mean(one.writer_percent for one in known), 2),
        "memory_early_mb": early,
        "memory_late_mb": late,
    }
    within = {
        "repaints": whole["most_repaints_in_a_second"] <= REPAINTS_A_SECOND,
        "interface": whole["interface_percent"] + whole["writer_percent"] <= PERCENT_OF_A_CORE,
        "memory": late - early <= MEMORY_MAY_GROW_MB,
    }
    return {
        "date": today(),
        "machine": machine(),
        "versions": versions(),
        "language": asked.language,
        "size": asked.size,
        "bars": {
            "repaints_a_second": REPAINTS_A_SECOND,
            "interface_and_writer_percent": PERCENT_OF_A_CORE,
            "memory_may_grow_mb": MEMORY_MAY_GROW_MB,
        },
        "within": within,
        "holds": all(within.values()),
        "whole": whole,
        "each_minute": [asdict(one) for one in known],
    }


def _windows(memory: list[float]) -> tuple[float, float]:
    """Median memory early and late."""
    half = max(1, len(memory) // 2)
    early = memory[2:8] if len(memory) >= 20 else memory[:half]
    late = memory[-5:] if len(memory) >= 20 else memory[-half:]
    return round(statistics.median(early), 2), round(statistics.median(late), 2)


if __name__ == "__main__":
    main()
