"""What a computer plays, on systems where PortAudio cannot hear it: through SoundCard (WASAPI loopback on Windows).

Runs in a capture worker; nothing else imports SoundCard.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from live_coach.audio import wire

API = "loopback"
"""Stands where PortAudio's devices name their host API."""
_BUFFER_S = 0.4
"""So long may the worker be late before the system throws sound away."""


def outputs() -> list[dict[str, Any]]:
    """Outputs that can be heard, as `--list` tells inputs; none where SoundCard is missing or fails."""
    try:
        import soundcard

        default = soundcard.default_speaker().id
        return [
            {"name": speaker.name, "api": API, "default": speaker.id == default}
            for speaker in soundcard.all_speakers()
        ]
    except (ImportError, OSError, RuntimeError, AssertionError):
        # What SoundCard raises where there is no sound system, no output, or a call into it fails.
        return []


def capture(put: Callable[[wire.Message], None], wanted: str, rate: int, block_ms: int) -> str:
    """Pass on what the output of that name plays, until it ends; returns the code of wire.Failed.

    The system resamples to `rate` and mixes to one channel. SoundCard gives zeros while nothing plays.
    """
    try:
        import soundcard

        names = {wanted, f"Monitor of {wanted}"}  # Windows, PulseAudio
        heard = soundcard.all_microphones(include_loopback=True)
        device = next((each for each in heard if each.isloopback and each.name in names), None)
        if device is None:
            return "no_device"
        with device.recorder(rate, channels=1, blocksize=round(rate * _BUFFER_S)) as recorder:
            put(wire.Opened(rate, wanted))
            captured, length = 0, rate * block_ms // 1000
            while True:
                sound = recorder.record(length)
                put(wire.Block(time.monotonic_ns(), captured, as_pcm(sound[:, 0])))
                captured += length
    except ImportError:
        return "no_device"
    except (OSError, RuntimeError, AssertionError):
        return "refused"


def as_pcm(sound: npt.NDArray[np.float32]) -> bytes:
    """Samples of -1 to 1 as 16-bit little-endian ones; louder ones are cut off."""
    scaled = np.rint(np.clip(sound, -1.0, 1.0) * 32767)
    return scaled.astype("<i2").tobytes()
