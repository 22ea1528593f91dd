"""The terminal itself: whether a screen can be drawn on it, and who may write to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from live_coach.sentences import Sentence


def unusable() -> Sentence | None:
    """Why no screen can be drawn here; None when it can."""
    for stream, name in (
        (sys.__stdin__, "stream.input"),
        (sys.__stdout__, "stream.output"),
        (sys.__stderr__, "stream.error"),
    ):
        if stream is None or stream.closed or not stream.isatty():
            return Sentence("no_terminal", stream=Sentence(name))
    if os.name != "nt" and os.environ.get("TERM", "") in {"", "dumb"}:
        return Sentence("plain_terminal")
    return None


@contextmanager
def native_noise_to(sink: Path | None = None) -> Iterator[None]:
    """Keep what native libraries print on file descriptor 2 off the screen.

    Textual draws on `sys.__stderr__` (it looks it up when the app is made and when it runs), so both
    belong inside this block. In here `sys.__stderr__` is the real terminal and descriptor 2, which
    C code and child processes write to, is `sink` (appended to); without one, or where it cannot be
    written, nothing at all.
    """
    python_stream = sys.__stderr__
    sys.stderr.flush()
    terminal = os.dup(2)
    noise = _open(sink)
    os.dup2(noise, 2)
    os.close(noise)
    with os.fdopen(os.dup(terminal), "w", encoding="utf-8", errors="replace") as stream:
        sys.__stderr__ = stream  # type: ignore[misc]
        try:
            yield
        finally:
            sys.__stderr__ = python_stream  # type: ignore[misc]
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)


def _open(sink: Path | None) -> int:
    if sink is not None:
        with suppress(OSError):
            return os.open(sink, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    return os.open(os.devnull, os.O_WRONLY)
