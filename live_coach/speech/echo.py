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

_SIGN_HOPS = 3
"""So many hops in a row that are speech only until the call is taken out are the sign of an echo. While the
canceller is fresh, it takes away speech without any echo too: a sign is no proof."""

_COMPARED_HOPS = 32
"""A sign is looked into by comparing the last second of both channels."""

_EARLIEST, _LATEST = -_LAG_HOPS * HOP, to_samples(0.5)
"""An echo is looked for between these times after its reference."""

_PEAK = 20.0
"""What proves an echo: the highest value of the whitened cross-correlation (GCC-PHAT), divided by their
root mean square. A second with an echo 15 dB below the manager's voice had 22 to 53; without an
echo at most 13 in 99 % of them, and 19 at most (the coding of stereo mixes the channels a little)."""

_PROVED_FOR = to_samples(180)
"""An echo that was proved is reckoned with for so long; every further proof renews it. Afterwards the
manager may have put on a headset."""


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

        self._canceller = _Canceller(EchoCanceller(RATE))
        self._detector = detector
        self._raw = deque([0.0] * _LAG_HOPS, maxlen=_LAG_HOPS)
        silence = [np.zeros(HOP, np.float32)] * _COMPARED_HOPS
        self._microphone = deque(silence, maxlen=_COMPARED_HOPS)
        self._call = deque(silence, maxlen=_COMPARED_HOPS)
        self._since_call = _RETURN_HOPS
        self._signs = 0
        self._reckon_for = 0

    def probability(
        self, microphone: Samples, call: Samples, *, raw: float, coachee: float
    ) -> float:
        """0 to 1, for the next HOP samples of both channels.

        `raw` is what the detector says of the microphone's hop, `coachee` what it says of the call's.
        """
        left = self._detector.probability(self._canceller.hear(microphone, call))
        self._microphone.append(microphone)
        self._call.append(call)
        self._since_call = 0 if coachee >= _SPEECH else self._since_call + 1
        call_may_return = self._since_call < _RETURN_HOPS
        is_sign = call_may_return and self._raw[0] >= _SPEECH and left < _NO_SPEECH
        self._raw.append(raw)
        self._signs = self._signs + 1 if is_sign else 0
        self._reckon_for = _PROVED_FOR if self._is_proof() else max(0, self._reckon_for - HOP)
        return min(raw, left) if call_may_return and self._reckon_for else raw

    def _is_proof(self) -> bool:
        """Looked into at the third sign in a row, and as often again while they go on."""
        if self._signs == 0 or self._signs % _SIGN_HOPS:
            return False
        return has_echo(np.concatenate(self._microphone), np.concatenate(self._call))


def has_echo(microphone: Samples, call: Samples) -> bool:
    """Whether the call is heard in the microphone, later by one certain time: the same length of both.

    Knapp & Carter, The generalized correlation method for estimation of time delay, 1976 (PHAT).
    """
    size = 2 * len(call)
    spectrum = np.fft.rfft(microphone, size) * np.conj(np.fft.rfft(call, size))
    whitened = spectrum / np.maximum(np.abs(spectrum), 1e-12)
    likeness = np.abs(np.fft.irfft(whitened, size))
    likeness = np.concatenate((likeness[_EARLIEST:], likeness[:_LATEST]))
    return bool(likeness.max() > _PEAK * np.sqrt(np.square(likeness).mean()))


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
