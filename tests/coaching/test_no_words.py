"""A run of speech in which no words are found was no speech: an instrument, a laugh, a cough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live_coach.archive.collector import Collector
from live_coach.coaching import config, script
from live_coach.coaching.coach import Coach
from live_coach.flow.messages import (
    Message,
    MetricSnapshot,
    Speaker,
    SpeakerKnown,
    SpeechStarted,
    Stage,
    Utterance,
    to_samples,
)
from live_coach.session import tell
from tests.archive.conversation import ended, started
from tests.coaching.telling import C, M, lines

TALK = {
    "en": [
        (M, 1.0, 9.0, "What would you like to talk about today?"),
        (C, 10.0, 18.0, "The quarterly report takes me far too long."),
        (M, 19.0, 21.0, ""),
        (C, 22.0, 30.0, "I could try to start a week earlier."),
    ],
    "nl": [
        (M, 1.0, 9.0, "Waar zou je het vandaag over willen hebben?"),
        (C, 10.0, 18.0, "Het kwartaalrapport kost me veel te veel tijd."),
        (M, 19.0, 21.0, ""),
        (C, 22.0, 30.0, "Ik zou een week eerder kunnen beginnen."),
    ],
}


def told(language: str, stage: Stage = Stage.FINAL) -> tuple[list[Message], Collector]:
    """The talk, with this stage for the text without words."""
    coach, record, out = Coach(language, config.load()), Collector(), list[Message]()
    record.begin(started())

    def deliver(message: Message) -> None:
        out.append(message)
        record.receive(message, 0)

    for message in script.messages(lines(TALK[language]), language):
        wordless = isinstance(message, Utterance) and not message.text
        tell(coach, replace(message, stage=stage) if wordless else message, deliver)
    for insight in coach.flush():
        deliver(insight)
    return out, record


@pytest.mark.parametrize("language", ["en", "nl"])
def test_it_counts_for_nobody_once_it_was_read(language: str) -> None:
    messages, record = told(language)
    share = {m.heard_to: m.talk_share.session for m in messages if isinstance(m, MetricSnapshot)}
    while_it_lasted = max(at for at in share if at <= to_samples(21))
    assert share[while_it_lasted] == pytest.approx(10 / 18, abs=0.02)
    assert list(share.values())[-1] == pytest.approx(8 / 24)
    known = [m for m in messages if isinstance(m, SpeakerKnown)]
    assert [(m.id, m.speaker) for m in known] == [(3, Speaker.UNKNOWN)]
    kept = record.close(ended())
    assert [run.speaker for run in kept.speech] == [M, C, Speaker.UNKNOWN, C]


def test_what_could_not_be_read_still_counts() -> None:
    messages, _ = told("en", Stage.UNTRANSCRIBED)
    assert not [m for m in messages if isinstance(m, SpeakerKnown)]
    last = [m for m in messages if isinstance(m, MetricSnapshot)][-1]
    assert last.talk_share.session == pytest.approx(10 / 26)


def test_what_begins_afterwards_is_that_persons_again() -> None:
    messages, _ = told("en")
    assert [m.speaker for m in messages if isinstance(m, SpeechStarted)] == [M, C, M, C]
