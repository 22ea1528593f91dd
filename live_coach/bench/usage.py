"""What a program and all its children use, sampled while it runs."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import NamedTuple

import psutil

_STEP_S = 0.25


class Sample(NamedTuple):
    """`at` seconds after the watch began: CPU seconds used so far, and memory in MB (10^6 bytes)."""

    at: float
    cpu_s: float
    memory_mb: float


class Usage:
    """A context manager that follows a process tree until it ends or the block is left.

    Memory is the proportional set size (each shared page counted once over its users; where the
    system does not tell it, the resident set size).
    """

    def __init__(self, pid: int) -> None:
        self.samples: list[Sample] = []
        self._root = psutil.Process(pid)
        self._cpu: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="usage", daemon=True)

    @property
    def cpu_s(self) -> float:
        """CPU seconds of all processes that were seen, ended ones included."""
        return self.samples[-1].cpu_s if self.samples else 0.0

    @property
    def peak_mb(self) -> float:
        return max((sample.memory_mb for sample in self.samples), default=0.0)

    def __enter__(self) -> Usage:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _follow(self) -> None:
        began = time.monotonic()
        while not self._over.is_set():
            memory = 0
            try:
                tree = [self._root, *self._root.children(recursive=True)]
            except psutil.Error:
                return
            for process in tree:
                try:
                    used = process.cpu_times()
                    self._cpu[process.pid] = used.user + used.system
                    told = process.memory_full_info()
                except psutil.Error:
                    continue
                memory += getattr(told, "pss", told.rss)
            at = time.monotonic() - began
            self.samples.append(Sample(at, sum(self._cpu.values()), memory / 1e6))
            self._over.wait(_STEP_S)
