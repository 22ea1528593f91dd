"""However text came about, revision by revision, the same is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_coach.coaching import config, script
from live_coach.coaching.coach import Coach, Insight
from live_coach.coaching.markers import Language
from live_coach.conversation.sequence import Heard
from live_coach.flow.messages import Stage, Utterance
from tests.coaching.telling import C, M, lines

TALKS = {
    "en": (
        (C, 0.0, 4.0, "The visit went badly and maybe I could call the owner first."),
        (M, 5.0, 9.0, "What happened there? And why? Probably because you were late."),
        (M, 10.0, 13.0, "You should send the offer on Monday."),
        (C, 14.0, 17.0, "What would you do? I really don't know."),
        (M, 18.0, 21.0, "So you could call the owner first."),
    ),
    "nl": (
        (C, 0.0, 4.0, "Het bezoek liep slecht en misschien kan ik eerst de eigenaar bellen."),
        (M, 5.0, 9.0, "Wat gebeurde er daar? En waarom? Waarschijnlijk omdat je te laat was."),
        (M, 10.0, 13.0, "Je moet maandag de offerte sturen."),
        (C, 14.0, 17.0, "Wat zou jij doen? Ik weet het echt niet."),
        (M, 18.0, 21.0, "Je kunt dan eerst de eigenaar bellen."),
    ),
}
CUTS = st.lists(st.lists(st.integers(0, 14), max_size=5), min_size=5, max_size=5)


def revised(messages: Sequence[Heard], cuts: Sequence[Sequence[int]]) -> Iterator[Heard]:
    """The same messages, each final text after revisions that hold so many of its words."""
    for message in messages:
        if isinstance(message, Utterance):
            words = message.text.split()
            parts = [" ".join(words[:cut]) for cut in cuts[message.id - 1]]
            for number, text in enumerate(parts):
                yield replace(message, stage=Stage.PARTIAL, text=text, revision=number)
            yield replace(message, revision=len(parts))
        else:
            yield message


def told(messages: Sequence[Heard], language: Language) -> list[Insight]:
    coach = Coach(language, config.load(), wording=language)
    return [insight for message in messages for insight in coach.process(message)]


@pytest.mark.parametrize("language", ["en", "nl"])
@given(cuts=CUTS)
@settings(max_examples=15, deadline=None)
def test_any_splitting_of_a_revision_history_gives_the_same(
    language: Language, cuts: list[list[int]]
) -> None:
    whole = list(script.messages(lines(TALKS[language]), language))
    assert told(list(revised(whole, cuts)), language) == told(whole, language)
