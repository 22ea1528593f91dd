"""Which language a speaker speaks: given, or found out in the first seconds and then held."""

from __future__ import annotations

from collections import defaultdict

from live_coach.flow.messages import RATE, Speaker

_ENOUGH = 3 * RATE
"""Speech after which a speaker's language is settled."""


class Languages:
    """The language of each speaker, where it is not given."""

    def __init__(self, given: str) -> None:
        """`given` is a language, or "auto"."""
        self._given = None if given == "auto" else given
        self._heard: dict[Speaker, int] = defaultdict(int)
        self._evidence: dict[Speaker, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def of(self, speaker: Speaker) -> str | None:
        """The language to decode in; None while it must still be found out."""
        if self._given is not None or self._heard[speaker] < _ENOUGH:
            return self._given
        evidence = self._evidence[speaker]
        return max(evidence, key=evidence.__getitem__)

    def heard(self, speaker: Speaker, language: str, length: int) -> None:
        """`length` samples of speech were found to be in this language."""
        self._heard[speaker] += length
        self._evidence[speaker][language] += length
