"""How soon the talk bar shows that somebody speaks: real devices, real session, real screen.

    python benchmarks/talk_bar.py [--onsets 60] [--gap 1.5 2.5] [--language en] [--output DIR]

A virtual sound server (tests/device/start_sound.sh) plays short pieces of speech with sharp onsets
into the microphone of a live conversation, between silences of lengths between the two of --gap, in
seconds (after 30 s of silence the ear wants a longer proof of speech). PortAudio captures them in a
process of its own, the session runs on threads with the model in a process, and the Textual
application runs headless at 120x40 in this process. Told are, for each onset, in milliseconds:

- block_to_request: from the capture time of the microphone's block that holds the sound at which the
  ear knew (`SpeechStarted.heard_to`; the time is that of the device's callback) to the moment at which
  the screen asks Textual to repaint the talk bar with the manager speaking;
- sound_to_paint: from the first sample of the onset to the moment at which Textual has composed the
  repainted talk bar and has made the bytes for the terminal.

When a sample sounded is found out by a recorder of its own on the microphone's monitor: as early as
the arrival of any of its chunks within 5 s allows, so a sample that the server keeps for the rest of its
block (50 ms) has sounded all that time. The path between is told in five parts that add up to
sound_to_paint: `hearing`, the sound from the onset to `heard_to`; `device`, from when that sound was
there to its block's capture time; `deciding`, from there to the message SpeechStarted; `asking`, to the
request; `painting`, to the paint. `other_block_to_request` counts from the later block of both
channels, since the ear hears them in lock step.

talk_bar.json has all figures, talk_bar.svg their distribution. The exit status is 1 when the 90th
percentile of block_to_request is above 120 ms, that of sound_to_paint above 250 ms, or an onset was
missed. Needs pulseaudio, pulseaudio-utils, psutil, and matplotlib for the plot.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onsets
import psutil
from textual._compositor import CompositorUpdate

from live_coach.archive.keeper import Keeper
from live_coach.audio.source import Source
from live_coach.commands.conduct import models_for
from live_coach.flow.messages import (
    RATE,
    AudioFrame,
    Channel,
    Message,
    MetricSnapshot,
    Speaker,
    SpeechStarted,
)
from live_coach.live_run import LiveRun
from live_coach.screen import app
from live_coach.screen.app import CoachApp
from live_coach.screen.bridge import Bridge
from live_coach.screen.state import LiveState
from live_coach.session import Card, OpenSource, Plan, announce, live_source
from live_coach.settings import load

START_SOUND = Path(__file__).resolve().parent.parent / "tests" / "device" / "start_sound.sh"
SINK, MIC, CALL = "manager_mic", "manager_headset", "call_audio.monitor"
BARS_MS = {"block_to_request": 120.0, "sound_to_paint": 250.0}
PARTS = ("hearing", "device", "deciding", "asking", "painting")
FIGURES = (*BARS_MS, "other_block_to_request", *PARTS)
PERCENTILES = (50, 90, 99)
RECORDER_WINDOW_S = 5.0
KNOWN_WITHIN_S = 1.0
"""An onset that the ear does not tell within this is missed."""


class WatchedSource:
    """The live source; keeps when each block was captured, and the microphone's sound."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.channels = source.channels
        self.blocks: dict[Channel, list[tuple[int, int]]] = {name: [] for name in self.channels}
        self.sound: list[onsets.Sound] = []

    @property
    def dropped(self) -> int:
        return self._source.dropped

    def frames(self) -> Iterator[AudioFrame]:
        for frame in self._source.frames():
            self.blocks[frame.channel].append((frame.span.end, frame.captured_ns))
            if frame.channel is Channel.MANAGER:
                self.sound.append(frame.samples)
            yield frame

    def stop(self) -> None:
        self._source.stop()

    def captured_ns(self, channel: Channel, sample: int) -> int:
        """When the block that ends at this sample or holds the one before it was captured."""
        return self.blocks[channel][bisect_left(self.blocks[channel], (sample, 0))][1]


@dataclass
class Told:
    """A reader of the message stream: when each onset of the manager was told."""

    heard: threading.Event = field(default_factory=threading.Event)
    onsets: list[tuple[int, int]] = field(default_factory=list)

    def receive(self, message: Message, _emitted: int) -> None:
        if isinstance(message, MetricSnapshot):
            self.heard.set()
        elif isinstance(message, SpeechStarted) and message.speaker is Speaker.MANAGER:
            self.onsets.append((message.heard_to, time.monotonic_ns()))


class WatchedApp(CoachApp):
    """The application; keeps when it asks for a talk bar with the manager speaking, and when it has one."""

    CSS_PATH = Path(app.__file__).with_name("live_coach.tcss")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.requests: list[int] = []
        self.paints: list[int] = []
        self._manager_speaks = False
        self._bar_is_new = False
        self._watched = False

    def _show(self, state: LiveState) -> None:
        if not self._watched:
            self._watch_bar()
        self._manager_speaks = Speaker.MANAGER in state.speaking
        super()._show(state)

    def _watch_bar(self) -> None:
        self._watched = True
        bar = self._live.query_one("#talk-bar")
        refresh, render = bar.refresh, bar.render

        def watched_refresh(*args: Any, **options: Any) -> Any:
            if self._manager_speaks:
                self.requests.append(time.monotonic_ns())
            return refresh(*args, **options)

        def watched_render() -> Any:
            self._bar_is_new = self._manager_speaks
            return render()

        bar.refresh, bar.render = watched_refresh, watched_render

    def _display(self, screen: Any, renderable: Any) -> None:
        """Without a terminal Textual stops before the bytes: make them, as it does for a terminal."""
        super()._display(screen, renderable)
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(self.console)
        if self._bar_is_new:
            self._bar_is_new = False
            self.paints.append(time.monotonic_ns())


class Recorder:
    """Records the microphone's monitor; keeps when each chunk arrived. A context manager."""

    def __init__(self) -> None:
        # A recorder that asks for less than a block's latency would make the server's blocks shorter.
        self._program = subprocess.Popen(
            [
                *("parec", "--raw", "-d", f"{SINK}.monitor", "--latency-msec=200"),
                *("--format=s16le", "--channels=1", f"--rate={onsets.PLAYED_RATE}"),
            ],
            stdout=subprocess.PIPE,
        )
        self._thread = threading.Thread(target=self._read, name="recorder")
        self._chunks: list[bytes] = []
        self._arrived: list[tuple[int, int]] = []

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._program.terminate()
        self._program.wait()
        self._thread.join()

    def onsets_ns(self) -> list[float]:
        """When each onset sounded."""
        sound = np.frombuffer(b"".join(self._chunks), "<i2").astype(np.float32) / 32768
        return [self._sounded_ns(at) for at in onsets.find(sound, onsets.PLAYED_RATE)]

    def _read(self) -> None:
        assert self._program.stdout is not None
        frames = 0
        while chunk := os.read(self._program.stdout.fileno(), 1 << 16):
            frames += len(chunk) // 2
            self._chunks.append(chunk)
            self._arrived.append((frames, time.monotonic_ns()))

    def _sounded_ns(self, at: int) -> float:
        near = RECORDER_WINDOW_S * onsets.PLAYED_RATE
        zero = min(
            arrived - frames * 1e9 / onsets.PLAYED_RATE
            for frames, arrived in self._arrived
            if abs(frames - at) <= near
        )
        return zero + at * 1e9 / onsets.PLAYED_RATE


def main() -> None:
    """Run, print a table, write JSON and the plot."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--onsets", type=int, default=60)
    parser.add_argument("--gap", type=float, nargs=2, default=(1.5, 2.5))
    parser.add_argument("--language", default="en", choices=["en", "nl"])
    parser.add_argument("--output", type=Path, default=Path())
    told = parser.parse_args()
    told.output.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load_before = os.getloadavg()
    each = _with_sound_server(lambda folder: _measure(folder, told))
    result = _result(told, each, load_before)
    (told.output / "talk_bar.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    _plot(result, told.output / "talk_bar.svg")
    _print(result)
    sys.exit(0 if result["holds"] else 1)


def _with_sound_server(work: Callable[[Path], list[dict[str, float]]]) -> list[dict[str, float]]:
    """Do the work in a folder of its own, with a server that this process and its children find."""
    folder = Path(tempfile.mkdtemp(prefix="bar-"))
    os.environ |= {
        "PULSE_SERVER": f"unix:{folder}/socket",
        "PULSE_COOKIE": f"{folder}/cookie",
        "PULSE_RUNTIME_PATH": str(folder),
    }
    try:
        subprocess.run([START_SOUND, folder], check=True, stdout=subprocess.DEVNULL)
        return work(folder)
    finally:
        subprocess.run([START_SOUND, folder, "--stop"], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, wanted: argparse.Namespace) -> list[dict[str, float]]:
    """Hold a conversation that consists of onsets; the figures of each that was not missed."""
    talk = folder / "onsets.wav"
    onsets.write(talk, wanted.language, wanted.onsets, wanted.gap)
    sources: list[WatchedSource] = []
    plan = _plan(wanted.language, sources)
    bridge, told = Bridge(), Told()
    run = LiveRun(
        plan,
        announce(plan),
        lambda on_health: Keeper(
            folder / "archive", plan.settings.archive, on_health=on_health, language=plan.wording
        ),
        [told, bridge],
        on_failure=bridge.fail,
    )
    screen = WatchedApp(
        bridge,
        language=plan.wording,
        on_start=run.start,
        on_stop=run.stop,
        summary=lambda: "",
    )
    recorders: list[Recorder] = []
    player = threading.Thread(
        target=_play, args=[talk, told, run, screen, recorders], name="player"
    )
    player.start()
    screen.run(headless=True, size=(120, 40), mouse=False)
    player.join()
    if screen.failure is not None:
        raise screen.failure
    return _figures(recorders[0].onsets_ns(), sources[0], told, screen)


def _plan(language: str, sources: list[WatchedSource]) -> Plan:
    """A live conversation with the virtual devices; its source comes to stand in `sources`."""
    settings = load(
        {"conversation.language": language, "audio.mic": MIC, "audio.call": CALL}
    ).settings
    chosen, talk = models_for(settings, live=True, partials=False)
    return Plan(
        kind="live",
        open_source=_watched(live_source(settings.audio, language), sources),
        model=chosen.model,
        quick=chosen.quick,
        language=talk,
        wording=language,
        settings=settings,
        card=Card(),
    )


def _watched(open_source: OpenSource, sources: list[WatchedSource]) -> OpenSource:
    def open_watched(*told: Any) -> WatchedSource:
        sources.append(WatchedSource(open_source(*told)))
        return sources[0]

    return open_watched


def _play(
    talk: Path, told: Told, run: LiveRun, screen: CoachApp, recorders: list[Recorder]
) -> None:
    """Once the conversation runs: record, play, and end it and the application."""
    try:
        if told.heard.wait(60):
            with Recorder() as recorder:
                recorders.append(recorder)
                time.sleep(0.5)
                subprocess.run(["paplay", "-d", SINK, str(talk)], check=True)
                time.sleep(1.0)
    finally:
        run.stop("asked")
        if run.running:
            run.wait(30)
        with suppress(RuntimeError):
            screen.call_from_thread(screen.exit)


def _figures(
    sounded_ns: list[float], source: WatchedSource, told: Told, screen: WatchedApp
) -> list[dict[str, float]]:
    """Each onset as it was recorded, with what came of it. Raises ValueError when sound was lost."""
    places = onsets.find(np.concatenate(source.sound), RATE)
    if len(places) != len(sounded_ns):
        raise ValueError(f"{len(sounded_ns)} onsets sounded, {len(places)} were captured")
    found = []
    for place, sounded in zip(places, sounded_ns, strict=True):
        heard_to, told_ns = next(
            (one for one in told.onsets if 0 < one[0] - place <= KNOWN_WITHIN_S * RATE), (0, 0)
        )
        asked = next((at for at in screen.requests if at >= told_ns), 0)
        painted = next((at for at in screen.paints if at >= asked), 0)
        if not (heard_to and asked and painted):
            continue
        own = source.captured_ns(Channel.MANAGER, heard_to)
        other = max(source.captured_ns(channel, heard_to) for channel in source.channels)
        there = sounded + (heard_to - place) * 1e9 / RATE
        times = (sounded, there, own, told_ns, asked, painted)
        parts = zip(PARTS, (b - a for a, b in pairwise(times)), strict=True)
        in_ns = {
            "block_to_request": asked - own,
            "sound_to_paint": painted - sounded,
            "other_block_to_request": asked - other,
            **dict(parts),
        }
        found.append({name: round(ns / 1e6, 2) for name, ns in in_ns.items()})
    return found


def _result(
    told: argparse.Namespace, each: list[dict[str, float]], load_before: tuple[float, ...]
) -> dict[str, Any]:
    figures = {name: _percentiles([one[name] for one in each]) for name in FIGURES}
    missed = told.onsets - len(each)
    within = all(figures[name]["p90"] <= bar for name, bar in BARS_MS.items())
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, {platform.system()}",
        "load_average_before": load_before,
        "load_average_after": os.getloadavg(),
        "language": told.language,
        "onsets": told.onsets,
        "gap_s": told.gap,
        "missed": missed,
        "bars_p90_ms": BARS_MS,
        "holds": within and not missed,
        "ms": figures,
        "each_ms": each,
    }


def _percentiles(values: list[float]) -> dict[str, float]:
    """By linear interpolation between the two nearest ones."""
    if not values:
        return {f"p{percent}": float("inf") for percent in PERCENTILES}
    cut = statistics.quantiles(values, n=100, method="inclusive")
    return {f"p{percent}": round(cut[percent - 1], 1) for percent in PERCENTILES}


def _print(result: dict[str, Any]) -> None:
    print(f"{'ms':24}" + "".join(f"{f'p{percent}':>8}" for percent in PERCENTILES) + "     bar")
    for name, figures in result["ms"].items():
        bar = f"{BARS_MS[name]:8.0f}" if name in BARS_MS else ""
        print(f"{name:24}" + "".join(f"{value:8.1f}" for value in figures.values()) + bar)
    print(f"{len(result['each_ms'])} onsets, {result['missed']} missed")
    print("holds" if result["holds"] else "DOES NOT HOLD")


def _plot(result: dict[str, Any], path: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    labels = {"block_to_request": "captured block → repaint", "sound_to_paint": "sound → paint"}
    figure, axes = pyplot.subplots(figsize=(8, 3.5), layout="constrained")
    for n, (name, label) in enumerate(labels.items()):
        values = [one[name] for one in result["each_ms"]]
        axes.hist(values, bins=range(0, 401, 10), alpha=0.7, color=f"C{n}", label=label)
        axes.axvline(BARS_MS[name], color=f"C{n}", linestyle="--", label="90 % must lie below")
    axes.set(xlabel="milliseconds", ylabel="onsets")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))


if __name__ == "__main__":
    main()
