"""Nothing at all on the screen, for when somebody looks over a shoulder."""

from __future__ import annotations

from textual import events
from textual.screen import Screen


class BlankScreen(Screen[None]):
    """Empty; any key goes back."""

    def on_key(self, event: events.Key) -> None:
        """Bring back what was there."""
        event.stop()
        self.dismiss()
