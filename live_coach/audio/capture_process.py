"""A capture worker seen from the parent: its messages with a timeout, and a sure end."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from typing import BinaryIO, cast

from live_coach.audio import wire
from live_coach.audio.devices import Device

_WAITING = 250
"""Messages that wait here at most; then the pipe fills and the worker drops and counts."""


class CaptureProcess:
    """One worker on one device, started at once."""

    def __init__(self, device: Device, block_ms: int) -> None:
        environment = dict(os.environ)
        on_pulse = device.system == "pulse"
        if on_pulse:
            environment["PULSE_SOURCE"] = device.name
        name = "pulse" if on_pulse else device.name
        how = ["--loopback"] if device.system == "loopback" else []
        self._process = subprocess.Popen(
            [*worker_command(), *how, "--device", name, "--block-ms", str(block_ms)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self._messages: queue.Queue[wire.Message | None] = queue.Queue(_WAITING)
        self._ending = threading.Event()
        self._reader = threading.Thread(target=self._read, name="capture-pipe", daemon=True)
        self._reader.start()

    def get(self, timeout: float) -> wire.Message | None:
        """The next message, None once when the worker is gone. Raises TimeoutError."""
        try:
            return self._messages.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError from None

    def end(self) -> None:
        """Kill the worker, whatever state it is in, and leave nothing behind."""
        self._ending.set()
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _read(self) -> None:
        pipe = cast("BinaryIO", self._process.stdout)
        message: wire.Message | None
        while (message := wire.read(pipe)) is not None and self._put(message):
            pass
        self._put(None)

    def _put(self, message: wire.Message | None) -> bool:
        while not self._ending.is_set():
            with suppress(queue.Full):
                self._messages.put(message, timeout=0.1)
                return True
        return False


def worker_command() -> list[str]:
    """How a capture worker is started with this interpreter."""
    return [sys.executable, "-m", "live_coach.audio.capture_worker"]
