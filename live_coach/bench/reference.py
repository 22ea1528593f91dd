"""What was said in a recording, word by word, and when: what delays and word errors are measured against."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from live_coach.bench.word_errors import words
from live_coach.errors import LiveCoachError

TURN_PAUSE_S = 0.5
"""A speaker who is silent for so long has ended a turn."""

Lines = Sequence[dict[str, Any]]
"""A message stream: one parsed JSON line each."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word that was said, in its plain form; `start` and `end` in seconds."""

    word: str
    speaker: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Reference:
    """All words in order of their end; `own` when they are the program's own, so that it cannot err."""

    said: tuple[Said, ...]
    own: bool = False

    def by_speaker(self) -> dict[str, list[Said]]:
        """The words of each speaker, in order."""
        sides: dict[str, list[Said]] = {}
        for one in self.said:
            sides.setdefault(one.speaker, []).append(one)
        return sides


def from_words(path: Path, language: str, speaker: str) -> Reference:
    """{"words": [[word, start, end], …]} of one channel; raises LiveCoachError for another file."""
    try:
        found = [(str(w), float(s), float(e)) for w, s, e in _json(path)["words"]]
    except (KeyError, TypeError, ValueError):
        raise _not_a_reference(path, '{"words": [[word, start, end], …]}') from None
    return _ordered(
        (
            Said(plain, speaker, start, end)
            for word, start, end in found
            for plain in words(word, language)
        )
    )


def from_script(path: Path, language: str) -> Reference:
    """A script like those of the bundled conversations; raises LiveCoachError for another file."""
    try:
        return _ordered(
            Said(plain, str(turn["speaker"]), float(word["start"]), float(word["end"]))
            for turn in _json(path)["turns"]
            for word in turn["words"]
            for plain in words(word["text"], language)
        )
    except (KeyError, TypeError, ValueError):
        raise _not_a_reference(path, "turns with speaker and words") from None


def from_own_text(lines: Lines, language: str) -> Reference:
    """The final texts of a message stream, at the times of their own words."""
    return _ordered(
        (
            Said(plain, line["speaker"], word["start"], word["end"])
            for line in lines
            if line["type"] == "utterance" and line["stage"] == "final"
            for word in line["words"]
            for plain in words(word["text"], language)
        ),
        own=True,
    )


def in_one_channel(reference: Reference) -> Reference:
    """The same words, all by one unknown speaker: what a mixed recording is measured against."""
    return _ordered(
        (Said(one.word, "unknown", one.start, one.end) for one in reference.said), own=reference.own
    )


def turn_ends(said: Sequence[Said]) -> list[int]:
    """Positions of one speaker's words that are followed by TURN_PAUSE_S of silence, or by nothing."""
    ends = [
        n for n, (one, after) in enumerate(pairwise(said)) if after.start - one.end >= TURN_PAUSE_S
    ]
    return [*ends, len(said) - 1] if said else []


def _ordered(said: Iterable[Said], *, own: bool = False) -> Reference:
    return Reference(tuple(sorted(said, key=lambda one: (one.end, one.start))), own)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LiveCoachError(
            f"“{path}” cannot be read: {error.strerror}.",
            hint="Name a file with the words and their times.",
        ) from None


def _not_a_reference(path: Path, form: str) -> LiveCoachError:
    return LiveCoachError(
        f"“{path}” does not tell when words were said.", hint=f"It must be JSON: {form}."
    )
