"""Across conversations: what the manager did, against the manager's own first conversations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from live_coach.reports.next_try import ENOUGH_S
from live_coach.reports.summary import Summary

BASELINE = 5
"""So many first conversations are what later ones are held against; with fewer it is too early."""

RECENT = 3
"""So many last conversations must all lie on one side of the first ones. Where nothing changes, that
still happens once in 28: 2 of the C(8, 3) = 56 places of three values among eight."""

_PER_S = 600


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure, a value for each conversation in order of time; None: not known there.

    `low` and `high` are the range of the first five known values, None while there are fewer;
    `change` is `lower` or `higher` once the last three known all lie outside it on one side.
    """

    values: tuple[float | None, ...]
    low: float | None
    high: float | None
    change: str | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed: the confirmed plan of the latest conversation that has one."""

    id: str
    started_at: str
    coachee: str
    plan: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """The manager's measures over the conversations that count; never a word about the coachee."""

    ids: tuple[str, ...]
    started: tuple[str, ...]
    trends: Mapping[str, Trend]
    agreed: Agreed | None

    @property
    def too_early(self) -> bool:
        """Fewer conversations than the range of the first ones needs."""
        return len(self.ids) < BASELINE


def progress(summaries: Sequence[Summary]) -> Progress:
    """The course of each of MEASURES over ended conversations, the oldest first.

    Counted are those of three minutes or more in which both were heard; a plan counts from any.
    """
    talks = [one for one in summaries if one.duration >= ENOUGH_S and one.talk.share is not None]
    planned = [one for one in summaries if one.plan]
    return Progress(
        ids=tuple(one.id for one in talks),
        started=tuple(one.started_at for one in talks),
        trends={name: trend([measure(one) for one in talks]) for name, measure in MEASURES.items()},
        agreed=_agreed(planned[-1]) if planned else None,
    )


def trend(values: Sequence[float | None]) -> Trend:
    """The values of one measure in order of time, held against the first five known ones."""
    known = [value for value in values if value is not None]
    if len(known) < BASELINE:
        return Trend(tuple(values), None, None, None)
    low, high = min(known[:BASELINE]), max(known[:BASELINE])
    change = None
    if max(known[-RECENT:]) < low:
        change = "lower"
    elif min(known[-RECENT:]) > high:
        change = "higher"
    return Trend(tuple(values), low, high, change)


def _directives(summary: Summary) -> float:
    told = sum(one.count for one in summary.telling if one.kind in {"tip", "solution"})
    return _rate(told, summary)


def _rate(count: int, summary: Summary) -> float:
    return round(count * _PER_S / summary.duration, 2)


def _agreed(summary: Summary) -> Agreed:
    return Agreed(summary.id, summary.started_at, summary.coachee, summary.plan)


MEASURES: Mapping[str, Callable[[Summary], float | None]] = {
    "directives_per_10_min": _directives,
    "reflections_per_question": lambda summary: summary.asking.reflections_per_question,
    "silences_held_per_10_min": lambda summary: _rate(summary.quiet.held, summary),
    "talk_share": lambda summary: summary.talk.share,
}
"""What is followed, by its name in JSON: of the manager only."""
