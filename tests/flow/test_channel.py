"""A bounded queue: what happens when it is full, and that nothing is lost uncounted."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_coach.errors import LiveCoachError
from live_coach.flow.channel import Channel, ChannelClosed, ChannelFull, WhenFull


def _drain(channel: Channel[int]) -> list[int]:
    channel.close()
    items = []
    while True:
        try:
            items.append(channel.get(timeout=5))
        except ChannelClosed:
            return items


def _in_thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


@given(st.lists(st.integers()), st.integers(1, 8))
def test_drop_oldest_keeps_the_newest_in_order_and_counts_the_rest(
    items: list[int], size: int
) -> None:
    channel: Channel[int] = Channel("test", size, WhenFull.DROP_OLDEST)
    for item in items:
        channel.put(item)
    assert len(channel) == min(size, len(items))
    assert _drain(channel) == items[-size:]
    assert channel.dropped == max(0, len(items) - size)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers())))
def test_a_key_keeps_the_latest_of_each_kind_in_the_place_of_the_first(
    items: list[tuple[int, int]],
) -> None:
    channel: Channel[tuple[int, int]] = Channel(
        "test", 4, WhenFull.DROP_OLDEST, key=lambda item: item[0]
    )
    for item in items:
        channel.put(item)
    channel.close()
    latest = dict(items)
    expected = list(latest.items())
    assert [channel.get() for _ in range(len(channel))] == expected
    assert channel.replaced == len(items) - len(expected)
    assert channel.dropped == 0


def test_items_without_a_key_are_never_replaced() -> None:
    channel: Channel[int] = Channel(
        "test", 9, WhenFull.DROP_OLDEST, key=lambda item: "even" if item % 2 == 0 else None
    )
    for item in (1, 2, 3, 4, 3):
        channel.put(item)
    assert _drain(channel) == [1, 4, 3, 3]


def test_full_and_nobody_reads_is_an_error_that_names_the_queue() -> None:
    channel: Channel[int] = Channel("to coach", 1, WhenFull.WAIT_THEN_FAIL, patience=0.01)
    channel.put(1)
    with pytest.raises(ChannelFull, match="to coach") as caught:
        channel.put(2)
    assert isinstance(caught.value, LiveCoachError)
    assert caught.value.hint
    assert _drain(channel) == [1]


def test_a_writer_waits_for_a_reader() -> None:
    channel: Channel[int] = Channel("test", 1, WhenFull.WAIT_THEN_FAIL, patience=30)
    channel.put(1)
    writer = _in_thread(lambda: channel.put(2))
    assert channel.get(timeout=5) == 1
    assert channel.get(timeout=5) == 2
    writer.join(5)
    assert not writer.is_alive()


def test_closing_wakes_a_waiting_reader_and_a_waiting_writer() -> None:
    empty: Channel[int] = Channel("empty", 1, WhenFull.DROP_OLDEST)
    full: Channel[int] = Channel("full", 1, WhenFull.WAIT_THEN_FAIL, patience=30)
    full.put(1)
    closed: list[str] = []

    def expect_closed(name: str, wait: Callable[[], object]) -> None:
        try:
            wait()
        except ChannelClosed:
            closed.append(name)

    threads = [
        _in_thread(lambda: expect_closed("reader", empty.get)),
        _in_thread(lambda: expect_closed("writer", lambda: full.put(2))),
    ]
    empty.close()
    full.close()
    for thread in threads:
        thread.join(5)
    assert sorted(closed) == ["reader", "writer"]
    assert full.get() == 1


def test_nothing_can_be_put_after_closing() -> None:
    channel: Channel[int] = Channel("test", 1, WhenFull.DROP_OLDEST)
    channel.close()
    with pytest.raises(ChannelClosed):
        channel.put(1)


def test_waiting_for_an_item_has_an_end() -> None:
    channel: Channel[int] = Channel("test", 1, WhenFull.DROP_OLDEST)
    with pytest.raises(TimeoutError, match="test"):
        channel.get(timeout=0.01)


def test_many_writers_and_one_reader_lose_nothing() -> None:
    channel: Channel[int] = Channel("test", 5, WhenFull.WAIT_THEN_FAIL, patience=30)
    writers = [
        _in_thread(lambda base=base: [channel.put(base + n) for n in range(200)] and None)
        for base in (0, 1000, 2000)
    ]
    received = [channel.get(timeout=30) for _ in range(600)]
    for writer in writers:
        writer.join(5)
    assert sorted(received) == sorted(base + n for base in (0, 1000, 2000) for n in range(200))
    for base in (0, 1000, 2000):
        own = [item for item in received if base <= item < base + 1000]
        assert own == sorted(own)
