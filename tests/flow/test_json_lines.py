"""The stream that other programs read: fields, rounding, and what is not part of it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest

from live_coach.flow.json_lines import JsonLinesWriter, to_json
from live_coach.flow.messages import (
    RATE,
    Channel,
    Counts,
    Evidence,
    Form,
    Health,
    HealthState,
    Kind,
    KindMuted,
    Levels,
    ListeningPaused,
    MetricSnapshot,
    MomentMarked,
    Nudge,
    NudgeClass,
    NudgeRated,
    NudgesSnoozed,
    Pause,
    SessionEnded,
    SessionStarted,
    Severity,
    Span,
    Speaker,
    SpeakerKnown,
    SpeakersLearnt,
    SpeakersSwapped,
    SpeechAct,
    SpeechEnded,
    SpeechStarted,
    Stage,
    TalkShare,
    TurnEnded,
    Utterance,
    Wish,
    Word,
)

STARTED = SessionStarted("s1", "2026-01-02T03:04:05Z", "0.1.0", "tiny.en", "en")
UTTERANCE = Utterance(
    7,
    Span(RATE, 2 * RATE),
    Speaker.MANAGER,
    Stage.FINAL,
    "Wat denk je?",
    (Word("Wat", Span(RATE, RATE + 1600), 0.98765),),
    revision=3,
    stable=2,
    language="nl",
)
SNAPSHOT = MetricSnapshot(
    heard_to=RATE * 60,
    read_to=RATE * 59,
    talk_share=TalkShare(0.61803, None),
    speaking=frozenset({Speaker.MANAGER}),
    monologue=RATE * 12,
    longest=RATE * 20,
    counts=Counts(open_questions=3, closed_questions=2, tips=1, tips_spent=1, silences_held=2),
)
NUDGE = Nudge(
    2,
    RATE * 61,
    "ask",
    NudgeClass.CORRECTIVE,
    "Vragen, niet zenden",
    Severity.SOFT,
    (
        Evidence(
            "telling", utterance=7, metric="talk_share", value=0.6666, threshold=0.5, window=300
        ),
    ),
    RATE * 91,
)


def test_the_session_comes_first_with_its_schema() -> None:
    assert to_json(STARTED, 0) == {
        "type": "session",
        "schema": 1,
        "version": "0.1.0",
        "model": "tiny.en",
        "language": "en",
        "started": "2026-01-02T03:04:05Z",
    }


@pytest.mark.parametrize(
    ("message", "event"),
    [
        (SpeechStarted(1, 49_920, Speaker.COACHEE, 51_000), "start"),
        (SpeechEnded(1, 49_920, Speaker.COACHEE, 51_000), "end"),
    ],
)
def test_speech_is_told_in_seconds_with_three_decimals(
    message: SpeechStarted | SpeechEnded, event: str
) -> None:
    line = {"type": "speech", "speaker": "coachee", "event": event, "at": 3.12, "emitted": 3.188}
    assert to_json(message, 51_008) == line


def test_who_speaks_is_told_when_it_is_known() -> None:
    known = SpeakerKnown(1, 49_920, Speaker.COACHEE, 72_000, 0.912)
    assert to_json(known, 72_000) == {
        "type": "speech",
        "speaker": "coachee",
        "event": "known",
        "at": 3.12,
        "confidence": 0.912,
        "emitted": 4.5,
    }


def test_an_utterance_has_its_words() -> None:
    line = to_json(UTTERANCE, 3 * RATE)
    assert line == {
        "type": "utterance",
        "id": 7,
        "stage": "final",
        "revision": 3,
        "speaker": "manager",
        "start": 1.0,
        "end": 2.0,
        "text": "Wat denk je?",
        "stable": 2,
        "words": [{"text": "Wat", "start": 1.0, "end": 1.1, "probability": 0.988}],
        "language": "nl",
        "emitted": 3.0,
    }


def test_a_run_in_which_nothing_was_said_is_left_out_but_a_lost_one_is_told() -> None:
    silent = replace(UTTERANCE, text="", words=())
    assert to_json(silent, 0) is None
    lost = to_json(replace(silent, stage=Stage.UNTRANSCRIBED), 0)
    assert lost is not None
    assert lost["stage"] == "untranscribed"


def test_an_act_says_where_and_how_sure() -> None:
    act = SpeechAct(
        7, Speaker.MANAGER, Kind.ADVICE, Span(0, 1), (2, 5), Form.TIP, guards=("quoted",), quote="x"
    )
    assert to_json(act, 0) == {
        "type": "act",
        "utterance": 7,
        "speaker": "manager",
        "kind": "advice",
        "form": "tip",
        "tier": 1,
        "words": [2, 5],
        "confidence": 1.0,
        "guards": ["quoted"],
        "emitted": 0.0,
    }


def test_metrics_are_null_where_there_is_not_enough_to_say() -> None:
    line = to_json(SNAPSHOT, RATE * 60)
    assert line is not None
    assert line["talk_share"] == {"session": 0.618, "window": None}
    assert (line["at"], line["heard_to"], line["read_to"]) == (60.0, 60.0, 59.0)
    assert (line["monologue"], line["longest"]) == (12.0, 20.0)
    assert line["questions"] == {"open": 3, "closed": 2}
    assert line["telling"] == {"tip": 1, "solution": 0, "assumption": 0, "judgement": 0}
    assert line["tip_budget"] == {"spent": 1, "of": 1}
    assert line["silences_held"] == 2


def test_a_nudge_gives_its_evidence_without_anybodys_words() -> None:
    line = to_json(replace(NUDGE, because=(replace(NUDGE.because[0], quote="secret"),)), RATE * 61)
    assert line is not None
    assert line["class"] == "corrective"
    assert line["detail"] is None
    assert line["expires"] == 91.0
    assert line["because"] == [
        {"rule": "telling", "utterance": 7, "metric": "talk_share", "value": 0.667,
         "threshold": 0.5, "window": 300}
    ]  # fmt: skip


def test_health_says_which_stream_and_what_is_missing() -> None:
    line = to_json(Health(RATE, HealthState.LOST, "mic", "It is gone.", gap=8000), RATE)
    assert line == {
        "type": "health",
        "at": 1.0,
        "state": "lost",
        "stream": "mic",
        "gap": 0.5,
        "sentence": "It is gone.",
        "emitted": 1.0,
    }


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        (ListeningPaused(RATE, paused=True), {"wish": "pause", "paused": True}),
        (NudgesSnoozed(RATE, 601 * RATE), {"wish": "snooze", "until": 601.0}),
        (NudgesSnoozed(RATE, None), {"wish": "snooze", "until": None}),
        (KindMuted(RATE, "share"), {"wish": "mute", "kind": "share"}),
        (NudgeRated(RATE, 3, good=False), {"wish": "rate", "nudge": 3, "good": False}),
        (MomentMarked(RATE), {"wish": "mark"}),
        (SpeakersSwapped(RATE, RATE // 2), {"wish": "swap", "since": 0.5}),
    ],
)
def test_a_wish_says_what_was_asked_for(wish: Wish, fields: dict[str, Any]) -> None:
    assert to_json(wish, RATE) == {"type": "wish", "at": 1.0, "emitted": 1.0} | fields


@pytest.mark.parametrize(("factor", "extra"), [(None, {}), (0.12345, {"real_time_factor": 0.123})])
def test_the_end_is_the_last_line(factor: float | None, extra: dict[str, float]) -> None:
    ended = SessionEnded("end", RATE * 5, dropped=1, untranscribed=2, real_time_factor=factor)
    expected = {"type": "end", "reason": "end", "dropped": 1, "untranscribed": 2, "duration": 5.0}
    assert to_json(ended, 9) == expected | extra


@pytest.mark.parametrize(
    "message",
    [
        Levels(0, {Channel.MANAGER: -20.0}),
        TurnEnded(Speaker.MANAGER, Span(0, 1), (1,), 1),
        Pause(Span(0, 1), Speaker.MANAGER, Speaker.COACHEE),
    ],
)
def test_what_only_the_screen_shows_is_not_in_the_stream(message: Any) -> None:
    assert to_json(message, 0) is None


def test_the_writer_gives_one_line_each_and_metrics_once_a_second() -> None:
    output = io.StringIO()
    writer = JsonLinesWriter(output)
    writer.receive(STARTED, 0)
    for position in range(0, 3 * RATE, 1536):
        writer.receive(replace(SNAPSHOT, heard_to=position), position)
    writer.receive(NUDGE, 3 * RATE)
    lines = [json.loads(line) for line in output.getvalue().splitlines()]
    kinds = [line["type"] for line in lines]
    assert kinds == ["session", "metrics", "metrics", "metrics", "nudge"]
    assert [int(line["at"]) for line in lines if line["type"] == "metrics"] == [0, 1, 2]
    assert "Vragen, niet zenden" in output.getvalue()


def test_what_the_ear_learnt_says_from_where_on() -> None:
    runs = tuple(SpeakerKnown(n, n * RATE, Speaker.COACHEE, 9 * RATE, 0.9) for n in (3, 2))
    line = {"type": "learnt", "at": 9.0, "since": 2.0, "emitted": 10.0}
    assert to_json(SpeakersLearnt(9 * RATE, runs), 10 * RATE) == line
