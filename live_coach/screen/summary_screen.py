"""The screen after a conversation."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Markdown, Static

from live_coach.screen.sized_screen import SizedScreen
from live_coach.screen.words import Words


class SummaryScreen(SizedScreen):
    """The summary, and where it is kept; `cut_short` when the conversation did not end as meant."""

    BINDINGS: ClassVar[list[BindingType]] = [("q,enter,escape", "app.leave", "Leave")]

    def __init__(self, words: Words, *, kept: str, colour: bool, cut_short: bool) -> None:
        super().__init__(words)
        self._kept = kept
        self._heading = words.cut_short if cut_short else words.summary
        self._key_style, self._hint_style = ("", "$quiet") if colour else ("bold", "dim")

    def compose(self) -> ComposeResult:
        """Heading, the summary to scroll through, the place, the keys."""
        words = self.words
        yield self.too_small()
        with Vertical(id="body"):
            yield Static(self._heading, id="summary-heading")
            with VerticalScroll(id="summary-scroll"):
                yield Markdown(words.preparing, id="summary", open_links=False)
            if self._kept:
                yield Static(Content(words.kept_in.format(place=self._kept)), id="kept")
            yield Static(self._keys(), id="keys")

    def on_mount(self) -> None:
        """The arrow keys scroll at once."""
        self.query_one("#summary-scroll").focus()

    async def tell(self, markdown: str) -> None:
        """Show the summary."""
        await self.query_one("#summary", Markdown).update(markdown)

    def _keys(self) -> Content:
        words = self.words
        return Content.assemble(
            ("↑ ↓", self._key_style),
            (f" {words.key_scroll}   ", self._hint_style),
            ("q", self._key_style),
            (f" {words.key_close}", self._hint_style),
        )
