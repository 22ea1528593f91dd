"""Keeps a conversation while it happens: one writing thread, which nobody waits for."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from live_coach import logs
from live_coach.archive import claim
from live_coach.archive.collector import Collector
from live_coach.archive.database import open_archive, sentences, transaction
from live_coach.archive.journal import Journal
from live_coach.archive.record import Recorder
from live_coach.archive.redaction import listed
from live_coach.archive.sound import SoundKeeper
from live_coach.archive.statements import Row, write
from live_coach.archive.stored import StoredSession
from live_coach.errors import ArchiveError
from live_coach.flow.channel import Channel, ChannelClosed, ChannelFull, WhenFull
from live_coach.flow.health import sentence
from live_coach.flow.messages import (
    AudioFrame,
    Health,
    HealthState,
    Message,
    SessionEnded,
    SessionStarted,
)
from live_coach.sentences import Sentence
from live_coach.settings import ArchiveSettings

COMMIT_EVERY_S = 0.5
"""How often what came in is written."""

_LOCKED_S = 1.0
"""How long a commit waits for another program. With the above: a crash costs less than 2 s."""

_RETRY_EVERY = 10
"""While the database fails, it is tried again once in so many commits."""

_QUEUE = 10_000
_PATIENCE_S = 0.1


class Keeper:
    """Writes one conversation into the archive in `directory`.

    begin, then receive from any thread, then close. Sound that it hears is kept only where
    SessionStarted says so. While the database is locked, full or failing,
    everything goes into a journal, and from there into the database as soon as that works again:
    now, or at the next start (`recovery.recover`). `on_health` is told once when that begins and
    once when it is over, on the writing thread. `stored` is the whole conversation from `close` on,
    whatever became of the database.
    """

    def __init__(
        self,
        directory: Path,
        settings: ArchiveSettings,
        *,
        on_health: Callable[[Health], None] = lambda _: None,
        language: str = "en",
    ) -> None:
        self._directory = directory
        self._keep_transcript = settings.keep_transcript
        self._on_health = on_health
        self._language = language
        self._names = listed(settings)
        self._sound: SoundKeeper | None = None
        self._collector = Collector(keep_transcript=settings.keep_transcript, names=self._names)
        self._lock = threading.Lock()
        self._queue: Channel[Sequence[Row]] = Channel(
            "keeper", _QUEUE, WhenFull.WAIT_THEN_FAIL, patience=_PATIENCE_S
        )
        self._closing = threading.Event()
        self._open = False
        self._overflowing = False
        self._failing = False
        self._tries = 0
        self._in_hand: list[Row] = []
        self._stranded: deque[Row] = deque()
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)

    def begin(self, started: SessionStarted) -> None:
        """Make the archive if need be and put the conversation into it.

        Raises ArchiveError: it cannot be written, is damaged, or was made by a newer version.
        """
        self._recorder = Recorder(started, keep_transcript=self._keep_transcript, names=self._names)
        self._journal = Journal(self._directory, self._recorder.opening)
        with sentences(self._directory), ExitStack() as undo:
            self._connection = open_archive(self._directory)
            undo.callback(self._connection.close)
            self._claim = self._claimed(started.id)
            undo.callback(self._claim.release)
            undo.callback(self._journal.give_room_back)
            self._journal.set_room_aside()
            self._put_first_row()
            undo.pop_all()
        self._collector.begin(started)
        if started.keeps_audio:
            self._sound = SoundKeeper(self._directory, started.id, on_failure=self._tell_of_sound)
        self._open = True
        self._thread.start()

    @property
    def stored(self) -> StoredSession | None:
        """The conversation, once it is closed."""
        return self._collector.stored

    def receive(self, message: Message, emitted: int) -> None:
        """Keep what may be kept of a message that was emitted at sample `emitted`.

        From any thread; takes at most a tenth of a second, and that only when the queue is full.
        The first and the last message of a conversation belong to `begin` and `close`.
        """
        with self._lock:
            if self._open:
                self._collector.receive(message, emitted)
                self._offer(self._recorder.rows(message, emitted))

    def hear(self, frame: AudioFrame) -> None:
        """Keep a block of sound, where that was asked for. On one thread, before `close`."""
        if self._sound is not None:
            self._sound.take(frame)

    def close(self, ended: SessionEnded, *, deadline_s: float = 5.0) -> None:
        """Write what is still waiting, within `deadline_s` seconds. A second call does nothing.

        What the database cannot take by then is in the journal, for the next start. Raises
        ArchiveError only when even the journal cannot be written.
        """
        with self._lock:
            if not self._open:
                return
            self._open = False
            self._collector.close(ended)
            self._offer(self._recorder.finish(ended))
            self._queue.close()
        self._closing.set()
        self._thread.join(deadline_s)
        if self._sound is not None:
            self._sound.close(deadline_s)
        if self._thread.is_alive():
            # It may yet succeed; written twice is the same as written once.
            self._in_hand = self._to_journal([*self._in_hand, *self._waiting()])
        if self._in_hand:
            raise ArchiveError(Sentence("archive.end_lost"))

    def _claimed(self, session: str) -> claim.Claim:
        taken = claim.take(self._directory, session)
        if taken is None:
            raise ArchiveError(Sentence("archive.recorded_already"))
        return taken

    def _put_first_row(self) -> None:
        opening = self._recorder.opening
        with transaction(self._connection):
            if self._connection.execute(
                "SELECT 1 FROM session WHERE id = :id", opening.values
            ).fetchone():
                raise ArchiveError(Sentence("archive.same_id"))
            write(self._connection, [opening])
        self._connection.execute(f"PRAGMA busy_timeout = {int(_LOCKED_S * 1000)}")

    def _offer(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        if not self._overflowing:
            try:
                self._queue.put(rows)
            except ChannelFull:
                self._overflowing = True
            else:
                return
        self._stranded.extend(self._to_journal(rows))

    # ── on the writing thread ────────────────────────────────────────────────────────────────────

    def _work(self) -> None:
        last = False
        while not last:
            last = self._closing.wait(COMMIT_EVERY_S)
            try:
                self._in_hand = [*self._in_hand, *self._waiting()]
                self._in_hand = self._kept(self._in_hand, last=last)
            except Exception as error:  # noqa: BLE001  the border of the thread
                logs.unexpected(error)
                self._tell(failing=True)
        self._connection.close()
        self._journal.give_room_back()
        self._claim.release()

    def _waiting(self) -> list[Row]:
        rows = [self._stranded.popleft() for _ in range(len(self._stranded))]
        try:
            while True:
                rows.extend(self._queue.get(timeout=0))
        except (TimeoutError, ChannelClosed):
            return rows

    def _kept(self, rows: list[Row], *, last: bool) -> list[Row]:
        """Write rows into the database or else the journal; give back what neither would take."""
        if self._failing:
            rows = self._to_journal(rows)
            self._tries += 1
            if self._tries % _RETRY_EVERY and not last:
                return rows
        try:
            if self._failing:
                self._connection.close()
                self._connection = open_archive(self._directory, wait_s=_LOCKED_S)
            self._journal.replay(self._connection)
            if rows:
                with transaction(self._connection):
                    write(self._connection, rows)
        except (sqlite3.Error, OSError, ArchiveError) as error:
            logs.logger.warning("archive: %s", type(error).__name__)
            rows = self._to_journal(rows)
            self._tell(failing=True)
            return rows
        self._overflowing = False
        self._tell(failing=False)
        return []

    def _to_journal(self, rows: Sequence[Row]) -> list[Row]:
        """Journal rows; give them back if that fails too."""
        if not rows:
            return []
        try:
            self._journal.append(rows)
        except OSError:
            return list(rows)
        return []

    def _tell(self, *, failing: bool) -> None:
        if failing == self._failing:
            return
        self._failing = failing
        state, code = (
            (HealthState.FAILED, "archive_failed") if failing else (HealthState.OK, "archive_works")
        )
        text = sentence(code, self._language)
        self._on_health(Health(self._recorder.heard_to, state, "archive", text))

    def _tell_of_sound(self) -> None:
        text = sentence("sound_failed", self._language)
        self._on_health(Health(self._recorder.heard_to, HealthState.FAILED, "sound", text))
