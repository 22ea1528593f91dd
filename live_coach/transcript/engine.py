"""What an engine is: sound in, text out. Where it runs (here, or in a worker process) is its own affair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from live_coach.errors import LiveCoachError
from live_coach.flow.messages import Samples

Confirmed = Callable[[int], None]
"""Takes how many leading words of a draft stand."""


class EngineLost(LiveCoachError):
    """The engine died, hung or failed during a decode: that decode has no result, the next may."""


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """One run of speech, at most 30 s.

    `language` None: find out which. `beam_size` 1 is greedy. With `word_times` the words are placed
    by alignment with the sound; without, they are spread evenly over it by their length. `terms` are
    names and words that are likely to be said. `draft` is what was heard in the beginning of the sound,
    with so many `stable` words.
    """

    samples: Samples
    language: str | None
    beam_size: int
    word_times: bool
    terms: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    stable: int = 0


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word with its punctuation; `start` and `end` in samples from the beginning of the sound."""

    text: str
    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was heard. No words: nobody said anything.

    `languages` is the probability of each language, or of the one that was asked for: 1.
    `average_log_probability` is that per token.
    """

    words: tuple[HeardWord, ...]
    language: str
    languages: dict[str, float]
    no_speech_probability: float
    average_log_probability: float

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


class Engine(Protocol):
    """Turns the sound of one run of speech into words.

    `restarts` counts how often it had to begin anew; `slowdown` says how many times longer than by
    itself the last decode took because other programs had the processor.
    """

    @property
    def restarts(self) -> int: ...

    @property
    def slowdown(self) -> float: ...

    def decode(self, request: DecodeRequest, confirmed: Confirmed | None = None) -> Decoded:
        """What is said. `confirmed` is told before, at most once, how many leading words of the draft
        are likely to be in it.

        Raises EngineLost when this decode has no result; the next may have one.
        """
        ...

    def close(self) -> None:
        """Free what it holds; a decode that is running is given up. Harmless to call twice."""
        ...
