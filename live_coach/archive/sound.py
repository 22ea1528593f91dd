"""The sound of a conversation, only where keeping it was asked for: FLAC beside the archive, written while it runs."""

from __future__ import annotations

import errno
import os
import shutil
import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from live_coach import logs
from live_coach.archive import claim
from live_coach.archive.database import sentences
from live_coach.flow.channel import Channel as Queue
from live_coach.flow.channel import ChannelClosed, ChannelFull, WhenFull
from live_coach.flow.messages import RATE, AudioFrame, Channel, Samples
from live_coach.flow.runner import ReaderThread

_SUFFIX = ".sound.flac"
_PIECE = RATE // 2
"""Sound is written, and put safely on the disk, in pieces of half a second."""

_HELD_BACK = 2 * 4096
"""libFLAC keeps up to a block of 4096 samples and one more to itself: so much less is promised. But never
nothing: that stands for an unknown length, which libsndfile cannot read."""

_TOTAL_AT, _TOTAL_MOST = 22, 0xFFFF_FFFF
"""Where the header says how many samples follow: the low 32 bits of 36 (RFC 9639, section 8.2)."""

_LEFT_FREE = 64 << 20
"""Bytes of the disk that sound leaves to the archive and to everybody else."""

_QUEUE = 6000
"""Blocks that may wait: a minute of two streams of 20 ms blocks."""

_PATIENCE_S = 1.0
_COLUMNS = {Channel.MANAGER: 0, Channel.COACHEE: 1, Channel.ROOM: 0}


class SoundKeeper:
    """Writes the sound of one conversation on a thread of its own: `ID.sound.flac`, 16 kHz, 16 bits.

    With two people in two channels the manager is left and the coachee right. The file may be read
    at every moment and lacks at most the last 1.5 s, also of a program that was killed. When it cannot be
    written, or leaves the disk too full, keeping ends: `on_failure` is called once, from any thread,
    and what was written stays.
    """

    def __init__(
        self,
        directory: Path,
        session: str,
        *,
        on_failure: Callable[[], None],
        left_free: int = _LEFT_FREE,
    ) -> None:
        self._path = _path(directory, session)
        self._on_failure = on_failure
        self._left_free = left_free
        self._file: _Flac | None = None
        self._waiting: list[Samples] = []
        self._queue: Queue[AudioFrame] = Queue(
            "sound", _QUEUE, WhenFull.WAIT_THEN_FAIL, patience=_PATIENCE_S
        )
        self._thread = ReaderThread(
            "sound", self._queue, self._write, at_end=self._end, on_failure=self._fail
        )
        self._thread.start()

    def take(self, frame: AudioFrame) -> None:
        """Keep a block; those of a channel must follow each other. Waits a second at most, and that only once."""
        try:
            self._queue.put(frame)
        except ChannelFull:
            self._queue.close()
            self._on_failure()
        except ChannelClosed:
            return

    def close(self, deadline_s: float = 5.0) -> None:
        """Write what still waits, within `deadline_s` seconds."""
        self._queue.close()
        self._thread.join(deadline_s)

    def _write(self, frame: AudioFrame) -> None:
        if not self._waiting:
            channels = 1 if frame.channel is Channel.ROOM else 2
            self._waiting = [np.zeros(0, np.float32)] * channels
        column = _COLUMNS[frame.channel]
        self._waiting[column] = np.concatenate((self._waiting[column], frame.samples))
        if min(map(len, self._waiting)) >= _PIECE:
            self._write_waiting(min(map(len, self._waiting)))

    def _write_waiting(self, length: int) -> None:
        if shutil.disk_usage(self._path.parent).free < self._left_free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._file is None:
            self._file = _Flac(self._path, len(self._waiting))
        self._file.write(np.column_stack([one[:length] for one in self._waiting]))
        self._waiting = [one[length:] for one in self._waiting]

    def _end(self) -> None:
        rest = max(map(len, self._waiting), default=0)
        self._waiting = [np.pad(one, (0, rest - len(one))) for one in self._waiting]
        if rest:
            self._write_waiting(rest)
        if self._file is not None:
            self._file.close()

    def _fail(self, error: Exception) -> None:
        logs.logger.warning("sound: %s", type(error).__name__)
        if self._file is not None:
            with suppress(OSError, RuntimeError):
                self._file.close()
        self._on_failure()


class _Flac:
    """A FLAC file whose header promises, at every moment, what is there already."""

    def __init__(self, path: Path, channels: int) -> None:
        """A new file, readable by its owner only (0600). Raises OSError, RuntimeError."""
        import soundfile

        new = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._file = soundfile.SoundFile(
            os.open(path, new, 0o600), "w", RATE, channels, "PCM_16", format="FLAC"
        )
        self._header = path.open("r+b", buffering=0)
        self._written = 0

    def write(self, sound: Samples) -> None:
        """Add sound, one column for each channel, at first more than a block. Raises OSError, RuntimeError."""
        self._file.write(sound)
        self._written += len(sound)
        promised = min(max(1, self._written - _HELD_BACK), _TOTAL_MOST)
        self._header.seek(_TOTAL_AT)
        self._header.write(struct.pack(">I", promised))
        self._file.flush()

    def close(self) -> None:
        """Write what libFLAC held back, and a whole header. Raises OSError, RuntimeError."""
        self._header.close()
        self._file.close()


def kept(directory: Path) -> dict[str, Path]:
    """The sound that is kept, by the id of its conversation. Raises OSError."""
    return {
        path.name.removesuffix(_SUFFIX): path
        for path in directory.glob(f"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]-*{_SUFFIX}")
    }


def remove(directory: Path, session: str) -> None:
    """Remove the sound of a conversation, if there is any. Raises OSError."""
    _path(directory, session).unlink(missing_ok=True)


def expire(directory: Path, keep_days: int, today: date) -> int:
    """Remove the sound of conversations that began more than `keep_days` days before `today`; give of how many.

    0 days keeps it as long as its conversation. Of those that are being recorded it stays. Raises ArchiveError.
    """
    if not keep_days:
        return 0
    first_kept = today - timedelta(days=keep_days)
    with sentences(directory):
        running = claim.left_behind(directory)
        old = [one for one in kept(directory) if _day(one) < first_kept and one not in running]
        for session in old:
            remove(directory, session)
    return len(old)


def last_day(session: str, keep_days: int) -> date | None:
    """The last day on which the sound of a conversation is kept; None where it does not expire."""
    return _day(session) + timedelta(days=keep_days) if keep_days else None


def _day(session: str) -> date:
    """The day on which a conversation began, with which its id begins."""
    return date.fromisoformat(session[:10])


def _path(directory: Path, session: str) -> Path:
    return directory / f"{session}{_SUFFIX}"
