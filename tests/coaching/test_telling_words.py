"""What the alarm of telling says, and what else is said of tips, assumptions and verdicts, on acts that are given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from live_coach.coaching import config
from live_coach.coaching.history import Said
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules import Occasion, telling
from live_coach.flow.messages import Kind, to_samples
from tests.coaching.moments import C, moment, said
from tests.coaching.telling import changed

NUMBERS = config.load()
ADVICE, DISGUISED = Kind.ADVICE, Kind.DISGUISED_ADVICE
TOLD = (said(390, 392, ADVICE), said(398, 400, ADVICE))
ON: dict[str, Any] = {"on": True}
OFF: dict[str, Any] = {"on": False}


def standing(at: Moment, **pieces: dict[str, Any]) -> Moment:
    """The same moment with other pieces of what it stands on."""
    changes = {
        name: replace(getattr(at.standing, name), **values) for name, values in pieces.items()
    }
    return replace(at, standing=replace(at.standing, **changes))


def words(at: Moment, **switches: dict[str, Any]) -> str | None:
    found = telling.ask(at, changed(**switches))
    return None if found is None else found.kind


def test_it_is_handed_back_after_an_alarm_without_an_idea_since() -> None:
    alarmed = moment(401, *TOLD, alarmed_at=to_samples(300))
    assert words(moment(401, *TOLD)) == "ask"
    assert words(alarmed) == "handback"
    assert words(alarmed, handback=OFF) == "ask"
    assert words(standing(alarmed, ideas={"voiced_at": to_samples(300)})) == "handback"
    assert words(standing(alarmed, ideas={"voiced_at": to_samples(300) + 1})) == "ask"
    assert words(standing(alarmed, ideas={"voiced_at": to_samples(200)})) == "handback"
    assert words(moment(401, *TOLD, alarmed_at=0)) == "handback"


def test_leave_is_asked_for_once_the_tips_with_leave_are_spent() -> None:
    def spent(number: int, allowed: int) -> Moment:
        return standing(moment(401, *TOLD), tips={"with_leave": number, "allowed": allowed})

    assert words(spent(0, 1)) == "ask"
    assert words(spent(1, 1)) == "permit"
    assert words(spent(1, 1), permit=OFF) == "ask"
    assert words(spent(1, 2)) == "ask"
    assert words(spent(2, 2)) == "permit"
    assert words(spent(0, 0)) == "ask", "leave was never asked"
    assert words(spent(1, 0)) == "permit"


def test_what_is_all_disguised_is_silent_where_that_is_off() -> None:
    disguised = (said(390, 392, DISGUISED), said(398, 400, DISGUISED))
    assert words(moment(401, *disguised)) is None
    assert words(moment(401, *disguised), disguised=ON) == "disguised"
    assert words(moment(401, disguised[0], TOLD[1])) == "ask"


def test_weak_advice_is_quoted_and_the_sum_is_told_in_hundredths() -> None:
    found = telling.ask(moment(401, said(390, 392, (ADVICE, 2, 0.55555)), TOLD[1]), NUMBERS)
    assert found is not None
    assert [e.value for e in found.because] == [1.56, 1.56]


def test_what_is_for_the_summary_only_is_not_quoted() -> None:
    found = telling.ask(moment(401, said(390, 392, (ADVICE, 3), DISGUISED), TOLD[1]), NUMBERS)
    assert found is not None
    assert [e.quote for e in found.because] == [f"{DISGUISED} at 390", f"{ADVICE} at 398"]


def used(at: Moment, **switches: dict[str, Any]) -> Occasion | None:
    return telling.tipused(at, changed(**switches))


def test_a_tip_with_leave_is_told_with_its_number() -> None:
    tip = said(398, 400, Kind.OTHER, ADVICE)
    granted = standing(
        moment(401, tip), tips={"with_leave": 1, "allowed": 2, "granted": frozenset({tip.id})}
    )
    found = used(granted)
    assert found is not None
    assert (found.key, found.figures) == (1, (("spent", 1), ("of", 2)))
    assert found.because[0].quote == "advice at 398"
    assert used(granted, tipused=OFF) is None
    assert used(replace(granted, fresh=None)) is None
    assert used(moment(401, tip)) is None, "leave was not asked"


@pytest.mark.parametrize(
    ("kind", "rule", "act"),
    [("assume", telling.assume, Kind.ASSUMPTION), ("judge", telling.judge, Kind.JUDGEMENT)],
)
def test_assumptions_and_verdicts_count_with_advice_and_without_asking(
    kind: str, rule: Any, act: Kind
) -> None:
    advice, earlier, latest = TOLD[0], said(394, 395, act), said(398, 400, act)

    def found(*utterances: Said, hits: int = 1, fresh: bool = True) -> Occasion | None:
        at = moment(401, *utterances, fresh=fresh)
        one: Occasion | None = rule(at, changed(**{kind: {"hits": hits}}))
        return one

    said_it = found(advice, earlier, latest)
    assert said_it is not None
    assert (said_it.kind, said_it.key) == (kind, latest.id)
    assert found(advice, latest) is not None
    assert found(advice, latest, hits=2) is None
    assert found(advice, earlier, latest, hits=2) is not None
    assert found(latest) is None, "nobody advised"
    assert found(earlier, latest) is None
    assert found(advice, latest, fresh=False) is None
    assert found(latest, advice) is None, "only where it is fresh"
    assert found(advice, said(398, 400, act, Kind.OPEN_QUESTION)) is None
    assert found(advice, said(398, 400, act, speaker=C)) is None
