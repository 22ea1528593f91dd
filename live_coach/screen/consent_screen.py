"""The card to read aloud: nothing starts without a clear yes."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from live_coach.screen.card_words import CardWords


class ConsentScreen(Screen[bool]):
    """Ends with whether the other person agreed; only its own keys answer.

    `keeps_audio_days` is for how long the sound is kept; 0: as long as the rest; None: it is not.
    """

    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-middle"), (18, "-high"), (30, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        ("y,j,Y,J", "dismiss(True)", "Yes"),
        ("n,N,escape", "dismiss(False)", "No"),
    ]

    def __init__(
        self,
        words: CardWords,
        *,
        keeps_transcript: bool,
        keeps_audio_days: int | None,
        colour: bool,
    ) -> None:
        super().__init__()
        self._words = words
        kept = words.kept_text if keeps_transcript else words.kept
        self.kept = kept.format(sound=words.of_sound(keeps_audio_days))
        self._key_style, self._hint_style = ("", "$quiet") if colour else ("bold", "dim")

    def compose(self) -> ComposeResult:
        """What to say, what to know, what to answer."""
        words = self._words
        with Vertical(id="body", classes="card"):
            yield Static(words.consent, classes="card-heading")
            with VerticalScroll(classes="card-parts", can_focus=True):
                yield Static(Content(words.aloud.format(kept=self.kept)), classes="card-part")
                yield Static(Content(f"▲ {words.sharing}"), classes="card-part")
                yield Static(Content(words.agreed), classes="card-part")
            yield Static(
                Content.assemble(
                    (words.yes_key, self._key_style),
                    (f" {words.yes}   ", self._hint_style),
                    ("n", self._key_style),
                    (f" {words.no}", self._hint_style),
                ),
                classes="card-keys",
            )
