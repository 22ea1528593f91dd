"""The one nudge, with room around it, and the line of the one before."""

from __future__ import annotations

from live_coach.flow.messages import Nudge, NudgeClass, Severity
from live_coach.screen.state import LiveState
from live_coach.screen.widgets.panel import Panel
from live_coach.screen.widgets.rows import GLYPHS, Row, StyleName, clock, cut, width_of, wrapped
from live_coach.screen.widgets.status import hold_mark
from live_coach.screen.words import Words


class NudgeCard(Panel):
    """A frame that is always in the same place and seen only while a nudge stands in it."""

    def show(self, state: LiveState) -> None:
        """Show this state's nudge."""
        super().show(state)
        self.set_class(state.nudge is not None, "-standing")
        self.set_class(state.nudge is not None and state.nudge.severity is Severity.FIRM, "-firm")


def draw_nudge(state: LiveState, words: Words, width: int, height: int) -> list[Row]:
    """Glyph and words in the middle, the sentence to say aloud below."""
    if state.nudge is None:
        note = _note(state, words)
        return _in_the_middle([((cut(note, width), "plain"),)] if note else [], width, height)
    nudge = state.nudge
    rows: list[Row] = [_headline(nudge, width)]
    if nudge.detail:
        lines = wrapped(nudge.detail, min(width - 2, 76), height - 1)
        if len(lines) + 2 <= height:
            rows.append(())
        rows += [((line, "plain"),) for line in lines]
    return _in_the_middle(rows, width, height)


def draw_last_nudge(state: LiveState, _words: Words, width: int, _height: int) -> list[Row]:
    """When the last nudge came, and its words, dim."""
    if state.last is None:
        return []
    last = state.last
    line = f"{clock(last.at)}  {GLYPHS[last.nudge_class]} {last.text}"
    return [((cut(line, width), "quiet"),)]


def _headline(nudge: Nudge, width: int) -> Row:
    style: StyleName = "bright"
    if nudge.severity is Severity.FIRM:
        style = "firm"
    elif nudge.nudge_class is NudgeClass.PRAISE:
        style = "praise"
    glyph = GLYPHS[nudge.nudge_class]
    return ((cut(f" {glyph} {nudge.text} ", width), style),)


def _note(state: LiveState, words: Words) -> str:
    if state.ending:
        return words.ending
    if state.paused:
        return words.paused_how
    return words.getting_ready if state.metrics is None else hold_mark(state, words)


def _in_the_middle(rows: list[Row], width: int, height: int) -> list[Row]:
    above: list[Row] = [()] * max(0, (height - len(rows)) // 2)
    return above + [
        ((" " * ((width - width_of(row)) // 2), "plain"), *row) if row else row for row in rows
    ]
