"""What a voice detector is, and the detectors by the name that the settings use."""

from __future__ import annotations

from typing import Literal, Protocol, assert_never

from live_coach.flow.messages import Samples

HOP = 512
"""Samples that a detector judges at once: 32 ms, what Silero was trained on."""


class VoiceDetector(Protocol):
    """Says of each hop of one channel how likely somebody speaks in it. It remembers the hops before."""

    def probability(self, hop: Samples) -> float:
        """0 to 1, for the next HOP samples of the channel."""
        ...


def new_detector(name: Literal["silero", "webrtc"]) -> VoiceDetector:
    """A fresh detector for one channel.

    "silero" is Silero behind the webrtcvad gate, "webrtc" is webrtcvad alone. Raises ModelError
    when Silero's weights are missing.
    """
    from live_coach.speech.webrtc import GatedDetector, WebRtcDetector

    match name:
        case "silero":
            from live_coach.speech.loudness import EvenSilero
            from live_coach.speech.silero import SileroDetector

            return GatedDetector(EvenSilero(SileroDetector(), SileroDetector()))
        case "webrtc":
            return WebRtcDetector()
        case _:
            assert_never(name)


def new_room_detector(name: Literal["silero", "webrtc"]) -> VoiceDetector:
    """A fresh detector for one microphone that hears people at different distances.

    Raises ModelError as new_detector does.
    """
    if name == "webrtc":
        return new_detector(name)
    from live_coach.speech.loudness import NearAndFar
    from live_coach.speech.silero import SileroDetector
    from live_coach.speech.webrtc import GatedDetector

    return NearAndFar(new_detector(name), GatedDetector(SileroDetector()))
