"""Call sound that comes back through the manager's microphone: it is not the manager who speaks.

With the call on loudspeakers the coachee's voice is in both channels. WebRTC's echo canceller (AEC3)
takes the call out of the microphone's sound, and what is left tells whether the manager speaks. Only
that is taken from it: recognition gets the microphone as it is, because cancelling harms the
manager's words while both speak.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from live_coach.flow.messages import RATE, Samples, to_samples
from live_coach.speech.detector import HOP, VoiceDetector

if TYPE_CHECKING:
    from pywebrtc_audio import EchoCanceller

_FRAME = RATE // 100
"""The canceller works on 10 ms."""

_LAG_HOPS = 2
"""What the canceller says is of the hop two before (64 ms): the microphone goes in 54 ms late, and cutting
hops into its frames and back takes one frame. An echo that comes before its reference is not
cancelled (6 dB instead of 28 with a reference 20 ms late); loopback may be that late."""

_SPEECH, _NO_SPEECH = 0.5, 0.35
"""Probabilities: the detector's own bounds for speech that begins and for speech that has ended."""

_RETURN_HOPS = to_samples(1) // HOP
"""For so long after the coachee's speech the microphone may hold its echo: the way through the
loudspeakers (up to 0.3 s with wireless ones), the room, and what both detectors need to fall silent."""

_PROOF_HOPS = 3
"""So many hops in a row that are speech only until the call is taken out prove an echo. Bundled
conversations without any had at most 1 in a row, with one 15 dB below the manager's voice 119."""

_PROVED_FOR = to_samples(180)
"""An echo that was proved is reckoned with for so long; every further proof renews it. Afterwards the
person may have put on a headset."""


class EchoGate:
    """Says hop by hop how likely the manager speaks, given what the call played.

    Without an echo (a headset) it gives back what the microphone's detector said, unchanged and at once.
    While one is reckoned with and the coachee speaks or just did, speech must also be in what the
    canceller leaves: it begins 64 ms later then.
    """

    def __init__(self, detector: VoiceDetector) -> None:
        """`detector` is a fresh one, for what the canceller leaves.

        Raises ImportError where pywebrtc-audio is not installed.
        """
        from pywebrtc_audio import EchoCanceller

        self._left = _Canceller(EchoCanceller(RATE))
        self._detector = detector
        self._before = deque([0.0] * _LAG_HOPS, maxlen=_LAG_HOPS)
        self._since_call = _RETURN_HOPS
        self._proof = 0
        self._reckon_for = 0

    def probability(
        self, microphone: Samples, call: Samples, *, raw: float, coachee: float
    ) -> float:
        """0 to 1, for the next HOP samples of both channels.

        `raw` is what the detector says of the microphone's hop, `coachee` what it says of the call's.
        """
        left = self._detector.probability(self._left.hear(microphone, call))
        raw_then = self._before[0]
        self._before.append(raw)

        self._since_call = 0 if coachee >= _SPEECH else self._since_call + 1
        call_may_return = self._since_call < _RETURN_HOPS
        is_echo = call_may_return and raw_then >= _SPEECH and left < _NO_SPEECH
        self._proof = self._proof + 1 if is_echo else 0
        self._reckon_for = (
            _PROVED_FOR if self._proof >= _PROOF_HOPS else max(0, self._reckon_for - HOP)
        )
        return min(raw, left) if call_may_return and self._reckon_for else raw


def new_echo_gate(make_detector: Callable[[], VoiceDetector]) -> EchoGate | None:
    """A fresh gate for one conversation; None where pywebrtc-audio is not installed (the doctor says so)."""
    try:
        return EchoGate(make_detector())
    except ImportError:
        return None


class _Canceller:
    """AEC3 over hops: what is left of the microphone when the call is taken out, _LAG_HOPS late."""

    def __init__(self, canceller: EchoCanceller) -> None:
        self._canceller = canceller
        self._microphone = np.zeros(_LAG_HOPS * HOP - _FRAME, np.float32)
        self._call = np.zeros(0, np.float32)
        self._left = np.zeros(_FRAME, np.float32)

    def hear(self, microphone: Samples, call: Samples) -> Samples:
        """The next HOP samples of both; the HOP samples of the microphone _LAG_HOPS before, cancelled."""
        self._microphone = np.concatenate((self._microphone, microphone))
        self._call = np.concatenate((self._call, call))
        ready = len(self._call) // _FRAME * _FRAME
        left = self._canceller.process(self._microphone[:ready], self._call[:ready])
        self._microphone, self._call = self._microphone[ready:], self._call[ready:]
        self._left = np.concatenate((self._left, left))
        hop, self._left = self._left[:HOP], self._left[HOP:]
        return hop
