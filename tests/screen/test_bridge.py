"""The bridge takes everything, keeps what a screen needs, and counts what it lets go."""

from __future__ import annotations

import gc
import threading

import pytest

from live_coach.errors import AudioError
from live_coach.flow.messages import Health, HealthState, Pause, Span, Speaker, to_samples
from live_coach.screen.bridge import WAITING_NUDGES, Bridge, News
from tests.screen import feed


def test_latest_reading_replaces_the_one_before_and_is_counted() -> None:
    bridge = Bridge()
    for second in range(5):
        bridge.receive(feed.metrics(second), to_samples(second))
    bridge.receive(feed.levels(4), to_samples(4))
    news = bridge.take()
    assert news.metrics == feed.metrics(4)
    assert news.levels == feed.levels(4)
    assert bridge.replaced == 4
    assert bridge.take() == News(now=to_samples(4))


def test_one_health_message_waits_per_stream() -> None:
    bridge = Bridge()
    back = Health(to_samples(2), HealthState.OK, "mic", "")
    late = Health(to_samples(2), HealthState.OVERLOADED, "text", "Text is late.")
    for message in (feed.mic_lost(1), late, back):
        bridge.receive(message, to_samples(2))
    assert set(bridge.take().health) == {back, late}


def test_of_too_many_nudges_the_oldest_goes_and_is_counted() -> None:
    bridge = Bridge()
    for number in range(WAITING_NUDGES + 3):
        bridge.receive(feed.nudge(1, identity=number), to_samples(1))
    assert [nudge.id for nudge in bridge.take().nudges] == list(range(3, WAITING_NUDGES + 3))
    assert bridge.dropped_nudges == 3


def test_who_began_to_speak_is_known_before_the_next_reading() -> None:
    bridge = Bridge()
    bridge.receive(feed.metrics(3.0, speaking=()), to_samples(3))
    bridge.receive(feed.speech_started(3.1, Speaker.COACHEE), to_samples(3.1))
    assert bridge.take().began == {Speaker.COACHEE}
    bridge.receive(feed.speech_started(3.1, Speaker.COACHEE), to_samples(3.1))
    bridge.receive(feed.metrics(3.2, speaking=()), to_samples(3.2))
    assert bridge.take().began == frozenset()


def test_lag_is_how_long_after_its_end_a_text_came() -> None:
    bridge = Bridge()
    bridge.receive(feed.final(10.0), to_samples(10.75))
    assert bridge.take().text_lag == to_samples(0.75)


def test_the_delay_of_sound_is_the_longest_since_the_screen_looked() -> None:
    bridge = Bridge()
    for emitted in (10.1, 10.4, 10.2):
        bridge.receive(feed.metrics(10), to_samples(emitted))
    assert bridge.take().sound_lag == to_samples(0.4)
    assert bridge.take().sound_lag is None


def test_it_rings_once_until_the_news_is_taken_and_again_for_something_urgent() -> None:
    bridge = Bridge()
    rings: list[bool] = []
    bridge.receive(feed.levels(1), 0)
    assert rings == []
    bridge.connect(rings.append)
    assert rings == [False]
    bridge.receive(feed.metrics(1), 0)
    assert rings == [False]
    bridge.receive(feed.nudge(1), 0)
    bridge.receive(feed.mic_lost(1), 0)
    assert rings == [False, True]
    bridge.take()
    bridge.receive(feed.metrics(2), 0)
    assert rings == [False, True, False]


def test_what_the_screen_does_not_show_wakes_nobody() -> None:
    bridge = Bridge()
    rings: list[bool] = []
    bridge.connect(rings.append)
    bridge.receive(Pause(Span(0, 1), Speaker.MANAGER, Speaker.COACHEE), to_samples(9))
    assert rings == []
    assert bridge.take().now == to_samples(9)


def test_the_first_failure_is_the_one_that_is_told() -> None:
    bridge = Bridge()
    rings: list[bool] = []
    bridge.connect(rings.append)
    first = AudioError("The microphone cannot be opened.")
    bridge.fail(first)
    bridge.fail(AudioError("Nor can the call."))
    assert rings == [True]
    assert bridge.take().failure is first


def test_it_keeps_no_text_of_anybody() -> None:
    bridge = Bridge()
    phrase = "".join(["can", "ary in ", "the mine"])
    utterance = feed.final(10.0, phrase)
    bridge.receive(utterance, to_samples(11))
    assert phrase not in repr(bridge.take())
    assert bridge not in gc.get_referrers(utterance)


@pytest.mark.parametrize("threads", [4])
def test_messages_of_many_threads_all_arrive(threads: int) -> None:
    bridge = Bridge()
    seen: set[int] = set()
    rung = threading.Event()
    bridge.connect(lambda urgent: rung.set())

    def give(first: int) -> None:
        for number in range(first, first + 5):
            bridge.receive(feed.nudge(1, identity=number), to_samples(1))

    workers = [threading.Thread(target=give, args=(5 * i,)) for i in range(threads)]
    for worker in workers:
        worker.start()
    while len(seen) < 5 * threads:
        assert rung.wait(10)
        rung.clear()
        seen |= {nudge.id for nudge in bridge.take().nudges}
    for worker in workers:
        worker.join()
    assert bridge.dropped_nudges == 0
