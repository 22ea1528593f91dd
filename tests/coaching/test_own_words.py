"""What may be the coachee's plan: in the coachee's words only, and not in the other's."""

from __future__ import annotations

import pytest

from live_coach.coaching.markers import Language
from live_coach.coaching.own_words import LONGEST, MOST, OwnWords
from live_coach.flow.messages import (
    RATE,
    SessionStarted,
    Span,
    Speaker,
    SpeakerKnown,
    Stage,
    Utterance,
)

TALK: dict[Language, tuple[tuple[Speaker, str], ...]] = {
    "en": (
        (Speaker.MANAGER, "I will call the bakery tomorrow."),
        (Speaker.COACHEE, "I have an idea for the table."),
        (Speaker.COACHEE, "It is a nice town. On Friday at ten the hotel is closed."),
        (Speaker.COACHEE, "Good. Tomorrow I see the baker. I will call her first. It rains."),
    ),
    "nl": (
        (Speaker.MANAGER, "Ik ga morgen de bakker bellen."),
        (Speaker.COACHEE, "Ik kan ze vragen wie er nog meer blij met ons zou zijn."),
        (Speaker.COACHEE, "Het is een mooie stad. Vrijdag om tien uur is het hotel dicht."),
        (Speaker.COACHEE, "Goed. Morgen zie ik de bakker. Ik ga haar eerst bellen. Het regent."),
    ),
}
PLAN: dict[Language, tuple[str, ...]] = {
    "en": (
        "Tomorrow I see the baker.",
        "I will call her first.",
        "I have an idea for the table.",
    ),
    "nl": (
        "Morgen zie ik de bakker.",
        "Ik ga haar eerst bellen.",
        "Ik kan ze vragen wie er nog meer blij met ons zou zijn.",
    ),
}


def begun(language: str = "en") -> OwnWords:
    words = OwnWords()
    words.receive(SessionStarted("i", "2026-07-01T10:00:00Z", "0", "m", language), 0)
    return words


def say(words: OwnWords, n: int, speaker: Speaker, text: str, language: str = "") -> None:
    """One second of speech, number `n`."""
    span = Span(n * RATE, (n + 1) * RATE)
    for stage, said in ((Stage.PARTIAL, "I will not"), (Stage.FINAL, text)):
        words.receive(Utterance(n, span, speaker, stage, said, language=language), span.end)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_promises_come_before_ideas_in_the_coachees_words(language: Language) -> None:
    words = begun(language)
    for n, (speaker, text) in enumerate(TALK[language]):
        say(words, n, speaker, text)
    assert words.candidates() == PLAN[language]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_language_of_each_utterance_counts(language: str) -> None:
    words = begun("auto")
    text = {"en": "I will call her. Tomorrow that is.", "nl": "Ik ga haar bellen. Morgen namelijk."}
    say(words, 1, Speaker.COACHEE, text[language], language)
    assert " ".join(words.candidates()) == text[language]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "On Friday I visit the baker."), ("nl", "Vrijdag om tien uur bezoek ik de bakker.")],
)
def test_an_own_action_with_a_time_is_a_plan(language: str, text: str) -> None:
    words = begun(language)
    say(words, 0, Speaker.COACHEE, text)
    say(
        words,
        1,
        Speaker.COACHEE,
        {"en": "On Friday it rains.", "nl": "Vrijdag regent het."}[language],
    )
    assert words.candidates() == (text,)


def test_a_talk_without_a_plan_has_none() -> None:
    words = begun()
    say(words, 0, Speaker.COACHEE, "I don't see why I need coaching at all.")
    say(words, 1, Speaker.MANAGER, "I will call them tomorrow.")
    assert words.candidates() == ()


def test_a_sentence_is_offered_once_and_the_latest_count() -> None:
    words = begun()
    for n in range(2 * MOST):
        say(words, n, Speaker.COACHEE, f"I will call customer number {n // 2}.")
    assert words.candidates() == tuple(f"I will call customer number {n}." for n in range(MOST))
    for n in range(2 * MOST, 2 * MOST + 5):
        say(words, n, Speaker.COACHEE, f"I will write letter {n}.")
    assert len(words.candidates()) == MOST
    assert words.candidates()[-1] == f"I will write letter {2 * MOST + 4}."


def test_a_text_without_full_stops_is_cut() -> None:
    words = begun()
    say(words, 0, Speaker.COACHEE, "I will call them " + "and then again " * 30)
    (sentence,) = words.candidates()
    assert len(sentence.split()) == LONGEST


def test_of_an_utterance_that_was_the_others_after_all_nothing_is_offered() -> None:
    words = begun()
    say(words, 0, Speaker.COACHEE, "I will call her on Monday.")
    say(words, 5, Speaker.COACHEE, "I will write the plan.")
    say(words, 6, Speaker.MANAGER, "I will send the list.")
    words.receive(SpeakerKnown(5, 5 * RATE, Speaker.MANAGER, 7 * RATE, 1.0), 7 * RATE)
    words.receive(SpeakerKnown(6, 6 * RATE, Speaker.COACHEE, 7 * RATE, 1.0), 7 * RATE)
    words.receive(SpeakerKnown(7, 7 * RATE, Speaker.COACHEE, 7 * RATE, 1.0), 7 * RATE)
    assert words.candidates() == ("I will call her on Monday.", "I will send the list.")
