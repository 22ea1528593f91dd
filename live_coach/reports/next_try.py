"""The one thing to try next time: chosen by rule from the numbers, so that it can turn out wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from live_coach.flow.messages import Counts
from live_coach.reports.ownership import NOTHING_FOUND, Ownership

ENOUGH_S = 180
"""A shorter conversation says too little to learn from."""

LOOK_BACK_MINUTES = 10
TELLING_BELONGS = frozenset({"onboarding"})
"""Presets in which telling is part of the job: nothing is said about it there."""


@dataclass(frozen=True, slots=True)
class NextTry:
    """`id` names the advice; `values` are the numbers in it (`count` now, `target` next time)."""

    id: str
    values: Mapping[str, int] = field(default_factory=dict)


def choose(
    counts: Counts,
    *,
    share: float | None,
    longest_s: float,
    duration_s: float,
    preset: str,
    found: Ownership = NOTHING_FOUND,
) -> NextTry:
    """The first that applies, the strongest signals first.

    In rated conversations, advice and the lack of reflections told good from poor ones far better
    than talk share or long turns did, and the part of open questions not at all, so the order is:
    telling, reflections, a plan without a when, talk share, long turns, silence, open questions. Half as much as this time
    (or one reflection on two questions, the way to the one on one that the MITI manual calls fair)
    is a step that can be taken in one conversation. With nothing to mend: the same again.
    """
    if duration_s < ENOUGH_S or share is None:
        return NextTry("longer", {"target": LOOK_BACK_MINUTES})
    told = counts.tips + counts.solutions
    if preset not in TELLING_BELONGS:
        if told > counts.tips_allowed + 1:
            return _at_most("ask_first", told, floor=counts.tips_allowed)
        if counts.assumptions >= 2:
            return _at_most("check", counts.assumptions)
        if counts.judgements >= 2:
            return _at_most("facts", counts.judgements)
    return (
        _reflecting(counts)
        or _planning(found)
        or _listening(counts, share, longest_s)
        or NextTry("again", {"open": counts.open_questions, "told": told})
    )


def _reflecting(counts: Counts) -> NextTry | None:
    questions = counts.open_questions + counts.closed_questions
    if questions < 4 or 2 * counts.reflections >= questions:
        return None
    return NextTry("reflect", {"count": counts.reflections, "target": (questions + 1) // 2})


def _planning(found: Ownership) -> NextTry | None:
    if 2 * found.dated >= found.own:
        return None
    return NextTry("when", {"count": found.dated, "target": found.own})


def _listening(counts: Counts, share: float, longest_s: float) -> NextTry | None:
    questions = counts.open_questions + counts.closed_questions
    if share > 0.55:
        percent = round(100 * share)
        return NextTry("room", {"count": percent, "target": max(50, (percent - 10) // 5 * 5)})
    if longest_s > 75:
        return NextTry("land", {"count": round(longest_s), "target": 60})
    if questions >= 3 and counts.silences_held == 0:
        return NextTry("silence", {"count": 0, "target": 2})
    if counts.closed_questions >= 3 and counts.closed_questions > 2 * counts.open_questions:
        return NextTry(
            "open", {"count": counts.open_questions, "target": counts.open_questions + 3}
        )
    return None


def _at_most(advice: str, count: int, *, floor: int = 0) -> NextTry:
    return NextTry(advice, {"count": count, "target": max(floor, count // 2)})
