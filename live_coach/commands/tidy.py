"""What is put in order before the archive is used: what a crash left behind, and what has expired."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from live_coach.archive import recovery, sessions, sound
from live_coach.sentences import Sentence
from live_coach.settings import ArchiveSettings


def tidy(
    directory: Path, archive: ArchiveSettings, *, only_sound: bool = False, language: str = "en"
) -> None:
    """Bring in what a crash left behind, and say so; let what is old expire, or `only_sound` of it.

    Raises ArchiveError.
    """
    for sentence in recovery.recover(directory):
        say(sentence, language)
    today = datetime.now(UTC).date()
    sound.expire(directory, archive.keep_audio_days, today)
    if not only_sound:
        sessions.expire(directory, archive.keep_days, today)


def say(sentence: Sentence, language: str) -> None:
    """Tell a person who typed a command something, beside what the command prints."""
    click.echo(f"live-coach: {sentence.told(language)}", err=True)
