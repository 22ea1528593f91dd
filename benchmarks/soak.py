"""Does it stay as it began? An hour of conversation in real time through the live path.

    python benchmarks/soak.py [--minutes 60] [--language en] [--model NAME] [--output DIR]

The sound is that of benchmarks/soak_sound.py: the bundled conversation over and over, with pauses, a
fan and a keyboard, its last ten minutes the same as its first ten. `live-coach replay --speed real
--jsonl --save` runs over it as a process of its own, with an archive of its own, watched from outside.

Told is, for each minute of the conversation:
- memory: median of the process tree in MB (10^6 bytes of proportional set size). It also moves when
  other programs that share libraries with this one come and go; so there is `own` too: the memory that
  belongs to no file (Linux only), of all processes, and of the first one without the model;
- final: from the end of a run of speech to its final text, median and p95 in seconds;
- shown: from the end of a word (by the program's own word times) to the first text that has a word in
  its place, median in seconds;
- ear: how far listening is behind the clock, median in seconds;
- CPU seconds per second; finals, partials, untranscribed runs; health messages;
- load: the machine's load average, since other programs make text late too.

soak.json is written again after every minute, so that an hour that is broken off is not lost;
soak.svg shows memory and lag. The program's exit status is 1 when one of these does not hold: lag in
the last period (ten minutes of an hour) within 10 % of the first; memory in the last five minutes of
an hour less than 20 MB above minutes 3 to 8 (medians; both windows shrink with --minutes); nothing
dropped or untranscribed. Needs psutil, and matplotlib for the plot.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import psutil
import soak_sound

from live_coach.bench.usage import Sample, Usage

POLL_S = 1.0
GRACE_S = 10.0
"""A minute is told this long after its end: finals may be late."""
ANONYMOUS = re.compile(r"^Anonymous: +(\d+) kB$", re.MULTILINE)
LAG_MAY_GROW = 0.10
MEMORY_MAY_GROW_MB = 20.0
COLUMNS = (
    *(
        "minute",
        "memory_mb",
        "own_mb",
        "own_first_mb",
        "final_p50",
        "final_p95",
        "shown_p50",
        "ear_p50",
    ),
    *("cpu_s_per_s", "finals", "partials", "untranscribed", "health", "load"),
)


@dataclass
class Minute:
    """What came within one minute of conversation."""

    finals: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    ear: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    own: list[float] = field(default_factory=list)
    own_first: list[float] = field(default_factory=list)
    load: float | None = None


@dataclass
class Heard:
    """The message stream so far; `zero` is the time of the conversation's start since the watch began."""

    planned: int
    minutes: list[Minute] = field(default_factory=list)
    health: list[dict[str, Any]] = field(default_factory=list)
    end: dict[str, Any] | None = None
    to: float = 0.0
    zero: float | None = None
    _shown: dict[int, int] = field(default_factory=dict)

    def at(self, second: float) -> Minute:
        """The minute in which a second lies; what comes at the very end belongs to the last one."""
        number = min(int(second // 60), self.planned - 1)
        while len(self.minutes) <= number:
            self.minutes.append(Minute())
        return self.minutes[number]

    def take(self, line: dict[str, Any], now: float) -> None:
        """One line of the stream, read `now` seconds after the watch began."""
        match line["type"]:
            case "metrics":
                self.to = line["heard_to"]
                self.zero = now - self.to if self.zero is None else self.zero
                self.at(self.to).ear.append(line["emitted"] - self.to)
            case "utterance":
                self._take_text(line)
            case "health":
                self.health.append(line)
                self.at(line["at"]).counts["health"] += 1
            case "end":
                self.end = line

    def _take_text(self, line: dict[str, Any]) -> None:
        minute = self.at(line["end"])
        minute.counts[line["stage"]] += 1
        if line["stage"] == "final":
            minute.finals.append(line["emitted"] - line["end"])
        before = self._shown.get(line["id"], 0)
        minute.shown += [line["emitted"] - word["end"] for word in line["words"][before:]]
        self._shown[line["id"]] = max(before, len(line["words"]))


def main() -> None:
    """Run, print a row for each minute, judge."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--language", default="en", choices=["en", "nl"])
    parser.add_argument("--model", default="auto")
    parser.add_argument("--output", type=Path, default=Path())
    told = parser.parse_args()
    told.output.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder:
        talk = Path(folder, "talk.flac")
        soak_sound.write(talk, told.language, told.minutes)
        result = _run(told, talk)
    for sentence in result["verdict"]["sentences"]:
        print(sentence)
    sys.exit(0 if result["verdict"]["holds"] else 1)


def _run(told: argparse.Namespace, talk: Path) -> dict[str, Any]:
    """The program over the recording, watched until it ends."""
    lines = talk.with_suffix(".jsonl")
    lines.touch()
    program = subprocess.Popen(
        [
            *(sys.executable, "-m", "live_coach", "replay", str(talk), "--manager", "left"),
            *("--language", told.language, "--model", told.model),
            *("--speed", "real", "--jsonl", str(lines), "--save"),
        ],
        env=os.environ | {"LIVE_COACH_ARCHIVE__DIRECTORY": str(talk.with_suffix(".archive"))},
    )
    heard, result = Heard(math.ceil(told.minutes)), {}
    printed = 0
    try:
        with Usage(program.pid) as usage, lines.open(encoding="utf-8") as stream:
            for minutes in _follow(program, stream, heard):
                result = _result(told, heard, usage, minutes)
                _write(result, told.output)
                _print_rows(result["minutes"], printed)
                printed = minutes
    finally:
        program.terminate()
        program.wait()
    if program.returncode or not result:
        sys.exit(f"the program failed with {program.returncode}")
    _plot(result, told.output / "soak.svg")
    return result


def _follow(program: subprocess.Popen[bytes], stream: TextIO, heard: Heard) -> Iterator[int]:
    """Read the stream as it grows; give the number of complete minutes whenever there is one more."""
    began, told, rest = time.monotonic(), 0, ""
    running = True
    while running:
        running = program.poll() is None
        rest += stream.read()
        *complete, rest = rest.split("\n")
        now = time.monotonic() - began
        for line in complete:
            heard.take(json.loads(line), now)
        if running and heard.zero is not None:
            _measure_own(heard.at(heard.to), program.pid)
        if running and (heard.to - GRACE_S) // 60 > told:
            heard.minutes[told].load = os.getloadavg()[0]
            told += 1
            yield told
        if running:
            time.sleep(POLL_S)
    yield len(heard.minutes)


def _measure_own(minute: Minute, pid: int) -> None:
    """Add the anonymous memory of the process tree, in MB, to this minute."""
    try:
        tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        rollups = [Path(f"/proc/{one.pid}/smaps_rollup").read_text("utf-8") for one in tree]
    except (psutil.Error, OSError):
        return
    found = [ANONYMOUS.search(rollup) for rollup in rollups]
    each = [int(one[1]) * 1024 / 1e6 for one in found if one]
    if each:
        minute.own.append(sum(each))
        minute.own_first.append(each[0])


def _result(told: argparse.Namespace, heard: Heard, usage: Usage, minutes: int) -> dict[str, Any]:
    rows = [_row(n, heard, usage) for n in range(minutes)]
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, {platform.system()}",
        "language": told.language,
        "model": told.model,
        "minutes_planned": told.minutes,
        "load_average": os.getloadavg(),
        "peak_memory_mb": usage.peak_mb,
        "verdict": _verdict(told.minutes, heard, usage),
        "health": heard.health,
        "end": heard.end,
        "minutes": rows,
    }


def _row(n: int, heard: Heard, usage: Usage) -> dict[str, Any]:
    minute = heard.minutes[n]
    used = _samples(heard, usage, n, n + 1)
    return {
        "minute": n + 1,
        "memory_mb": _memory(heard, usage, n, n + 1),
        "own_mb": _percentile(minute.own, 50),
        "own_first_mb": _percentile(minute.own_first, 50),
        "final_p50": _percentile(minute.finals, 50),
        "final_p95": _percentile(minute.finals, 95),
        "shown_p50": _percentile(minute.shown, 50),
        "ear_p50": _percentile(minute.ear, 50),
        "cpu_s_per_s": (used[-1].cpu_s - used[0].cpu_s) / (used[-1].at - used[0].at)
        if len(used) > 1
        else None,
        "finals": minute.counts["final"],
        "partials": minute.counts["partial"],
        "untranscribed": minute.counts["untranscribed"],
        "health": minute.counts["health"],
        "load": minute.load,
    }


def _memory(heard: Heard, usage: Usage, begin: float, end: float) -> float | None:
    """The median over a stretch of minutes, in MB."""
    return _percentile([one.memory_mb for one in _samples(heard, usage, begin, end)], 50)


def _own(heard: Heard, begin: float, end: float) -> float | None:
    """The same of the memory that belongs to no file, over whole minutes."""
    some = heard.minutes[math.floor(begin) : math.ceil(end)]
    return _percentile([own for minute in some for own in minute.own], 50)


def _change(early: float | None, late: float | None) -> str:
    return "unknown" if early is None or late is None else f"{late - early:+.1f} MB"


def _samples(heard: Heard, usage: Usage, begin: float, end: float) -> list[Sample]:
    """What was sampled in a stretch of minutes of the conversation."""
    zero = heard.zero or 0.0
    return [one for one in usage.samples if 60 * begin <= one.at - zero < 60 * end]


def _verdict(minutes: float, heard: Heard, usage: Usage) -> dict[str, Any]:
    """What the run says so far of lag, memory and drops; the sentences only of a run that has ended."""
    period, scale = soak_sound.period_minutes(minutes), minutes / 60
    parts = [heard.minutes[: round(period)], heard.minutes[round(minutes - period) :]]
    first, last = (_percentile([lag for one in part for lag in one.finals], 50) for part in parts)
    early = _memory(heard, usage, 3 * scale, 8 * scale)
    late = _memory(heard, usage, minutes - 5 * scale, minutes)
    own_early = _own(heard, 3 * scale, 8 * scale)
    own_late = _own(heard, minutes - 5 * scale, minutes)
    lost = sum(one.counts["untranscribed"] for one in heard.minutes)
    found: dict[str, Any] = {"holds": None, "sentences": [], "untranscribed": lost}
    if heard.end is None or None in {first, last, early, late}:
        return found
    slower, growth = last / first - 1, late - early
    lost += heard.end["dropped"]
    holds = {
        f"lag {first:.3f} s in the first {period:.1f} minutes, {last:.3f} s in the last ones: "
        f"{slower:+.1%}": slower <= LAG_MAY_GROW,
        f"memory {early:.1f} MB early, {late:.1f} MB at the end: {growth:+.1f} MB "
        f"(that of no file {_change(own_early, own_late)})": growth < MEMORY_MAY_GROW_MB,
        f"{lost} dropped or untranscribed": lost == 0,
    }
    return found | {
        "holds": all(holds.values()),
        "lag_first": first,
        "lag_last": last,
        "lag_change": slower,
        "memory_early_mb": early,
        "memory_late_mb": late,
        "memory_growth_mb": growth,
        "own_early_mb": own_early,
        "own_late_mb": own_late,
        "dropped": heard.end["dropped"],
        "sentences": [
            f"{'holds' if good else 'DOES NOT HOLD'}: {what}" for what, good in holds.items()
        ],
    }


def _write(result: dict[str, Any], output: Path) -> None:
    """Whole or not at all."""
    new = output / "soak.json.new"
    new.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    new.replace(output / "soak.json")


def _print_rows(rows: list[dict[str, Any]], printed: int) -> None:
    """The rows from number `printed` on, the first one under a head."""
    widths = {name: max(7, len(name)) for name in COLUMNS}
    if not printed:
        print("  ".join(f"{name:>{width}}" for name, width in widths.items()))
    for row in rows[printed:]:
        print("  ".join(f"{_cell(row[name]):>{width}}" for name, width in widths.items()))
    sys.stdout.flush()


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _plot(result: dict[str, Any], path: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    rows = result["minutes"]
    minutes = [row["minute"] for row in rows]
    figure, (memory, lag) = pyplot.subplots(2, sharex=True, figsize=(8, 5), layout="constrained")
    for name, label in (
        ("memory_mb", "all processes"),
        ("own_mb", "of no file"),
        ("own_first_mb", "… without the model"),
    ):
        memory.plot(minutes, [_or_gap(row[name]) for row in rows], label=label)
    memory.set(ylabel="memory (MB)", ylim=(0, None))
    for name, label in (("final_p50", "turn end → final, median"), ("final_p95", "p95")):
        lag.plot(minutes, [_or_gap(row[name]) for row in rows], label=label)
    lag.set(xlabel="minute of the conversation", ylabel="lag (s)", ylim=(0, None))
    for axes in (memory, lag):
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))


def _or_gap(value: float | None) -> float:
    return float("nan") if value is None else value


def _percentile(values: list[float], percent: int) -> float | None:
    if not values:
        return None
    if percent == 50:
        return statistics.median(values)
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


if __name__ == "__main__":
    main()
