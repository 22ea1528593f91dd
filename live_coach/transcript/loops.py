"""Whisper's well-known fault: saying the same thing again and again. How to see it and stop it."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_PHRASE = 8
_MOST_REPEATS = 3
"""People say "no no no"; four times the same phrase of several words is a loop."""
_MOST_WORD_REPEATS = 6
"""The same, for a single word."""


def loop_start(words: Sequence[str]) -> int | None:
    """Where a phrase of up to eight words has been said once and then repeats too often: the position
    after its first occurrence, or None."""
    plain = [word.strip(" .,!?…-").lower() for word in words]
    for first in range(len(plain)):
        for length in range(1, min(_LONGEST_PHRASE, (len(plain) - first) // 2) + 1):
            allowed = _MOST_WORD_REPEATS if length == 1 else _MOST_REPEATS
            phrase = plain[first : first + length]
            repeats = 1
            while plain[first + repeats * length : first + (repeats + 1) * length] == phrase:
                repeats += 1
            if repeats > allowed:
                return first + length
    return None
