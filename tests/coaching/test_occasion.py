"""What rules ask of a moment, and what an occasion is when nothing else is said."""

from __future__ import annotations

from live_coach.coaching.rules import RULES, occasions
from live_coach.coaching.rules.occasion import CLASSES, occasion, tells_and_asks
from live_coach.flow.messages import Kind, NudgeClass, Severity, to_samples
from tests.coaching.moments import C, moment, said
from tests.coaching.telling import changed


def test_a_plain_occasion_waits_for_a_moment_and_by_its_kind() -> None:
    found = occasion("share", moment(100), key=1)
    assert (found.at, found.nudge_class) == (to_samples(100), NudgeClass.CORRECTIVE)
    assert (found.severity, found.mid_speech, found.reason) == (Severity.SOFT, False, "share")
    assert occasion("permit", moment(100), key=1, family="ask").reason == "ask"


def test_telling_and_asking_are_counted_by_utterance_and_where_they_are_likely() -> None:
    assert tells_and_asks(
        [
            said(1, 2, (Kind.ADVICE, 2)),
            said(3, 4, (Kind.INFORMATION, 2), (Kind.JUDGEMENT, 1)),
            said(5, 6, (Kind.DISGUISED_ADVICE, 3)),
            said(7, 8, (Kind.OPEN_QUESTION, 2), (Kind.REFLECTION, 1)),
            said(9, 10, (Kind.CLOSED_QUESTION, 3)),
            said(11, 12, Kind.JUDGEMENT, (Kind.SOLUTION_FOCUSED, 2)),
            said(13, 14, Kind.ADVICE, Kind.OPEN_QUESTION, speaker=C),
        ]
    ) == (3, 2)


def test_every_rule_that_is_on_is_asked_and_no_other() -> None:
    advice = [said(at, at + 1, Kind.ADVICE) for at in (380, 390)]
    at = moment(400, *advice, agreed=to_samples(700), monologue=to_samples(50))
    assert [one.kind for one in occasions(at, changed())] == ["ask", "long", "time"]
    assert [one.kind for one in occasions(at, changed(long={"on": False}))] == ["ask", "time"]


def test_every_rule_speaks_for_a_kind_that_there_is() -> None:
    assert RULES.keys() <= CLASSES.keys()
