"""What holds of the gate whatever rules ask for and whatever happens."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_coach.coaching import config, wording
from live_coach.coaching.config import GateConfig
from live_coach.coaching.gate import Gate, Readiness
from live_coach.coaching.rules import Occasion
from live_coach.flow.messages import (
    Evidence,
    Nudge,
    NudgeClass,
    Severity,
    to_samples,
)
from tests.coaching.telling import changed

GATE = config.load().gate
CLASSES = {
    "ask": NudgeClass.CORRECTIVE,
    "share": NudgeClass.CORRECTIVE,
    "long": NudgeClass.CORRECTIVE,
    "miracle": NudgeClass.SUGGESTION,
    "time": NudgeClass.PROCESS,
    "good_question": NudgeClass.PRAISE,
}
KINDS = st.sampled_from(sorted(CLASSES))
EXPIRY, HELD = to_samples(GATE.expiry_s), to_samples(30.0)


@dataclass(frozen=True)
class Step:
    """Time passes, perhaps the manager wishes something, perhaps a rule sees an occasion."""

    pause: float
    offer: tuple[str, bool, bool] | None
    """Kind, firm, mid-speech."""
    withdraw: str | None
    snooze: float | None
    mute: str | None
    dislike: bool
    quiet: float
    coachee_began: bool
    question_open: bool
    least_spoken: float
    left: float | None


steps = st.lists(
    st.builds(
        Step,
        pause=st.sampled_from([0.1, 0.5, 3.0, 6.5, 20.0, 44.9, 45.0, 100.0]),
        offer=st.none() | st.tuples(KINDS, st.booleans(), st.booleans()),
        withdraw=st.none() | KINDS,
        snooze=st.sampled_from([None, None, None, None, 10.0, 60.0]),
        mute=st.sampled_from([None, None, None, None, None, None, "share", "time"]),
        dislike=st.sampled_from([False, False, False, True]),
        quiet=st.sampled_from([0.0, 0.6, 0.7, 5.0, 8.0]),
        coachee_began=st.booleans(),
        question_open=st.booleans(),
        least_spoken=st.sampled_from([0.0, 19.9, 20.0, 60.0, 60.0]),
        left=st.sampled_from([None, None, 600.0, 120.0, 30.0]),
    ),
    max_size=120,
)


@dataclass(frozen=True)
class Shown:
    """A nudge with all that was known when it came."""

    nudge: Nudge
    occasion: Occasion
    ready: Readiness
    snoozed_until: int
    muted: frozenset[str]
    disliked: frozenset[str]


def drive(numbers: GateConfig, taken: Iterable[Step]) -> list[Shown]:
    gate = Gate(numbers, wording.load("en"))
    shown: list[Shown] = []
    offered: dict[tuple[str, ...], Occasion] = {}
    now, snoozed_until = to_samples(60.0), 0
    muted, disliked = frozenset[str](), frozenset[str]()
    for number, step in enumerate(taken):
        now += to_samples(step.pause)
        if step.snooze is not None:
            snoozed_until = now + to_samples(step.snooze)
            gate.snooze(snoozed_until)
        if step.mute is not None:
            muted |= {step.mute}
            gate.mute(step.mute)
        if step.dislike and shown:
            disliked |= {shown[-1].nudge.kind}
            gate.rate(shown[-1].nudge.id, good=False)
        if step.withdraw is not None:
            gate.withdraw(step.withdraw)
        if step.offer is not None:
            kind, firm, mid = step.offer
            severity = Severity.FIRM if firm else Severity.SOFT
            because = (Evidence(rule=f"{number}"),)
            occasion = Occasion(kind, CLASSES[kind], now, severity, because, number, mid)
            offered[(occasion.because[0].rule,)] = occasion
            gate.offer(occasion)
        ready = Readiness(
            now=now,
            least_spoken=to_samples(step.least_spoken),
            manager_quiet_for=to_samples(step.quiet),
            coachee_began=step.coachee_began,
            own_question_open=step.question_open,
            agreed=None if step.left is None else now + to_samples(step.left),
        )
        nudge = gate.decide(ready)
        if nudge is not None:
            source = offered[(nudge.because[0].rule,)]
            shown.append(Shown(nudge, source, ready, snoozed_until, muted, disliked))
    return shown


def apart(shown: Sequence[Shown], least: float) -> bool:
    return all(b.nudge.at - a.nudge.at >= least for a, b in itertools.pairwise(shown))


@pytest.mark.parametrize("frequency", [0.5, 1.0, 2.0])
@given(taken=steps)
@settings(deadline=None, max_examples=50)
def test_no_budget_gap_or_cooldown_is_ever_broken(frequency: float, taken: list[Step]) -> None:
    numbers = changed(gate={"frequency": frequency}).gate
    shown = drive(numbers, taken)

    def stretched(seconds: float) -> float:
        return to_samples(seconds) / frequency

    assert len(shown) <= numbers.per_session * frequency
    assert apart(shown, stretched(numbers.gap_s))
    assert apart(shown, EXPIRY), "never two at once"
    for kind in CLASSES:
        of_kind = [s for s in shown if s.nudge.kind == kind]
        assert apart(of_kind, stretched(numbers.cooldown_s))
        for earlier, later in itertools.pairwise(of_kind):
            if kind in later.disliked:
                assert apart([earlier, later], to_samples(numbers.cooldown_longest_s))
    corrective = [s.nudge.at for s in shown if s.nudge.nudge_class is NudgeClass.CORRECTIVE]
    for at in corrective:
        recent = [t for t in corrective if at - to_samples(600) < t <= at]
        assert len(recent) <= max(1, numbers.corrective_per_10_min * frequency)
    praise = [s for s in shown if s.nudge.nudge_class is NudgeClass.PRAISE]
    assert len(praise) <= numbers.praise_per_session * frequency
    assert apart(praise, stretched(numbers.praise_gap_s))


@given(taken=steps)
@settings(deadline=None, max_examples=80)
def test_each_comes_at_its_moment_or_not_at_all(taken: list[Step]) -> None:
    for shown in drive(GATE, taken):
        nudge, ready = shown.nudge, shown.ready
        assert ready.now >= to_samples(GATE.warm_up_s)
        assert ready.least_spoken >= to_samples(GATE.voices_s), "both voices were heard"
        assert ready.now >= shown.snoozed_until
        assert nudge.kind not in shown.muted
        quiet = ready.manager_quiet_for
        answered = not ready.own_question_open or quiet >= to_samples(GATE.question_protected_s)
        pause = quiet >= to_samples(GATE.breakpoint_s) and answered
        assert shown.occasion.mid_speech or ready.coachee_began or pause
        if ready.agreed is not None and ready.agreed - ready.now <= to_samples(GATE.end_guard_s):
            assert nudge.nudge_class is NudgeClass.PROCESS
        held = HELD if nudge.nudge_class is NudgeClass.CORRECTIVE else 0
        assert ready.now - shown.occasion.at <= EXPIRY + held, "nothing stale"


@given(taken=steps)
@settings(deadline=None, max_examples=50)
def test_a_frequency_of_zero_shows_none(taken: list[Step]) -> None:
    assert drive(changed(gate={"frequency": 0.0}).gate, taken) == []


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 1.0, 7.0, 95.0])), max_size=60),
    st.sampled_from(["ask", "miracle"]),
)
@settings(deadline=None)
def test_a_reason_that_flickers_is_told_once(flicker: list[tuple[bool, float]], kind: str) -> None:
    gate = Gate(GATE, wording.load("en"))
    occasion = Occasion(kind, CLASSES[kind], 0, Severity.SOFT, (Evidence(rule=kind),), "the same")
    now, shown = to_samples(100.0), 0
    for there, pause in flicker:
        now += to_samples(pause)
        if there:
            gate.offer(replace(occasion, at=now))
        else:
            gate.withdraw(kind)
        ready = Readiness(now, to_samples(60.0), to_samples(1.0), False, False, None)
        shown += gate.decide(ready) is not None
    assert shown <= 1
