"""The manager says that who spoke was wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live_coach.conversation.whose import Whose
from live_coach.flow.messages import (
    LOOK_BACK,
    RATE,
    Span,
    Speaker,
    SpeakerKnown,
    SpeakersLearnt,
    SpeakersSwapped,
    SpeechEnded,
    SpeechStarted,
    Stage,
    Utterance,
)

M, C, U = Speaker.MANAGER, Speaker.COACHEE, Speaker.UNKNOWN


def run(whose: Whose, id: int, begin: int, speaker: Speaker) -> list[Speaker]:  # noqa: A002
    """The speakers that a run of two seconds is told with, from its beginning to its text."""
    at, end = begin * RATE, (begin + 2) * RATE
    return [
        whose.corrected(SpeechStarted(id, at, speaker, at)).speaker,
        whose.corrected(SpeechEnded(id, end, speaker, end)).speaker,
        whose.corrected(Utterance(id, Span(at, end), speaker, Stage.FINAL, "so")).speaker,
    ]


def swap(whose: Whose, at: int, since: int) -> dict[int, Speaker]:
    return {k.id: k.speaker for k in whose.swap(SpeakersSwapped(at * RATE, since * RATE))}


def test_runs_since_then_and_all_that_follow_are_the_others_until_it_comes_again() -> None:
    whose = Whose()
    assert run(whose, 1, 0, M) == [M] * 3
    assert run(whose, 2, 10, C) == [C] * 3
    assert swap(whose, 15, 5) == {2: M}
    assert run(whose, 3, 20, M) == [C] * 3
    assert swap(whose, 30, 5) == {2: C, 3: M}
    assert run(whose, 4, 40, M) == [M] * 3


def test_a_run_that_goes_on_is_the_others_to_its_end() -> None:
    whose = Whose()
    whose.corrected(SpeechStarted(1, 0, M, 0))
    assert swap(whose, 2, 0) == {1: C}
    assert whose.corrected(SpeechEnded(1, 3 * RATE, M, 3 * RATE)).speaker is C


def test_with_one_microphone_the_voice_goes_on_saying_who_speaks() -> None:
    whose = Whose()
    for id, speaker in ((1, M), (2, C)):  # noqa: A001
        whose.corrected(SpeechStarted(id, id * RATE, U, id * RATE))
        whose.corrected(SpeakerKnown(id, id * RATE, speaker, id * RATE, 0.8))
    whose.corrected(SpeechStarted(3, 4 * RATE, U, 4 * RATE))
    assert swap(whose, 5, 2) == {2: M}
    known = SpeakerKnown(3, 4 * RATE, C, 6 * RATE, 0.9)
    assert whose.corrected(known) == known
    assert whose.corrected(SpeechStarted(4, 8 * RATE, U, 8 * RATE)).speaker is U


def test_it_goes_back_half_a_minute_at_most() -> None:
    SpeakersSwapped(LOOK_BACK, 0)
    with pytest.raises(ValueError, match="swapped"):
        SpeakersSwapped(LOOK_BACK + 1, 0)


def test_a_run_that_ended_unknown_becomes_known_just_before_its_end() -> None:
    whose = Whose()
    began = SpeechStarted(1, 0, U, RATE, 0.0)
    end, text = (
        SpeechEnded(1, 2 * RATE, U, 3 * RATE),
        Utterance(1, Span(0, 2 * RATE), U, Stage.FINAL, "so", confidence=0.0),
    )
    past = [whose.corrected(one) for one in (began, end, text)]
    assert list(whose.again(past)) == past
    known = SpeakerKnown(1, 0, C, 9 * RATE, 0.9)
    assert whose.learn(SpeakersLearnt(9 * RATE, (known,))).runs == (known,)
    assert list(whose.again(past)) == [
        began,
        replace(known, heard_to=3 * RATE),
        replace(end, speaker=C),
        replace(text, speaker=C, confidence=0.9),
    ]
    again = list(whose.again(whose.again(past)))
    assert [type(one) for one in again].count(SpeakerKnown) == 1
    assert whose.corrected(text) == replace(text, speaker=C, confidence=0.9)


def test_what_has_no_words_stays_nobodys() -> None:
    whose = Whose()
    whose.corrected(SpeechStarted(1, 0, U, RATE, 0.0))
    whose.corrected(SpeechEnded(1, RATE, U, 2 * RATE))
    whose.corrected(Utterance(1, Span(0, RATE), U, Stage.FINAL, "", confidence=0.0))
    known = SpeakerKnown(1, 0, C, 9 * RATE, 0.9)
    assert whose.learn(SpeakersLearnt(9 * RATE, (known,))).runs == ()
