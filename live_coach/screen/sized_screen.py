"""A screen that asks for a larger window instead of showing something broken."""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from live_coach.screen.words import Words

SMALLEST = (40, 6)
"""Columns and rows that a screen needs."""


class SizedScreen(Screen[None]):
    """Shows its parts from the smallest size on, and one sentence below it."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-middle"), (18, "-high"), (30, "-tall")]  # noqa: RUF012
    smallest = SMALLEST

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words

    def too_small(self) -> Static:
        """The sentence; each screen composes it beside its parts."""
        width, height = self.smallest
        return Static(self.words.too_small.format(width=width, height=height), id="too-small")

    def on_resize(self, event: events.Resize) -> None:
        """Choose between the parts and the sentence."""
        self.fit(event.size)

    def fit(self, size: Size) -> None:
        """The same for a size that is given."""
        width, height = self.smallest
        self.query_one("#too-small", Static).update(
            self.words.too_small.format(width=width, height=height)
        )
        self.set_class(size.width < width or size.height < height, "-too-small")
