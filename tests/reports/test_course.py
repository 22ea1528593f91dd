"""The course of a conversation: what counts as what, and what followed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live_coach.archive.stored import StoredAct
from live_coach.flow.messages import RATE, Form, Kind
from live_coach.reports.course import Mark, counted_as, followed_by, tips_with_leave
from live_coach.reports.summary import summarise
from tests.archive.conversation import collected


def act(at: float, kind: Kind, form: Form | None = None, tier: int = 1) -> StoredAct:
    return StoredAct(round(at), kind, form, tier, round(at * RATE), 0.9)


@pytest.mark.parametrize(
    ("kind", "form", "tier", "counted"),
    [
        (Kind.ADVICE, Form.TIP, 1, "tip"),
        (Kind.ADVICE, Form.TIP, 2, None),
        (Kind.ADVICE, Form.OBLIGATION, 1, "solution"),
        (Kind.DISGUISED_ADVICE, None, 1, "tip"),
        (Kind.LEADING_QUESTION, None, 2, "assumption"),
        (Kind.JUDGEMENT, None, 2, None),
        (Kind.OPEN_QUESTION, None, 2, "open"),
        (Kind.OPEN_QUESTION, None, 3, None),
        (Kind.REFLECTION, None, 2, "reflection"),
        (Kind.INFORMATION, None, 1, None),
    ],
)
def test_what_is_drawn_is_what_is_counted(
    kind: Kind, form: Form | None, tier: int, counted: str | None
) -> None:
    assert counted_as(act(0, kind, form, tier)) == counted


def test_a_tip_is_with_leave_shortly_after_it_was_asked() -> None:
    acts = (
        act(5, Kind.ADVICE, Form.TIP),
        act(10, Kind.PERMISSION),
        act(39, Kind.ADVICE, Form.TIP),
        act(41, Kind.ADVICE, Form.SOLUTION),
        act(50, Kind.PERMISSION),
        act(60, Kind.OPEN_QUESTION),
    )
    assert tips_with_leave(replace(collected(0), acts=acts)) == 1


def test_what_followed_a_nudge_is_the_next_thing_within_a_minute() -> None:
    marks = (Mark(5.0, "open"), Mark(10.0, "tip"), Mark(80.0, "open"))
    assert followed_by(marks, 5.0) == Mark(10.0, "tip")
    assert followed_by(marks, 10.0) is None


def test_a_summary_tells_what_the_manager_did_after_each_nudge() -> None:
    told = summarise(collected(3))
    assert [nudge.next for nudge in told.nudges] == [Mark(10.0, "tip"), Mark(20.0, "tip"), None]
