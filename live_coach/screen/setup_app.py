"""Before a conversation: the consent card, then the session card."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from live_coach.coaching.markers import Language
from live_coach.screen.calm_app import CalmApp
from live_coach.screen.card_entry import CardEntry
from live_coach.screen.card_screen import CardScreen
from live_coach.screen.card_words import CARD_WORDS
from live_coach.screen.consent_screen import ConsentScreen


class SetupApp(CalmApp[CardEntry]):
    """Asks for consent in the language of the talk, then for what was agreed.

    Returns what stands on the card, `plain` where that was skipped, and None where the conversation
    must not start: the other person did not agree, or Ctrl-C. `offered` is what the fields begin
    with; those in `given` are not asked. `aloud` is the language of the talk, `wording` that of the
    screen; without `ask_consent` the consent card is left out.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "refuse", "Nothing starts", show=False, priority=True),
    ]

    def __init__(
        self,
        offered: CardEntry,
        plain: CardEntry,
        *,
        presets: Sequence[str],
        given: Collection[str],
        aloud: Language,
        wording: Language,
        ask_consent: bool,
        keeps_transcript: bool,
        colour: bool = True,
    ) -> None:
        super().__init__(colour=colour)
        self._plain = plain
        self._ask_consent = ask_consent
        self._consent = ConsentScreen(
            CARD_WORDS[aloud], keeps_transcript=keeps_transcript, colour=self.colour
        )
        self._card = CardScreen(
            CARD_WORDS[wording], wording, offered, presets, given=given, colour=self.colour
        )

    def on_mount(self) -> None:
        """The first of the two cards."""
        if self._ask_consent:
            self.push_screen(self._consent, self._answered)
        else:
            self._answered(True)

    def action_refuse(self) -> None:
        """Nothing starts."""
        self.exit(None)

    def _answered(self, agreed: bool | None) -> None:
        if agreed:
            self.push_screen(self._card, lambda entry: self.exit(entry or self._plain))
        else:
            self.exit(None)
