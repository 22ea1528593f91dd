"""What the two agree before a conversation: the two cards, or the options alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from live_coach.archive.database import directory_of
from live_coach.archive.sessions import last_plans
from live_coach.audio.level_check import LevelCheck
from live_coach.coaching.config import presets
from live_coach.commands import remembered_card
from live_coach.commands.conduct import wording
from live_coach.commands.ready import rehearse_model
from live_coach.reports.phrases import local_time
from live_coach.screen.card_entry import Before, CardEntry
from live_coach.session import Card, Language, Wording
from live_coach.settings import Settings

if TYPE_CHECKING:
    from live_coach.screen.setup_app import SetupApp


@dataclass(frozen=True, slots=True)
class Agreed:
    """What stands on the card, with the consent of the other person."""

    entry: CardEntry

    @property
    def settings(self) -> dict[str, str]:
        """The settings that were chosen on the card, by dotted name."""
        return {
            "conversation.language": self.entry.language,
            "conversation.preset": self.entry.preset,
        }

    def card(self, terms: tuple[str, ...]) -> Card:
        """The card of the conversation; `terms` are likely to be said."""
        entry = self.entry
        return Card(
            preset=entry.preset,
            goal=entry.goal,
            coachee=entry.coachee,
            manager_expects=entry.manager_expects,
            coachee_expects=entry.coachee_expects,
            frames=entry.frames,
            terms=terms,
            agreed_minutes=entry.minutes,
            consent=True,
        )


def agree(
    settings: Settings,
    options: Mapping[str, object],
    typed: Mapping[str, Any],
    *,
    languages: Sequence[Language],
    screen: bool,
    consent: str | None,
    keep_audio: bool,
) -> Agreed | None:
    """What was agreed; None where the conversation must not start.

    With a `screen` the cards ask for it, but not for what `options` (dotted names of settings) or
    `typed` (names of the card's fields) say already, nor for a `consent` that was given. They offer
    the `languages` that a talk can be held in. `keep_audio` is said where consent is asked. Raises LiveCoachError where the cards cannot be shown.
    """
    talk = settings.conversation
    plain = CardEntry(preset=talk.preset, language=talk.language, **typed)
    if not screen:
        return Agreed(plain)
    given = {
        **typed,
        "preset": options["conversation.preset"],
        "language": options["conversation.language"],
    }
    asked = [name for name, value in given.items() if value]
    said = {name: getattr(plain, name) for name in asked}
    offered = replace(remembered_card.last_card(plain), **said)
    if offered.language not in languages:
        offered = replace(offered, language=plain.language)
    check = LevelCheck(settings.audio, wording(settings, offered.language))
    app = _cards(
        *(settings, offered, plain, asked, check),
        languages=languages,
        ask_consent=consent is None,
        keep_audio=keep_audio,
        rehearse=partial(rehearse_model, settings),
    )
    try:
        app.present()
    finally:
        check.stop()
    entry = app.return_value
    if entry is not None and entry is not plain:
        remembered_card.remember(entry)
    return None if entry is None else Agreed(entry)


def _cards(
    settings: Settings,
    offered: CardEntry,
    plain: CardEntry,
    given: list[str],
    check: LevelCheck,
    *,
    languages: Sequence[Language],
    ask_consent: bool,
    keep_audio: bool,
    rehearse: Callable[[], None],
) -> SetupApp:
    from live_coach.screen.setup_app import SetupApp

    words = wording(settings, offered.language)
    return SetupApp(
        offered,
        plain,
        presets=presets(),
        languages=languages,
        given=given,
        aloud=words if offered.language == "auto" else cast("Wording", offered.language),
        wording=words,
        ask_consent=ask_consent,
        keeps_transcript=settings.archive.keep_transcript,
        keeps_audio_days=settings.archive.keep_audio_days if keep_audio else None,
        colour=settings.screen.colour,
        check=check,
        rehearse=rehearse,
        before={
            coachee: Before(local_time(plan.started_at)[:10], plan.sentences)
            for coachee, plan in last_plans(directory_of(settings.archive)).items()
        },
    )
