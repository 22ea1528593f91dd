"""The course of a conversation, on acts and standings that are given: goal, expectations, time, wanting and doing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from live_coach.coaching import config
from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import Said
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules import process
from live_coach.coaching.rules.occasion import Rule
from live_coach.flow.messages import Evidence, Kind, Phase, to_samples
from tests.coaching.moments import C, moment, said
from tests.coaching.telling import changed

NUMBERS = config.load()
BIT = 0.001
"""Seconds are told in thousandths."""


def because(rule: Rule, at: Moment, numbers: NudgeConfig = NUMBERS) -> Evidence | None:
    found = rule(at, numbers)
    return None if found is None else found.because[0]


def agreed(now: float, *, fresh: Said | None = None, **state: Any) -> Moment:
    """At this time, with so much agreed on."""
    plain = moment(now, fresh=False)
    standing = replace(plain.standing, agreed=replace(plain.standing.agreed, **state))
    return replace(plain, standing=standing, fresh=fresh)


def test_a_goal_is_missed_between_three_and_six_minutes() -> None:
    def missed(now: float, **state: Any) -> bool:
        return because(process.contract, agreed(now, **({"card": True} | state))) is not None

    assert [missed(at) for at in (180 - BIT, 180, 360, 360 + BIT)] == [
        False,
        True,
        True,
        False,
    ]
    assert not missed(200, card=False)
    assert not missed(200, goal=True)
    assert not missed(200, topic=True)
    assert not missed(200, fresh=said(199, 200))


def test_expectations_are_missed_where_there_is_a_goal() -> None:
    def missed(now: float, **state: Any) -> bool:
        return because(process.expect, agreed(now, **({"goal": True} | state))) is not None

    assert [missed(at) for at in (240 - BIT, 240, 480, 480 + BIT)] == [
        False,
        True,
        True,
        False,
    ]
    assert not missed(300, goal=False)
    assert missed(300, manager_expects=True)
    assert missed(300, coachee_expects=True)
    assert not missed(300, manager_expects=True, coachee_expects=True)
    assert not missed(300, fresh=said(299, 300))


def test_away_from_the_goal_is_counted_from_when_anybody_was_near_it() -> None:
    state = {"goal_words": frozenset({"orders"}), "met_at": to_samples(60)}
    away = because(process.goal, agreed(300, **state))
    assert away is not None
    assert (away.value, away.threshold) == (240, 240)
    assert because(process.goal, agreed(300 - BIT, **state)) is None
    assert because(process.goal, agreed(300, **(state | {"goal_words": frozenset()}))) is None
    assert because(process.goal, agreed(300, fresh=said(299, 300), **state)) is None
    found = process.goal(agreed(330, **state), NUMBERS)
    assert found is not None
    assert found.key == to_samples(60), "one occasion, however long it lasts"


@pytest.mark.parametrize("phase", [None, *Phase])
def test_nobody_is_called_back_to_the_goal_who_makes_a_plan(phase: Phase | None) -> None:
    at = agreed(330, goal_words=frozenset({"orders"}))
    course = replace(at.standing.course, phase=phase)
    at = replace(at, standing=replace(at.standing, course=course))
    assert (process.goal(at, NUMBERS) is None) is (phase is Phase.WILL)


def test_a_frame_is_named_where_it_is_on_and_surely_the_managers() -> None:
    told = moment(100, said(95, 99, Kind.FRAME))
    evidence = because(process.frame, told)
    assert evidence is not None
    assert (evidence.utterance, evidence.quote) == (950, "frame at 95")
    assert because(process.frame, told, changed(frame={"on": False})) is None
    assert because(process.frame, moment(100, said(95, 99, Kind.OTHER))) is None
    assert because(process.frame, moment(100, said(95, 99, Kind.FRAME, sure=False))) is None
    assert because(process.frame, moment(100, said(95, 99, (Kind.FRAME, 2)))) is None


AGAINST, ADVICE = Kind.SUSTAIN, said(30, 32, Kind.ADVICE)


def against(*at: float) -> list[Said]:
    return [said(start, start + 2, AGAINST, speaker=C) for start in at]


def test_three_times_against_it_while_there_is_advice() -> None:
    found = process.sustain(moment(100, ADVICE, *against(40, 60, 98)), NUMBERS)
    assert found is not None
    assert (found.because[0].value, found.because[0].window) == (3, 120)
    assert found.key == 400, "the first of them: a fourth is the same occasion"
    assert process.sustain(moment(100, ADVICE, *against(40, 98)), NUMBERS) is None
    assert process.sustain(moment(100, *against(40, 60, 98)), NUMBERS) is None, "nobody pushed"


def test_only_what_the_coachee_surely_says_against_it_counts() -> None:
    first, second, last = against(40, 60, 98)
    weak = (AGAINST, 2)

    def pushes(*utterances: Said, fresh: bool = True) -> bool:
        at = moment(100, ADVICE, *utterances, fresh=fresh)
        return process.sustain(at, NUMBERS) is not None

    assert pushes(first, second, last)
    assert not pushes(first, second, last, fresh=False)
    assert not pushes(first, said(60, 62, weak, speaker=C), last)
    assert not pushes(
        first, second, said(70, 72, AGAINST, speaker=C), said(98, 100, weak, speaker=C)
    )
    assert not pushes(first, second, last, said(99, 100, speaker=C)), "and now something else"
    assert not pushes(first, said(60, 62, AGAINST), last), "the manager does not count"
    assert not pushes(first, second, said(70, 71, AGAINST, speaker=C), said(98, 100, AGAINST))


WANTS, DOES = Kind.PREPARATORY, Kind.COMMITMENT


def wants(
    now: float, *utterances: Said, length: float | None = 800.0, fresh: bool = True
) -> float | None:
    agreed_length = None if length is None else to_samples(length)
    evidence = because(process.wantdo, moment(now, *utterances, agreed=agreed_length, fresh=fresh))
    return None if evidence is None else evidence.value


def test_wanting_twice_in_the_last_quarter_and_never_doing() -> None:
    two = [said(at, at + 2, WANTS, speaker=C) for at in (600, 610)]
    assert wants(612, *two) == 2
    assert wants(612, *two, length=None) is None
    assert wants(612, *two, fresh=False) is None
    assert wants(612, *two, said(611, 612)) is None, "only after the coachee's words"
    assert wants(612, two[1]) is None
    assert wants(612, said(605, 607, WANTS), two[1]) is None, "the manager does not count"
    assert wants(620, *two, said(612, 613, speaker=C), said(614, 616, DOES, speaker=C)) is None
    assert wants(620, said(590, 599, DOES, speaker=C), *two) == 2, "a resolve of before"
    assert wants(620, said(613, 614, DOES), *two) == 2, "not the manager's"


def test_the_last_quarter_begins_at_its_sample() -> None:
    early = [said(at, at + 1, WANTS, speaker=C) for at in (595, 597)]
    assert wants(600, *early) is None, "that was before"
    one, other = (said(at, 600 + BIT, WANTS, speaker=C) for at in (595, 597))
    assert wants(600, one, other) == 2
    assert wants(600 - BIT, one, other) is None


@pytest.mark.parametrize(
    ("left", "kinds"),
    [
        (300 + BIT, []),
        (300, ["time"]),
        (120 + BIT, ["time"]),
        (120, ["close"]),
        (BIT, ["close"]),
        (0, []),
        (-5, []),
    ],
)
def test_minutes_that_are_left(left: float, kinds: list[str]) -> None:
    at = moment(1000, agreed=to_samples(1000) + round(left * 16000))
    found = [rule(at, NUMBERS) for rule in (process.time, process.close)]
    assert [one.kind for one in found if one is not None] == kinds
    for one in found:
        assert one is None or one.because[0].value == pytest.approx(left)


def test_without_an_agreed_length_nothing_is_left() -> None:
    assert process.time(moment(1000), NUMBERS) is None
    assert process.close(moment(1000), NUMBERS) is None
