"""The limits of the gate to the sample, and which of two occasions comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live_coach.flow.messages import NudgeOutcome, Severity, to_samples
from tests.coaching.telling import changed
from tests.coaching.test_gate import new_gate, occasion, ready, shown


@pytest.mark.parametrize(
    ("limit", "changes"),
    [
        (90.0, {}),
        (100.0, {"least_spoken": to_samples(20.0)}),
        (100.0, {"manager_quiet_for": to_samples(0.7)}),
        (100.0, {"own_question_open": True, "manager_quiet_for": to_samples(8.0)}),
        (100.0, {"agreed": to_samples(220.0) + 1}),
    ],
    ids=["warm-up", "both voices", "breakpoint", "own question", "end"],
)
def test_at_the_limit_it_comes(limit: float, changes: dict[str, object]) -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(limit), 1))
    assert gate.decide(ready(limit, **changes)) is not None


def test_exactly_the_last_minutes_are_the_end() -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(100), 1))
    assert gate.decide(ready(100, agreed=to_samples(220))) is None


def test_a_snooze_ends_at_its_sample() -> None:
    gate = new_gate()
    gate.snooze(to_samples(100))
    assert shown(gate, 100) is not None


def test_the_gap_and_the_cooldown_end_at_their_sample() -> None:
    gate = new_gate()
    assert shown(gate, 100) is not None
    gate.offer(occasion("miracle", to_samples(145), 1))
    assert gate.decide(ready(145)) is not None
    assert shown(gate, 190) is not None


def test_the_same_reason_exactly_a_minute_later_was_not_heeded() -> None:
    gate = new_gate()
    assert shown(gate, 100) is not None
    assert shown(gate, 160) is None
    assert gate.outcomes(to_samples(160)) == [NudgeOutcome(to_samples(160), 1, heeded=False)]


def test_a_frequency_of_none_is_no_division() -> None:
    assert shown(new_gate(changed(gate={"frequency": 0.0})), 100) is None


def test_twice_as_often_is_half_the_gap() -> None:
    gate = new_gate(changed(gate={"frequency": 2.0}))
    assert shown(gate, 100) is not None
    gate.offer(occasion("miracle", to_samples(122), 1))
    assert gate.decide(ready(122)) is None
    gate.offer(occasion("miracle", to_samples(122.5), 2))
    assert gate.decide(ready(122.5)) is not None


def test_a_firm_one_comes_before_a_soft_one_and_else_the_older() -> None:
    gate = new_gate()
    gate.offer(occasion("share", to_samples(100), 1))
    gate.offer(replace(occasion("ask", to_samples(101), 1), severity=Severity.FIRM))
    nudge = gate.decide(ready(101))
    assert nudge is not None
    assert nudge.kind == "ask"
    gate = new_gate()
    gate.offer(occasion("share", to_samples(100), 1))
    gate.offer(occasion("ask", to_samples(101), 1))
    nudge = gate.decide(ready(101))
    assert nudge is not None
    assert nudge.kind == "share"


def test_one_firm_and_a_soft_one_in_vain_are_not_two_firm_ones() -> None:
    gate = new_gate()
    for now, severity in ((1000, Severity.FIRM), (2000, Severity.SOFT), (3000, Severity.FIRM)):
        assert shown(gate, now, severity) is not None
        assert shown(gate, now + 30, severity) is None, "not heeded"
    assert shown(gate, 4000, Severity.FIRM) is None


def test_praise_has_its_own_gap_and_number_and_corrections_do_not_count_for_them() -> None:
    gate = new_gate()
    found = []
    for now in (1000, 1200, 1300, 2000):
        gate.offer(occasion("good_question", to_samples(now), now))
        found.append(gate.decide(ready(now)) is not None)
    assert found == [True, False, True, False]
    gate = new_gate()
    gate.offer(occasion("good_question", to_samples(100), 1))
    assert gate.decide(ready(100)) is not None
    assert shown(gate, 200) is not None, "soon after praise"
    assert shown(gate, 300) is not None
    assert shown(gate, 400) is not None, "more than the number of praise"


@pytest.mark.parametrize(("after", "shows"), [(6.0, True), (6.1, False)])
def test_half_a_minute_with_the_floor_and_then_the_expiry(after: float, shows: bool) -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(100), 1))
    assert gate.decide(ready(130, manager_quiet_for=0)) is None
    assert gate.decide(ready(130.5, manager_quiet_for=0)) is None, "no fresher any more"
    assert (gate.decide(ready(130 + after)) is not None) is shows


def test_a_firm_one_that_was_heeded_does_not_count_among_those_in_vain() -> None:
    gate = new_gate()
    assert shown(gate, 1000, Severity.FIRM) is not None
    assert shown(gate, 2000, Severity.FIRM) is not None
    assert shown(gate, 2030, Severity.FIRM) is None, "not heeded"
    assert shown(gate, 3000, Severity.FIRM) is not None
