"""What may be the coachee's plan: in the coachee's words only, and withdrawn when the speakers were swapped."""

from __future__ import annotations

import pytest

from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.markers import Language
from live_coach.coaching.own_words import LONGEST, MOST, OwnWords
from live_coach.flow.messages import (
    RATE,
    Kind,
    SessionStarted,
    Span,
    Speaker,
    SpeakersSwapped,
    SpeechAct,
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


def say(words: OwnWords, n: int, speaker: Speaker, text: str, language: Language) -> None:
    """One second of speech, number `n`, with what the real rules find in it."""
    span = Span(n * RATE, (n + 1) * RATE)
    for stage, said in ((Stage.PARTIAL, "I will not"), (Stage.FINAL, text)):
        words.receive(Utterance(n, span, speaker, stage, said), span.end)
    for found in ActFinder(language).read(speaker, tuple(text.split()), Context()):
        words.receive(SpeechAct(n, speaker, found.kind, span, found.words), span.end)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_promises_come_before_ideas_in_the_coachees_words(language: Language) -> None:
    words = begun(language)
    for n, (speaker, text) in enumerate(TALK[language]):
        say(words, n, speaker, text, language)
    assert words.candidates() == PLAN[language]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_language_of_each_utterance_counts(language: Language) -> None:
    words = begun("auto")
    text = {"en": "I will call. Tomorrow that is.", "nl": "Ik ga bellen. Morgen namelijk."}
    span = Span(0, RATE)
    said = Utterance(1, span, Speaker.COACHEE, Stage.FINAL, text[language], language=language)
    words.receive(said, RATE)
    words.receive(SpeechAct(1, Speaker.COACHEE, Kind.COMMITMENT, span, (0, 3)), RATE)
    assert " ".join(words.candidates()) == text[language]


def test_a_talk_without_a_plan_has_none() -> None:
    words = begun()
    say(words, 0, Speaker.COACHEE, "I don't see why I need coaching at all.", "en")
    say(words, 1, Speaker.MANAGER, "I will call them tomorrow.", "en")
    assert words.candidates() == ()


def test_a_sentence_is_offered_once_and_the_latest_count() -> None:
    words = begun()
    for n in range(2 * MOST):
        say(words, n, Speaker.COACHEE, f"I will call customer number {n // 2}.", "en")
    assert words.candidates() == tuple(f"I will call customer number {n}." for n in range(MOST))
    for n in range(2 * MOST, 2 * MOST + 5):
        say(words, n, Speaker.COACHEE, f"I will write letter {n}.", "en")
    assert len(words.candidates()) == MOST
    assert words.candidates()[-1] == f"I will write letter {2 * MOST + 4}."


def test_a_text_without_full_stops_is_cut() -> None:
    words = begun()
    say(words, 0, Speaker.COACHEE, "I will call them " + "and then again " * 30, "en")
    (sentence,) = words.candidates()
    assert len(sentence.split()) == LONGEST


def test_what_was_said_by_the_other_is_withdrawn_and_read_anew() -> None:
    words = begun()
    say(words, 0, Speaker.COACHEE, "I will call her on Monday.", "en")
    say(words, 5, Speaker.COACHEE, "I will write the plan.", "en")
    words.receive(SpeakersSwapped(6 * RATE, 4 * RATE), 6 * RATE)
    assert words.candidates() == ("I will call her on Monday.",)
    span = Span(5 * RATE, 6 * RATE)
    words.receive(SpeechAct(5, Speaker.COACHEE, Kind.COMMITMENT, span, (0, 3)), 6 * RATE)
    assert words.candidates() == ("I will call her on Monday.", "I will write the plan.")
