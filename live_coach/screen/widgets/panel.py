"""A part of the live screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.content import Content
from textual.widget import Widget

from live_coach.screen.state import LiveState
from live_coach.screen.widgets.rows import Row, StyleName
from live_coach.screen.words import Words

Draw = Callable[[LiveState, Words, int, int], list[Row]]
"""From the state, the words, and the width and height in cells, to rows."""

IN_COLOUR: Mapping[StyleName, str] = {
    "manager": "$manager",
    "coachee": "$coachee",
    "bright": "bold $bright",
    "plain": "$foreground",
    "quiet": "$quiet",
    "trouble": "bold $trouble",
    "firm": "bold $on-firm on $firm",
    "praise": "bold $bright",
    "empty": "$empty",
    "recording": "bold $recording",
}
WITHOUT_COLOUR: Mapping[StyleName, str] = {
    "manager": "bold",
    "coachee": "",
    "bright": "bold",
    "plain": "",
    "quiet": "dim",
    "trouble": "bold",
    "firm": "bold reverse",
    "praise": "bold",
    "empty": "dim",
    "recording": "bold reverse",
}


class Panel(Widget):
    """Shows what `draw` makes of the state, and repaints only when that has changed."""

    def __init__(self, draw: Draw, words: Words, *, colour: bool, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._draw = draw
        self.words = words
        self._styles = IN_COLOUR if colour else WITHOUT_COLOUR
        self._state = LiveState()
        self._drawn: list[Row] = []

    def show(self, state: LiveState) -> None:
        """Show this state from now on."""
        self._state = state
        if self._rows() != self._drawn:
            self.refresh()

    def render(self) -> Content:
        """The rows at the present size."""
        self._drawn = self._rows()
        return Content("\n").join(
            Content.assemble(*((text, self._styles[style]) for text, style in row))
            for row in self._drawn
        )

    def _rows(self) -> list[Row]:
        width, height = self.content_size
        return self._draw(self._state, self.words, width, height)[:height] if width else []
