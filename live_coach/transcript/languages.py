"""Which language a speaker speaks: given, or found out in the first seconds and then held."""

from __future__ import annotations

from collections import Counter, defaultdict

from live_coach.flow.messages import RATE, Speaker

_CLEAR = 0.8
_ENOUGH = 3 * RATE
"""As much speech, clearly in one language, settles a speaker's language."""

_ENOUGH_UNCLEAR = 10 * RATE
"""After as much speech the language of most of it does."""


class Languages:
    """The language of each speaker, where it is not given."""

    def __init__(self, given: str) -> None:
        """`given` is a language, or "auto"."""
        self._given = None if given == "auto" else given
        self._settled: dict[Speaker, str] = {}
        self._heard: dict[Speaker, Counter[str]] = defaultdict(Counter)
        self._clear: dict[Speaker, Counter[str]] = defaultdict(Counter)

    def of(self, speaker: Speaker) -> str | None:
        """The language to decode in; None while it must still be found out."""
        return self._given or self._settled.get(speaker)

    def heard(self, speaker: Speaker, language: str, probability: float, length: int) -> None:
        """`length` samples of speech were found to be in this language, so probably."""
        self._heard[speaker][language] += length
        if probability >= _CLEAR:
            self._clear[speaker][language] += length
        if self._clear[speaker][language] >= _ENOUGH:
            self._settled.setdefault(speaker, language)
        elif self._heard[speaker].total() >= _ENOUGH_UNCLEAR:
            self._settled.setdefault(speaker, self._heard[speaker].most_common(1)[0][0])
