"""What every Textual application of the program has: its colours, or none of them, and stillness."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Generic, TypeVar

from textual.app import App
from textual.filter import NoColor
from textual.theme import Theme

from live_coach import logs
from live_coach.errors import LiveCoachError
from live_coach.screen.terminal import native_noise_to

_THEME = Theme(
    name="live-coach",
    primary="#56b4e9",
    secondary="#e69f00",
    foreground="#c9ced6",
    background="#11151a",
    surface="#171c23",
    panel="#171c23",
    dark=True,
    variables={
        # Okabe and Ito's blue and orange: told apart with every kind of colour vision.
        "manager": "#56b4e9",
        "coachee": "#e69f00",
        "bright": "#f4f6f8",
        "quiet": "#8b95a1",
        "empty": "#3a424d",
        "edge": "#5a6573",
        "card": "#1b222b",
        "firm": "#f4f6f8",
        "on-firm": "#11151a",
        "trouble": "#f0e442",
        "recording": "#ff5c57",
    },
)

Result = TypeVar("Result")


class CalmApp(App[Result], Generic[Result]):
    """Blue and orange, or with `colour` off or `NO_COLOR` set none at all; nothing moves by itself.

    Ends with `failure` set when something went wrong; `present` raises it.
    """

    CSS_PATH = "live_coach.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "live coach"

    def __init__(self, *, colour: bool) -> None:
        self.colour = colour and "NO_COLOR" not in os.environ
        super().__init__(ansi_color=not self.colour)
        if not self.colour and not self.no_color:
            self.no_color = True
            self._filters.append(NoColor())
        self.register_theme(_THEME)
        self.theme = _THEME.name
        self.animation_level = "none"
        self.failure: LiveCoachError | None = None

    def present(self, noise: Path | None = None) -> None:
        """Run on this terminal until the person leaves; raise what went wrong.

        What native libraries print meanwhile goes to `noise`, or nowhere. A session may still be
        running afterwards: ending it is the caller's part.
        """
        with native_noise_to(noise):
            self.run(mouse=False)
        if self.failure is not None:
            raise self.failure

    def _fatal_error(self) -> None:
        """Textual's own way out would print a stack trace with every local variable."""
        if self._exception is not None:
            self.failure = self.failure or logs.unforeseen(self._exception)
        self._close_messages_no_wait()
