"""A program as a person starts it: on a terminal (a pseudo-terminal)."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

pty = pytest.importorskip("pty", reason="pseudo-terminals are a thing of Unix")
termios = pytest.importorskip("termios", reason="pseudo-terminals are a thing of Unix")

ROOT = Path(__file__).parents[1]


class Terminal:
    """A Python module with its arguments on a pseudo-terminal, and all that it wrote there."""

    def __init__(
        self,
        *how: str,
        module: str = "tests.screen.program",
        size: tuple[int, int] = (80, 24),
        **environment: str,
    ) -> None:
        self._ours, theirs = pty.openpty()
        columns, rows = size
        termios.tcsetwinsize(theirs, (rows, columns))
        kept = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "LINES", "NO_COLOR"}}
        given = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *how],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            env=kept | given | environment,
            start_new_session=True,
        )
        os.close(theirs)
        self.got = b""

    def read_until(self, wanted: bytes, seconds: float = 60) -> None:
        deadline = monotonic() + seconds
        while wanted not in self.got:
            assert self._read(deadline), f"never saw {wanted!r}: {self.got[-2000:]!r}"

    def read_to_the_end(self, seconds: float = 60) -> int:
        deadline = monotonic() + seconds
        while self._read(deadline):
            pass
        return self.process.wait(max(0.1, deadline - monotonic()))

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], max(0, deadline - monotonic()))
        try:
            new = os.read(self._ours, 65536) if ready else b""
        except OSError:
            return False
        self.got += new
        return bool(new)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)
