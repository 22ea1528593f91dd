"""The conversation over time as a drawing: where everything stands, without a word of how it looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from live_coach.flow.messages import Speaker
from live_coach.reports.course import ASKED, TOLD, Stretch
from live_coach.reports.summary import SharePoint, Summary

WIDTH, HEIGHT = 728, 314
LEFT, RIGHT = 128, 708
SHARE_TOP, SHARE_HEIGHT = 8, 72
BAR = 12
LANES = {
    "manager": 96,
    "coachee": 118,
    "asked": 144,
    "reflection": 168,
    "told": 192,
    "silences": 216,
    "nudges": 246,
    "marks": 272,
}
"""The middle of each lane, in units of the drawing."""

_AXIS = 290
_TICKS_S = (30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_TICKS = 10
_NARROWEST = 1.0


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign for something at second `at`: `kind` says which, at most one a number `n`."""

    kind: str
    at: float
    x: float
    y: float
    n: int = 0


@dataclass(frozen=True, slots=True)
class Tick:
    """A line through the drawing at second `at`."""

    at: int
    x: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Paths in the notation of SVG, and signs, in a drawing of WIDTH by HEIGHT."""

    share: str
    rest: str
    manager: str
    coachee: str
    asked: str
    quiet: str
    signs: tuple[Sign, ...]
    ticks: tuple[Tick, ...]
    axis: int = _AXIS


def chart(summary: Summary) -> Chart:
    """Where everything of a conversation stands in the drawing."""
    place = _Places(summary.duration)
    went = summary.course
    return Chart(
        share=_share(place, summary.talk.curve, mine=True),
        rest=_share(place, summary.talk.curve, mine=False),
        manager=_bars(place, _of(went.speech, Speaker.MANAGER), LANES["manager"]),
        coachee=_bars(place, _of(went.speech, Speaker.COACHEE), LANES["coachee"]),
        asked=_bars(place, _of(went.silences, "asked"), LANES["silences"]),
        quiet=_bars(place, _of(went.silences, "quiet"), LANES["silences"]),
        signs=(*_acts(place, summary), *_nudges(place, summary), *_marks(place, summary)),
        ticks=tuple(place.ticks()),
    )


class _Places:
    """From seconds to units across the drawing."""

    def __init__(self, duration: float) -> None:
        self._duration = max(duration, 1.0)

    def x(self, second: float) -> float:
        part = min(max(second / self._duration, 0.0), 1.0)
        return round(LEFT + part * (RIGHT - LEFT), 1)

    def ticks(self) -> Iterable[Tick]:
        step = next(
            (step for step in _TICKS_S if self._duration / step <= _MOST_TICKS), _TICKS_S[-1]
        )
        for at in range(0, int(self._duration) + 1, step):
            yield Tick(at, self.x(at))


def _share(place: _Places, curve: tuple[SharePoint, ...], *, mine: bool) -> str:
    """The manager's part stands below, the coachee's above it; a gap where nobody spoke."""
    boxes = []
    for point in curve:
        if point.share is None:
            continue
        split = SHARE_TOP + (1 - point.share) * SHARE_HEIGHT
        top, bottom = (split, SHARE_TOP + SHARE_HEIGHT) if mine else (SHARE_TOP, split)
        boxes.append(_box(place.x(point.start), place.x(point.end), top, bottom))
    return " ".join(boxes)


def _bars(place: _Places, stretches: Iterable[Stretch], middle: int) -> str:
    return " ".join(
        _box(place.x(one.start), place.x(one.end), middle - BAR / 2, middle + BAR / 2)
        for one in stretches
    )


def _box(left: float, right: float, top: float, bottom: float) -> str:
    width = max(right - left, _NARROWEST)
    return f"M{left:g} {top:.1f}h{width:.1f}v{bottom - top:.1f}h{-width:.1f}z"


def _of(stretches: tuple[Stretch, ...], kind: str) -> Iterable[Stretch]:
    return (one for one in stretches if one.kind == kind)


def _acts(place: _Places, summary: Summary) -> Iterable[Sign]:
    lane = dict.fromkeys(ASKED, "asked") | dict.fromkeys(TOLD, "told")
    for mark in summary.course.marks:
        y = LANES[lane.get(mark.kind, mark.kind)]
        yield Sign(mark.kind, mark.at, place.x(mark.at), y)


def _nudges(place: _Places, summary: Summary) -> Iterable[Sign]:
    """Two rows in turn, so that two nudges soon after each other can both be read."""
    for n, nudge in enumerate(summary.nudges, start=1):
        y = LANES["nudges"] + (6 if n % 2 else -6)
        yield Sign("nudge", nudge.at, place.x(nudge.at), y, n)


def _marks(place: _Places, summary: Summary) -> Iterable[Sign]:
    """What the manager marked."""
    for at in summary.marks:
        yield Sign("mark", at, place.x(at), LANES["marks"])
