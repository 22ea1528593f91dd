"""One of a few values, in one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class Choice(Static, can_focus=True):
    """Shows the name of the value that is chosen; the arrow keys and space choose another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("right,space", "step(1)", "Next value"),
        ("left", "step(-1)", "Previous value"),
    ]

    class Changed(Message):
        """Another value was chosen."""

    def __init__(self, names: Mapping[str, str], value: str, *, id: str) -> None:  # noqa: A002
        self._names = names
        self.value = value if value in names else next(iter(names))
        super().__init__(self._shown(), id=id)

    def action_step(self, by: int) -> None:
        """The value so many places further, round and round."""
        values = list(self._names)
        self.value = values[(values.index(self.value) + by) % len(values)]
        self.update(self._shown())
        self.post_message(self.Changed())

    def _shown(self) -> Content:
        return Content(f"‹ {self._names[self.value]} ›")
