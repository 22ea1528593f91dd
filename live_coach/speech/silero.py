"""Silero voice activity detection, version 6: the network that comes inside faster-whisper."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from live_coach.errors import ModelError
from live_coach.flow.messages import Samples
from live_coach.sentences import Sentence
from live_coach.speech.detector import HOP

_CONTEXT = 64
"""Samples before the hop that the network sees again."""

_STATE = (1, 1, 128)

_SILENT_HOPS = 4
"""Silence heard before anything else: a fresh network that meets speech at once can stay deaf to
it (a quarter of the speech missed on a telephone call, a fortieth with the silence)."""


class SileroDetector:
    """Silero for one channel, hop by hop: its recurrent state and context live here."""

    _h: Samples
    _c: Samples
    _context: Samples

    def __init__(self) -> None:
        """Raises ModelError when the network's file is missing."""
        self._session = _session()
        self.reset()

    def probability(self, hop: Samples) -> float:
        """0 to 1, for the next 512 samples of the channel."""
        heard = np.concatenate((self._context, hop))[np.newaxis]
        output, self._h, self._c = self._session.run(
            None, {"input": heard, "h": self._h, "c": self._c}
        )
        self._context = hop[-_CONTEXT:]
        return float(output.item())

    def reset(self) -> None:
        """Forget what was heard; begin in silence."""
        self._h = np.zeros(_STATE, np.float32)
        self._c = np.zeros(_STATE, np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        for _ in range(_SILENT_HOPS):
            self.probability(np.zeros(HOP, np.float32))


@cache
def _session() -> Any:
    """The network, shared by all channels: it keeps no state of its own."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        str(_weights()), options, providers=["CPUExecutionProvider"]
    )


def _weights() -> Path:
    """The network's file. faster-whisper is found, not imported: importing it takes half a second."""
    spec = find_spec("faster_whisper")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "assets" / "silero_vad_v6.onnx"
        if path.is_file():
            return path
    raise ModelError(Sentence("model.no_silero"))
