"""A real worker process with real weights: killed, stopped, starved, orphaned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from live_coach.errors import ModelError
from live_coach.flow.messages import RATE
from live_coach.transcript.engine import DecodeRequest, EngineLost
from live_coach.transcript.engine_child import memory_needed_mb
from live_coach.transcript.scribe import Scribe
from live_coach.transcript.worker import EngineProcess
from tests.speech.sounds import turn
from tests.transcript.engines import model, segment, transcript_settings, whisper

pytestmark = pytest.mark.models

REQUEST = DecodeRequest(turn("Two more signed"), "en", 5, word_times=True)


@pytest.fixture
def worker() -> Iterator[EngineProcess]:
    one = EngineProcess(model("tiny.en", "en").directory, transcript_settings())
    yield one
    one.close()


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and was not waited for does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def pid_of(worker: EngineProcess) -> int:
    assert worker.pid is not None
    return worker.pid


def test_it_hears_the_same_as_an_engine_in_this_process(worker: EngineProcess):
    assert worker.decode(REQUEST) == whisper().decode(REQUEST)
    assert worker.restarts == 0


def test_it_confirms_the_same_words_of_a_draft_as_an_engine_in_this_process(worker: EngineProcess):
    sound = REQUEST.samples
    short = DecodeRequest(sound[:RATE], "en", 1, word_times=False)
    draft = tuple(whisper().decode(short).text.split())
    here: list[int] = []
    there: list[int] = []
    again = replace(short, samples=sound, draft=draft)
    assert worker.decode(again, there.append) == whisper().decode(again, here.append)
    assert here == there != []


def test_a_worker_that_is_killed_loses_one_decode_and_comes_back(worker: EngineProcess):
    worker.wait_until_ready()
    first = pid_of(worker)
    os.kill(first, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (first, signal.SIGKILL)).start()
    with pytest.raises(EngineLost):
        worker.decode(REQUEST)
    assert worker.decode(REQUEST).text
    assert worker.restarts == 1
    assert pid_of(worker) != first
    assert not alive(first)


def test_it_tells_how_much_something_else_had_the_processor(worker: EngineProcess):
    worker.decode(REQUEST)
    long = replace(REQUEST, samples=np.tile(REQUEST.samples, 9)[: 25 * RATE])
    assert worker.slowdown >= 1
    for after_s, what in ((0.1, signal.SIGSTOP), (3.0, signal.SIGCONT)):
        threading.Timer(after_s, os.kill, (pid_of(worker), what)).start()
    worker.decode(long)
    assert worker.slowdown > 1.5


def test_the_scribe_reads_the_run_that_a_killed_worker_lost(worker: EngineProcess):
    worker.wait_until_ready()
    os.kill(pid_of(worker), signal.SIGKILL)
    (final,) = Scribe(worker, transcript_settings(), "en").process(segment(REQUEST.samples))
    assert final.text.startswith("Two more signed")
    assert worker.restarts == 1


def test_a_worker_that_hangs_is_killed_at_the_deadline():
    settings = transcript_settings(decode_deadline_s=0.5)
    worker = EngineProcess(model("tiny.en", "en").directory, settings)
    try:
        worker.wait_until_ready()
        hung = pid_of(worker)
        os.kill(hung, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(EngineLost, match="too slow"):
            worker.decode(REQUEST)
        assert 0.5 <= time.monotonic() - began < 5
        assert not alive(hung)
    finally:
        worker.close()


def test_a_worker_that_does_not_come_up_is_killed_at_the_deadline():
    worker = EngineProcess(
        model("tiny.en", "en").directory, transcript_settings(start_deadline_s=0.2)
    )
    try:
        os.kill(pid_of(worker), signal.SIGSTOP)
        with pytest.raises(EngineLost):
            worker.wait_until_ready()
        assert worker.pid is None
    finally:
        worker.close()


def test_closing_ends_a_decode_that_hangs(worker: EngineProcess):
    worker.wait_until_ready()
    hung = pid_of(worker)
    os.kill(hung, signal.SIGSTOP)
    threading.Timer(0.3, worker.close).start()
    with pytest.raises(EngineLost):
        worker.decode(REQUEST)
    worker.close()
    assert not alive(hung)
    with pytest.raises(EngineLost, match="closed"):
        worker.decode(REQUEST)


def test_a_model_that_cannot_be_loaded_is_said_in_a_sentence(tmp_path: Path):
    worker = EngineProcess(tmp_path, transcript_settings())
    try:
        with pytest.raises(ModelError, match="cannot be loaded") as failed:
            worker.wait_until_ready()
        assert "is niet te laden" in failed.value.told("nl")
        with pytest.raises(EngineLost):
            worker.decode(REQUEST)
    finally:
        worker.close()


def test_a_worker_that_wants_too_much_memory_fails_alone():
    settings = transcript_settings(memory_limit_mb=60)
    worker = EngineProcess(model("tiny.en", "en").directory, settings)
    try:
        with pytest.raises((ModelError, EngineLost)):
            worker.wait_until_ready()
    finally:
        worker.close()


def test_a_large_model_may_take_what_it_needs(tmp_path: Path):
    assert memory_needed_mb(tmp_path) == 4000
    with (tmp_path / "model.bin").open("wb") as sparse:
        sparse.truncate(3000 << 20)
    assert memory_needed_mb(tmp_path) == 12_000


def test_ctrl_c_at_the_terminal_does_not_reach_the_worker(worker: EngineProcess):
    worker.wait_until_ready()
    assert os.getpgid(pid_of(worker)) != os.getpgid(0)
    os.kill(pid_of(worker), signal.SIGINT)
    assert worker.decode(REQUEST).text
    assert worker.restarts == 0


_PARENT = """
import sys, time
from dataclasses import replace
from pathlib import Path
from live_coach import settings
from live_coach.transcript.worker import EngineProcess
worker = EngineProcess(Path(sys.argv[1]), settings.load().settings.transcript)
worker.wait_until_ready()
print(worker.pid, flush=True)
time.sleep(600)
"""


def test_the_worker_ends_when_its_parent_is_killed():
    directory = model("tiny.en", "en").directory
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(directory)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    wait_for(lambda: not alive(pid))


def test_nothing_of_the_package_is_taken_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    worker = EngineProcess(model("tiny.en", "en").directory, transcript_settings())
    try:
        worker.wait_until_ready()
    finally:
        worker.close()


@pytest.mark.skipif(
    sys.platform != "linux", reason="only the C library of GNU is told about memory"
)
def test_a_long_reading_leaves_the_worker_no_larger(worker: EngineProcess) -> None:
    """Left to itself the C library keeps 25 to 35 MB after a reading in the whole context."""

    def resident_mb() -> float:
        pages = int(Path(f"/proc/{pid_of(worker)}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def decode(seconds: float) -> None:
        samples = np.resize(REQUEST.samples, round(seconds * RATE))
        worker.decode(replace(REQUEST, samples=samples))

    worker.wait_until_ready()
    for _ in range(3):
        decode(6.0)
    before = resident_mb()
    decode(29.0)
    decode(6.0)
    assert resident_mb() - before < 15
