"""The keys of a conversation, over the live screen."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from live_coach.screen.words import Words


class HelpScreen(ModalScreen[None]):
    """One line per key; any of its own keys goes back, but Escape blanks all."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (14, "-roomy")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        ("h,f1,enter,space,q", "dismiss", "Back"),
        ("escape", "app.blank", "Blank"),
    ]

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """The list, to scroll through where it is longer than the window."""
        with VerticalScroll(id="why") as box:
            box.border_title = self._words.keys
            box.border_subtitle = f"h {self._words.key_back}"
            table = Table.grid(padding=(0, 2, 0, 0))
            for key, does in self._words.key_list.items():
                table.add_row(Text(key, no_wrap=True), does)
            yield Static(table)
