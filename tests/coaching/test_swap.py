"""The manager says by key that who spoke was wrong: everything is as if it had been told rightly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live_coach.archive.collector import Collector
from live_coach.archive.stored import StoredSession
from live_coach.coaching import config, script
from live_coach.coaching.coach import Coach
from live_coach.conversation.sequence import Heard
from live_coach.conversation.whose import OTHER
from live_coach.flow.messages import (
    Kind,
    Message,
    MetricSnapshot,
    Nudge,
    Speaker,
    SpeakersSwapped,
    SpeechStarted,
    Tick,
    Utterance,
    to_samples,
)
from live_coach.session import tell
from tests.archive.conversation import ended, started
from tests.coaching.telling import C, M, lines

WRONG_FROM, PRESSED = 14.0, 38.0
TALK = {
    "en": [
        (M, 1.0, 4.0, "What would you like to talk about today?"),
        (C, 5.0, 12.0, "The quarterly report takes me far too long every month."),
        (M, 15.0, 18.0, "You should just ask Anna for help."),
        (C, 17.5, 24.0, "I could try to start a week earlier with the numbers."),
        (M, 28.0, 30.0, "What makes it hard?"),
        (C, 32.0, 33.5, ""),
        (C, 34.0, 44.0, "I do not know where the figures come from."),
        (M, 44.5, 45.5, ""),
        (M, 46.0, 48.0, "How could you find out?"),
        (C, 49.0, 56.0, "I will ask the people of finance on Monday."),
    ],
    "nl": [
        (M, 1.0, 4.0, "Waar zou je het vandaag over willen hebben?"),
        (C, 5.0, 12.0, "Het kwartaalrapport kost me elke maand veel te veel tijd."),
        (M, 15.0, 18.0, "Je moet gewoon Anna om hulp vragen."),
        (C, 17.5, 24.0, "Ik zou een week eerder met de cijfers kunnen beginnen."),
        (M, 28.0, 30.0, "Wat maakt het moeilijk?"),
        (C, 32.0, 33.5, ""),
        (C, 34.0, 44.0, "Ik weet niet waar de cijfers vandaan komen."),
        (M, 44.5, 45.5, ""),
        (M, 46.0, 48.0, "Hoe zou je daar achter kunnen komen?"),
        (C, 49.0, 56.0, "Ik ga het maandag aan de mensen van financiën vragen."),
    ],
}


def wrong(heard: Heard) -> Heard:
    """The ear has the channels the wrong way round from WRONG_FROM on."""
    if isinstance(heard, Tick):
        return heard
    at = heard.span.start if isinstance(heard, Utterance) else heard.at
    if at >= to_samples(WRONG_FROM) and heard.id > 2:
        return replace(heard, speaker=OTHER[heard.speaker])
    return heard


def kept(language: str, *, swapped: bool, late: float = 0.0) -> tuple[StoredSession, list[Message]]:
    """What the archive has of the talk; `late`: every text comes so much later than its run's end."""
    heard: list[tuple[float, Heard]] = []
    now = 0
    for message in script.messages(lines(TALK[language]), language):
        now = now if isinstance(message, Utterance) else message.heard_to
        after = to_samples(late) if isinstance(message, Utterance) else 0
        heard.append((now + after, message))
    heard.sort(key=lambda pair: pair[0])
    coach = Coach(language, config.load())
    record, told = Collector(keep_transcript=True), list[Message]()
    record.begin(started())

    def deliver(message: Message) -> None:
        told.append(message)
        record.receive(message, 0)

    pressed = not swapped
    for at, message in heard:
        if not pressed and at >= to_samples(PRESSED):
            pressed = True
            wish = SpeakersSwapped(to_samples(PRESSED), to_samples(WRONG_FROM))
            tell(coach, wish, deliver)
        tell(coach, wrong(message) if swapped else message, deliver)
    for insight in coach.flush():
        deliver(insight)
    return record.close(ended()), told


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("late", [0.0, 3.0])
def test_after_a_swap_the_archive_is_as_if_nothing_had_been_wrong(
    language: str, late: float
) -> None:
    right, _ = kept(language, swapped=False, late=late)
    swapped, _ = kept(language, swapped=True, late=late)
    for part in ("speech", "turns", "pauses", "overlaps", "acts", "utterances"):
        assert getattr(swapped, part) == getattr(right, part), part
    assert swapped.readings[-1] == right.readings[-1]
    assert Kind.ADVICE in {act.kind for act in right.acts}


def test_talk_share_is_right_again_at_once() -> None:
    def share_after(told: list[Message], at: float) -> float | None:
        snapshots = (m for m in told if isinstance(m, MetricSnapshot))
        return next(m.talk_share.session for m in snapshots if m.heard_to >= to_samples(at))

    _, right = kept("en", swapped=False)
    _, swapped = kept("en", swapped=True)
    assert share_after(swapped, PRESSED - 1) != share_after(right, PRESSED - 1)
    assert share_after(swapped, PRESSED) == share_after(right, PRESSED)


def test_whoever_begins_to_speak_after_it_is_told_rightly() -> None:
    _, told = kept("en", swapped=True)
    began = {m.id: m.speaker for m in told if isinstance(m, SpeechStarted)}
    assert (began[3], began[9], began[10]) == (Speaker.COACHEE, Speaker.MANAGER, Speaker.COACHEE)


def test_going_through_it_again_gives_no_nudge() -> None:
    _, told = kept("en", swapped=True)
    at = next(n for n, m in enumerate(told) if isinstance(m, SpeakersSwapped))
    end = next(n for n in range(at, len(told)) if isinstance(told[n], MetricSnapshot))
    assert not [m for m in told[at:end] if isinstance(m, Nudge)]
