"""Opening one device: a worker whose sound has settled, and which records what was asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import soxr

from live_coach.audio import wire
from live_coach.audio.anchor import Anchor
from live_coach.audio.capture_process import CaptureProcess
from live_coach.audio.devices import Device
from live_coach.audio.source_watch import SourceWatch
from live_coach.flow.messages import RATE

if TYPE_CHECKING:
    from live_coach.settings import AudioSettings

POLL_S = 0.05
_SETTLE_S = 0.2
"""The first blocks are held back for so long: their lowest lateness is when the device began."""
_IDENTITY_S = 1.0
"""A source that the sound server does not name within this is taken for the right one."""


class NoSound(Exception):
    """A worker gave no sound: a wire.Failed code, `silent`, `ended`, `wrong_source` or `stopped`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Run:
    """One worker's life, from its first blocks on."""

    process: CaptureProcess
    rate: int
    anchor: Anchor
    first: list[wire.Block]
    resample: Any
    next_index: int


class Opening:
    """Opens devices until `stopped` is set. `watch` is None where no sound server moves streams."""

    def __init__(
        self, settings: AudioSettings, watch: SourceWatch | None, stopped: threading.Event
    ) -> None:
        self._settings = settings
        self._watch = watch
        self._stopped = stopped

    def open(
        self, device: Device, *, started: Callable[[int], None], idle: Callable[[], None]
    ) -> Run:
        """A worker on this device. Raises NoSound.

        `started` gets its process id at once; `idle` is called while nothing has come.
        """
        process = CaptureProcess(device, self._settings.block_ms)
        started(process.pid)
        try:
            opened, first = self._first_blocks(process, idle)
            first += self._while_identified(process, device)
        except BaseException:
            process.end()
            raise
        ends = [(b.captured_ns / 1e9, b.index + len(b.pcm) // 2) for b in first]
        resample = soxr.ResampleStream(opened.rate, RATE, 1) if opened.rate != RATE else None
        return Run(process, opened.rate, Anchor(opened.rate, ends), first, resample, 0)

    def is_astray(self, process: CaptureProcess, device: Device) -> bool:
        """Whether the sound server says that the worker records another source."""
        if self._watch is None:
            return False
        return self._watch.source_of(process.pid) not in {None, device.name}

    def _first_blocks(
        self, process: CaptureProcess, idle: Callable[[], None]
    ) -> tuple[wire.Opened, list[wire.Block]]:
        opened: wire.Opened | None = None
        blocks: list[wire.Block] = []
        deadline = time.monotonic() + self._settings.start_deadline_s
        while opened is None or len(blocks) * self._settings.block_ms < _SETTLE_S * 1000:
            if self._stopped.is_set():
                raise NoSound("stopped")
            if time.monotonic() > deadline:
                raise NoSound("silent")
            if not blocks:
                idle()
            try:
                message = process.get(POLL_S)
            except TimeoutError:
                continue
            match message:
                case wire.Opened():
                    opened = message
                case wire.Block():
                    blocks.append(message)
                case wire.Failed():
                    raise NoSound(message.code)
                case None:
                    raise NoSound("ended")
        return opened, blocks

    def _while_identified(self, process: CaptureProcess, device: Device) -> list[wire.Block]:
        """Blocks that came until the sound server said which source this is. Raises NoSound."""
        blocks: list[wire.Block] = []
        if self._watch is None:
            return blocks
        ticket = self._watch.ask()
        deadline = time.monotonic() + _IDENTITY_S
        while not self._watch.answered(ticket) and time.monotonic() < deadline:
            if self._stopped.is_set():
                raise NoSound("stopped")
            try:
                message = process.get(POLL_S)
            except TimeoutError:
                continue
            if not isinstance(message, wire.Block):
                raise NoSound("ended")
            blocks.append(message)
        if self.is_astray(process, device):
            raise NoSound("wrong_source")
        return blocks
