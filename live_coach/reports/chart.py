"""The conversation over time as a drawing: where everything stands, without a word of how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from live_coach.flow.messages import Speaker
from live_coach.reports.course import ASKED, TOLD, Stretch
from live_coach.reports.summary import SharePoint, Summary

WIDTH = 728
LEFT, RIGHT = 128, 708
SHARE_TOP, SHARE_HEIGHT = 8, 72
BAR = 12

_ABOVE = {
    "manager": 16,
    "coachee": 22,
    "asked": 26,
    "reflection": 24,
    "told": 24,
    "silences": 24,
    "nudges": 30,
    "marks": 26,
}
"""From the middle of the lane above (the first: from the share) to the middle of each lane, in units
of the drawing."""
_TO_AXIS, _BELOW_AXIS = 18, 24
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
    """Paths in the notation of SVG, and signs, in a drawing of WIDTH by `height`.

    `lanes` are those with something in them, from top to bottom, with the middle of each; those of the
    two people are always there.
    """

    share: str
    rest: str
    manager: str
    coachee: str
    asked: str
    quiet: str
    signs: tuple[Sign, ...]
    ticks: tuple[Tick, ...]
    lanes: Mapping[str, int]
    axis: int
    height: int


def chart(summary: Summary) -> Chart:
    """Where everything of a conversation stands in the drawing."""
    lanes = _lanes(summary)
    place = _Places(summary.duration, lanes)
    went = summary.course
    axis = max(lanes.values()) + _TO_AXIS
    return Chart(
        share=_share(place, summary.talk.curve, mine=True),
        rest=_share(place, summary.talk.curve, mine=False),
        manager=_bars(place, _of(went.speech, Speaker.MANAGER), "manager"),
        coachee=_bars(place, _of(went.speech, Speaker.COACHEE), "coachee"),
        asked=_bars(place, _of(went.silences, "asked"), "silences"),
        quiet=_bars(place, _of(went.silences, "quiet"), "silences"),
        signs=(*_acts(place, summary), *_nudges(place, summary), *_marks(place, summary)),
        ticks=tuple(place.ticks()),
        lanes=lanes,
        axis=axis,
        height=axis + _BELOW_AXIS,
    )


def _lanes(summary: Summary) -> dict[str, int]:
    used = {"manager", "coachee"} | {_lane(mark.kind) for mark in summary.course.marks}
    for lane, within in (
        ("silences", summary.course.silences),
        ("nudges", summary.nudges),
        ("marks", summary.marks),
    ):
        if within:
            used.add(lane)
    names = [name for name in _ABOVE if name in used]
    middles = accumulate((_ABOVE[name] for name in names), initial=SHARE_TOP + SHARE_HEIGHT)
    return dict(zip(names, list(middles)[1:], strict=True))


def _lane(kind: str) -> str:
    """The lane for something that the manager said."""
    return "asked" if kind in ASKED else "told" if kind in TOLD else kind


class _Places:
    """From seconds to units across the drawing, and from lanes to units down it."""

    def __init__(self, duration: float, lanes: Mapping[str, int]) -> None:
        self._duration = max(duration, 1.0)
        self._lanes = lanes

    def x(self, second: float) -> float:
        part = min(max(second / self._duration, 0.0), 1.0)
        return round(LEFT + part * (RIGHT - LEFT), 1)

    def y(self, lane: str) -> int:
        return self._lanes[lane]

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


def _bars(place: _Places, stretches: Iterable[Stretch], lane: str) -> str:
    boxes = []
    for one in stretches:
        top = place.y(lane) - BAR / 2
        boxes.append(_box(place.x(one.start), place.x(one.end), top, top + BAR))
    return " ".join(boxes)


def _box(left: float, right: float, top: float, bottom: float) -> str:
    width = max(right - left, _NARROWEST)
    return f"M{left:g} {top:.1f}h{width:.1f}v{bottom - top:.1f}h{-width:.1f}z"


def _of(stretches: tuple[Stretch, ...], kind: str) -> Iterable[Stretch]:
    return (one for one in stretches if one.kind == kind)


def _acts(place: _Places, summary: Summary) -> Iterable[Sign]:
    for mark in summary.course.marks:
        yield Sign(mark.kind, mark.at, place.x(mark.at), place.y(_lane(mark.kind)))


def _nudges(place: _Places, summary: Summary) -> Iterable[Sign]:
    """Two rows in turn, so that two nudges soon after each other can both be read."""
    for n, nudge in enumerate(summary.nudges, start=1):
        y = place.y("nudges") + (6 if n % 2 else -6)
        yield Sign("nudge", nudge.at, place.x(nudge.at), y, n)


def _marks(place: _Places, summary: Summary) -> Iterable[Sign]:
    """What the manager marked."""
    for at in summary.marks:
        yield Sign("mark", at, place.x(at), place.y("marks"))
