"""Words that say that somebody is at a loss, read more widely than the act, for where silence follows."""

from __future__ import annotations

import pytest

from live_coach.coaching.markers import Language
from live_coach.coaching.standing import subject

LOSS = {
    "nl": (
        "Geen idee eigenlijk.",
        "ik weet ook niet meer hoe ik het moet zeggen",
        "Dat is het hem juist. Dat weet ik dus niet.",
        "Ik kom er niet uit.",
        "Ik geraak er niet uit.",
        "Ik zit muurvast.",
        "Ik draai in rondjes.",
        "Het lukt me gewoon niet.",
        "Ik sta met lege handen.",
        "'k Zou 't nie weten.",
        "Ik kan zo niks noemen.",
        "Ik zie gewoon niet hoe.",
        "Wat moet ik daar nou mee?",
        "Ik heb daar geen pasklaar antwoord op.",
    ),
    "en": (
        "No idea, to be honest.",
        "I really don't know any more how to put it.",
        "That's the thing. I don't know.",
        "I can't work it out.",
        "I'm totally stuck.",
        "I keep going in circles.",
        "I just can't do it any more.",
        "I've got nothing.",
        "I wouldn't know.",
        "I couldn't name you one.",
        "I just can't see how.",
        "What am I supposed to say to that?",
        "I don't have an answer to that.",
        "I'm not getting anywhere.",
    ),
}
NO_LOSS = {
    "nl": (
        "Ik weet niet of het dinsdag was.",
        "Dat weet ik niet hoor.",
        "Ik heb niks tegen hem gezegd.",
        "Vroeger zat ik vast, nu niet meer.",
        "Ik zit niet vast aan die datum.",
        "De klant weet niet wat hij wil.",
        "Als ik het niet weet vraag ik het aan Els.",
        "Ik kan niet op woensdag.",
        "Ik vind het niet eerlijk.",
        "We hebben alles geprobeerd en uiteindelijk lukte het.",
        "Het lukt me steeds beter.",
        "Ik weet precies wat er niet klopte.",
    ),
    "en": (
        "I don't know if it was Tuesday.",
        "I have nothing against him.",
        "I used to be stuck, not now.",
        "I'm not stuck on that date.",
        "The client doesn't know what he wants.",
        "He didn't know what to say.",
        "I can't do Wednesday.",
        "I don't think it's fair.",
        "We tried everything and in the end it worked.",
        "It's going better and better.",
        "I don't see him that often.",
        "I know exactly what went wrong.",
    ),
}


def lost(text: str, language: Language) -> bool:
    return bool(subject(text.split(), language).marks & {"at_a_loss", "spent"})


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_somebody_says_who_is_at_a_loss(language: Language) -> None:
    assert [text for text in LOSS[language] if not lost(text, language)] == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_not_knowing_a_detail_not_liking_and_others_who_do_not_know(language: Language) -> None:
    assert [text for text in NO_LOSS[language] if lost(text, language)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I don't know, and then we sat down and talked about the summer for an hour or so."),
        (
            "nl",
            "Ik weet het niet, en toen zijn wij gaan zitten en hebben een heel uur lang met haar over de zomer gepraat.",
        ),
    ],
)
def test_an_answer_that_follows_is_no_loss(language: Language, text: str) -> None:
    assert not lost(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "I've tried everything."), ("nl", "Ik heb alles al geprobeerd.")],
)
def test_where_all_was_tried(language: Language, text: str) -> None:
    assert "spent" in subject(text.split(), language).marks
