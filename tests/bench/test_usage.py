"""What a process tree uses, and processes that keep a core busy: on real processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from live_coach.bench.program import hogs, watched
from live_coach.bench.usage import Usage
from live_coach.errors import LiveCoachError
from tests.journey.program import until

_TREE = """
import subprocess, sys, time
child = "import time; kept = bytearray(b'x') * 60_000_000; print('full', flush=True); time.sleep(60)"
kept = bytearray(b"x") * 40_000_000
with subprocess.Popen([sys.executable, "-c", child], stdout=subprocess.PIPE) as process:
    process.stdout.readline()
    sys.stdin.read()
    process.kill()
"""


def test_memory_and_work_of_children_count() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", _TREE], stdin=subprocess.PIPE) as process,
        Usage(process.pid) as usage,
    ):
        until(lambda: usage.peak_mb > 100, 20)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)
    assert 100 < usage.peak_mb < 200
    assert 0 < usage.cpu_s < 5


def test_what_a_program_writes_is_read_with_what_it_used() -> None:
    code = "import json; print(json.dumps({'a': sum(range(20_000_000))}))"
    told = watched([sys.executable, "-c", code])
    assert told.lines == [{"a": 199999990000000}]
    assert told.cpu_s > 0.05
    assert told.peak_mb > 2


def test_a_program_that_fails_gives_its_last_sentence() -> None:
    code = "import sys; print('one', file=sys.stderr); sys.exit('live-coach: Nothing is here.')"
    with pytest.raises(LiveCoachError, match=r"^Nothing is here\.$"):
        watched([sys.executable, "-c", code])


def test_a_program_that_does_not_end_is_ended_with_all_it_started(tmp_path: Path) -> None:
    told = tmp_path / "child"
    code = (
        "import pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(told)!r}).write_text(str(child.pid))\n"
        "time.sleep(60)"
    )
    with pytest.raises(LiveCoachError, match="did not end in 2 s"):
        watched([sys.executable, "-c", code], timeout=2)
    child = int(told.read_text(encoding="utf-8"))
    until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie", 20)


def test_hogs_work_and_end_with_the_block() -> None:
    with hogs(1):
        until(lambda: psutil.Process().children(), 20)
        (hog,) = psutil.Process().children()
        until(lambda: hog.cpu_times().user > 0.2, 20)
    assert not psutil.pid_exists(hog.pid)


def test_hogs_come_later_and_go_before_the_block_ends() -> None:
    with hogs(1, after_s=0.5, for_s=0.5):
        assert not psutil.Process().children()
        until(lambda: psutil.Process().children(), 20)
        until(lambda: not psutil.Process().children(), 20)
    with hogs(1, after_s=60):
        assert not psutil.Process().children()
