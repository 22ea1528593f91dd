"""A conversation that is not kept on the disk, but is told afterwards all the same."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence

from live_coach.archive.database import migrate, prepare
from live_coach.archive.record import Recorder
from live_coach.archive.statements import write
from live_coach.archive.stored import StoredSession, read_session
from live_coach.flow.messages import AudioFrame, Message, SessionEnded, SessionStarted


class Collector:
    """Like Keeper, in memory: the same rows in the same tables, gone with the program.

    `stored` is the conversation, as the archive would give it back, from `close` on.
    """

    stored: StoredSession | None = None

    def __init__(self, *, keep_transcript: bool = False, names: Sequence[str] | None = ()) -> None:
        self._keep_transcript = keep_transcript
        self._names = names
        self._lock = threading.Lock()
        self.stored: StoredSession | None = None
        """The conversation, once it is over."""

    def begin(self, started: SessionStarted) -> None:
        """Make an empty archive in memory with this conversation in it."""
        self._recorder = Recorder(started, keep_transcript=self._keep_transcript, names=self._names)
        self._id = started.id
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        prepare(self._connection)
        migrate(self._connection)
        write(self._connection, [self._recorder.opening])

    def receive(self, message: Message, emitted: int) -> None:
        """Take note of a message that was emitted at sample `emitted`. From any thread."""
        with self._lock:
            if self.stored is None:
                write(self._connection, self._recorder.rows(message, emitted))

    def hear(self, frame: AudioFrame) -> None:
        """Sound is forgotten."""

    def close(self, ended: SessionEnded) -> StoredSession:
        """The conversation is over: all of it. A second call gives the same."""
        with self._lock:
            if self.stored is None:
                write(self._connection, self._recorder.finish(ended))
                self.stored = read_session(self._connection, self._id)
                self._connection.close()
            return self.stored
