"""The scribe's thread: an engine that can be held up for the order, the real one for the whole."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from live_coach.flow.messages import (
    RATE,
    Health,
    HealthState,
    SegmentEnd,
    Span,
    Speaker,
    SpeechSegment,
    Stage,
    Utterance,
)
from live_coach.transcript.backlog import MOST_WAITING
from live_coach.transcript.engine import Confirmed, Decoded, DecodeRequest, EngineLost, HeardWord
from live_coach.transcript.ladder import Ladder
from live_coach.transcript.scheduler import ScribeThreads
from live_coach.transcript.scribe import Scribe
from live_coach.transcript.worker import EngineProcess
from tests.speech.sounds import turn
from tests.transcript.engines import model, segment, transcript_settings

MANAGER, COACHEE = Speaker.MANAGER, Speaker.COACHEE


class HeldEngine:
    """Decodes one request for each permit, or until it is let go; close() loses the one it is in."""

    def __init__(self) -> None:
        self.restarts = 0
        self.slowdown = 1.0
        self.began: list[int] = []
        self._permits = threading.Semaphore(0)
        self._closed = False
        self.broken: Exception | None = None

    def let(self, count: int = 1) -> None:
        self._permits.release(count)

    def decode(self, request: DecodeRequest, confirmed: Confirmed | None = None) -> Decoded:
        self.began.append(len(request.samples))
        self._permits.acquire()
        if self._closed:
            self._permits.release()
            raise EngineLost("closed")
        if self.broken is not None:
            raise self.broken
        word = HeardWord(f"w{len(request.samples)}", 0, 1, 1.0)
        return Decoded((word,), "en", {"en": 1.0}, 0.0, -0.1)

    def close(self) -> None:
        self._closed = True
        self._permits.release()


class Bench:
    """A scribe's thread and everything that it delivers."""

    def __init__(
        self, engine: HeldEngine | EngineProcess, quick: HeldEngine | EngineProcess | None = None
    ) -> None:
        self.utterances: list[Utterance] = []
        self.health: list[Health] = []
        self.failures: list[Exception] = []
        self.thread = ScribeThreads(
            Scribe(engine, transcript_settings(), "en", quick=quick),
            [engine, quick] if quick else [engine],
            self.utterances.append,
            on_health=self.health.append,
            on_failure=self.failures.append,
        )
        self.thread.start()

    def settled(self) -> dict[int, list[Stage]]:
        found: dict[int, list[Stage]] = {}
        for utterance in self.utterances:
            if utterance.stage is not Stage.PARTIAL:
                found.setdefault(utterance.id, []).append(utterance.stage)
        return found


@pytest.fixture
def held() -> Iterator[HeldEngine]:
    engine = HeldEngine()
    yield engine
    engine.close()


def run(
    number: int, *, speaker: Speaker = MANAGER, end: SegmentEnd | None = SegmentEnd.SILENCE
) -> SpeechSegment:
    """A run whose length is its number, so that the engine's records can be told apart."""
    return SpeechSegment(number, Span(0, number), speaker, np.zeros(number, np.float32), end)


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_while_one_is_read_finals_go_before_partials_and_stale_partials_are_dropped(
    held: HeldEngine,
):
    bench = Bench(held)
    bench.thread.submit(run(100))
    wait_for(lambda: held.began == [100])
    bench.thread.submit(run(110, speaker=COACHEE, end=None))
    bench.thread.submit(run(120, speaker=COACHEE, end=None))
    bench.thread.submit(run(200))
    bench.thread.submit(run(300))
    held.let(9)
    assert bench.thread.finish(20)
    assert held.began[:3] == [100, 200, 300]
    assert 110 not in held.began
    assert bench.settled() == {n: [Stage.FINAL] for n in (100, 200, 300)}


def test_partials_are_delivered_while_nothing_else_waits(held: HeldEngine):
    bench = Bench(held)
    held.let(9)
    bench.thread.submit(run(50, end=None))
    wait_for(lambda: bench.utterances)
    assert bench.utterances[0].stage is Stage.PARTIAL
    assert bench.thread.finish(20)


def test_with_two_engines_a_final_does_not_wait_for_a_partial_which_then_comes_too_late(
    held: HeldEngine,
):
    quick = HeldEngine()
    bench = Bench(held, quick)
    held.let(9)
    bench.thread.submit(run(50, end=None))
    wait_for(lambda: quick.began == [50])
    bench.thread.submit(replace(run(50), span=Span(0, 60)))
    wait_for(bench.settled)
    quick.let(9)
    bench.thread.submit(run(70, end=None))
    wait_for(lambda: len(bench.utterances) == 2)
    assert bench.thread.finish(20)
    assert [(one.id, one.stage) for one in bench.utterances] == [
        (50, Stage.FINAL),
        (70, Stage.PARTIAL),
    ]
    assert quick.began == [50, 70]


@pytest.mark.models
def test_two_real_models_share_a_conversation():
    said = ("Good morning, Sam.", "Two more signed", "That you listen")
    workers = [
        EngineProcess(model(name, "en").directory, transcript_settings())
        for name in ("base", "tiny.en")
    ]
    try:
        for worker in workers:
            worker.wait_until_ready()
        bench = Bench(*workers)
        for number, beginning in enumerate(said, start=1):
            sound = turn(beginning)
            for end, length in ((None, len(sound) // 2), (SegmentEnd.SILENCE, len(sound))):
                bench.thread.submit(segment(sound[:length], number=number, end=end))
                wait_for(lambda count=2 * number - (end is None): len(bench.utterances) == count)
        assert bench.thread.finish(60)
        stages = [(one.id, one.stage) for one in bench.utterances]
        assert stages == [(n, s) for n in (1, 2, 3) for s in (Stage.PARTIAL, Stage.FINAL)]
        finals = [one.text for one in bench.utterances if one.stage is Stage.FINAL]
        assert all(text.startswith(start) for text, start in zip(finals[1:], said[1:], strict=True))
    finally:
        for worker in workers:
            worker.close()


def test_too_many_are_put_off_told_at_once_and_read_in_the_end(held: HeldEngine):
    bench = Bench(held)
    bench.thread.submit(run(1))
    wait_for(lambda: held.began == [1])
    for number in range(2, MOST_WAITING + 5):
        bench.thread.submit(run(number))
    assert bench.settled() == {n: [Stage.UNTRANSCRIBED] for n in (2, 3, 4)}
    assert bench.thread.untranscribed == 3
    held.let(99)
    assert bench.thread.finish(20)
    assert held.began[-3:] == [2, 3, 4]
    assert all(stages[-1] is Stage.FINAL for stages in bench.settled().values())
    assert bench.settled()[2] == [Stage.UNTRANSCRIBED, Stage.FINAL]
    assert bench.thread.untranscribed == 0


def test_finishing_in_the_middle_of_a_decode_that_hangs_gives_up_what_is_left(held: HeldEngine):
    bench = Bench(held)
    for number in (1, 2, 3):
        bench.thread.submit(run(number))
    wait_for(lambda: held.began == [1])
    began = time.monotonic()
    assert not bench.thread.finish(0.2)
    assert time.monotonic() - began < 5
    assert bench.settled() == {n: [Stage.UNTRANSCRIBED] for n in (1, 2, 3)}
    assert bench.thread.untranscribed == 3


def test_an_engine_that_cannot_even_be_closed_does_not_hold_up_the_end():
    class Stuck(HeldEngine):
        def close(self) -> None:
            pass

    engine = Stuck()
    bench = Bench(engine)
    bench.thread.submit(run(1))
    wait_for(lambda: engine.began == [1])
    assert not bench.thread.finish(0.1)
    engine.let()
    assert bench.settled() == {1: [Stage.UNTRANSCRIBED]}


def test_an_engine_with_a_fault_leaves_runs_untranscribed_and_the_thread_alive(held: HeldEngine):
    bench = Bench(held)
    held.broken = ZeroDivisionError()
    held.let(99)
    bench.thread.submit(run(1))
    wait_for(bench.settled)
    held.broken = None
    bench.thread.submit(run(2))
    assert bench.thread.finish(20)
    assert bench.settled() == {1: [Stage.UNTRANSCRIBED], 2: [Stage.FINAL]}
    assert bench.failures == []


def test_a_reader_that_fails_is_told_and_nothing_hangs(held: HeldEngine):
    failures: list[Exception] = []

    def refuse(_: Utterance) -> None:
        raise ZeroDivisionError

    thread = ScribeThreads(
        Scribe(held, transcript_settings(), "en"),
        [held],
        refuse,
        on_health=lambda _: None,
        on_failure=failures.append,
    )
    thread.start()
    held.let(9)
    thread.submit(run(1))
    wait_for(lambda: failures)
    thread.submit(run(2))
    assert thread.finish(5)
    assert len(failures) == 2


def test_under_load_partials_stop_and_come_back(held: HeldEngine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Ladder, "TOO_LATE_S", 0.1)
    monkeypatch.setattr(Ladder, "IN_TIME_S", 0.05)
    bench = Bench(held)
    bench.thread.submit(run(1))
    wait_for(lambda: held.began == [1])
    bench.thread.submit(run(2))
    submitted = time.monotonic()
    wait_for(lambda: time.monotonic() - submitted > 0.15)
    held.let()
    wait_for(lambda: bench.health)
    bench.thread.submit(run(30, end=None))
    held.let(99)
    for number in (4, 5, 6):
        wait_for(lambda number=number: len(bench.settled()) == number - 2)
        bench.thread.submit(run(number))
    assert bench.thread.finish(20)
    assert [one.state for one in bench.health] == [HealthState.OVERLOADED] * 2
    assert bench.health[0].sentence != bench.health[1].sentence
    assert 30 not in held.began


def test_partials_rest_after_each_other_longer_when_the_computer_is_busy(
    held: HeldEngine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Ladder, "REST", 0.0)
    monkeypatch.setattr(Ladder, "LONG_REST", 1e6)
    bench = Bench(held)
    held.let(99)
    held.slowdown = 3.0
    for length in range(1, 5):
        bench.thread.submit(run(length, end=None))
        wait_for(lambda length=length: length in held.began or bench.health)
    assert [one.state for one in bench.health] == [HealthState.OVERLOADED]
    bench.thread.submit(run(50, end=None))
    bench.thread.submit(replace(run(60, speaker=COACHEE, end=None), settled=True))
    wait_for(lambda: 60 in held.began)
    assert 50 not in held.began
    assert bench.thread.finish(20)


def test_it_is_told_when_the_computer_is_free_again(
    held: HeldEngine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Ladder, "REST", 0.0)
    monkeypatch.setattr(Ladder, "LONG_REST", 0.0)
    bench = Bench(held)
    held.let(999)
    for length in range(1, 60):
        held.slowdown = 1.0 if bench.health else 3.0
        bench.thread.submit(run(length, end=None))
        wait_for(lambda length=length: length in held.began)
    assert bench.thread.finish(20)
    assert [one.state for one in bench.health] == [HealthState.OVERLOADED, HealthState.OK]
    assert len({one.sentence for one in bench.health}) == 2


def test_it_is_not_told_that_text_is_late_when_nobody_speaks_and_all_was_read(
    held: HeldEngine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Ladder, "TOO_LATE_S", 0.05)
    monkeypatch.setattr(Ladder, "QUIET_S", 0.4)
    bench = Bench(held)
    bench.thread.submit(run(1))
    wait_for(lambda: held.began == [1])
    bench.thread.submit(run(2))
    submitted = time.monotonic()
    wait_for(lambda: time.monotonic() - submitted > 0.1)
    held.let()
    wait_for(lambda: held.began == [1, 2])
    wait_for(lambda: time.monotonic() - submitted > 1.0)
    assert [one.state for one in bench.health] == [HealthState.OVERLOADED], "one waits to be read"
    held.let()
    wait_for(lambda: len(bench.settled()) == 2)
    for length in range(30, 45):
        bench.thread.submit(run(length, end=None))
        time.sleep(0.05)
    assert len(bench.health) == 1, "somebody still speaks"
    wait_for(lambda: len(bench.health) == 2)
    assert (bench.health[1].state, bench.health[1].at) == (HealthState.OK, 44)
    held.let(9)
    bench.thread.submit(run(50, end=None))
    wait_for(lambda: 50 in held.began)
    assert bench.thread.finish(20)
    assert len(bench.health) == 2


def test_a_restart_is_told(held: HeldEngine):
    bench = Bench(held)
    held.restarts = 1
    held.let(9)
    bench.thread.submit(run(1))
    assert bench.thread.finish(20)
    assert [(one.state, one.stream) for one in bench.health] == [(HealthState.RESTARTED, "text")]


@pytest.mark.models
def test_a_real_worker_that_is_killed_in_the_middle_costs_no_text():
    worker = EngineProcess(model("tiny.en", "en").directory, transcript_settings())
    try:
        worker.wait_until_ready()
        bench = Bench(worker)
        said = ("Good morning, Sam.", "Two more signed", "That you listen")
        pid = worker.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        for number, beginning in enumerate(said, start=1):
            bench.thread.submit(segment(turn(beginning), number=number, at=number * 60 * RATE))
        os.kill(pid, signal.SIGKILL)
        assert bench.thread.finish(60)
        finals = {one.id: one.text for one in bench.utterances if one.stage is Stage.FINAL}
        assert sorted(finals) == [1, 2, 3]
        assert finals[2].startswith("Two more signed")
        assert worker.restarts == 1
        assert bench.thread.lag_s > 0
        assert HealthState.RESTARTED in {one.state for one in bench.health}
    finally:
        worker.close()
