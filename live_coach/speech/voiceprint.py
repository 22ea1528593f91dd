"""What a voice is like: WeSpeaker's ResNet34-LM, trained to tell the speakers of VoxCeleb apart."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from live_coach.flow.messages import RATE, Samples, to_samples

Embedding = npt.NDArray[np.float32]
"""256 numbers of length one: the cosine of two is their dot product."""

SIZE = 256
WEIGHTS = "speaker_verification.onnx"
"""The network's file in the folder of the model “voice”."""

SHORTEST = to_samples(0.5)
"""Less sound says nothing of whose it is; already one second is weak."""

_FRAME, _HOP, _FFT, _BINS = 400, 160, 512, 80
_LOWEST_HZ = 20.0
_PRE_EMPHASIS = 0.97
_FLOOR = np.float32(np.finfo(np.float32).eps)
_FULL_SCALE = 32_768.0


class Voiceprinter:
    """The network. It keeps nothing of what it hears, so that one may serve every channel."""

    def __init__(self, weights: Path) -> None:
        """`weights` is the file of the model “voice”, verified by whoever found it."""
        self._session = _session(weights)
        (self._input,) = (each.name for each in self._session.get_inputs())

    def embed(self, samples: Samples) -> Embedding:
        """What the voice in this sound (mono, 16 kHz, in [-1, 1]) is like; how loud it is does not matter.

        Raises ValueError for less than SHORTEST.
        """
        if len(samples) < SHORTEST:
            raise ValueError(f"{len(samples)} samples are too few for a voice")
        seen = features(samples)[np.newaxis]
        vector: Embedding = self._session.run(None, {self._input: seen})[0][0]
        return vector / np.linalg.norm(vector)


def likeness(one: Embedding, other: Embedding) -> float:
    """The cosine of two embeddings: 1 the same sound, around 0 two voices."""
    return float(one @ other)


def features(samples: Samples) -> npt.NDArray[np.float32]:
    """What the network is shown, shaped (frames, 80): Kaldi's log-mel filter bank less its mean.

    Frames of 25 ms every 10 ms, whole ones only; each less its mean, pre-emphasised, in a Hamming
    window. The energy of the spectrum goes through 80 triangles on the mel scale from 20 Hz to
    8 kHz (Povey et al. 2011, "The Kaldi speech recognition toolkit", `compute-fbank-feats`).
    """
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP] * _FULL_SCALE
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate((frames[:, :1], frames[:, :-1]), axis=1)
    spectrum = np.fft.rfft((frames - _PRE_EMPHASIS * before) * np.hamming(_FRAME), _FFT)
    energy = np.square(np.abs(spectrum[:, : _FFT // 2])) @ _triangles()
    logarithm = np.log(np.maximum(energy, _FLOOR))
    centred: npt.NDArray[np.float32] = (logarithm - logarithm.mean(axis=0)).astype(np.float32)
    return centred


@cache
def _triangles() -> npt.NDArray[np.float64]:
    """How much of each of the 256 frequencies goes into each of the 80 bins."""
    lowest, highest = _mel(np.array([_LOWEST_HZ, RATE / 2]))
    corners = np.linspace(lowest, highest, _BINS + 2)
    left, centre, right = corners[:-2], corners[1:-1], corners[2:]
    mel = _mel(np.arange(_FFT // 2) * RATE / _FFT)[:, np.newaxis]
    rising, falling = (mel - left) / (centre - left), (right - mel) / (right - centre)
    triangles: npt.NDArray[np.float64] = np.maximum(0.0, np.minimum(rising, falling))
    return triangles


def _mel(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return 1127.0 * np.log1p(hertz / 700.0)


@cache
def _session(weights: Path) -> Any:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
