"""The whole coach in one row, for a corner of the screen or a pane of tmux."""

from __future__ import annotations

from live_coach.flow.messages import Severity, Speaker
from live_coach.screen.state import LiveState
from live_coach.screen.widgets.rows import GLYPHS, Piece, Row, clock, cut, percent, width_of
from live_coach.screen.widgets.status import (
    hold_mark,
    notice,
    snoozed,
    sound_mark,
    told_troubles,
)
from live_coach.screen.widgets.talk_bar import draw_bar, session_share, speaker_mark
from live_coach.screen.words import Words


def draw_one_line(state: LiveState, words: Words, width: int, _height: int) -> list[Row]:
    """Share and bar on the left; on the right the nudge, else what is wrong, else the clock. When
    the right part is long the bar gives way."""
    share = session_share(state)
    manager: Row = (
        *sound_mark(state, words, short=True),
        speaker_mark(state, Speaker.MANAGER),
        (f" {percent(share)}" if share is not None else f" {words.manager}", "bright"),
    )
    right = _right(state, words, width - width_of(manager) - 2)
    room = width - width_of(manager) - width_of(right) - 3
    bar_width = min(40, room - 4)
    if bar_width < 6:
        left: Row = manager
    else:
        [bar] = draw_bar(state, bar_width, 1)
        left = (
            *manager,
            (" ", "plain"),
            *bar,
            (" ", "plain"),
            speaker_mark(state, Speaker.COACHEE),
        )
    room = width - width_of(left) - 2
    text, style = right[0]
    return [(*left, ("  ", "plain"), (cut(text, room), style))]


def _right(state: LiveState, words: Words, room: int) -> Row:
    if state.nudge is not None:
        nudge = state.nudge
        firm = nudge.severity is Severity.FIRM
        return ((f"{GLYPHS[nudge.nudge_class]} {nudge.text}", "firm" if firm else "bright"),)
    told = notice(state, words)
    if state.troubles and not told:
        return ((told_troubles(state.troubles[-1:], words, room), "trouble"),)
    told = told or hold_mark(state, words) or snoozed(state, words)
    return ((told, "bright" if state.paused else "plain"),) if told else (_idle(state, words),)


def _idle(state: LiveState, words: Words) -> Piece:
    if state.ending:
        return (words.ending, "quiet")
    return (words.getting_ready if state.metrics is None else clock(state.now), "quiet")
