"""Before a conversation: the consent card, then the session card."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from live_coach import logs
from live_coach.audio.remembered import Chosen
from live_coach.coaching.markers import Language
from live_coach.errors import LiveCoachError
from live_coach.flow.messages import Health, Levels
from live_coach.screen.calm_app import CalmApp
from live_coach.screen.card_entry import Before, CardEntry
from live_coach.screen.card_screen import CardScreen
from live_coach.screen.card_words import CARD_WORDS
from live_coach.screen.consent_screen import ConsentScreen

if TYPE_CHECKING:
    from live_coach.audio.level_check import LevelCheck


class SoundNews(Message):
    """Something is known of the devices: which they are, how loud, what is wrong."""

    def __init__(self, told: Chosen | Levels | Health | str) -> None:
        super().__init__()
        self.told = told


class Refused(Message):
    """The conversation could not be held: there is no use in filling in a card."""

    def __init__(self, error: LiveCoachError) -> None:
        super().__init__()
        self.error = error


class SetupApp(CalmApp[CardEntry]):
    """Asks for consent in the language of the talk, then for what was agreed.

    Returns what stands on the card, `plain` where that was skipped, and None where the conversation
    must not start: the other person did not agree, or Ctrl-C. `offered` is what the fields begin
    with, `presets` and `languages` what can be chosen; those in `given` are not asked. `aloud` is the language of the talk, `wording` that of the
    screen; without `ask_consent` the consent card is left out. `check` tells the levels of both sides
    while the session card stands, never before consent; closing it is the caller's part. `before` is
    what was planned last time, by the coachee's nickname in small letters. `rehearse` tries what the conversation
    needs while the cards are filled in, on a thread of its own; where it raises LiveCoachError the cards go, with that `failure`.
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
        languages: Sequence[str],
        given: Collection[str],
        aloud: Language,
        wording: Language,
        ask_consent: bool,
        keeps_transcript: bool,
        keeps_audio_days: int | None = None,
        colour: bool = True,
        check: LevelCheck | None = None,
        before: Mapping[str, Before] = MappingProxyType({}),
        rehearse: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(colour=colour)
        self._plain = plain
        self._wording = wording
        self._ask_consent = ask_consent
        self._check = check
        self._rehearse = rehearse
        self._consent = ConsentScreen(
            CARD_WORDS[aloud],
            keeps_transcript=keeps_transcript,
            keeps_audio_days=keeps_audio_days,
            colour=self.colour,
        )
        self._card = CardScreen(
            CARD_WORDS[wording],
            wording,
            offered,
            presets,
            languages,
            given=given,
            colour=self.colour,
            on_standing=self._check_levels,
            before=before,
        )

    def on_mount(self) -> None:
        """The first of the two cards."""
        threading.Thread(target=self._try, name="rehearsal", daemon=True).start()
        if self._ask_consent:
            self.push_screen(self._consent, self._answered)
        else:
            self._answered(True)

    def on_sound_news(self, news: SoundNews) -> None:
        """Show it on the card, if it still stands."""
        if self.screen is self._card:
            self._card.hear(news.told)

    def on_refused(self, refused: Refused) -> None:
        """Leave the cards; who presents them raises the failure."""
        self.failure = refused.error
        self.exit(None)

    def action_refuse(self) -> None:
        """Nothing starts."""
        self.exit(None)

    def _answered(self, agreed: bool | None) -> None:
        if agreed:
            self.push_screen(self._card, lambda entry: self.exit(entry or self._plain))
        else:
            self.exit(None)

    def _check_levels(self) -> None:
        if self._check is not None:
            listen = partial(self._listen, self._check)
            threading.Thread(target=listen, name="level-check", daemon=True).start()

    def _listen(self, check: LevelCheck) -> None:
        try:
            check.run(self._tell)
        except LiveCoachError as error:
            self._tell(error.told(self._wording))
        except Exception as error:  # noqa: BLE001  a thread's border
            self._tell(logs.unforeseen(error).told(self._wording))

    def _try(self) -> None:
        try:
            self._rehearse()
        except LiveCoachError as error:
            self._post(Refused(error))
        except Exception as error:  # noqa: BLE001  a thread's border
            self._post(Refused(logs.unforeseen(error)))

    def _tell(self, told: Chosen | Levels | Health | str) -> None:
        self._post(SoundNews(told))

    def _post(self, message: Message) -> None:
        """From any thread; a card that has gone hears nothing any more."""
        with suppress(RuntimeError):
            self.post_message(message)
