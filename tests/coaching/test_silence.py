"""Silences in which a question is offered, and interruptions, on acts that are given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live_coach.coaching import config
from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import Said
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules import silence
from live_coach.coaching.rules.occasion import Occasion
from live_coach.flow.messages import Kind, to_samples
from tests.coaching.moments import C, moment, said
from tests.coaching.telling import changed

NUMBERS = config.load()
SAMPLE = 1 / 16000
STUCK, IDEA = Kind.STUCK, Kind.OWN_IDEA
LOST = said(98, 99, STUCK, speaker=C)


def offered(
    *utterances: Said, silent: float = 4.0, now: float = 110.0, numbers: NudgeConfig = NUMBERS
) -> Occasion | None:
    at = moment(now, *utterances, fresh=False, silent_for=to_samples(silent))
    return silence.stuck(at, numbers)


def test_who_is_at_a_loss_has_four_seconds_and_then_a_question() -> None:
    story, lost = said(80, 90, speaker=C), replace(LOST, start=to_samples(91))
    found = offered(story, lost)
    assert found is not None
    assert (found.key, found.reason) == (lost.id, "miracle")
    evidence = found.because[0]
    assert (evidence.value, evidence.threshold, evidence.utterance) == (4, 4, None)
    assert offered(story, lost, silent=4 - SAMPLE) is None
    assert offered(story, silent=60) is None
    assert offered(silent=60) is None
    at = moment(110, story, lost, silent_for=to_samples(8))
    assert silence.stuck(at, NUMBERS) is None, "it was read only now"


def test_a_question_that_nobody_answers_has_twelve() -> None:
    asked = said(98, 99, Kind.CLOSED_QUESTION)
    found = offered(said(80, 90, speaker=C), asked, silent=12)
    assert found is not None
    evidence = found.because[0]
    assert (evidence.value, evidence.threshold, evidence.utterance) == (12, 12, asked.id)
    assert offered(asked, silent=12 - SAMPLE) is None
    assert offered(said(98, 99, Kind.ADVICE, Kind.OPEN_QUESTION), silent=12) is not None
    assert offered(said(98, 99, Kind.ADVICE), silent=60) is None
    assert offered(replace(asked, sure=False), silent=60) is None
    assert offered(replace(asked, speaker=C), silent=60) is None
    assert offered(asked, said(100, 101, speaker=C), silent=60) is None


def loss(*utterances: Said) -> bool:
    return offered(*utterances) is not None


def test_a_few_short_words_after_it_change_nothing() -> None:
    assert loss(LOST, said(100, 105, speaker=C))
    assert not loss(LOST, said(100, 105 + SAMPLE, speaker=C))
    assert not loss(LOST, said(100, 101, speaker=C), said(101.2, 101.4))
    assert not loss(LOST, said(100, 101, (IDEA, 1), speaker=C))
    assert loss(LOST, said(100, 101, (IDEA, 2), speaker=C)), "that is hardly one"
    assert not loss(said(100, 101, speaker=C)), "nothing but short words"


@pytest.mark.parametrize("kind", [IDEA, Kind.COMMITMENT, Kind.ASKS_ADVICE])
def test_wide_words_of_loss_count_without_an_answer_in_them(kind: Kind) -> None:
    assert loss(said(98, 99, speaker=C, marks="at_a_loss"))
    assert not loss(said(98, 99, kind, speaker=C, marks="at_a_loss"))
    assert loss(said(98, 99, (kind, 2), speaker=C, marks="at_a_loss"))
    assert loss(said(98, 99, kind, speaker=C, marks="spent")), "all was tried"
    assert loss(said(98, 99, STUCK, kind, speaker=C))
    assert not loss(said(98, 99, speaker=C, marks="vague"))


def question(*utterances: Said, now: float = 200.0, **off: dict[str, float | bool]) -> str:
    found = offered(
        *utterances, replace(LOST, end=to_samples(190)), now=now, numbers=changed(**off)
    )
    assert found is not None
    return found.kind


def test_a_scale_where_the_coachee_is_vague_or_of_two_minds() -> None:
    vague, told = said(90, 95, speaker=C, marks="vague"), said(96, 97, IDEA, speaker=C)
    assert question(vague, told) == "scale"
    assert question(told) == "miracle"
    assert question(replace(vague, speaker=told.speaker, marks=frozenset()), told) == "miracle"
    assert question(said(90, 95, marks="vague"), told) == "miracle", "the manager was"
    assert question(said(75, 80, speaker=C, marks="vague"), told) == "miracle", "two minutes ago"
    assert question(vague, told, scale={"on": False}) == "miracle"


def test_an_exception_after_three_minutes_of_the_problem() -> None:
    story = said(90, 95, speaker=C)
    assert question(story, now=180) == "exception"
    assert question(story, now=180 - SAMPLE) == "miracle"
    assert question(story, exception={"on": False}) == "miracle"
    solution, weak = said(96, 97, (Kind.SOLUTION_FOCUSED, 3)), said(96, 97, (IDEA, 2), speaker=C)
    assert question(story, solution) == "miracle"
    assert question(story, weak) == "exception"
    assert question(said(10, 20, IDEA, speaker=C), story) == "exception", "that was before"
    assert question(story, said(96, 97, Kind.ADVICE)) == "miracle"
    assert question(story, said(96, 97, (Kind.ADVICE, 2))) == "exception"
    for kind in (IDEA, Kind.COMMITMENT, Kind.PREPARATORY):
        assert question(story, said(96, 97, kind, speaker=C)) == "miracle"


def interrupted(*at: float, now: float = 400.0, sure: bool = True) -> Occasion | None:
    conversation: Moment = moment(now, manager_sure=sure)
    for number, second in enumerate(at, 1):
        conversation.history.interrupted(to_samples(second), number)
    return silence.cut(conversation, NUMBERS)


def test_three_interruptions_in_five_minutes() -> None:
    found = interrupted(120, 200, 390)
    assert found is not None
    assert (found.because[0].value, found.because[0].window) == (3, 300)
    assert found.key == to_samples(390)
    assert interrupted(200, 390) is None
    assert interrupted(100, 200, 390) is None
    assert interrupted(100 + SAMPLE, 200, 390) is not None
    assert interrupted(120, 200, 390, sure=False) is None
