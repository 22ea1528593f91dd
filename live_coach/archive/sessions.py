"""Kept conversations: named, listed, read, deleted for good, and expired."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from live_coach.archive import claim, journal, sound
from live_coach.archive.database import exists, opened, transaction
from live_coach.archive.database import sentences as sentences_of
from live_coach.archive.redaction import hidden, redactor
from live_coach.archive.statements import Row, write
from live_coach.archive.stored import (
    PlanLine,
    SessionLine,
    StoredSession,
    read_lines,
    read_plans,
    read_session,
)
from live_coach.errors import ArchiveError
from live_coach.sentences import Sentence

LAST = "last"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class NotKept(ArchiveError):
    """There is no such conversation in the archive."""


def new_id(started_at: str) -> str:
    """A short, readable id for a conversation that began at this UTC time: the date and four letters."""
    return f"{started_at[:10]}-{''.join(secrets.choice(_LETTERS) for _ in range(4))}"


def list_sessions(directory: Path) -> list[SessionLine]:
    """Every kept conversation, the oldest first; none where there is no archive. Raises ArchiveError."""
    if not exists(directory):
        return []
    with opened(directory) as connection:
        return read_lines(connection)


def load(directory: Path, session: str) -> StoredSession:
    """A kept conversation by its id, the beginning of it, or “last”.

    Raises ArchiveError when there is none, or more than one begins so.
    """
    if not exists(directory):
        raise _nothing_kept()
    with opened(directory) as connection:
        return read_session(connection, _resolve(connection, session))


def load_all(directory: Path) -> Iterator[StoredSession]:
    """Every kept conversation that has ended, the oldest first, one at a time. Raises ArchiveError."""
    if not exists(directory):
        return
    with opened(directory) as connection:
        for line in read_lines(connection):
            if line.end_reason is not None:
                yield read_session(connection, line.id)


def last_plans(directory: Path) -> dict[str, PlanLine]:
    """The latest confirmed plan with each coachee, by nickname in small letters. Raises ArchiveError.

    Conversations without a nickname are left out: they may have been with anybody.
    """
    if not exists(directory):
        return {}
    with opened(directory) as connection:
        plans = read_plans(connection)
    return {plan.coachee.strip().casefold(): plan for plan in plans if plan.coachee.strip()}


def resolve(directory: Path, session: str) -> str:
    """The whole id that an id, the beginning of one, or “last” stands for. Raises as `load`."""
    if not exists(directory):
        raise _nothing_kept()
    with opened(directory) as connection:
        return _resolve(connection, session)


def confirm_plan(
    directory: Path,
    session: str,
    sentences: Sequence[str],
    *,
    names: Sequence[str] | None = (),
) -> None:
    """Keep the coachee's own plan: the sentences that the manager confirmed, instead of earlier ones.

    `session` as for `load`, `names` as for `as_kept`. Raises ArchiveError.
    """
    if not exists(directory):
        raise _nothing_kept()
    with opened(directory) as connection:
        whole_id = _resolve(connection, session)
        query = "SELECT coachee FROM session WHERE id = ?"
        coachee = connection.execute(query, (whole_id,)).fetchone()[0]
        with transaction(connection):
            before = connection.execute("DELETE FROM plan WHERE session = ?", (whole_id,)).rowcount
            write(connection, _plan(whole_id, as_kept(sentences, coachee, names)))
        if before:
            _wipe(connection)


def leave_plan(directory: Path, session: str, kept: Sequence[str]) -> None:
    """Put a plan, as `as_kept` gave it, where the next start finds it; `session` is a whole id.

    For when the archive cannot be written. Raises ArchiveError.
    """
    with sentences_of(directory):
        journal.leave(directory, session, _plan(session, kept))


def as_kept(sentences: Sequence[str], coachee: str, names: Sequence[str] | None) -> tuple[str, ...]:
    """Sentences of a plan without the empty ones, each on one line.

    `names`, and that of the coachee, become initials; None: none does.
    """
    redacted = redactor(hidden(coachee, names))
    return tuple(redacted(line) for line in (" ".join(one.split()) for one in sentences) if line)


def _plan(session: str, kept: Sequence[str]) -> list[Row]:
    return [
        Row("plan", {"session": session, "n": n, "sentence": sentence})
        for n, sentence in enumerate(kept)
    ]


def delete(directory: Path, session: str) -> None:
    """Remove a conversation for good: rows overwritten, journal, sound and free pages gone from the disk.

    `session` as for `load`. Raises ArchiveError, also while the conversation is being recorded.
    """
    if not exists(directory):
        raise _nothing_kept()
    with opened(directory) as connection:
        _delete(connection, directory, [_resolve(connection, session)])


def delete_all(directory: Path) -> int:
    """Remove every conversation for good; give how many.

    Raises ArchiveError, before anything is removed, while one of them is being recorded.
    """
    if not exists(directory):
        return 0
    with opened(directory) as connection:
        known = [line.id for line in read_lines(connection)]
        running = sorted(claim.left_behind(directory))
        if running:
            raise ArchiveError(Sentence("archive.running", session=running[0]))
        _delete(connection, directory, [*known, *sound.kept(directory)])
    return len(known)


def delete_sound(directory: Path, session: str | None) -> int:
    """Remove only the sound of a conversation, or with None of every one; give of how many there was any.

    `session` as for `load`. Raises ArchiveError, also while the conversation is being recorded.
    """
    with sentences_of(directory):
        there = sound.kept(directory)
        chosen = there if session is None else there.keys() & {resolve(directory, session)}
        for one in sorted(chosen):
            with _claimed(directory, one):
                sound.remove(directory, one)
    return len(chosen)


def expire(directory: Path, keep_days: int, today: date) -> int:
    """Remove for good what began more than `keep_days` days before `today`; give how many.

    0 days keeps everything. Conversations that are being recorded stay. Raises ArchiveError.
    """
    if not keep_days or not exists(directory):
        return 0
    first_kept = today - timedelta(days=keep_days)
    with opened(directory) as connection:
        old = [
            line.id
            for line in read_lines(connection)
            if datetime.fromisoformat(line.started_at).date() < first_kept
            and line.end_reason is not None
        ]
        if old:
            _delete(connection, directory, old)
    return len(old)


def _resolve(connection: sqlite3.Connection, session: str) -> str:
    known = [line.id for line in read_lines(connection)]
    if not known:
        raise _nothing_kept()
    if session == LAST:
        return known[-1]
    if session in known:
        return session
    fitting = [one for one in known if session and one.startswith(session)]
    if len(fitting) > 1:
        some = ", ".join(fitting[-5:])
        raise ArchiveError(
            Sentence("archive.many", count=len(fitting), session=session, fitting=some)
        )
    if not fitting:
        raise NotKept(Sentence("archive.not_kept", session=session))
    return fitting[0]


def _delete(connection: sqlite3.Connection, directory: Path, sessions: list[str]) -> None:
    for session in sessions:
        with _claimed(directory, session):
            journal.remove(directory, session)
            sound.remove(directory, session)
            with transaction(connection):
                connection.execute("DELETE FROM session WHERE id = ?", (session,))
    _wipe(connection)


@contextmanager
def _claimed(directory: Path, session: str) -> Iterator[None]:
    """Nobody records the conversation meanwhile. Raises ArchiveError where somebody does."""
    taken = claim.take(directory, session)
    if taken is None:
        raise ArchiveError(Sentence("archive.running", session=session))
    try:
        yield
    finally:
        taken.release()


def _wipe(connection: sqlite3.Connection) -> None:
    """Leave nothing of deleted rows in free pages or in the write-ahead log."""
    connection.execute("VACUUM")
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise ArchiveError(Sentence("archive.traces"))


def _nothing_kept() -> NotKept:
    return NotKept(Sentence("archive.empty"))
