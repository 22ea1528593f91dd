"""The talk bar: who has the floor, how the talk is shared, and the time. It stands still."""

from __future__ import annotations

import math

from live_coach.flow.messages import RATE, Speaker
from live_coach.screen.state import LiveState
from live_coach.screen.widgets.rows import (
    Piece,
    Row,
    StyleName,
    clock,
    cut,
    first_that_fits,
    percent,
    spread,
    width_of,
)
from live_coach.screen.words import Words

SPEAKING, SILENT = "●", "○"
THICK, THIN, EMPTY = "█", "━", "─"
THIN_ROWS = {1: (THIN,), 2: ("▄", "▀"), 3: ("▄", "█", "▀")}
"""The coachee's part is the slimmer one, so that the two differ without colour too."""
POINTER, HALF = "▲", "╵"
WINDOW = 300 * RATE
"""The length of the last-minutes window; until the talk is longer the bar itself shows the same."""

LAST_MINUTES = 5
"""From here on what is left is told instead of what was agreed."""


def draw_talk_bar(state: LiveState, words: Words, width: int, height: int) -> list[Row]:
    """Names and clock, the bar of the whole conversation, and below it a pointer at the last five
    minutes. The manager's part grows from the left; the tick below the bar is one half."""
    bar = draw_bar(state, width, min(3, max(1, height - 2)))
    return [_names(state, words, width), *bar, _pointer(state, words, width)]


def draw_bar(state: LiveState, width: int, height: int) -> list[Row]:
    """The bar of the whole conversation, one to three rows high."""
    share = session_share(state)
    if share is None:
        empty: list[Row] = [()] * height
        empty[height // 2] = ((EMPTY * width, "empty"),)
        return empty
    manager = round(share * width)
    return [
        ((THICK * manager, "manager"), (thin * (width - manager), "coachee"))
        for thin in THIN_ROWS[height]
    ]


def session_share(state: LiveState) -> float | None:
    """The manager's share of the whole conversation, once it is known."""
    return state.metrics.talk_share.session if state.metrics else None


def speaker_mark(state: LiveState, speaker: Speaker) -> Piece:
    """A full dot in the speaker's colour while they speak, else an empty one."""
    if speaker not in state.speaking:
        return (SILENT, "quiet")
    return (SPEAKING, "manager" if speaker is Speaker.MANAGER else "coachee")


def time_pieces(state: LiveState, words: Words) -> list[Row]:
    """Phase, clock and agreed length, and the same with less."""
    now: Piece = (clock(state.now), "plain")
    agreed = state.started.agreed_minutes if state.started else None
    time: Row = (now,) if agreed is None else (now, (_of_agreed(agreed, state.now, words), "quiet"))
    phase = state.metrics.phase if state.metrics else None
    told: Row = ((f"{words.phases[phase]} · ", "quiet"),) if phase else ()
    return [(*told, *time), time, (now,)]


def _of_agreed(agreed: float, now: int, words: Words) -> str:
    """The agreed minutes; in the last five what is left of them, then what is over."""
    left = agreed * 60 - now / RATE
    if left > LAST_MINUTES * 60:
        return f" / {words.number(agreed, 'g')} min"
    if left <= 0:
        return f" · {words.minutes_over.format(minutes=int(-left // 60) + 1)}"
    if left <= 60:
        return f" · {words.minute_left}"
    return f" · {words.minutes_left.format(minutes=math.ceil(left / 60))}"


def _names(state: LiveState, words: Words, width: int) -> Row:
    if state.one_voice:
        who: Row = (
            (SPEAKING if state.speaking else SILENT, "plain" if state.speaking else "quiet"),
            (f" {words.somebody}" if state.speaking else "", "plain"),
        )
        return spread(who, (), time_pieces(state, words)[-1], width)
    share = session_share(state)
    left: Row = (
        speaker_mark(state, Speaker.MANAGER),
        (f" {words.manager}", _name_style(state, Speaker.MANAGER)),
        (f"  {percent(share)}" if share is not None else "", "bright"),
    )
    right: Row = (
        (f"{percent(1 - round(share, 2))}  " if share is not None else "", "bright"),
        (f"{words.coachee} ", _name_style(state, Speaker.COACHEE)),
        speaker_mark(state, Speaker.COACHEE),
    )
    room = width - 2 * max(width_of(left), width_of(right)) - 4
    return spread(left, first_that_fits(time_pieces(state, words), room), right, width)


def _name_style(state: LiveState, speaker: Speaker) -> StyleName:
    if speaker not in state.speaking:
        return "plain"
    return "manager" if speaker is Speaker.MANAGER else "coachee"


def _pointer(state: LiveState, words: Words, width: int) -> Row:
    if state.metrics is None:
        return ()
    if state.one_voice:
        return ((cut(words.one_voice, width), "quiet"),)
    if session_share(state) is None:
        return ((cut(words.share_later, width), "quiet"),)
    share = state.metrics.talk_share.window
    half = width // 2
    if share is None or state.now <= WINDOW:
        return ((" " * half, "plain"), (HALF, "quiet"))
    at = min(width - 1, max(0, round(share * width) - 1))
    long, short = words.last_minutes, words.last_minutes_short
    label = (long if width >= 60 else short).format(share=percent(share))
    start = at + 2 if at + 2 + len(label) <= width else at - 1 - len(label)
    cells: list[Piece] = [(" ", "plain")] * width
    if abs(at - half) > 1:
        cells[half] = (HALF, "quiet")
    cells[at] = (POINTER, "bright")
    cells[start : start + len(label)] = [(letter, "quiet") for letter in label]
    return _joined(cells)


def _joined(cells: list[Piece]) -> Row:
    """Neighbours of one style as one piece."""
    row: list[Piece] = []
    for text, style in cells:
        if row and row[-1][1] == style:
            row[-1] = (row[-1][0] + text, style)
        else:
            row.append((text, style))
    return tuple(row)
