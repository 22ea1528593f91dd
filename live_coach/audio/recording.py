"""A recorded conversation as a source: any common format, rate and depth, read piece by piece."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile
import soxr

from live_coach.audio.completeness import promised_frames
from live_coach.errors import AudioError
from live_coach.flow.messages import RATE, AudioFrame, Channel, Samples, Span
from live_coach.sentences import Sentence, because

ManagerSide = Literal["left", "right", "mono"]

_READ_SECONDS = 1.0
_RATES = range(1_000, 768_001)
_SLACK_SECONDS = {"MP3": 1.0}
"""An MP3 header may be off by some frames; all other formats are exact."""


def open_recording(
    path: Path, *, manager: ManagerSide | None, coachee: Path | None = None, block: int
) -> Recording:
    """A source of frames of at most `block` samples, all channels in lock step.

    `manager` left or right: a stereo file with one person on each side. `mono`: all channels mixed
    into one ROOM channel. None: left, or mono for a file with one channel. With `coachee`, `path` is
    the manager's own file and that one the coachee's, each mixed to one channel; where the shorter
    one has ended, its sound counts as lost.

    Raises AudioError, with a sentence, for anything that is not a readable recording of some length.
    Of a file that breaks off, frames() gives all there is and then raises AudioError.
    """
    if coachee is not None:
        sides = [
            _Track(path, {Channel.MANAGER: None}),
            _Track(coachee, {Channel.COACHEE: None}),
        ]
    elif (manager or _likely_side(path)) == "mono":
        sides = [_Track(path, {Channel.ROOM: None})]
    else:
        column = 1 if manager == "right" else 0
        sides = [_Track(path, {Channel.MANAGER: column, Channel.COACHEE: 1 - column})]
    return Recording(sides, block)


class Recording:
    """One file or two, as a Source. `duration` is the promised length in samples at 16 kHz."""

    def __init__(self, tracks: list[_Track], block: int) -> None:
        self._tracks = tracks
        self._block = block
        self._stopped = threading.Event()
        self.channels = tuple(channel for track in tracks for channel in track.columns)
        self.duration = max(track.duration for track in tracks)
        self.dropped = 0

    def frames(self) -> Iterator[AudioFrame]:
        """See Source; every call begins at the beginning of the recording."""
        feeds = [_Feed(track) for track in self._tracks]
        at = 0
        try:
            while not self._stopped.is_set():
                waiting = [length for feed in feeds if (length := feed.fill(self._block))]
                if not waiting:
                    break
                span = Span(at, at + min(waiting))
                for feed in feeds:
                    yield from feed.take(span)
                at = span.end
        finally:
            for feed in feeds:
                feed.close()
        if not self._stopped.is_set():
            for feed in feeds:
                feed.complain()

    def stop(self) -> None:
        """End frames() before the next block."""
        self._stopped.set()


class _Track:
    """One file, known to be readable; `columns` says which of its columns a channel is, None: all mixed."""

    def __init__(self, path: Path, columns: dict[Channel, int | None]) -> None:
        self.path = path
        self.columns = columns
        with _quiet(), open_file(path) as file:
            if file.samplerate not in _RATES:
                raise _damaged(path)
            if None not in columns.values():
                _require_stereo(path, file.channels)
            self.promised = promised_frames(path, file)
            self.duration = round(self.promised * RATE / file.samplerate)
            if not file.frames or not len(_read(file, path, 1024)):
                raise AudioError(Sentence("recording.silent", path=path))


class _Feed:
    """A track being read: sound at 16 kHz waiting to be taken, one row per channel."""

    def __init__(self, track: _Track) -> None:
        self._track = track
        self._file = open_file(track.path)
        self._resample = soxr.ResampleStream(
            self._file.samplerate, RATE, len(track.columns), dtype="float32"
        )
        self._waiting = np.zeros((len(track.columns), 0), np.float32)
        self._ended = False
        self._read = 0

    def fill(self, block: int) -> int:
        """Read until a block waits or the file ends; how many of its samples wait."""
        while self._waiting.shape[1] < block and not self._ended:
            try:
                raw = _read(
                    self._file, self._track.path, round(self._file.samplerate * _READ_SECONDS)
                )
            except AudioError:
                raw = np.zeros((0, self._file.channels), np.float32)
            self._read += len(raw)
            self._ended = len(raw) == 0
            picked = self._pick(raw)
            # soxr wants sound shaped (frames, channels) and gives a plain vector back for one.
            new = self._resample.resample_chunk(picked, last=self._ended)
            rows = np.clip(new.reshape(-1, len(self._track.columns)).T, -1.0, 1.0)
            self._waiting = np.concatenate([self._waiting, rows], axis=1)
        return min(block, self._waiting.shape[1])

    def take(self, span: Span) -> Iterator[AudioFrame]:
        """The next frames of this track's channels; lost ones after its end."""
        waiting = self._waiting.shape[1]
        for row, channel in enumerate(self._track.columns):
            samples = (
                np.ascontiguousarray(self._waiting[row, : span.length])
                if waiting
                else np.zeros(span.length, np.float32)
            )
            samples.flags.writeable = False
            yield AudioFrame(channel, span, samples, lost=0 if waiting else span.length)
        self._waiting = self._waiting[:, span.length :]

    def complain(self) -> None:
        """Raise AudioError if less came than the file promised."""
        rate = self._file.samplerate
        missing = self._track.promised - self._read
        if missing <= _SLACK_SECONDS.get(self._file.format, 0) * rate:
            return
        seconds = f"{self._read / rate:.1f}"
        raise AudioError(Sentence("recording.incomplete", path=self._track.path, seconds=seconds))

    def close(self) -> None:
        self._file.close()

    def _pick(self, raw: Samples) -> Samples:
        columns = [
            raw.mean(axis=1) if column is None else raw[:, column]
            for column in self._track.columns.values()
        ]
        return np.stack(columns, axis=1)


def open_file(path: Path) -> soundfile.SoundFile:
    """The file, open for reading. Raises AudioError with a sentence if that cannot be."""
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise AudioError(Sentence("recording.folder", path=path))
        if not stat.S_ISREG(facts.st_mode):
            raise AudioError(Sentence("recording.no_file", path=path))
        path.open("rb").close()
    except FileNotFoundError:
        raise AudioError(Sentence("recording.missing", path=path)) from None
    except PermissionError:
        raise AudioError(Sentence("recording.forbidden", path=path)) from None
    except OSError as error:
        raise AudioError(Sentence("recording.closed", path=path, reason=because(error))) from None
    except ValueError:
        reason = Sentence("recording.bad_name")
        raise AudioError(Sentence("recording.closed", path=path, reason=reason)) from None
    if facts.st_size == 0:
        raise AudioError(Sentence("recording.empty", path=path))
    try:
        return soundfile.SoundFile(str(path))
    except (soundfile.SoundFileError, TypeError):
        raise _damaged(path) from None


def _read(file: soundfile.SoundFile, path: Path, frames: int) -> Samples:
    """Sound shaped (frames, channels), within [-1, 1]; what is not a number is silence."""
    try:
        raw: Samples = file.read(frames, dtype="float32", always_2d=True)
    except soundfile.SoundFileError:
        raise _damaged(path) from None
    if not np.isfinite(raw).all():
        np.nan_to_num(raw, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.clip(raw, -1.0, 1.0, out=raw)


def _likely_side(path: Path) -> ManagerSide:
    with _quiet(), open_file(path) as file:
        return "mono" if file.channels == 1 else "left"


def _require_stereo(path: Path, count: int) -> None:
    if count == 1:
        raise AudioError(Sentence("recording.one_channel", path=path))
    if count > 2:
        raise AudioError(Sentence("recording.many_channels", path=path, count=count))


def _damaged(path: Path) -> AudioError:
    return AudioError(Sentence("recording.damaged", path=path))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep libmpg123, which writes its remarks to file descriptor 2, off the screen."""
    sys.stderr.flush()
    kept = None
    with suppress(OSError):
        kept = os.dup(2)
    if kept is None:
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
