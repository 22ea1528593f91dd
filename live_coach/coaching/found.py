"""An act that was found in an utterance."""

from __future__ import annotations

from dataclasses import dataclass

from live_coach.flow.messages import Form, Kind

_CONFIDENCE = {1: 0.85, 2: 0.6, 3: 0.4}


@dataclass(frozen=True, slots=True)
class Found:
    """One act in an utterance; `words` is a half-open range of word positions.

    `probability` is the classifier's, where it speaks of this kind; an act that the rules found in
    tier 1 has at least the rank of that tier.
    """

    kind: Kind
    words: tuple[int, int]
    tier: int = 1
    form: Form | None = None
    guards: tuple[str, ...] = ()
    probability: float | None = None

    @property
    def confidence(self) -> float:
        """How far to trust it: the classifier's probability, or a rank from the tier of the rules."""
        return _CONFIDENCE[self.tier] if self.probability is None else self.probability
