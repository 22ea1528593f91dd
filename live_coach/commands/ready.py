"""What is seen to before a conversation: all that can refuse to start, before anybody fills in a card for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from live_coach import logs
from live_coach.archive import synced
from live_coach.archive.database import directory_of, require_writable
from live_coach.coaching.config import load as load_nudges
from live_coach.commands.tidy import say, tidy
from live_coach.errors import LiveCoachError, ModelError, WrongUsage
from live_coach.sentences import Sentence, because
from live_coach.transcript.weights import find
from live_coach.transcript.worker import EngineProcess

if TYPE_CHECKING:
    from live_coach.session import Language, Wording
    from live_coach.settings import Settings


def make_ready(
    settings: Settings, *, language: Wording, screen: bool, save: bool, outputs: Iterable[Path] = ()
) -> None:
    """See to the terminal, the preset, the files that will be written, the log and the archive.

    In the archive what a crash left behind is brought in, and what has expired goes; what there is to
    say of that is said in `language`. Raises LiveCoachError where a conversation cannot be held or kept; then nothing has been made.
    """
    if screen:
        require_terminal()
    load_nudges(settings.conversation.preset)
    for path in outputs:
        require_writable_file(path)
    logs.start(settings.log.level)
    if save:
        directory = directory_of(settings.archive)
        require_writable(directory)
        tidy(directory, settings.archive, language=language)
        _warn_of_cloud(directory, language)


def languages_at_hand(settings: Settings) -> tuple[Language, ...]:
    """The languages that a talk can be held in with the models that are installed.

    Raises ModelError where the one that is set is not among them.
    """
    find(settings.transcript.model, settings.conversation.language)
    return tuple(_understood(settings.transcript.model))


def rehearse_model(settings: Settings) -> None:
    """Load the model that is set, or the best for the language that is, and let it go again.

    Takes as long as loading does. Raises ModelError where it cannot be loaded, EngineLost where its worker does not come up.
    """
    model = find(settings.transcript.model, settings.conversation.language)
    engine = EngineProcess(model.directory, settings.transcript)
    try:
        engine.wait_until_ready()
    finally:
        engine.close()


def require_terminal() -> None:
    """Raises WrongUsage where no screen can be drawn."""
    from live_coach.screen.terminal import unusable

    reason = unusable()
    if reason is not None:
        raise WrongUsage(reason)


def require_writable_file(path: Path) -> None:
    """Raises LiveCoachError for a file that cannot be written, before there is anything to write."""
    try:
        there = path.exists()
        if path.is_fifo():
            return
        with path.open("ab"):
            pass
        if not there:
            path.unlink()
    except OSError as error:
        raise unwritable(str(path), error) from None


def unwritable(path: str, error: OSError) -> LiveCoachError:
    """The error for a file that cannot be written."""
    return LiveCoachError(Sentence("unwritable", path=path, reason=because(error)))


def _understood(model: str) -> Iterable[Language]:
    languages: tuple[Language, ...] = ("auto", "en", "nl")
    for language in languages:
        with suppress(ModelError):
            find(model, language)
            yield language


def _warn_of_cloud(directory: Path, language: str) -> None:
    service = synced.service_of(directory)
    if service:
        say(Sentence("kept.copied", directory=directory, service=service), language)
