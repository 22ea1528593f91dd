"""What is kept of each message, and above all what is not."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import live_coach
from live_coach.archive.collector import Collector
from live_coach.archive.database import migrate, prepare
from live_coach.archive.record import KEPT_KINDS, KEPT_METRICS, Recorder
from live_coach.archive.statements import Row, write
from live_coach.archive.stored import StoredSession, read_session
from live_coach.coaching.config import NudgeConfig
from live_coach.flow.messages import (
    RATE,
    Evidence,
    Nudge,
    NudgeClass,
    NudgeRated,
    Severity,
    Span,
    Speaker,
    SpeakerKnown,
    SpeechEnded,
    SpeechStarted,
    Stage,
    Utterance,
    Word,
)
from tests.archive.conversation import (
    CANARY,
    QUOTE,
    collected,
    ended,
    reading,
    started,
    talk,
)


def rows_of(exchanges: int, *, keep_transcript: bool = False) -> list[Row]:
    recorder = Recorder(started(), keep_transcript=keep_transcript)
    rows = [row for item in talk(exchanges) for row in recorder.rows(*item)]
    return [recorder.opening, *rows, *recorder.finish(ended(exchanges))]


def written(rows: list[Row]) -> StoredSession:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        prepare(connection)
        migrate(connection)
        write(connection, rows)
        return read_session(connection, started().id)


def test_by_default_no_text_and_nothing_of_the_coachee_but_when_they_spoke() -> None:
    stored = collected()
    assert CANARY not in repr(stored)
    assert stored.utterances == ()
    assert {act.kind for act in stored.acts} == {"advice"}
    assert "Anna" not in repr(stored)
    quotes = {because.quote for nudge in stored.nudges for because in nudge.because}
    assert quotes == {QUOTE, ""}


_SPAN = {"start", "end"}
_COUNTED = {
    *("open_questions", "closed_questions", "tips", "solutions", "assumptions", "judgements"),
    *("reflections", "tips_spent", "tips_allowed", "silences_held", "interruptions"),
    "solutions_first",
}
MAY_BE_KEPT = {
    "session": {
        *("id", "started_at", "version", "model", "language", "kind", "preset", "goal"),
        *("agreed_minutes", "consent", "settings_fingerprint", "transcript_kept", "end_reason"),
        *("duration", "dropped", "untranscribed"),
        *("coachee", "manager_expects", "coachee_expects", "frames"),
    },
    "speech": {"session", "id", "speaker", "read"} | _SPAN,
    "turn": {"session", "n", "speaker", "spoken"} | _SPAN,
    "pause": {"session", "n", "after", "before"} | _SPAN,
    "overlap": {"session", "n", "by"} | _SPAN,
    "act": {"session", "n", "utterance", "kind", "form", "tier", "at", "confidence"},
    "nudge": {"session", "id", "at", "shown_at", "kind", "class", "text", "severity"},
    "evidence": {
        *("session", "nudge", "n", "rule", "utterance", "metric", "value", "threshold"),
        *("window", "quote"),
    },
    "reading": {
        *("session", "slot", "heard_to", "read_to", "share_session", "share_window", "longest"),
        *("goal_agreed", "expectations_agreed", *_COUNTED),
    },
    "health": {"session", "n", "at", "state", "stream", "gap"},
    "utterance": {"session", "id", "speaker", "language", "text", "words"} | _SPAN,
    "rating": {"session", "nudge", "at", "good"},
    "outcome": {"session", "nudge", "at", "heeded"},
    "mark": {"session", "at"},
    "plan": {"session", "n", "sentence"},
    "migration": {"number", "name"},
}
"""Every column there may be. About the coachee: when they spoke, what was typed on the card, the
confirmed plan, and the text of `utterance`, which stays empty unless keeping it was chosen."""


def test_the_archive_has_no_place_for_more_about_the_coachee() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        prepare(connection)
        migrate(connection)
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        columns = {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            for (name,) in tables.fetchall()
        }
    assert columns == MAY_BE_KEPT


def test_every_kind_of_thing_is_kept() -> None:
    stored = collected(3)
    assert [run.speaker for run in stored.speech] == [Speaker.MANAGER, Speaker.COACHEE] * 3
    assert stored.speech[0].span == Span(0, 6 * RATE)
    assert stored.speech[0].read is True
    assert len(stored.turns) == 6
    assert len(stored.pauses) == len(stored.overlaps) == len(stored.health) == len(stored.acts) == 3
    assert [nudge.shown_at for nudge in stored.nudges] == [9 * RATE, 19 * RATE, 29 * RATE]
    assert (stored.duration, stored.end_reason, stored.untranscribed) == (30 * RATE, "quit", 1)
    assert stored.consent
    assert stored.goal == "Sell more"
    assert (stored.coachee, stored.manager_expects, stored.coachee_expects) == (
        *("A.", "honesty", "time"),
    )
    assert stored.frames == ("no discounts", "two visits a week")
    assert [(nudge.good, nudge.heeded) for nudge in stored.nudges] == [
        *((True, False), (False, True), (True, False)),
    ]
    assert stored.marks == (9 * RATE, 19 * RATE, 29 * RATE)


def test_the_latest_thumb_counts() -> None:
    recorder = Recorder(started(), keep_transcript=False)
    thumbs = [NudgeRated(at * RATE, 0, good) for at, good in ((9, True), (11, True), (12, False))]
    nudge = Nudge(0, 9 * RATE, "ask", NudgeClass.CORRECTIVE, "x", Severity.SOFT, (), 0)
    rows = [row for message in (nudge, *thumbs) for row in recorder.rows(message, 9 * RATE)]
    for order in (rows, rows[::-1]):
        (kept,) = written([recorder.opening, *order]).nudges
        assert kept.good is False
        assert kept.heeded is None


def test_text_is_kept_only_where_chosen_and_only_when_final() -> None:
    stored = collected(2, keep_transcript=True)
    assert [one.text for one in stored.utterances] == [QUOTE, CANARY] * 2
    assert [word.text for word in stored.utterances[0].words] == QUOTE.split()
    assert stored.transcript_kept


def test_untranscribed_speech_is_marked_until_its_text_comes() -> None:
    recorder = Recorder(started(), keep_transcript=False)
    span = Span(0, RATE)
    missing = Utterance(1, span, Speaker.MANAGER, Stage.UNTRANSCRIBED, "")
    final = Utterance(1, span, Speaker.MANAGER, Stage.FINAL, "so")
    rows = recorder.rows(missing, RATE)
    assert written([recorder.opening, *rows]).speech[0].read is False
    assert (
        written([recorder.opening, *recorder.rows(final, 2 * RATE), *rows]).speech[0].read is True
    )


def test_of_ten_readings_a_second_the_latest_of_five_seconds_is_kept() -> None:
    stored = collected(6)
    assert [one.heard_to // (5 * RATE) for one in stored.readings] == list(range(12))
    assert stored.readings[-1].heard_to == 599 * RATE // 10
    assert stored.readings[-1].counts.tips == 6


def test_a_change_of_the_counts_is_written_at_once() -> None:
    recorder = Recorder(started(), keep_transcript=False)
    assert recorder.rows(reading(0, 0), 0)
    assert not recorder.rows(reading(1600, 0), 1600)
    assert recorder.rows(reading(3200, 1), 3200)


def test_a_quote_is_short_and_the_managers() -> None:
    recorder = Recorder(started(), keep_transcript=False)
    recorder.rows(SpeechStarted(1, 0, Speaker.MANAGER, 0), 0)
    recorder.rows(SpeechStarted(2, 0, Speaker.UNKNOWN, 0), 0)
    long = " ".join(str(n) for n in range(40))
    because = tuple(Evidence("r", utterance, quote=long) for utterance in (1, 2, 3, None))
    nudge = Nudge(1, 0, "ask", NudgeClass.CORRECTIVE, "x", Severity.SOFT, because, 0)
    quotes = [row.values["quote"] for row in recorder.rows(nudge, 0) if row.name == "evidence"]
    assert quotes == ["0 1 2 3 4 5 6 7 8 9 10 11…", "", "", ""]


def test_a_number_behind_a_nudge_is_kept_unless_it_is_about_what_the_coachee_said() -> None:
    rules = (Path(live_coach.__file__).parent / "coaching" / "rules").glob("*.py")
    sources = [path.read_text(encoding="utf-8") for path in rules]
    used = {name for source in sources for name in re.findall(r'metric="(\w+)"', source)}
    assert used - KEPT_METRICS == {"preparatory", "sustain"}
    recorder = Recorder(started(), keep_transcript=False)
    because = tuple(
        Evidence("r", metric=metric, value=3.0) for metric in ("preparatory", "silence")
    )
    nudge = Nudge(1, 0, "ask", NudgeClass.CORRECTIVE, "x", Severity.SOFT, because, 0)
    rows = [row.values for row in recorder.rows(nudge, 0) if row.name == "evidence"]
    assert [(row["metric"], row["value"]) for row in rows] == [(None, None), ("silence", 3.0)]


TELLING_OF_THE_COACHEE = (
    *("miracle", "scale", "exception", "wantdo", "sustain", "deeper"),
    *("handback", "own", "lean"),
)


def test_of_every_kind_it_was_decided_whether_it_tells_of_the_coachee() -> None:
    kinds = set(NudgeConfig.model_fields) - {"gate", "tips", "phase"}
    assert kinds == KEPT_KINDS | set(TELLING_OF_THE_COACHEE)
    assert not KEPT_KINDS & set(TELLING_OF_THE_COACHEE)


@pytest.mark.parametrize("kind", TELLING_OF_THE_COACHEE)
def test_of_a_nudge_that_tells_of_the_coachee_only_its_class_is_kept(kind: str) -> None:
    recorder = Recorder(started(), keep_transcript=False)
    begun = recorder.rows(SpeechStarted(1, 0, Speaker.MANAGER, 0), 0)
    because = (Evidence(kind, 1, metric="silence", value=8.0, quote="what then"),)
    suggested = NudgeClass.SUGGESTION
    nudge = Nudge(1, 0, kind, suggested, "Wait", Severity.SOFT, because, 0, "Suppose you sleep")
    rows = recorder.rows(nudge, RATE)
    assert not {kind, "silence", "what then", "Wait"} & {
        value for row in rows for value in row.values.values()
    }
    (kept,) = written([recorder.opening, *begun, *rows]).nudges
    assert (kept.kind, kept.text, kept.because, kept.shown_at) == ("suggestion", "", (), RATE)


def test_a_suggestion_of_an_older_archive_loses_what_it_said() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        prepare(connection)
        migrate(connection)
        nudge = Row("nudge", {"session": started().id, "at": 0, "shown_at": 0, "severity": "soft"})
        said = [
            {"id": 1, "kind": "miracle", "class": "suggestion", "text": "Miracle question?"},
            {"id": 2, "kind": "ask", "class": "corrective", "text": "Ask, don't tell"},
        ]
        reason = {
            "n": 0,
            "utterance": None,
            "metric": "silence",
            "value": 8.0,
            "quote": "q",
            "session": started().id,
            "threshold": None,
            "window": None,
        }
        rows = [Row("nudge", {**nudge.values, **one}) for one in said]
        rows += [Row("evidence", {**reason, "nudge": n, "rule": "r"}) for n in (1, 2)]
        recorder = Recorder(started(), keep_transcript=False)
        write(connection, [recorder.opening, *rows])
        connection.execute("DELETE FROM migration WHERE number = 3")
        for column in ("solutions_first", "goal_agreed", "expectations_agreed"):
            connection.execute(f"ALTER TABLE reading DROP COLUMN {column}")
        migrate(connection)
        first, second = read_session(connection, started().id).nudges
    assert (first.kind, first.text, first.because) == ("suggestion", "", ())
    assert (second.kind, second.text, len(second.because)) == ("ask", "Ask, don't tell", 1)


def test_a_run_that_is_cut_off_ends_with_what_is_known() -> None:
    recorder = Recorder(started(), keep_transcript=False)
    rows = recorder.rows(SpeechStarted(1, RATE, Speaker.MANAGER, RATE), RATE)
    stored = written([recorder.opening, *rows, *recorder.rows(reading(3 * RATE, 0), 0)])
    assert stored.speech[0].span == Span(RATE, 3 * RATE)
    assert stored.end_reason is None
    assert stored.duration == 3 * RATE


ALL_ROWS = rows_of(2, keep_transcript=True)
ONCE_IN_ORDER = written(ALL_ROWS)


@settings(max_examples=25, deadline=None)
@given(st.permutations(ALL_ROWS[1:]), st.integers(0, len(ALL_ROWS)))
def test_twice_or_in_another_order_gives_the_same_archive(order: list[Row], again: int) -> None:
    assert written([ALL_ROWS[0], *order, *ALL_ROWS[:again]]) == ONCE_IN_ORDER


@given(st.permutations(range(3)))
def test_who_speaks_is_kept_when_it_is_known_in_whatever_order_it_is_written(
    order: list[int],
) -> None:
    recorder = Recorder(started(), keep_transcript=False)
    known = SpeakerKnown(1, 0, Speaker.COACHEE, 2 * RATE, 0.9)
    run = [SpeechStarted(1, 0, Speaker.UNKNOWN, 0), known]
    ends = SpeechEnded(1, 3 * RATE, Speaker.COACHEE, 3 * RATE)
    rows = [recorder.rows(message, 0) for message in [*run, ends]]
    stored = written([recorder.opening, *(row for n in order for row in rows[n])])
    (kept,) = stored.speech
    assert (kept.speaker, kept.span) == (Speaker.COACHEE, Span(0, 3 * RATE))


@pytest.mark.parametrize(
    ("names", "said"),
    [((), "A.'s plan, Bob"), (("Bob",), "A.'s plan, B."), (None, "Anna's plan, Bob")],
)
def test_names_are_initials_in_what_is_kept(names: tuple[str, ...] | None, said: str) -> None:
    collector = Collector(keep_transcript=True, names=names)
    collector.begin(replace(started(), coachee="Anna"))
    span = Span(0, RATE)
    words = tuple(Word(word, span, 0.9) for word in ["Anna's", "plan,", "Bob"])
    collector.receive(SpeechStarted(1, 0, Speaker.MANAGER, 0), 0)
    text = "Anna's plan, Bob"
    collector.receive(Utterance(1, span, Speaker.MANAGER, Stage.FINAL, text, words), RATE)
    because = (Evidence("ask", 1, quote=text),)
    asked = Nudge(1, RATE, "ask", NudgeClass.CORRECTIVE, "Ask", Severity.SOFT, because, 2 * RATE)
    collector.receive(asked, RATE)
    stored = collector.close(ended())
    (utterance,) = stored.utterances
    assert utterance.text == said
    assert " ".join(word.text for word in utterance.words) == said
    assert stored.nudges[0].because[0].quote == said
