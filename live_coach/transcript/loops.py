"""Whisper's well-known fault: saying a thing again that was said once. How to see it and where to stop."""

from __future__ import annotations

from collections.abc import Sequence

_SUSPICIOUS = 4
"""As many words in the same order twice within one run of speech are seldom said, and often a loop."""

_MOST_REPEATS = 3
"""More than three times the same phrase in a row is a loop; "no, no, no" is not."""

_MOST_WORD_REPEATS = 6
"""The same, for a single word."""

_LONGEST_PHRASE = 8


def repetition(words: Sequence[str]) -> int | None:
    """Where the second of two equal stretches of four words begins; None: all is said once."""
    plain = _plain(words)
    seen: set[tuple[str, ...]] = set()
    for start in range(len(plain) - _SUSPICIOUS + 1):
        stretch = tuple(plain[start : start + _SUSPICIOUS])
        if stretch in seen:
            return start
        seen.add(stretch)
    return None


def loop(words: Sequence[str]) -> int | None:
    """Where a phrase of up to eight words that repeats too often has been said once; None: nowhere."""
    plain = _plain(words)
    for start in range(len(plain)):
        for length in range(1, min(_LONGEST_PHRASE, (len(plain) - start) // 2) + 1):
            phrase = plain[start : start + length]
            repeats = 1
            while plain[start + repeats * length : start + (repeats + 1) * length] == phrase:
                repeats += 1
            if repeats > (_MOST_WORD_REPEATS if length == 1 else _MOST_REPEATS):
                return start + length
    return None


def _plain(words: Sequence[str]) -> list[str]:
    return [word.strip(" .,!?…-").lower() for word in words]
