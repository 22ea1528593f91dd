"""Sentences for people that are told later, in the language of whoever reads them: `sentences.toml` has the words."""

from __future__ import annotations

import errno
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Sentence:
    """Something to be told, by its dotted name, with the values for the places in it.

    A value may be another sentence: it is told in the same language.
    """

    __slots__ = ("key", "values")

    def __init__(self, key: str, /, **values: object) -> None:
        self.key = key
        self.values = values

    def told(self, language: str) -> str:
        """The sentence in `en` or `nl`."""
        return self._part(0, language)

    def hint(self, language: str) -> str:
        """What to do next, in `en` or `nl`; empty where there is nothing to do."""
        return self._part(1, language)

    def __str__(self) -> str:
        return self.told("en")

    def __repr__(self) -> str:
        return f"Sentence({self.key!r})"

    def _part(self, number: int, language: str) -> str:
        parts = TABLE[self.key][language]
        if number >= len(parts):
            return ""
        values = {name: in_language(value, language) for name, value in self.values.items()}
        return parts[number].format(**values).strip()


def in_language(told: object, language: str) -> str:
    """A sentence in `en` or `nl`; anything else as it is, since it has no language."""
    return told.told(language) if isinstance(told, Sentence) else str(told)


def because(error: OSError) -> Sentence | str:
    """Why the system refused: in both languages for the usual reasons, else as the system says it."""
    key = f"system.{errno.errorcode.get(error.errno or 0)}"
    return Sentence(key) if key in TABLE else error.strerror or type(error).__name__


def _leaves(tree: Mapping[str, Any], within: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, branch in tree.items():
        leaf = all(isinstance(value, list) for value in branch.values())
        found += [(within + name, branch)] if leaf else _leaves(branch, f"{within}{name}.")
    return found


_FILE = Path(__file__).with_suffix(".toml")
TABLE: Mapping[str, Mapping[str, list[str]]] = dict(
    _leaves(tomllib.loads(_FILE.read_text(encoding="utf-8")))
)
"""Every sentence by its dotted name: for each language the sentence and, if there is one, what to do.

Read at once: when something goes wrong it may be too late to open a file.
"""
