"""A conversation as it was kept, and how it is read from the database."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from live_coach.flow.messages import (
    Counts,
    Form,
    HealthState,
    Kind,
    NudgeClass,
    Overlap,
    Pause,
    Severity,
    Span,
    Speaker,
    TalkShare,
    Word,
)


@dataclass(frozen=True, slots=True)
class StoredSpeech:
    """One run of speech. `read`: whether it became text; None while that is unknown."""

    id: int
    speaker: Speaker
    span: Span
    read: bool | None


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One person held the floor, `spoken` samples of it in speech."""

    speaker: Speaker
    span: Span
    spoken: int


@dataclass(frozen=True, slots=True)
class StoredAct:
    """What the manager did with words in an utterance."""

    utterance: int
    kind: Kind
    form: Form | None
    tier: int
    at: int
    confidence: float


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """Why a nudge was given; `quote` is at most a dozen words of the manager, or empty."""

    rule: str
    utterance: int | None
    metric: str | None
    value: float | None
    threshold: float | None
    window: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class StoredNudge:
    """A nudge, the moment it is about and the moment it came.

    Of one that would tell what the coachee was saying, `kind` is its class and `text` is empty.
    `good` is the manager's thumb, `heeded` whether the manager did what it asked; None: not known.
    """

    id: int
    at: int
    shown_at: int
    kind: str
    nudge_class: NudgeClass
    text: str
    severity: Severity
    because: tuple[StoredEvidence, ...]
    good: bool | None = None
    heeded: bool | None = None


@dataclass(frozen=True, slots=True)
class StoredReading:
    """Where the conversation stood; the fields are those of MetricSnapshot."""

    heard_to: int
    read_to: int
    talk_share: TalkShare
    longest: int
    counts: Counts
    goal_agreed: bool | None = None
    expectations_agreed: bool | None = None


@dataclass(frozen=True, slots=True)
class StoredHealth:
    """A disturbance of a stream, and how many samples of sound it cost."""

    at: int
    state: HealthState
    stream: str
    gap: int


@dataclass(frozen=True, slots=True)
class StoredUtterance:
    """What was said, where keeping it was chosen."""

    id: int
    speaker: Speaker
    span: Span
    language: str
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """What a list of conversations tells of each. `duration` is in samples, None while it runs;
    `coachee` is as typed on the card."""

    id: str
    started_at: str
    kind: str
    language: str
    end_reason: str | None
    duration: int | None
    coachee: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """The confirmed plan of one conversation, and with whom it was, as typed on the card."""

    started_at: str
    coachee: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredSession:
    """Everything that was kept of one conversation, each kind in order of time.

    `duration` is in samples; of a conversation that has not ended it is what is known so far.
    `marks` are the moments that the manager marked; `plan` is the coachee's own, in the sentences
    that the manager confirmed.
    """

    id: str
    started_at: str
    version: str
    model: str
    language: str
    kind: str
    preset: str
    goal: str
    agreed_minutes: float | None
    consent: bool
    settings_fingerprint: str
    transcript_kept: bool
    end_reason: str | None
    duration: int
    dropped: int
    untranscribed: int
    speech: tuple[StoredSpeech, ...]
    turns: tuple[StoredTurn, ...]
    pauses: tuple[Pause, ...]
    overlaps: tuple[Overlap, ...]
    acts: tuple[StoredAct, ...]
    nudges: tuple[StoredNudge, ...]
    readings: tuple[StoredReading, ...]
    health: tuple[StoredHealth, ...]
    utterances: tuple[StoredUtterance, ...]
    coachee: str = ""
    manager_expects: str = ""
    coachee_expects: str = ""
    frames: tuple[str, ...] = ()
    marks: tuple[int, ...] = ()
    plan: tuple[str, ...] = ()


_KNOWN_TO = """
SELECT coalesce(max(at), 0) FROM (
    SELECT heard_to AS at FROM reading WHERE session = :id
    UNION ALL SELECT coalesce("end", start) FROM speech WHERE session = :id
    UNION ALL SELECT "end" FROM turn WHERE session = :id
    UNION ALL SELECT "end" FROM pause WHERE session = :id
    UNION ALL SELECT at FROM health WHERE session = :id)
"""


def known_to(connection: sqlite3.Connection, session: str) -> int:
    """The last sample of which anything is kept. Raises sqlite3.Error."""
    return int(connection.execute(_KNOWN_TO, {"id": session}).fetchone()[0])


def read_lines(connection: sqlite3.Connection) -> list[SessionLine]:
    """Every conversation, the oldest first. Raises sqlite3.Error."""
    rows = connection.execute(
        "SELECT id, started_at, kind, language, end_reason, duration, coachee FROM session"
        " ORDER BY started_at, rowid"
    )
    return [SessionLine(*row) for row in rows]


def read_plans(connection: sqlite3.Connection) -> list[PlanLine]:
    """Every confirmed plan, that of the oldest conversation first. Raises sqlite3.Error."""
    rows = connection.execute(
        "SELECT session.id, started_at, coachee, sentence FROM plan JOIN session"
        " ON session.id = plan.session ORDER BY started_at, session.rowid, n"
    )
    return [
        PlanLine(started_at, coachee, tuple(row[3] for row in together))
        for (_, started_at, coachee), together in groupby(rows, key=lambda row: row[:3])
    ]


def read_session(connection: sqlite3.Connection, session: str) -> StoredSession:
    """Everything about one conversation, as of one moment. Raises sqlite3.Error, KeyError."""
    connection.execute("BEGIN")
    try:
        return _read(connection, session)
    finally:
        connection.execute("COMMIT")


def _read(connection: sqlite3.Connection, session: str) -> StoredSession:
    found = _rows(connection, "SELECT * FROM session WHERE id = :id", session)
    if not found:
        raise KeyError(session)
    row = found[0]
    end = row["duration"] if row["duration"] is not None else known_to(connection, session)
    return StoredSession(
        **{
            **row,
            "consent": bool(row["consent"]),
            "transcript_kept": bool(row["transcript_kept"]),
            "frames": tuple(json.loads(row["frames"])),
            "duration": end,
        },
        speech=tuple(
            StoredSpeech(
                one["id"],
                Speaker(one["speaker"]),
                Span(one["start"], max(one["start"], end if one["end"] is None else one["end"])),
                None if one["read"] is None else bool(one["read"]),
            )
            for one in _table(connection, "speech", session, "start, id")
        ),
        turns=tuple(
            StoredTurn(Speaker(one["speaker"]), Span(one["start"], one["end"]), one["spoken"])
            for one in _table(connection, "turn", session, "start, n")
        ),
        pauses=tuple(
            Pause(Span(one["start"], one["end"]), Speaker(one["after"]), Speaker(one["before"]))
            for one in _table(connection, "pause", session, "start, n")
        ),
        overlaps=tuple(
            Overlap(Span(one["start"], one["end"]), Speaker(one["by"]))
            for one in _table(connection, "overlap", session, "start, n")
        ),
        acts=tuple(_act(one) for one in _table(connection, "act", session, "at, n")),
        nudges=_nudges(connection, session),
        readings=tuple(_reading(one) for one in _table(connection, "reading", session, "heard_to")),
        health=tuple(
            StoredHealth(one["at"], HealthState(one["state"]), one["stream"], one["gap"])
            for one in _table(connection, "health", session, "at, n")
        ),
        utterances=tuple(
            _utterance(one) for one in _table(connection, "utterance", session, "start, id")
        ),
        marks=tuple(one["at"] for one in _table(connection, "mark", session, "at")),
        plan=tuple(one["sentence"] for one in _table(connection, "plan", session, "n")),
    )


def _rows(connection: sqlite3.Connection, query: str, session: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query, {"id": session})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _table(
    connection: sqlite3.Connection, table: str, session: str, order: str
) -> list[dict[str, Any]]:
    return _rows(
        connection,
        f"SELECT * FROM {table} WHERE session = :id ORDER BY {order}",  # noqa: S608
        session,
    )


def _act(row: dict[str, Any]) -> StoredAct:
    return StoredAct(
        row["utterance"],
        Kind(row["kind"]),
        Form(row["form"]) if row["form"] else None,
        row["tier"],
        row["at"],
        row["confidence"],
    )


def _nudges(connection: sqlite3.Connection, session: str) -> tuple[StoredNudge, ...]:
    because: dict[int, list[StoredEvidence]] = {}
    for row in _table(connection, "evidence", session, "nudge, n"):
        evidence = {name: row[name] for name in StoredEvidence.__slots__}
        because.setdefault(row["nudge"], []).append(StoredEvidence(**evidence))
    good = {
        row["nudge"]: bool(row["good"]) for row in _table(connection, "rating", session, "nudge")
    }
    heeded = {
        row["nudge"]: bool(row["heeded"]) for row in _table(connection, "outcome", session, "nudge")
    }
    return tuple(
        StoredNudge(
            row["id"],
            row["at"],
            row["shown_at"],
            row["kind"],
            NudgeClass(row["class"]),
            row["text"],
            Severity(row["severity"]),
            tuple(because.get(row["id"], ())),
            good.get(row["id"]),
            heeded.get(row["id"]),
        )
        for row in _table(connection, "nudge", session, "shown_at, id")
    )


def _reading(row: dict[str, Any]) -> StoredReading:
    return StoredReading(
        row["heard_to"],
        row["read_to"],
        TalkShare(row["share_session"], row["share_window"]),
        row["longest"],
        Counts(**{name: row[name] for name in Counts.__slots__}),
        _known(row["goal_agreed"]),
        _known(row["expectations_agreed"]),
    )


def _known(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _utterance(row: dict[str, Any]) -> StoredUtterance:
    words = (
        Word(text, Span(start, end), probability)
        for text, start, end, probability in json.loads(row["words"])
    )
    return StoredUtterance(
        row["id"],
        Speaker(row["speaker"]),
        Span(row["start"], row["end"]),
        row["language"],
        row["text"],
        tuple(words),
    )
