"""Plays a recording to a peer as a microphone would, and prints what it shows.

    python -P host.py DRIVER.py MODEL_DIRECTORY LANGUAGE SOUND.wav

Runs in the peer's environment, on Python's own library only; SOUND is mono, 16 kHz, 16 bits. Prints JSON lines: one
with `version`, then {"at": seconds since the first sample, "text": all that is shown, "stable": its leading part that
will not change by what the peer says, "final": its leading part that is final}.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import threading
import time
import wave
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

RATE = 16_000
BLOCK_S = 0.02
_SAMPLE = 2
_SILENCE_S = 2.0


class Host:
    """What a driver gets: the sound, block by block, and a place for its text. From any thread."""

    def __init__(self, sound: bytes, output: TextIO) -> None:
        self._sound = sound
        self._output = output
        self._zero: float | None = None
        self._lock = threading.Lock()

    def blocks(self, seconds: float = BLOCK_S) -> Iterator[bytes]:
        """Blocks of 16-bit samples, each when its last sample has been said; then two seconds of silence."""
        size = round(seconds * RATE) * _SAMPLE
        sound = self._sound + bytes(round(_SILENCE_S * RATE) * _SAMPLE)
        self._zero = time.monotonic()
        for start in range(0, len(sound), size):
            block = sound[start : start + size]
            early = self._zero + (start + len(block)) / _SAMPLE / RATE - time.monotonic()
            if early > 0:
                time.sleep(early)
            yield block

    def show(self, text: str, stable: str, final: str) -> None:
        """Tell what is on the screen now."""
        if self._zero is not None:
            at = time.monotonic() - self._zero
            self._print({"at": round(at, 3), "text": text, "stable": stable, "final": final})

    def tell_version(self, distribution: str) -> None:
        self._print({"version": version(distribution) if distribution else "-"})

    def _print(self, line: dict[str, Any]) -> None:
        with self._lock:
            self._output.write(json.dumps(line) + "\n")
            self._output.flush()


def main() -> None:
    """Load the driver and let it listen. What the peer itself prints goes to standard error."""
    driver_file, model, language, recording = sys.argv[1:]
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with wave.open(recording, "rb") as file:
        sound = file.readframes(file.getnframes())
    spec = importlib.util.spec_from_file_location("driver", Path(driver_file))
    assert spec is not None
    assert spec.loader is not None
    driver = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(driver)
    host = Host(sound, output)
    host.tell_version(driver.DISTRIBUTION)
    driver.listen(host, model, language)
    output.flush()
    # Threads of a peer that wait for a microphone must not keep it alive.
    os._exit(0)


if __name__ == "__main__":
    main()
