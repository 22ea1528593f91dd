"""What the conversation is for, and what the two have agreed."""

from __future__ import annotations

from live_coach.screen.state import LiveState
from live_coach.screen.widgets.panel import Panel
from live_coach.screen.widgets.rows import Row, spread, width_of, wrapped
from live_coach.screen.words import Words

AGREED, OPEN = "✓", "·"


class GoalLine(Panel):
    """One row, and a second one only for a goal that needs it."""

    def show(self, state: LiveState) -> None:
        """Show this state's goal."""
        room = _room(state, self.words, self.content_size.width)
        self.set_class(len(wrapped(_goal(state, self.words), room, 2)) > 1, "-long")
        super().show(state)


def draw_goal(state: LiveState, words: Words, width: int, height: int) -> list[Row]:
    """The goal in the coachee's words, and ticks for what was agreed, on the card or aloud; nothing
    before anything was. The last row is full first."""
    goal = _goal(state, words)
    if not goal:
        return []
    lines = wrapped(goal, _room(state, words, width), height)
    above: list[Row] = [((line, "quiet"),) for line in lines[:-1]]
    last = spread(((lines[-1], "quiet"),), (), ((_expectations(state, words), "quiet"),), width)
    return [*([()] * (height - len(lines))), *above, last]


def _goal(state: LiveState, words: Words) -> str:
    """The goal with its tick; empty before anything was agreed."""
    text = state.started.goal if state.started else ""
    agreed = bool(text) or (state.metrics is not None and state.metrics.goal_agreed)
    if not (agreed or _expectations_agreed(state)):
        return ""
    return f"{_tick(agreed)} {words.goal.format(goal=text) if text else words.goal_agreed}"


def _expectations(state: LiveState, words: Words) -> str:
    return f"{_tick(_expectations_agreed(state))} {words.expectations}"


def _expectations_agreed(state: LiveState) -> bool:
    card, metrics = state.started, state.metrics
    on_card = card is not None and bool(card.manager_expects and card.coachee_expects)
    return on_card or (metrics is not None and metrics.expectations_agreed)


def _room(state: LiveState, words: Words, width: int) -> int:
    """Cells of the goal beside the expectations; all of them where both do not fit."""
    room = width - width_of(((_expectations(state, words), "quiet"),)) - 2
    return room if room > 20 else width


def _tick(agreed: bool) -> str:
    return AGREED if agreed else OPEN
