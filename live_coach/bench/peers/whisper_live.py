"""WhisperLive: its server's client handler, without the socket between.

Options are those that its own client sends by default, and blocks are as long as its client makes them (4,096 samples). Its
voice activity filter is the one inside faster-whisper. Completed segments count as stable and final.
"""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from live_coach.bench.peers.host import Host

DISTRIBUTION = "whisper-live"
REQUIREMENTS = ("ctranslate2", "faster-whisper", "numpy", "torch==2.13.0", "websockets")
ALONE = ("whisper-live==0.10.0",)

_BLOCK_S = 4096 / 16_000
_QUIET_S = 6.0
"""When nothing new has come for so long after the sound has ended, nothing will."""


class _Screen:
    """Takes what the server sends, as its client does: completed segments are kept, the last one may change."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._completed: list[dict[str, Any]] = []
        self._told = ("", "")
        self.changed = time.monotonic()
        self._lock = threading.Lock()

    def send(self, message: str) -> None:
        segments = json.loads(message).get("segments")
        if not segments:
            return
        with self._lock:
            for segment in segments:
                past = float(self._completed[-1]["end"]) if self._completed else 0.0
                if segment["completed"] and float(segment["start"]) >= past:
                    self._completed.append(segment)
            done = " ".join(segment["text"].strip() for segment in self._completed)
            open_text = "" if segments[-1]["completed"] else segments[-1]["text"].strip()
            told = (f"{done} {open_text}".strip(), done)
            if told != self._told:
                self._told, self.changed = told, time.monotonic()
                self._host.show(told[0], done, done)

    def close(self) -> None:
        pass


def listen(host: Host, model: str, language: str) -> None:
    """Feed it and show what it sends."""
    import numpy as np
    from whisper_live.backend.faster_whisper_backend import ServeClientFasterWhisper

    screen = _Screen(host)
    client = ServeClientFasterWhisper(
        screen, language=language, client_uid="bench", model=model, use_vad=True
    )
    for block in host.blocks(_BLOCK_S):
        client.add_frames(np.frombuffer(block, np.int16).astype(np.float32) / 32768)
    while time.monotonic() - screen.changed < _QUIET_S:
        time.sleep(0.1)
    client.cleanup()
