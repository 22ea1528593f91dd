"""The one family of errors that people see: a sentence and what to do next."""

from __future__ import annotations


class LiveCoachError(Exception):
    """Something a person can understand and act on.

    `sentence` says what is wrong, `hint` what to do next. Neither ever holds words of a
    conversation or a name. Commands print both and exit with `exit_code`.
    """

    exit_code = 1

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".strip()


class WrongUsage(LiveCoachError):
    """The command was called in a way that cannot work: exit code 2."""

    exit_code = 2


class AudioError(LiveCoachError):
    """Sound cannot be read or captured."""


class ModelError(LiveCoachError):
    """A model is missing, damaged or does not fit."""


class ArchiveError(LiveCoachError):
    """The archive cannot be read or written."""


class SettingsError(WrongUsage):
    """A setting is unknown or has a value that cannot be used."""
