"""Runs a listener as a process of its own, watched from outside: this program, or a peer."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from live_coach.bench.reference import Lines
from live_coach.bench.usage import Usage
from live_coach.errors import LiveCoachError

OURSELVES = (sys.executable, "-m", "live_coach")

_HOG = """
import os
parent = os.getppid()
while os.getppid() == parent:
    for _ in range(1_000_000):
        pass
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a process wrote, one parsed JSON object a line, and what its tree used."""

    lines: Lines
    cpu_s: float
    peak_mb: float


def replay(
    recording: Path, *, manager: str | None, language: str, model: str | None, speed: str
) -> Watched:
    """The message stream of `live-coach replay` over a recording; `speed` is real or max.

    Raises LiveCoachError with the sentence that the program gave up with.
    """
    options = {"--manager": manager, "--language": language, "--model": model, "--speed": speed}
    given = [part for name, value in options.items() if value for part in (name, value)]
    return watched([*OURSELVES, "replay", str(recording), *given, "--jsonl", "-"])


def watched(
    arguments: Sequence[str], *, env: Mapping[str, str] | None = None, timeout: float | None = None
) -> Watched:
    """Run a program that writes JSON lines to its end; its last words on standard error make the error."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(
            arguments, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=complaints
        ) as process:
            try:
                with Usage(process.pid) as usage:
                    code = process.wait(timeout)
            except subprocess.TimeoutExpired:
                raise LiveCoachError(
                    f"“{arguments[0]}” did not end in {timeout:.0f} s.", hint="Try it on its own."
                ) from None
            finally:
                _end(process)
        complaints.seek(0)
        if code:
            last = complaints.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise LiveCoachError(
                "".join(last).removeprefix("live-coach: ") or f"It ended with {code}."
            )
        output.seek(0)
        lines = [json.loads(line) for line in output]
    return Watched(lines, usage.cpu_s, usage.peak_mb)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a program that still runs, with all that it started."""
    if process.poll() is not None:
        return
    tree = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    for child in tree:
        with suppress(psutil.NoSuchProcess):
            child.kill()


@contextmanager
def hogs(count: int, *, after_s: float = 0.0, for_s: float | None = None) -> Iterator[None]:
    """Keep so many cores busy, from `after_s` seconds on and for so long (None: until the block ends).

    None outlives the block, or this program.
    """
    over = threading.Event()

    def work() -> None:
        if over.wait(after_s):
            return
        running = [subprocess.Popen([sys.executable, "-c", _HOG]) for _ in range(count)]
        over.wait(for_s)
        for hog in running:
            hog.kill()
            hog.wait()

    thread = threading.Thread(target=work, name="hogs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
