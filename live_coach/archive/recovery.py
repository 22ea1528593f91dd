"""What a crash left behind is brought into the archive at the next start."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from live_coach.archive import claim, journal
from live_coach.archive.database import exists, opened, transaction
from live_coach.archive.statements import Row, write
from live_coach.archive.stored import known_to
from live_coach.flow.messages import RATE
from live_coach.sentences import Sentence

RECOVERED = "recovered"
"""The end reason of a conversation whose program died."""


def recover(directory: Path) -> list[Sentence]:
    """Replay journals and end the conversations whose program is gone; say so, a sentence each.

    Conversations that another program is recording are left alone. Doing it twice does no harm.
    Raises ArchiveError.
    """
    traces = claim.left_behind(directory) | {
        journal.session_of(path) for path in journal.left_behind(directory)
    }
    if not exists(directory) and not traces:
        return []
    told: list[Sentence] = []
    with opened(directory) as connection:
        unfinished = connection.execute("SELECT id FROM session WHERE end_reason IS NULL")
        for session in sorted({str(row[0]) for row in unfinished} | traces):
            told += _recover_one(connection, directory, session)
    return told


def _recover_one(connection: sqlite3.Connection, directory: Path, session: str) -> list[Sentence]:
    taken = claim.take(directory, session)
    if taken is None:
        return []
    try:
        journals = journal.left_behind(directory, session)
        senseless = sum(journal.replay(connection, path) for path in journals)
        told = _end(connection, session)
        journal.remove(directory, session)
    finally:
        taken.release()
    if journals and not told:
        told.append(Sentence("recovered.rest", session=session))
    if senseless:
        told.append(Sentence("recovered.senseless", count=senseless))
    return told


def _end(connection: sqlite3.Connection, session: str) -> list[Sentence]:
    """End a conversation if it has not ended, and say how much of it there is."""
    row = connection.execute("SELECT end_reason FROM session WHERE id = ?", (session,)).fetchone()
    if row is None or row[0] is not None:
        return []
    duration = known_to(connection, session)
    unread = connection.execute(
        'SELECT count(*) FROM speech WHERE session = ? AND "read" IS NOT 1', (session,)
    ).fetchone()[0]
    ended = {
        "session": session,
        "end_reason": RECOVERED,
        "duration": duration,
        "dropped": 0,
        "untranscribed": unread,
    }
    with transaction(connection):
        write(connection, [Row("end", ended)])
    minutes, seconds = divmod(duration // RATE, 60)
    return [Sentence("recovered.whole", session=session, length=f"{minutes}:{seconds:02d}")]
