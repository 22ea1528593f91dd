"""WebRTC's voice activity detection: alone, or as the cheap gate in front of a better detector."""

from __future__ import annotations

from collections import deque

import numpy as np

from live_coach.flow.messages import RATE, Samples
from live_coach.speech.loudness import EvenSilero
from live_coach.speech.silero import SileroDetector

_FRAME = RATE // 100
"""10 ms, the shortest frame that webrtcvad takes."""

_STRICT, _LENIENT = 3, 1
"""webrtcvad's modes run from 0 (misses little) to 3 (rarely wrong)."""

_GATE_HOPS = 16
"""The gate stays open for 0.5 s after webrtcvad last fired."""


class _Frames:
    """webrtcvad over hops: it wants frames of 10 ms, so what is left of a hop waits for the next."""

    def __init__(self, mode: int) -> None:
        import webrtcvad

        self._vad = webrtcvad.Vad(mode)
        self._left = np.zeros(0, np.int16)

    def fired(self, hop: Samples) -> list[bool]:
        """For each frame that this hop completes: whether it holds speech."""
        whole = np.concatenate((self._left, (np.clip(hop, -1, 1) * 32767).astype(np.int16)))
        count = len(whole) // _FRAME
        self._left = whole[count * _FRAME :]
        return [
            self._vad.is_speech(whole[n * _FRAME : (n + 1) * _FRAME].tobytes(), RATE)
            for n in range(count)
        ]


class WebRtcDetector:
    """webrtcvad alone: a fifth of Silero's work, but keyboards and fans fool it."""

    def __init__(self) -> None:
        self._frames = _Frames(_STRICT)

    def probability(self, hop: Samples) -> float:
        """The share of the hop's frames of 10 ms that webrtcvad takes for speech."""
        return float(np.mean(self._frames.fired(hop)))


class GatedDetector:
    """Asks Silero only while webrtcvad's lenient mode has fired within half a second.

    When the gate opens, a fresh Silero hears the half second before first. Fresh, because hours of
    state make it miss speech (on a telephone call 10 % of it instead of 5 %); the half second
    before, because one that begins in the middle of speech can take all that follows for silence.
    """

    def __init__(self, silero: SileroDetector | EvenSilero) -> None:
        self._silero = silero
        self._frames = _Frames(_LENIENT)
        self._since_fired = _GATE_HOPS
        self._before: deque[Samples] = deque(maxlen=_GATE_HOPS)

    def probability(self, hop: Samples) -> float:
        """Silero's probability, or 0 while the gate is shut."""
        was_open = self._since_fired < _GATE_HOPS
        self._since_fired = 0 if any(self._frames.fired(hop)) else self._since_fired + 1
        is_open = self._since_fired < _GATE_HOPS
        if is_open and not was_open:
            self._silero.reset()
            for earlier in self._before:
                self._silero.probability(earlier)
        self._before.append(hop)
        return self._silero.probability(hop) if is_open else 0.0
