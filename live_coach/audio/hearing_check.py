"""Whether a side is heard: what ten seconds of its sound come to."""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np

from live_coach.audio.signal import Signal
from live_coach.flow.messages import RATE, AudioFrame, Health, HealthState

_SPOKEN_S = 0.5
"""Somebody spoke. Measured in 35 stretches of ten seconds of calls and meetings: 1.8 to 8 s where
somebody speaks, at most 0.2 s where that person listens."""


class Verdict(StrEnum):
    """How a side came out."""

    HEARD = "heard"
    CLIPPING = "clipping"
    NO_VOICE = "no_voice"
    FAINT = "faint"
    MUTED = "muted"
    LOST = "lost"
    WRONG_SOURCE = "wrong_source"
    OTHER_OUTPUT = "other_output"

    @property
    def is_heard(self) -> bool:
        return self in {Verdict.HEARD, Verdict.CLIPPING}


class HearingCheck:
    """Listens to one side, `mic` or `call`, frame by frame; `verdict` holds for what came so far.

    A microphone must have heard somebody speak; of a call any sound will do.
    """

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.told = ""
        """The sentence of the trouble that decided, where there was one."""
        self._signal = Signal(RATE, muted_after_s=None, unheard_after_s=math.inf)
        self._has_sound = False
        self._clipped = False
        self._trouble: HealthState | None = None

    def take(self, frame: AudioFrame) -> None:
        """The next sound of this side."""
        if frame.lost:
            return
        self._has_sound = self._has_sound or bool(np.any(frame.samples))
        self._signal.take(frame.samples)
        self._clipped = self._clipped or self._signal.state is HealthState.CLIPPING

    def note(self, health: Health) -> None:
        """What the capture says of this side, of this or another stream."""
        if health.stream == self.stream:
            standing = health.state in _TROUBLES
            self._trouble = health.state if standing else None
            self.told = health.sentence if standing else ""

    @property
    def verdict(self) -> Verdict:
        if self._trouble is not None:
            return _TROUBLES[self._trouble]
        if not self._has_sound:
            return Verdict.MUTED
        if not self._signal.was_heard:
            return Verdict.FAINT
        if self.stream == "mic" and self._signal.spoken_s < _SPOKEN_S:
            return Verdict.NO_VOICE
        return Verdict.CLIPPING if self._clipped else Verdict.HEARD


_TROUBLES = {
    HealthState.LOST: Verdict.LOST,
    HealthState.FAILED: Verdict.LOST,
    HealthState.MUTED: Verdict.MUTED,
    HealthState.WRONG_SOURCE: Verdict.WRONG_SOURCE,
    HealthState.OTHER_OUTPUT: Verdict.OTHER_OUTPUT,
}
"""Those that stand until OK is told; others may have been heard before or after."""
