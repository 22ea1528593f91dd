"""The one family of errors that people see: a sentence and what to do next."""

from __future__ import annotations

from live_coach.sentences import Sentence, in_language


class LiveCoachError(Exception):
    """Something a person can understand and act on.

    `sentence` says what is wrong, `hint` what to do next. What can come up around a conversation is a
    `Sentence`, with a hint of its own, and is `told` in the language of the conversation; a string is
    English, for who typed a command. Neither ever holds words of a conversation or a name. Commands print
    both and exit with `exit_code`.
    """

    exit_code = 1

    def __init__(self, sentence: Sentence | str, *, hint: str = "") -> None:
        super().__init__(sentence)
        self.said = sentence
        self._hint = hint

    @property
    def sentence(self) -> str:
        """What is wrong, in English."""
        return str(self.said)

    @property
    def hint(self) -> str:
        """What to do next, in English."""
        return self._hint_in("en")

    def told(self, language: str) -> str:
        """Both, in `en` or `nl`."""
        return f"{in_language(self.said, language)} {self._hint_in(language)}".strip()

    def __str__(self) -> str:
        return self.told("en")

    def _hint_in(self, language: str) -> str:
        return self.said.hint(language) if isinstance(self.said, Sentence) else self._hint


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
