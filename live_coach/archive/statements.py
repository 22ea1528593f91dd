"""How rows are written: every statement that changes the archive while a conversation runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from live_coach.flow.messages import Speaker

Value = str | int | float | None


class Row(NamedTuple):
    """Something to write: a name in STATEMENTS and its values."""

    name: str
    values: Mapping[str, Value]


def _insert(table: str, *columns: str, on_conflict: str = "DO NOTHING") -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(f":{column}" for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({places}) ON CONFLICT {on_conflict}'  # noqa: S608


COUNTS = (
    *("open_questions", "closed_questions", "tips", "solutions", "assumptions", "judgements"),
    *("reflections", "tips_spent", "tips_allowed", "silences_held", "interruptions"),
    "solutions_first",
)
READING = (
    *("heard_to", "read_to", "share_session", "share_window", "longest", *COUNTS),
    *("goal_agreed", "expectations_agreed"),
)

STATEMENTS: Mapping[str, str] = {
    "session": _insert(
        "session",
        *("id", "started_at", "version", "model", "language", "kind", "preset", "goal"),
        *("agreed_minutes", "consent", "settings_fingerprint", "transcript_kept"),
        *("coachee", "manager_expects", "coachee_expects", "frames"),
    ),
    "speech": _insert(
        "speech",
        *("session", "id", "speaker", "start", "end", "read"),
        on_conflict="(session, id) DO UPDATE SET speaker = CASE excluded.speaker"
        f" WHEN '{Speaker.UNKNOWN}' THEN speaker ELSE excluded.speaker END, "
        '"end" = coalesce(excluded."end", "end"), '
        '"read" = max(coalesce("read", excluded."read"), coalesce(excluded."read", "read"))',
    ),
    "no_speech": "UPDATE speech SET speaker = :speaker WHERE session = :session AND id = :id",
    "turn": _insert("turn", "session", "n", "speaker", "start", "end", "spoken"),
    "pause": _insert("pause", "session", "n", "start", "end", "after", "before"),
    "overlap": _insert("overlap", "session", "n", "start", "end", "by"),
    "act": _insert("act", "session", "n", "utterance", "kind", "form", "tier", "at", "confidence"),
    "nudge": _insert(
        "nudge", "session", "id", "at", "shown_at", "kind", "class", "text", "severity"
    ),
    "evidence": _insert(
        "evidence",
        *("session", "nudge", "n", "rule", "utterance", "metric", "value", "threshold"),
        *("window", "quote"),
    ),
    "rating": _insert(
        *("rating", "session", "nudge", "at", "good"),
        on_conflict="(session, nudge) DO UPDATE SET at = excluded.at, good = excluded.good"
        " WHERE (excluded.at, excluded.good) >= (at, good)",
    ),
    "outcome": _insert("outcome", "session", "nudge", "at", "heeded"),
    "mark": _insert("mark", "session", "at"),
    "reading": _insert(
        "reading",
        *("session", "slot", *READING),
        on_conflict="(session, slot) DO UPDATE SET "
        + ", ".join(f"{column} = excluded.{column}" for column in READING)
        + " WHERE (excluded.heard_to, excluded.read_to) >= (heard_to, read_to)",
    ),
    "plan": _insert(
        *("plan", "session", "n", "sentence"),
        on_conflict="(session, n) DO UPDATE SET sentence = excluded.sentence",
    ),
    "health": _insert("health", "session", "n", "at", "state", "stream", "gap"),
    "utterance": _insert(
        "utterance", "session", "id", "speaker", "start", "end", "language", "text", "words"
    ),
    "withdrawn_acts": 'DELETE FROM act WHERE session = :session AND n < :n AND "at" > :since',
    "withdrawn_turn": "DELETE FROM turn WHERE session = :session AND n < :n AND start = :start",
    **{
        f"withdrawn_{kind}s": f'DELETE FROM "{kind}" WHERE session = :session AND n < :n'  # noqa: S608
        ' AND "end" > :since'
        for kind in ("turn", "pause", "overlap")
    },
    "whose_text": "UPDATE utterance SET speaker = :speaker WHERE session = :session AND id = :id",
    "no_quote": "UPDATE evidence SET quote = '' WHERE session = :session AND utterance = :id",
    "end": "UPDATE session SET end_reason = :end_reason, duration = :duration,"
    " dropped = :dropped, untranscribed = :untranscribed WHERE id = :session",
}
"""How each kind of row is written. Any of them twice, or in another order, gives the same archive; but
what was withdrawn or corrected must come after what it is about."""


def write(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Write rows inside the caller's transaction."""
    for row in rows:
        connection.execute(STATEMENTS[row.name], row.values)
