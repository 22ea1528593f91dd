"""The screen during a conversation."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from live_coach.screen.sized_screen import SMALLEST, SizedScreen
from live_coach.screen.state import LiveState
from live_coach.screen.widgets.goal_line import GoalLine, draw_goal
from live_coach.screen.widgets.nudge_card import NudgeCard, draw_last_nudge, draw_nudge
from live_coach.screen.widgets.one_line import draw_one_line
from live_coach.screen.widgets.panel import Panel
from live_coach.screen.widgets.status import draw_counts, draw_health
from live_coach.screen.widgets.talk_bar import draw_talk_bar
from live_coach.screen.words import Words


class LiveScreen(SizedScreen):
    """Talk bar, one nudge, a quiet line of counts, and how the coach itself is doing.

    `density` is `full`, `calm` (no counts, no log line) or `line` (one row); it may change.
    """

    DENSITIES = ("full", "calm", "line")

    def __init__(self, words: Words, *, colour: bool, density: str) -> None:
        super().__init__(words)
        self._colour = colour
        self.density = density
        self.set_density(density)

    def compose(self) -> ComposeResult:
        """One row, or everything from top to bottom in the order of importance to a glance."""
        words, colour = self.words, self._colour
        yield self.too_small()
        yield Panel(draw_one_line, words, colour=colour, id="line")
        with Vertical(id="body"):
            yield Panel(draw_talk_bar, words, colour=colour, id="talk-bar")
            yield NudgeCard(draw_nudge, words, colour=colour, id="nudge")
            yield Panel(draw_last_nudge, words, colour=colour, id="last-nudge")
            with Vertical(id="foot"):
                yield GoalLine(draw_goal, words, colour=colour, id="goal")
                yield Panel(draw_counts, words, colour=colour, id="counts")
                yield Panel(draw_health, words, colour=colour, id="health")

    def set_density(self, density: str) -> None:
        """Show more or less from now on."""
        self.density = density
        self.smallest = (SMALLEST[0], 1) if density == "line" else SMALLEST
        for name in self.DENSITIES:
            self.set_class(name == density, f"-{name}")
        if self.is_mounted:
            self.fit(self.size)

    def next_density(self) -> None:
        """Full, calm, one line, and full again."""
        at = self.DENSITIES.index(self.density) + 1
        self.set_density(self.DENSITIES[at % len(self.DENSITIES)])

    def show(self, state: LiveState) -> None:
        """Show this state."""
        for panel in self.query(Panel):
            panel.show(state)
