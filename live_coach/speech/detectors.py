"""The voice detectors by the name that the settings use."""

from __future__ import annotations

from typing import Literal, assert_never

from live_coach.speech.detector import VoiceDetector
from live_coach.speech.loudness import EvenSilero, NearAndFar
from live_coach.speech.silero import SileroDetector
from live_coach.speech.webrtc import GatedDetector, WebRtcDetector


def new_detector(name: Literal["silero", "webrtc"]) -> VoiceDetector:
    """A fresh detector for one channel.

    "silero" is Silero behind the webrtcvad gate, "webrtc" is webrtcvad alone. Raises ModelError
    when Silero's weights are missing.
    """
    match name:
        case "silero":
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
    return NearAndFar(new_detector(name), GatedDetector(SileroDetector()))
