"""What a listener shows over time, in one form for this program and for its peers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from live_coach.bench.reference import Lines
from live_coach.bench.word_errors import words


class Standing(IntEnum):
    """How far a word that is shown can be trusted not to change."""

    SHOWN = 0
    STABLE = 1
    FINAL = 2


@dataclass(frozen=True, slots=True)
class Hearing:
    """All that is shown of one speaker at a moment (seconds): plain words, each with its standing."""

    at: float
    speaker: str
    words: tuple[tuple[str, Standing], ...]


def of_ours(lines: Lines, language: str) -> Iterator[Hearing]:
    """One hearing per utterance line: that speaker's utterances, the latest of each, in order of their start."""
    latest: dict[str, dict[int, tuple[float, tuple[tuple[str, Standing], ...]]]] = {}
    for line in lines:
        if line["type"] != "utterance":
            continue
        own = latest.setdefault(line["speaker"], {})
        own[line["id"]] = (line["start"], tuple(_words_of(line, language)))
        shown = [each for _, each in sorted(own.values(), key=lambda pair: pair[0])]
        yield Hearing(
            line["emitted"], line["speaker"], tuple(word for each in shown for word in each)
        )


def of_peer(lines: Lines, language: str) -> Iterator[Hearing]:
    """One hearing per line of a peer: {"at", "text", "stable", "final"}, the last two leading parts of the first."""
    for line in lines:
        if "text" not in line:
            continue
        final = len(words(line["final"], language))
        stable = max(final, len(words(line["stable"], language)))
        yield Hearing(
            line["at"],
            "unknown",
            tuple(
                (plain, Standing((n < stable) + (n < final)))
                for n, plain in enumerate(words(line["text"], language))
            ),
        )


def last_text(hearings: Sequence[Hearing], speaker: str, least: Standing) -> list[str]:
    """The words of a speaker that were there at the end with at least this standing."""
    own = [each for each in hearings if each.speaker == speaker]
    return [plain for plain, standing in own[-1].words if standing >= least] if own else []


def _words_of(line: dict[str, Any], language: str) -> Iterator[tuple[str, Standing]]:
    for n, word in enumerate(line["words"]):
        standing = Standing.STABLE if n < line["stable"] else Standing.SHOWN
        if line["stage"] == "final":
            standing = Standing.FINAL
        for plain in words(word["text"], language):
            yield plain, standing
