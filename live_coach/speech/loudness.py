"""Speech that is too loud for Silero is made softer before it is judged."""

from __future__ import annotations

import math

import numpy as np

from live_coach.flow.messages import Samples

_TARGET_DBFS = -30.0
"""Speech louder than this on average is made softer. Of a telephone call at -16 dBFS Silero missed
16.5 s in 195 s as it was, 9.3 s at this level; softer speech is heard as well as it is."""

_MOST_DB = 12.0
"""Never more than this: one who leaves a loud call and sits back should still be heard."""

_SURE_PROBABILITY = 0.9
"""The level is learnt from such hops only. Noise seldom has them, so it teaches nothing."""

_FORGETS = 0.02
"""How much a hop counts in the average: half of it is of the last 1.1 s of sure speech."""


class Loudness:
    """Follows how loud the speech of one channel is, and brings it down to where Silero hears best.

    Nothing is ever made louder, and nothing changes before somebody spoke loudly.
    """

    def __init__(self) -> None:
        self._power = 0.0

    def softened(self, hop: Samples) -> Samples:
        """The hop, softer by what the speech so far was too loud."""
        if not self._power:
            return hop
        over = 10 * math.log10(self._power) - _TARGET_DBFS
        return hop * np.float32(10 ** (-min(max(over, 0.0), _MOST_DB) / 20))

    def learn(self, hop: Samples, probability: float) -> None:
        """Speech is in this hop, as it was before it was softened, with this probability."""
        if probability >= _SURE_PROBABILITY:
            power = float(np.mean(np.square(hop)))
            self._power += _FORGETS * (power - self._power) if self._power else power
