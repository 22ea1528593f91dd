"""The message stream as JSON lines: what other programs read. Schema 1; docs/interfaces.md tells it."""

from __future__ import annotations

import json
from typing import Any, TextIO

from live_coach.flow.messages import (
    RATE,
    Evidence,
    Health,
    KindMuted,
    ListeningPaused,
    Message,
    MetricSnapshot,
    MomentMarked,
    Nudge,
    NudgeOutcome,
    NudgeRated,
    NudgesSnoozed,
    SessionEnded,
    SessionStarted,
    SpeakerKnown,
    SpeakersLearnt,
    SpeakersSwapped,
    SpeechAct,
    SpeechEnded,
    SpeechStarted,
    Stage,
    Utterance,
    Wish,
    to_seconds,
)

SCHEMA = 1


def to_json(message: Message, emitted: int) -> dict[str, Any] | None:
    """One line of the stream, or None for a message that is not part of it.

    `emitted` is when it was emitted, in samples on the conversation's clock.
    """
    line = _body(message)
    if line is None or isinstance(message, SessionStarted | SessionEnded):
        return line
    return line | {"emitted": to_seconds(emitted)}


class JsonLinesWriter:
    """Writes the stream to a text file, one line at a time; metrics once a second of conversation."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._second = -1

    def receive(self, message: Message, emitted: int) -> None:
        """Write the message if it is part of the stream."""
        if isinstance(message, MetricSnapshot):
            second = message.heard_to // RATE
            if second == self._second:
                return
            self._second = second
        line = to_json(message, emitted)
        if line is not None:
            self._output.write(dump(line) + "\n")
            self._output.flush()


def dump(line: dict[str, Any]) -> str:
    """One line of JSON, as every command of this package prints it."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _body(message: Message) -> dict[str, Any] | None:  # noqa: PLR0911  one branch per message type
    match message:
        case SessionStarted():
            return {
                "type": "session",
                "schema": SCHEMA,
                "version": message.version,
                "model": message.model,
                "language": message.language,
                "started": message.started_at,
            }
        case SpeechStarted() | SpeakerKnown() | SpeakersLearnt() | SpeechEnded():
            return _speech(message)
        case Utterance():
            return _utterance(message)
        case SpeechAct():
            return {
                "type": "act",
                "utterance": message.utterance,
                "speaker": message.speaker,
            } | act(message)
        case MetricSnapshot():
            return _metrics(message)
        case Nudge() | NudgeOutcome():
            return _nudge(message)
        case Health():
            return {
                "type": "health",
                "at": to_seconds(message.at),
                "state": message.state,
                "stream": message.stream,
                "gap": to_seconds(message.gap),
                "sentence": message.sentence,
            }
        case SessionEnded():
            return _end(message)
        case _ if isinstance(message, Wish):
            return {"type": "wish", "at": to_seconds(message.at)} | _wish(message)
        case _:
            return None


def _wish(wish: Wish) -> dict[str, Any]:
    match wish:
        case ListeningPaused():
            return {"wish": "pause", "paused": wish.paused}
        case NudgesSnoozed():
            until = None if wish.until is None else to_seconds(wish.until)
            return {"wish": "snooze", "until": until}
        case KindMuted():
            return {"wish": "mute", "kind": wish.kind}
        case NudgeRated():
            return {"wish": "rate", "nudge": wish.nudge, "good": wish.good}
        case MomentMarked():
            return {"wish": "mark"}
        case SpeakersSwapped():
            return {"wish": "swap", "since": to_seconds(wish.since)}


_EVENTS = {SpeechStarted: "start", SpeakerKnown: "known", SpeechEnded: "end"}


def _speech(
    message: SpeechStarted | SpeakerKnown | SpeakersLearnt | SpeechEnded,
) -> dict[str, Any]:
    if isinstance(message, SpeakersLearnt):
        since = to_seconds(max(0, message.since))
        return {"type": "learnt", "at": to_seconds(message.heard_to), "since": since}
    line = {
        "type": "speech",
        "speaker": message.speaker,
        "event": _EVENTS[type(message)],
        "at": to_seconds(message.at),
    }
    if isinstance(message, SpeakerKnown):
        line["confidence"] = message.confidence
    return line


def act(message: SpeechAct) -> dict[str, Any]:
    """What an act says of itself, wherever it is printed."""
    return {
        "kind": message.kind,
        "form": message.form,
        "tier": message.tier,
        "words": list(message.words),
        "confidence": round(message.confidence, 3),
        "guards": list(message.guards),
    }


def _utterance(message: Utterance) -> dict[str, Any] | None:
    if message.stage is Stage.FINAL and not message.text:
        return None
    return {
        "type": "utterance",
        "id": message.id,
        "stage": message.stage,
        "revision": message.revision,
        "speaker": message.speaker,
        "start": to_seconds(message.span.start),
        "end": to_seconds(message.span.end),
        "text": message.text,
        "stable": message.stable,
        "words": [
            {
                "text": word.text,
                "start": to_seconds(word.span.start),
                "end": to_seconds(word.span.end),
                "probability": round(word.probability, 3),
            }
            for word in message.words
        ],
        "language": message.language,
    }


def _metrics(message: MetricSnapshot) -> dict[str, Any]:
    counts = message.counts
    return {
        "type": "metrics",
        "at": to_seconds(message.heard_to),
        "heard_to": to_seconds(message.heard_to),
        "read_to": to_seconds(message.read_to),
        "talk_share": {
            "session": _rounded(message.talk_share.session),
            "window": _rounded(message.talk_share.window),
        },
        "monologue": to_seconds(message.monologue),
        "longest": to_seconds(message.longest),
        "questions": {"open": counts.open_questions, "closed": counts.closed_questions},
        "telling": {
            "tip": counts.tips,
            "solution": counts.solutions,
            "assumption": counts.assumptions,
            "judgement": counts.judgements,
        },
        "reflections": counts.reflections,
        "tip_budget": {"spent": counts.tips_spent, "of": counts.tips_allowed},
        "silences_held": counts.silences_held,
        "interruptions": counts.interruptions,
        "holding": None if message.holding is None else to_seconds(message.holding),
        "phase": message.phase,
        "agreed": {"goal": message.goal_agreed, "expectations": message.expectations_agreed},
    }


def _nudge(message: Nudge | NudgeOutcome) -> dict[str, Any]:
    if isinstance(message, NudgeOutcome):
        at = to_seconds(message.at)
        return {"type": "outcome", "nudge": message.nudge, "heeded": message.heeded, "at": at}
    return {
        "type": "nudge",
        "id": message.id,
        "kind": message.kind,
        "class": message.nudge_class,
        "text": message.text,
        "detail": message.detail,
        "severity": message.severity,
        "because": [_evidence(piece) for piece in message.because],
        "at": to_seconds(message.at),
        "expires": to_seconds(message.expires_at),
    }


def _evidence(piece: Evidence) -> dict[str, Any]:
    return {
        "rule": piece.rule,
        "utterance": piece.utterance,
        "metric": piece.metric,
        "value": _rounded(piece.value),
        "threshold": _rounded(piece.threshold),
        "window": piece.window,
    }


def _end(message: SessionEnded) -> dict[str, Any]:
    line = {
        "type": "end",
        "reason": message.reason,
        "dropped": message.dropped,
        "untranscribed": message.untranscribed,
        "duration": to_seconds(message.duration),
    }
    if message.real_time_factor is not None:
        line["real_time_factor"] = round(message.real_time_factor, 3)
    return line


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
