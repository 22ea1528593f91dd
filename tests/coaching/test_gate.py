"""Limits hold whatever rules ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from live_coach.coaching import config, wording
from live_coach.coaching.coach import Coach
from live_coach.coaching.gate import Gate, Readiness
from live_coach.coaching.rules import Occasion
from live_coach.coaching.script import messages
from live_coach.conversation.sequence import Heard
from live_coach.flow.messages import (
    Evidence,
    KindMuted,
    Nudge,
    NudgeClass,
    NudgeOutcome,
    NudgesSnoozed,
    Severity,
    Utterance,
    to_samples,
)
from tests.coaching.telling import C, M, changed, lines

GATE = config.load().gate
CLASSES = {
    "ask": NudgeClass.CORRECTIVE,
    "share": NudgeClass.CORRECTIVE,
    "long": NudgeClass.CORRECTIVE,
    "miracle": NudgeClass.SUGGESTION,
    "time": NudgeClass.PROCESS,
    "good_question": NudgeClass.PRAISE,
}
HALF_SECOND = to_samples(0.5)


def occasion(kind: str, at: int, key: object, *, mid_speech: bool = False) -> Occasion:
    because = (Evidence(rule=kind),)
    return Occasion(kind, CLASSES[kind], at, Severity.SOFT, because, key, mid_speech)


def ready(now: float, **changes: object) -> Readiness:
    plain = {
        "now": to_samples(now),
        "least_spoken": to_samples(60),
        "manager_quiet_for": to_samples(1),
        "coachee_began": False,
        "own_question_open": False,
        "agreed": None,
    }
    return Readiness(**(plain | changes))  # type: ignore[arg-type]


def new_gate(numbers: config.NudgeConfig | None = None) -> Gate:
    return Gate((numbers or config.load()).gate, wording.load("en"))


def test_a_nudge_at_a_breakpoint() -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(100), 1))
    nudge = gate.decide(ready(100))
    assert nudge is not None
    assert (nudge.id, nudge.text, nudge.expires_at - nudge.at) == (
        1,
        "Ask, don't tell",
        to_samples(6),
    )
    assert gate.decide(ready(100.5)) is None, "given once"


def shown(gate: Gate, now: float, severity: Severity = Severity.SOFT) -> Nudge | None:
    gate.offer(replace(occasion("ask", to_samples(now), now), severity=severity))
    return gate.decide(ready(now))


def test_nothing_while_it_is_snoozed_and_again_afterwards() -> None:
    gate = new_gate()
    gate.snooze(to_samples(700))
    assert shown(gate, 699) is None
    assert shown(gate, 800) is not None
    gate.snooze(None)
    assert shown(gate, 3000) is None
    gate.snooze(to_samples(3100))
    assert shown(gate, 3101) is not None, "snoozing ends early"


def test_a_muted_kind_is_not_shown_and_others_are() -> None:
    gate = new_gate()
    gate.mute("ask")
    assert shown(gate, 100) is None
    gate.offer(occasion("long", to_samples(100), 1))
    nudge = gate.decide(ready(100))
    assert nudge is not None
    assert nudge.kind == "long"


def test_after_a_thumb_down_a_kind_waits_for_the_longest_time() -> None:
    gate = new_gate()
    assert shown(gate, 1000) is not None
    gate.rate(1, good=False)
    assert shown(gate, 1359) is None
    assert shown(gate, 1366) is not None
    gate.rate(1, good=True)
    assert shown(gate, 1460) is not None, "taken back"


def test_wishes_reach_the_gate_through_the_coach() -> None:
    said = [
        line
        for at in range(0, 240, 20)
        for line in (
            (M, at, at + 9, "You should call him and then you should write it down."),
            (C, at + 10, at + 18, "It has been like that since the spring, as I said before."),
        )
    ]
    heard = list(messages(lines(said), "en"))
    wishes = {
        "as it is": None,
        "snoozed": NudgesSnoozed(0, None),
        "muted": KindMuted(0, "ask"),
    }
    counted = {}
    for name, wish in wishes.items():
        coach = Coach("en", changed())
        for item in [*([wish] if wish else []), *heard]:
            for insight in coach.process(item):
                if isinstance(insight, Nudge) and insight.kind == "ask":
                    counted[name] = counted.get(name, 0) + 1
    assert counted.keys() == {"as it is"}


def test_a_correction_is_heeded_unless_its_reason_comes_again_within_a_minute() -> None:
    gate = new_gate()
    assert shown(gate, 100) is not None
    assert gate.outcomes(to_samples(160)) == []
    assert gate.outcomes(to_samples(160.1)) == [NudgeOutcome(to_samples(160.1), 1, heeded=True)]
    assert gate.outcomes(to_samples(300)) == [], "once"
    assert shown(gate, 300) is not None
    assert shown(gate, 330) is None
    assert gate.outcomes(to_samples(330)) == [NudgeOutcome(to_samples(330), 2, heeded=False)]
    assert gate.outcomes(to_samples(400)) == []


def test_nobody_waits_for_the_outcome_of_praise() -> None:
    gate = new_gate()
    gate.offer(occasion("good_question", to_samples(100), 1))
    assert gate.decide(ready(100)) is not None
    assert gate.outcomes(to_samples(500)) == []


@pytest.mark.parametrize(("severity", "third"), [(Severity.FIRM, False), (Severity.SOFT, True)])
def test_after_two_firm_ones_in_vain_it_is_left_to_the_summary(
    severity: Severity, third: bool
) -> None:
    gate = new_gate()
    for now in (1000, 2000):
        assert shown(gate, now, severity) is not None
        assert shown(gate, now + 30, severity) is None, "not heeded"
    assert (shown(gate, 3000, severity) is not None) is third


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        (89.9, {}),
        (100, {"least_spoken": to_samples(19.9)}),
        (100, {"manager_quiet_for": to_samples(0.6)}),
        (100, {"own_question_open": True, "manager_quiet_for": to_samples(7.9)}),
        (100, {"agreed": to_samples(219)}),
    ],
    ids=["warm-up", "one voice", "mid-sentence", "own question", "end"],
)
def test_not_now(now: float, changes: dict[str, object]) -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(now), 1))
    assert gate.decide(ready(now, **changes)) is None


def test_the_coachee_beginning_is_a_breakpoint() -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(100), 1))
    assert gate.decide(ready(100, manager_quiet_for=1, coachee_began=True)) is not None


def test_a_firm_monologue_may_come_mid_speech() -> None:
    gate = new_gate()
    gate.offer(occasion("long", to_samples(100), 1, mid_speech=True))
    assert gate.decide(ready(100, manager_quiet_for=0)) is not None


def test_old_ones_are_dropped_and_do_not_come_back() -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(80), 1))
    assert gate.decide(ready(86.1)) is None
    gate.offer(occasion("ask", to_samples(80), 1))
    assert gate.decide(ready(100)) is None


def test_a_correction_waits_while_the_manager_still_speaks() -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(100), 1))
    for second in range(100, 112):
        assert gate.decide(ready(second, manager_quiet_for=0)) is None
    assert gate.decide(ready(112)) is not None


@pytest.mark.parametrize(("until", "shows"), [(135, True), (136, False)])
def test_a_correction_waits_for_half_a_minute_and_then_grows_old(until: int, shows: bool) -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(100), 1))
    for second in range(100, until + 1):
        assert gate.decide(ready(second, manager_quiet_for=0)) is None
    assert (gate.decide(ready(until + (1.0 if shows else 0.5))) is not None) is shows
    assert gate.stale == (not shows)


def test_the_gap_and_the_cooldown_that_grows_when_unheeded() -> None:
    gate = new_gate()
    shown = []
    for second in range(100, 800):
        gate.offer(occasion("ask", to_samples(second), second))
        nudge = gate.decide(ready(second))
        if nudge:
            shown.append(nudge.at // 16000)
    assert shown == [100, 190, 325, 700], "90 s, then 135 s, then three in ten minutes"


def test_a_heeded_nudge_keeps_its_cooldown() -> None:
    gate = new_gate()
    shown = []
    for second in (100, 195, 290):
        gate.offer(occasion("ask", to_samples(second), second))
        nudge = gate.decide(ready(second))
        shown.append(nudge is not None)
    assert shown == [True, True, True]


def test_withdrawn_reasons_are_gone() -> None:
    gate = new_gate()
    gate.offer(occasion("ask", to_samples(100), 1))
    gate.withdraw("ask")
    assert gate.decide(ready(100)) is None


def drive(gate: Gate, steps: Iterable[tuple[str, int, bool, bool, bool]]) -> list[Nudge]:
    shown: list[Nudge] = []
    now = to_samples(60)
    for number, (kind, pause, quiet, began, mid) in enumerate(steps):
        now += pause * HALF_SECOND
        gate.offer(occasion(kind, now, number, mid_speech=mid))
        quiet_for = to_samples(1) if quiet else 0
        moment = ready(now / 16000, manager_quiet_for=quiet_for, coachee_began=began)
        nudge = gate.decide(moment)
        if nudge:
            shown.append(nudge)
    return shown


@pytest.mark.parametrize(
    ("budget", "frequency", "most"), [(3, 0.5, 1), (3, 0.1, 1), (0, 1.0, 0), (3, 1.0, 3)]
)
def test_part_of_a_budget_is_rounded_down_but_one_stays_one(
    budget: int, frequency: float, most: int
) -> None:
    numbers = changed(gate={"frequency": frequency, "corrective_per_10_min": budget, "gap_s": 4})
    gate, shown = new_gate(numbers), 0
    for second, kind in zip((200, 300, 400, 500), ("ask", "long", "share", "ask"), strict=True):
        gate.offer(occasion(kind, to_samples(second), second))
        shown += gate.decide(ready(second)) is not None
    assert shown == most


def test_half_the_frequency_is_half_the_budget() -> None:
    steps = [("ask", 8, True, False, False)] * 900
    whole = drive(new_gate(), steps)
    half = drive(new_gate(changed(gate={"frequency": 0.5})), steps)
    assert (len(whole), len(half)) == (8, 4)


CONVERSATION = [
    (M, 0, 20, "Good morning, we have ten minutes."),
    (C, 21, 50, "I saw the client and we talked about the offer."),
    (M, 52, 60, "You should call him tomorrow."),
    (C, 61, 85, "We talked about it."),
    (M, 86, 96, "You need to plan your week."),
    (C, 98, 102, "Okay, we can look at that."),
    (M, 103, 106, "What could help?"),
    (C, 108, 109, "I don't know."),
    (M, 160, 163, "What else could help?"),
    (C, 165, 166, "I don't know."),
    (M, 180, 185, "If I were you, I would wait."),
    (C, 187, 190, "Okay."),
]


def coached(items: Iterable[Heard]) -> list[Nudge]:
    coach = Coach("en", config.load())
    out = [insight for item in items for insight in coach.process(item)]
    return [insight for insight in [*out, *coach.flush()] if isinstance(insight, Nudge)]


def test_none_where_the_speaker_is_unsure() -> None:
    unsure = [
        replace(m, confidence=0.79) if isinstance(m, Utterance) and m.speaker is M else m
        for m in messages(lines(CONVERSATION))
    ]
    assert [n.kind for n in coached(unsure)] == ["miracle"]
