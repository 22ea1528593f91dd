"""The language of each speaker."""

from __future__ import annotations

import numpy as np
import pytest

from live_coach.flow.messages import RATE, Samples, Speaker
from live_coach.transcript.languages import Languages
from live_coach.transcript.scribe import Scribe
from tests.speech.sounds import demo
from tests.transcript.engines import segment, transcript_settings, whisper

WELL, BADLY = -0.3, -0.8
"""How probable the text of a run is in the right language, and in another."""


def hear(
    languages: Languages,
    speaker: Speaker,
    language: str,
    seconds: float,
    *,
    probability: float = 0.9,
    read: float = WELL,
) -> str | None:
    """The speaker says something, in runs of two seconds; the language held then."""
    for start in range(0, round(seconds * RATE), 2 * RATE):
        length = min(2 * RATE, round(seconds * RATE) - start)
        languages.heard(speaker, language, probability, length, log_probability=read)
    return languages.of(speaker)


def test_a_given_language_stays():
    assert hear(Languages("nl"), Speaker.MANAGER, "en", 60, probability=1.0, read=BADLY) == "nl"


def test_three_clear_seconds_settle_it_for_that_speaker_only():
    languages = Languages("auto")
    assert hear(languages, Speaker.MANAGER, "nl", 2) is None
    assert hear(languages, Speaker.MANAGER, "nl", 1) == "nl"
    assert languages.of(Speaker.COACHEE) is None


def test_ten_unclear_seconds_settle_it_on_the_language_of_most_of_them():
    languages = Languages("auto")
    hear(languages, Speaker.COACHEE, "en", 4, probability=0.7)
    assert hear(languages, Speaker.COACHEE, "nl", 5, probability=0.4) is None
    assert hear(languages, Speaker.COACHEE, "nl", 1, probability=0.4) == "nl"


def test_what_is_settled_stays_while_it_is_read_well():
    languages = Languages("auto")
    hear(languages, Speaker.COACHEE, "nl", 4)
    assert hear(languages, Speaker.COACHEE, "nl", 600, probability=1.0) == "nl"


def test_a_product_name_that_is_read_badly_does_not_flip_it():
    languages = Languages("auto")
    hear(languages, Speaker.COACHEE, "nl", 4)
    for _ in range(20):
        assert hear(languages, Speaker.COACHEE, "nl", 6, probability=1.0) == "nl"
        assert hear(languages, Speaker.COACHEE, "nl", 2, probability=1.0, read=-1.2) == "nl"


def test_seconds_on_end_read_badly_and_the_language_is_found_out_anew():
    languages = Languages("auto")
    hear(languages, Speaker.COACHEE, "nl", 60)
    assert hear(languages, Speaker.COACHEE, "nl", 4, probability=1.0, read=-0.7) == "nl"
    assert hear(languages, Speaker.COACHEE, "nl", 4, probability=1.0, read=-0.7) is None
    assert hear(languages, Speaker.COACHEE, "en", 4) == "en"
    assert hear(languages, Speaker.COACHEE, "en", 600, probability=1.0) == "en"


def test_doubt_that_changes_nothing_comes_back_later_each_time():
    languages = Languages("auto")
    hear(languages, Speaker.MANAGER, "en", 4, read=BADLY)
    held = []
    for _ in range(4):
        seconds = 0
        while hear(languages, Speaker.MANAGER, "en", 2, probability=1.0, read=BADLY) is not None:
            seconds += 2
        held.append(seconds + 2)
        hear(languages, Speaker.MANAGER, "en", 4)
    assert held == [8, 16, 32, 32]


def test_one_speaker_is_doubted_alone():
    languages = Languages("auto")
    hear(languages, Speaker.MANAGER, "nl", 4)
    hear(languages, Speaker.COACHEE, "nl", 4)
    assert hear(languages, Speaker.COACHEE, "nl", 10, read=BADLY) is None
    assert languages.of(Speaker.MANAGER) == "nl"


def read_aloud(scribe: Scribe, sound: Samples) -> list[tuple[str, float]]:
    """The languages in which the sound is read, in runs of at most nine seconds, with their seconds."""
    found = []
    for number, start in enumerate(range(0, len(sound) - RATE // 2, 9 * RATE), start=1):
        piece = sound[start : start + 9 * RATE]
        (final,) = scribe.process(segment(piece, number=number, at=start))
        found.append((final.language, len(piece) / RATE))
    return found


def heard_in_another(found: list[tuple[str, float]], language: str) -> float:
    """How many seconds have passed when the last run in another language is over."""
    wrong = [number for number, (one, _) in enumerate(found) if one != language]
    return sum(seconds for _, seconds in found[: max(wrong, default=-1) + 1])


def real_scribe() -> Scribe:
    return Scribe(whisper("base", "nl"), transcript_settings(beam_size=1), "auto")


@pytest.mark.models
def test_a_dutch_conversation_full_of_english_words_stays_dutch_once_it_is_found_to_be():
    scribe = real_scribe()
    found = [one for turn in demo("nl") for one in read_aloud(scribe, turn.samples)]
    assert sum(seconds for _, seconds in found) > 200
    assert heard_in_another(found, "nl") < 10


@pytest.mark.models
@pytest.mark.parametrize(("first", "then"), [("nl", "en"), ("en", "nl")])
def test_who_goes_on_in_another_language_is_followed_within_20_seconds(first: str, then: str):
    scribe = real_scribe()
    before = np.concatenate([one.samples for one in demo(first)])[: 30 * RATE]
    after = np.concatenate([one.samples for one in demo(then)])[: 36 * RATE]
    assert heard_in_another(read_aloud(scribe, before), first) < 10
    assert heard_in_another(read_aloud(scribe, after), then) <= 20
