"""The ear says late whose earlier runs were: everything is as if it had been known when they ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_coach.archive.collector import Collector
from live_coach.archive.stored import StoredSession
from live_coach.coaching import script
from live_coach.coaching.coach import Coach
from live_coach.coaching.markers import Language
from live_coach.conversation.sequence import Heard
from live_coach.flow.messages import (
    Kind,
    Message,
    MetricSnapshot,
    Nudge,
    Speaker,
    SpeakerKnown,
    SpeakersLearnt,
    SpeakersSwapped,
    SpeechEnded,
    SpeechStarted,
    Tick,
    Utterance,
    to_samples,
)
from live_coach.session import tell
from tests.archive.conversation import ended, started
from tests.coaching.telling import changed, lines
from tests.coaching.test_swap import TALK

M, C, U = Speaker.MANAGER, Speaker.COACHEE, Speaker.UNKNOWN
SURE, UNSURE = 0.95, 0.6
LEARNT_AT = 31.0
RUNS = len(TALK["en"])
PARTS = ("speech", "turns", "pauses", "overlaps", "acts", "utterances")
EAGER = {"warm_up_s": 0.0, "voices_s": 0.0, "question_protected_s": 1.0}
Told = dict[int, Speaker]


def room(language: str, first: Told, learnt: Iterable[int]) -> list[Heard]:
    """The talk as one microphone hears it: each run is told just before its end, as `first` has it; at
    LEARNT_AT come those of `learnt` that ended by then, with who spoke."""
    talk = list(script.messages(lines(TALK[language]), language))
    truth = {one.id: one for one in talk if isinstance(one, SpeechStarted)}
    waiting = [
        SpeakerKnown(id, truth[id].at, truth[id].speaker, to_samples(LEARNT_AT), SURE)
        for id in learnt  # noqa: A001
    ]
    told: list[Heard] = []
    for one in talk:
        if isinstance(one, Tick):
            if waiting and one.heard_to >= to_samples(LEARNT_AT):
                told.append(SpeakersLearnt(to_samples(LEARNT_AT), tuple(waiting)))
                waiting = []
            told.append(one)
            continue
        speaker = first.get(one.id, one.speaker)
        sure = SURE if speaker is truth[one.id].speaker else UNSURE if speaker is not U else 0.0
        if isinstance(one, SpeechStarted):
            told.append(replace(one, speaker=U, confidence=0.0))
        elif isinstance(one, SpeechEnded):
            if speaker is not U:
                told.append(SpeakerKnown(one.id, truth[one.id].at, speaker, one.heard_to, sure))
            told.append(replace(one, speaker=speaker))
        elif isinstance(one, Utterance):
            told.append(replace(one, speaker=speaker, confidence=sure))
    return told


def kept(heard: list[Heard], language: str) -> tuple[StoredSession, list[Message]]:
    """What the archive has of it, and all that was told."""
    coach = Coach(language, changed(gate=EAGER, ask={"hits": 1}))
    record, told = Collector(keep_transcript=True), list[Message]()
    record.begin(started())

    def deliver(message: Message) -> None:
        told.append(message)
        record.receive(message, 0)

    for message in heard:
        tell(coach, message, deliver)
    for insight in coach.flush():
        deliver(insight)
    return record.close(ended()), told


def later(heard: list[Heard], lateness: Callable[[int], float]) -> list[Heard]:
    """Every text so many seconds after its run's end."""
    placed: list[tuple[float, Heard]] = []
    now = 0
    for one in heard:
        now = now if isinstance(one, Utterance) else one.heard_to
        after = to_samples(lateness(one.id)) if isinstance(one, Utterance) else 0
        placed.append((now + after, one))
    return [one for _, one in sorted(placed, key=lambda pair: pair[0])]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("first", [{3: U}, {2: U, 3: U, 4: M}, {1: C, 5: U}])
@pytest.mark.parametrize("late", [0.0, 3.0])
def test_what_is_kept_is_as_if_it_had_been_known(language: str, first: Told, late: float) -> None:
    expected, _ = kept(room(language, {}, ()), language)
    stored, told = kept(later(room(language, first, first), lambda _: late), language)
    for part in PARTS:
        assert getattr(stored, part) == getattr(expected, part), part
    assert stored.readings[-1] == expected.readings[-1]
    assert Kind.ADVICE in {act.kind for act in stored.acts}
    assert [one for one in told if isinstance(one, SpeakersLearnt)]


@given(
    language=st.sampled_from(["en", "nl"]),
    first=st.dictionaries(st.integers(1, 5), st.sampled_from([M, C, U])),
    lateness=st.lists(st.floats(0, 20), min_size=RUNS, max_size=RUNS),
)
@settings(max_examples=15, deadline=None)
def test_however_late_the_text_the_end_is_as_if_it_had_been_known(
    language: Language, first: Told, lateness: list[float]
) -> None:
    expected, _ = kept(room(language, {}, ()), language)
    heard = room(language, first, first)
    inline, at_once = kept(heard, language)
    stored, told = kept(later(heard, lambda run: lateness[run - 1]), language)
    for part in PARTS:
        assert getattr(stored, part) == getattr(expected, part) == getattr(inline, part), part
    assert stored.readings[-1] == expected.readings[-1]
    assert [one for one in told if isinstance(one, Nudge)] == [
        one for one in at_once if isinstance(one, Nudge)
    ]


def of_run(told: list[Message], run: int) -> list[Nudge]:
    nudges = [one for one in told if isinstance(one, Nudge)]
    return [one for one in nudges if run in {because.utterance for because in one.because}]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("first", [U, C])
def test_no_nudge_comes_of_advice_that_was_known_late(language: str, first: Speaker) -> None:
    _, known = kept(room(language, {}, ()), language)
    assert of_run(known, 3)
    stored, told = kept(room(language, {3: first}, [3]), language)
    assert Kind.ADVICE in {act.kind for act in stored.acts if act.utterance == 3}
    assert not of_run(told, 3)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_nudge_that_was_given_stays_given(language: str) -> None:
    wrong = {2: M, 3: M, 4: M}
    _, before = kept(room(language, wrong, ()), language)
    stored, told = kept(room(language, wrong, wrong), language)
    first = next(one for one in before if isinstance(one, Nudge))
    assert first in told
    assert stored.nudges[0].at == first.at < to_samples(LEARNT_AT)


def test_talk_share_is_right_at_once_and_each_is_told_with_its_confidence() -> None:
    def share_at(told: list[Message], at: float) -> float | None:
        snapshots = (one for one in told if isinstance(one, MetricSnapshot))
        return next(one.talk_share.session for one in snapshots if one.heard_to >= to_samples(at))

    _, right = kept(room("en", {}, ()), "en")
    _, told = kept(room("en", {3: U, 4: M}, [3, 4]), "en")
    assert share_at(told, LEARNT_AT - 1) != share_at(right, LEARNT_AT - 1)
    assert share_at(told, LEARNT_AT) == share_at(right, LEARNT_AT)
    at = next(n for n, one in enumerate(told) if isinstance(one, SpeakersLearnt))
    known = told[at + 1 : at + 3]
    assert [
        (one.id, one.speaker, one.confidence) for one in known if isinstance(one, SpeakerKnown)
    ] == [
        (3, M, SURE),
        (4, C, SURE),
    ]


def test_what_the_manager_said_of_a_run_stands() -> None:
    heard = room("en", {3: C, 4: U}, [3, 4])
    swapped = SpeakersSwapped(to_samples(20), to_samples(14))
    again = replace(
        next(one for one in heard if isinstance(one, SpeakersLearnt)),
        runs=(SpeakerKnown(3, to_samples(15), C, to_samples(LEARNT_AT), SURE),),
    )
    coach, told = Coach("en", changed()), list[Message]()
    for one in heard:
        if isinstance(one, Tick) and one.heard_to >= swapped.at and swapped not in told:
            told.append(swapped)
            tell(coach, swapped, told.append)
        tell(coach, again if isinstance(one, SpeakersLearnt) else one, told.append)
    assert not [one for one in told if isinstance(one, SpeakersLearnt)]
    assert [one.speaker for one in told if isinstance(one, SpeakerKnown) and one.id == 3] == [C, M]
