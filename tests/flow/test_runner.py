"""Threads around stages: order, failure, and sinks that are slow or gone."""

from __future__ import annotations

import threading

import pytest

from live_coach.errors import LiveCoachError
from live_coach.flow.channel import Channel, ChannelClosed, WhenFull
from live_coach.flow.clock import PositionClock
from live_coach.flow.messages import Message, SessionEnded
from live_coach.flow.runner import Delivery, ReaderThread, ThreadedSink


class _Collector:
    """A sink that can be held up."""

    def __init__(self) -> None:
        self.received: list[tuple[Message, int]] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def receive(self, message: Message, emitted: int) -> None:
        assert self.go_on.wait(10)
        self.received.append((message, emitted))


class _FullDisk:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def receive(self, message: Message, emitted: int) -> None:
        raise self._error


def _message(duration: int = 0) -> SessionEnded:
    return SessionEnded("end", duration)


def _failed(error: Exception) -> None:
    raise AssertionError(error)


def test_a_reader_handles_everything_in_order_and_then_the_end() -> None:
    channel: Channel[int] = Channel("test", 100, WhenFull.DROP_OLDEST)
    handled: list[int] = []
    reader = ReaderThread(
        "reader", channel, handled.append, at_end=lambda: handled.append(-1), on_failure=_failed
    )
    for item in range(50):
        channel.put(item)
    reader.start()
    assert not reader.join(0.01)
    channel.close()
    assert reader.join(5)
    assert handled == [*range(50), -1]


def test_a_reader_that_fails_says_so_and_keeps_nobody_waiting() -> None:
    channel: Channel[int] = Channel("test", 1, WhenFull.WAIT_THEN_FAIL, patience=30)
    failures: list[Exception] = []

    def fail(item: int) -> None:
        raise ArithmeticError(item)

    reader = ReaderThread("reader", channel, fail, on_failure=failures.append)
    channel.put(1)
    reader.start()
    assert reader.join(5)
    assert [type(failure) for failure in failures] == [ArithmeticError]
    with pytest.raises(ChannelClosed):
        channel.put(2)


def test_delivery_stamps_every_message_for_every_sink() -> None:
    clock = PositionClock()
    sinks = [_Collector(), _Collector()]
    deliver = Delivery(list(sinks), clock)
    deliver(_message(1))
    clock.advance(4800)
    clock.advance(100)
    deliver(_message(2))
    assert sinks[0].received == sinks[1].received == [(_message(1), 0), (_message(2), 4800)]


def test_a_slow_program_loses_the_oldest_lines_and_they_are_counted() -> None:
    slow = _Collector()
    slow.go_on.clear()
    sink = ThreadedSink("program", slow, size=3)
    for duration in range(10):
        sink.receive(_message(duration), duration)
    slow.go_on.set()
    sink.close()
    assert len(slow.received) + sink.dropped == 10
    assert slow.received[-3:] == [(_message(n), n) for n in (7, 8, 9)]


def test_an_output_that_fails_is_told_once_in_a_sentence_without_its_words() -> None:
    sink = ThreadedSink("output", _FullDisk(OSError(28, "the secret words")))
    sink.receive(_message(), 0)
    with pytest.raises(LiveCoachError, match="OSError") as caught:
        sink.close()
    assert "secret" not in str(caught.value)


def test_a_reader_that_hung_up_is_no_error() -> None:
    sink = ThreadedSink("output", _FullDisk(BrokenPipeError()))
    sink.receive(_message(), 0)
    sink.close()
    assert isinstance(sink.failure, BrokenPipeError)
    sink.receive(_message(), 0)
    assert sink.dropped >= 1
