"""Is what two devices hear captured whole, in time and side by side? Ten minutes of two live streams.

    python benchmarks/capture.py [--minutes 10] [--output DIR]

On a virtual sound server (tests/device/start_sound.sh) a click sounds once a second, over quiet noise.
Two sources carry that same sound, and the program's live source listens to them as microphone and as
call: each in a worker process of its own, with watchdog, identity check and clock anchoring, as in a
conversation. What should be at one place in both channels is known, so errors can be told from lag.

Told is, for each minute:
- gap: between the capture times of two blocks (20 ms), p50, p99 and the longest, in ms, of both streams;
- round: from the callback in which PortAudio asked for the click until the callback that brought it to
  the microphone's worker, median and p95 in ms: the output's and the input's buffers;
- apart: how far a click lies in one channel from the same click in the other, the largest, in ms;
- clock: how far the channel's time is from the monotonic clock, the largest in ms: each ten seconds'
  earliest block, against the first ten seconds;
- lost: sound missing in both channels, in ms; health: sentences told;
- cpu: percent of a core for one stream, half of all that capture takes: the workers, the threads that
  supervise them, and asking the sound server which source is heard. load: the machine's load average.

`drift_ppm` is how fast each device runs against the monotonic clock, before it is corrected: the slope
of the earliest blocks of every ten seconds, by least squares.

capture.json is written again after every minute. The exit status is 1 when one of these does not
hold: nothing lost or dropped, all clicks heard in both channels, channels never more than 20 ms apart,
at most 5 % of a core per stream. Needs pulseaudio, pulseaudio-utils and psutil.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from live_coach.audio.capture import LiveSource
from live_coach.audio.devices import Device
from live_coach.flow.messages import RATE, AudioFrame, Channel, Health
from live_coach.settings import load

START_SOUND = Path(__file__).resolve().parent.parent / "tests" / "device" / "start_sound.sh"
MIC, CALL = "manager_ear", "call_audio.monitor"
PLAYED_RATE, PLAYED_BLOCK = 48_000, 960
WINDOW_S = 10.0
APART_MS, CPU_PERCENT = 20.0, 5.0
SAME_CLICK_S, ROUND_S = 0.4, 0.9
COLUMNS = (
    *("minute", "gap_p50", "gap_p99", "gap_max", "round_p50", "round_p95", "apart_max"),
    *("clock_max", "lost_ms", "health", "cpu", "load"),
)
THREADS = ("capture-", "source-watch")


@dataclass
class Side:
    """What came on one channel."""

    captured_s: list[float] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    raw_late_s: list[float] = field(default_factory=list)
    clicks: list[tuple[float, float]] = field(default_factory=list)
    lost: int = 0
    blocks: int = 0

    def take(self, frame: AudioFrame, block_s: float) -> None:
        """One frame; a click is kept as its place and the capture time of its block, in seconds."""
        self.lost += frame.lost
        if not frame.captured_ns:
            return
        at = frame.captured_ns / 1e9
        self.blocks += 1
        self.captured_s.append(at)
        self.late_s.append(at - frame.span.end / RATE)
        self.raw_late_s.append(at - self.blocks * block_s)
        loud = np.flatnonzero(np.abs(frame.samples) > 0.3)
        if not loud.size:
            return
        place = (frame.span.start + int(loud[0])) / RATE
        if not self.clicks or place - self.clicks[-1][0] > 0.5:
            self.clicks.append((place, at))


class Player:
    """Plays the click; keeps when PortAudio asked for each. A context manager."""

    def __init__(self) -> None:
        import sounddevice

        self.asked_s: list[float] = []
        self._blocks = 0
        self._noise = np.random.default_rng(1).uniform(-0.01, 0.01, (PLAYED_BLOCK, 1))
        self._stream = sounddevice.OutputStream(
            device="pulse",
            samplerate=PLAYED_RATE,
            channels=1,
            blocksize=PLAYED_BLOCK,
            latency="high",
            callback=self._fill,
        )

    def __enter__(self) -> Player:
        self._stream.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.abort()
        self._stream.close()

    def _fill(self, out: Any, _frames: int, _times: Any, _flags: Any) -> None:
        out[:] = self._noise
        if self._blocks % (PLAYED_RATE // PLAYED_BLOCK) == 0:
            out[:48] = 0.8
            self.asked_s.append(time.monotonic())
        self._blocks += 1


class Cost:
    """CPU seconds that capture has taken so far: workers, their supervisors' threads, and pactl."""

    def __init__(self, source: LiveSource) -> None:
        self._source = source

    def seconds(self) -> float:
        own = {one.native_id for one in threading.enumerate() if one.name.startswith(THREADS)}
        workers = [psutil.Process(pid).cpu_times() for pid in self._source.pids().values() if pid]
        asked = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (
            sum(one.user + one.system for one in workers)
            + sum(
                one.user_time + one.system_time
                for one in psutil.Process().threads()
                if one.id in own
            )
            + asked.ru_utime
            + asked.ru_stime
        )


def main() -> None:
    """Listen, print a row for each minute, judge."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--output", type=Path, default=Path())
    told = parser.parse_args()
    told.output.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="cap-"))
    os.environ |= {
        "PULSE_SERVER": f"unix:{folder}/socket",
        "PULSE_COOKIE": f"{folder}/cookie",
        "PULSE_RUNTIME_PATH": str(folder),
    }
    try:
        subprocess.run([START_SOUND, folder], check=True, stdout=subprocess.DEVNULL)
        remap = ("module-remap-source", f"source_name={MIC}", f"master={CALL}", "channels=1")
        subprocess.run(["pactl", "load-module", *remap], check=True, stdout=subprocess.DEVNULL)
        result = _measure(told)
    finally:
        subprocess.run([START_SOUND, folder, "--stop"], check=True)
        shutil.rmtree(folder, ignore_errors=True)
    for sentence in result["sentences"]:
        print(sentence)
    sys.exit(0 if result["holds"] else 1)


def _measure(told: argparse.Namespace) -> dict[str, Any]:
    audio = load().settings.audio
    health: list[Health] = []
    source = LiveSource(
        mic=Device(MIC, "mic", MIC, is_default=False, system="pulse"),
        call=Device(CALL, "call", CALL, is_default=False, system="pulse"),
        settings=audio,
        on_health=health.append,
        on_levels=lambda _levels: None,
    )
    sides = {channel: Side() for channel in source.channels}
    cost, rows, before = Cost(source), [], (0.0, 0.0)
    minute_s = min(60.0, told.minutes * 60)
    with Player() as player:
        source.start()
        frames = source.frames()
        while len(rows) * minute_s < told.minutes * 60:
            frame = next(frames)
            sides[frame.channel].take(frame, audio.block_ms / 1000)
            if not before[0]:
                before = (time.monotonic(), cost.seconds())
            if min(side.blocks for side in sides.values()) * audio.block_ms / 1000 < (
                minute_s * (len(rows) + 1)
            ):
                continue
            now = (time.monotonic(), cost.seconds())
            cpu = 100 * (now[1] - before[1]) / (now[0] - before[0]) / len(sides)
            rows.append(_row(len(rows), minute_s, sides, player, health, cpu))
            before = now
            result = _result(told, rows, sides, source, health)
            (told.output / "capture.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
            _print_row(rows[-1])
        source.stop()
    return result


def _row(
    n: int,
    minute_s: float,
    sides: dict[Channel, Side],
    player: Player,
    health: list[Health],
    cpu: float,
) -> dict[str, Any]:
    """The figures of minute number `n`, counted from 0."""
    begin, end = n * minute_s, (n + 1) * minute_s
    gaps, clock = [], []
    for side in sides.values():
        first = side.captured_s[0]
        times = [at for at in side.captured_s if begin <= at - first < end]
        gaps += np.diff(times).tolist()
        floors = _floors(side.captured_s, side.late_s)
        clock += [abs(late - floors[0][1]) for at, late in floors if begin <= at < end]
    mic = [one for one in sides[Channel.MANAGER].clicks if begin <= one[0] < end]
    rounds = [_since_asked(at, player.asked_s) for _, at in mic]
    return {
        "minute": n + 1,
        **{f"gap_p{p}": _ms(np.percentile(gaps, p)) for p in (50, 99)},
        "gap_max": _ms(max(gaps)),
        **{f"round_p{p}": _ms(np.percentile([r for r in rounds if r], p)) for p in (50, 95)},
        "apart_max": _ms(max(abs(apart) for place, apart in _apart(sides) if begin <= place < end)),
        "clock_max": _ms(max(clock)) if clock else 0.0,
        "lost_ms": _ms(sum(side.lost for side in sides.values()) / RATE),
        "health": len(health),
        "cpu": round(cpu, 2),
        "load": round(os.getloadavg()[0], 2),
    }


def _apart(sides: dict[Channel, Side]) -> list[tuple[float, float]]:
    """Each click of the microphone's, and how far that of the call lies from it; seconds."""
    others = np.array([place for place, _ in sides[Channel.COACHEE].clicks])
    found = []
    for place, _ in sides[Channel.MANAGER].clicks:
        apart = others - place
        nearest = float(apart[np.argmin(np.abs(apart))])
        if abs(nearest) < SAME_CLICK_S:
            found.append((place, nearest))
    return found


def _since_asked(at: float, asked_s: list[float]) -> float | None:
    """How long before `at` a click was last asked for."""
    return next((at - one for one in reversed(asked_s) if 0 < at - one < ROUND_S), None)


def _floors(captured_s: list[float], late_s: list[float]) -> list[tuple[float, float]]:
    """When each ten seconds began, and the lateness of their earliest block; seconds."""
    windows: dict[int, float] = {}
    for at, late in zip(captured_s, late_s, strict=True):
        number = int((at - captured_s[0]) // WINDOW_S)
        windows[number] = min(late, windows.get(number, late))
    return [(number * WINDOW_S, late) for number, late in sorted(windows.items())]


def _drift_ppm(side: Side) -> float | None:
    """Positive where the device is slower than the clock; None where sound was lost or too little came."""
    floors = _floors(side.captured_s, side.raw_late_s)[:-1]
    if side.lost or len(floors) < 3:
        return None
    at, late = np.array(floors).T
    return round(float(np.polyfit(at, late, 1)[0] * 1e6), 2)


def _result(
    told: argparse.Namespace,
    rows: list[dict[str, Any]],
    sides: dict[Channel, Side],
    source: LiveSource,
    health: list[Health],
) -> dict[str, Any]:
    lost = sum(side.lost for side in sides.values())
    missed = abs(len(sides[Channel.MANAGER].clicks) - len(_apart(sides)))
    apart, cpu = max(row["apart_max"] for row in rows), float(np.mean([r["cpu"] for r in rows]))
    holds = {
        f"{lost} samples lost, {source.dropped} frames dropped": not lost and not source.dropped,
        f"{len(_apart(sides))} clicks heard on both sides, {missed} on one": missed <= 1,
        f"channels at most {apart:.2f} ms apart": apart <= APART_MS,
        f"{cpu:.2f} % of a core per stream": cpu <= CPU_PERCENT,
    }
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, {platform.system()}",
        "minutes_planned": told.minutes,
        "holds": all(holds.values()),
        "sentences": [
            f"{'holds' if good else 'DOES NOT HOLD'}: {what}" for what, good in holds.items()
        ],
        "lost_samples": lost,
        "dropped_frames": source.dropped,
        "apart_max_ms": apart,
        "cpu_percent_per_stream": round(cpu, 2),
        "drift_ppm": {channel.value: _drift_ppm(side) for channel, side in sides.items()},
        "health": [[one.at, one.stream, one.state.value, one.gap] for one in health],
        "rows_ms": rows,
    }


def _print_row(row: dict[str, Any]) -> None:
    if row["minute"] == 1:
        print("  ".join(f"{name:>9}" for name in COLUMNS))
    print("  ".join(f"{row[name]:>9}" for name in COLUMNS), flush=True)


def _ms(seconds: float) -> float:
    return round(float(seconds) * 1000, 2)


if __name__ == "__main__":
    main()
