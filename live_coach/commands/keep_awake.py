"""Keeps the computer from falling asleep over a conversation: nobody types while two people talk."""

from __future__ import annotations

import ctypes
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

_HOLDERS = {
    "Linux": ("systemd-inhibit", "--what=idle:sleep", "--who=live-coach", "--why=A conversation"),
    "Darwin": ("caffeinate", "-di"),
}
"""Each keeps the system awake for as long as the program that it starts runs."""
_UNTIL_INPUT_ENDS = "cat"
_PATIENCE_S = 1.0

_CONTINUOUS, _SYSTEM_REQUIRED, _DISPLAY_REQUIRED = 0x80000000, 0x1, 0x2
"""Of SetThreadExecutionState; they hold until the thread says otherwise or ends."""


@contextmanager
def kept_awake() -> Iterator[None]:
    """The system does not go to sleep by itself meanwhile, where it can be asked for that.

    However this process ends, the request ends with it.
    """
    system = platform.system()
    if system == "Windows":
        _ask_windows(_CONTINUOUS | _SYSTEM_REQUIRED | _DISPLAY_REQUIRED)
        try:
            yield
        finally:
            _ask_windows(_CONTINUOUS)
        return
    holder = _start(_HOLDERS[system]) if system in _HOLDERS else None
    try:
        yield
    finally:
        if holder is not None:
            _end(holder)


def _ask_windows(state: int) -> None:
    cast("Any", ctypes).windll.kernel32.SetThreadExecutionState(ctypes.c_uint(state))


def _start(command: tuple[str, ...]) -> subprocess.Popen[bytes] | None:
    """None where there is no such program. One that fails changes nothing."""
    try:
        return subprocess.Popen(
            [*command, _UNTIL_INPUT_ENDS],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # without a terminal nobody can be asked for a password
        )
    except OSError:
        return None


def _end(holder: subprocess.Popen[bytes]) -> None:
    assert holder.stdin is not None
    holder.stdin.close()
    try:
        holder.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        holder.kill()
        holder.wait()
