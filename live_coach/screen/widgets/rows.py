"""Rows of styled text, the plain data that every part of the live screen is drawn in."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Literal

from rich.cells import cell_len, set_cell_size

from live_coach.flow.messages import RATE, NudgeClass

StyleName = Literal[
    "manager",
    "coachee",
    "bright",
    "plain",
    "quiet",
    "trouble",
    "firm",
    "praise",
    "empty",
    "recording",
]
Piece = tuple[str, StyleName]
Row = tuple[Piece, ...]

GLYPHS = {
    NudgeClass.CORRECTIVE: "◆",
    NudgeClass.SUGGESTION: "→",
    NudgeClass.PROCESS: "»",
    NudgeClass.INFORMATION: "i",
    NudgeClass.PRAISE: "✓",
}


def width_of(row: Row) -> int:
    """Cells that the row takes."""
    return sum(cell_len(text) for text, _ in row)


def cut(text: str, width: int) -> str:
    """The text, ended with “…” where it does not fit."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def wrapped(text: str, width: int, height: int) -> list[str]:
    """The text in at most so many lines, at least one; the last ends with “…” where there is more."""
    lines = textwrap.wrap(text, max(1, width)) or [""]
    last = max(1, height) - 1
    if len(lines) > last + 1:
        lines = [*lines[:last], " ".join(lines[last:])]
    return [cut(line, width) for line in lines]


def spread(left: Row, middle: Row, right: Row, width: int) -> Row:
    """Left, middle and right in one row, at least two cells apart; the middle goes when there is no
    room, then the right."""
    taken = width_of(left) + width_of(right)
    if right and taken + 2 > width:
        return left
    start = (width - width_of(middle)) // 2
    if middle and (
        start < width_of(left) + 2 or start + width_of(middle) + 2 > width - width_of(right)
    ):
        start = width_of(left) + (width - taken - width_of(middle)) // 2
        if taken + width_of(middle) + 4 > width:
            middle = ()
    if not middle:
        return (*left, (" " * (width - taken), "plain"), *right)
    before = start - width_of(left)
    after = width - taken - before - width_of(middle)
    return (*left, (" " * before, "plain"), *middle, (" " * after, "plain"), *right)


def first_that_fits(candidates: Iterable[Row], width: int) -> Row:
    """The first row that is no wider than this, else nothing."""
    return next((row for row in candidates if width_of(row) <= width), ())


def clock(samples: int) -> str:
    """Conversation time for people: 4:12, or 1:04:12."""
    minutes, seconds = divmod(samples // RATE, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def percent(share: float) -> str:
    """A share of 0 to 1 as 62%."""
    return f"{round(share * 100)}%"
