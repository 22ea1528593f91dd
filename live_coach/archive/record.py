"""What is kept of each message: the one place that decides what the archive may hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import assert_never

from live_coach.archive.redaction import hidden, redactor
from live_coach.archive.statements import COUNTS, Row, Value
from live_coach.flow.messages import (
    RATE,
    Evidence,
    Health,
    KindMuted,
    Levels,
    ListeningPaused,
    Message,
    MetricSnapshot,
    MomentMarked,
    Monologue,
    Nudge,
    NudgeOutcome,
    NudgeRated,
    NudgesSnoozed,
    Overlap,
    Pause,
    SessionEnded,
    SessionStarted,
    Speaker,
    SpeakerKnown,
    SpeakersLearnt,
    SpeakersSwapped,
    SpeechAct,
    SpeechEnded,
    SpeechStarted,
    Stage,
    TurnEnded,
    Utterance,
)

READING_EVERY = 5 * RATE
"""One reading is kept of each stretch of this many samples: the latest."""

_REWRITE_EVERY = RATE // 2
"""The present stretch's reading is written again after so many samples: what a crash can cost."""

QUOTE_WORDS = 12
"""The longest quote of the manager that is kept as evidence."""

KEPT_METRICS = frozenset(
    [
        *("directives", "talk_share", "monologue", "closed_questions", "silence", "answer"),
        *("tips", "times", "questions", "interruptions", "elapsed", "off_goal", "time_left"),
    ]
)
"""The numbers behind a nudge that are kept: about the manager, speaking time or the clock. A number
about what the coachee said is not among them, and a new one is not kept until it stands here."""

KEPT_KINDS = frozenset(
    [
        *("ask", "permit", "tipused", "disguised", "open", "one", "leading", "assume", "judge"),
        *(
            "reflect",
            "long",
            "share",
            "cut",
            "frame",
            "goal",
            "contract",
            "expect",
            "time",
            "close",
        ),
        *("good_question", "good_silence"),
    ]
)
"""The kinds of nudges that are kept by name: about what the manager does, the clock or the agreement.
Any other would tell what the coachee was saying (`miracle`: was at a loss), so only its class is kept."""


class Recorder:
    """Turns the messages of one conversation into rows. Not for several threads at once.

    Text is kept only with `keep_transcript`, and only when it is final. Of the coachee nothing is
    kept but when they spoke (and, with `keep_transcript`, what was said): no acts, no counts.
    `names`, and that of the coachee, become initials in text; None: none does.
    """

    def __init__(
        self,
        started: SessionStarted,
        *,
        keep_transcript: bool,
        names: Sequence[str] | None = (),
    ) -> None:
        self.opening = _session_row(started, keep_transcript=keep_transcript)
        self.heard_to = 0
        self._id = started.id
        self._keep_transcript = keep_transcript
        self._redacted = redactor(hidden(started.coachee, names))
        self._runs: dict[int, tuple[Speaker, int]] = {}
        self._numbered = 0
        self._corrects = False
        self._latest: MetricSnapshot | None = None
        self._written: MetricSnapshot | None = None

    def rows(self, message: Message, emitted: int) -> list[Row]:
        """What is kept of a message that was emitted at sample `emitted`; often nothing."""
        rows: list[Row] = []
        match message:
            case SpeechStarted() | SpeakerKnown() | SpeakersSwapped() | SpeakersLearnt():
                rows = self._whose(message)
            case SpeechEnded(id=run, speaker=speaker, at=at):
                known_speaker, start = self._runs.get(run, (speaker, at))
                rows = [self._speech(run, known_speaker, start, end=at)]
            case Utterance():
                rows = self._utterance(message)
            case TurnEnded() | Pause() | Overlap() | Health():
                rows = [*self._replaced(message), self._event(message)]
            case SpeechAct():
                rows = self._act(message)
            case Nudge():
                rows = self._nudge(message, emitted)
            case NudgeRated() | NudgeOutcome() | MomentMarked():
                rows = [self._for_looking_back(message)]
            case MetricSnapshot():
                rows = self._reading(message)
            case (
                ListeningPaused()
                | NudgesSnoozed()
                | KindMuted()
                | Monologue()
                | Levels()
                | SessionStarted()
                | SessionEnded()
            ):
                pass
            case _:
                assert_never(message)
        return rows

    def finish(self, ended: SessionEnded) -> list[Row]:
        """The last rows: where the conversation stood, and how it ended."""
        last = [self._reading_row(self._latest)] if self._latest else []
        return [
            *last,
            Row(
                "end",
                {
                    "session": self._id,
                    "end_reason": ended.reason,
                    "duration": ended.duration,
                    "dropped": ended.dropped,
                    "untranscribed": ended.untranscribed,
                },
            ),
        ]

    def _row(self, name: str, **values: Value) -> Row:
        return Row(name, {"session": self._id, **values})

    def _numbered_row(self, name: str, **values: Value) -> Row:
        self._numbered += 1
        return self._row(name, n=self._numbered, **values)

    def _speech(
        self,
        run: int,
        speaker: Speaker,
        start: int,
        *,
        end: int | None = None,
        read: int | None = None,
    ) -> Row:
        return self._row("speech", id=run, speaker=speaker, start=start, end=end, read=read)

    def _whose(
        self, message: SpeechStarted | SpeakerKnown | SpeakersSwapped | SpeakersLearnt
    ) -> list[Row]:
        if isinstance(message, SpeakersSwapped | SpeakersLearnt):
            self._corrects = True
            return [
                self._numbered_row(f"withdrawn_{kind}", since=message.since)
                for kind in ("turns", "pauses", "overlaps", "acts")
            ]
        run, speaker = message.id, message.speaker
        before, _ = self._runs.get(run, (Speaker.UNKNOWN, message.at))
        self._runs[run] = (speaker, message.at)
        rows = [self._speech(run, speaker, message.at)]
        if isinstance(message, SpeakerKnown) and speaker is Speaker.UNKNOWN:
            rows.append(self._row("no_speech", id=run, speaker=speaker))
        changed = before is not speaker and (before is not Speaker.UNKNOWN or self._corrects)
        return rows + self._corrected(run, speaker) if changed else rows

    def _corrected(self, run: int, speaker: Speaker) -> list[Row]:
        """The words were another's: of the coachee's none is a quote."""
        rows = [self._row("whose_text", id=run, speaker=speaker)] if self._keep_transcript else []
        return rows if speaker is Speaker.MANAGER else [*rows, self._row("no_quote", id=run)]

    def _utterance(self, utterance: Utterance) -> list[Row]:
        if utterance.stage is Stage.PARTIAL:
            return []
        run, span = utterance.id, utterance.span
        speaker, start = self._runs.get(run, (utterance.speaker, span.start))
        final = utterance.stage is Stage.FINAL
        rows = [self._speech(run, speaker, start, read=int(final))]
        if self._keep_transcript and final and utterance.text:
            words = [
                [self._redacted(w.text), w.span.start, w.span.end, w.probability]
                for w in utterance.words
            ]
            rows.append(
                self._row(
                    "utterance",
                    id=run,
                    speaker=speaker,
                    start=span.start,
                    end=span.end,
                    language=utterance.language,
                    text=self._redacted(utterance.text),
                    words=json.dumps(words, ensure_ascii=False),
                )
            )
        return rows

    def _replaced(self, event: object) -> list[Row]:
        """After a correction a turn may be told anew that ended elsewhere."""
        if not isinstance(event, TurnEnded) or not self._corrects:
            return []
        return [self._numbered_row("withdrawn_turn", start=event.span.start)]

    def _event(self, event: TurnEnded | Pause | Overlap | Health) -> Row:
        match event:
            case TurnEnded(speaker=speaker, span=span, spoken=spoken):
                return self._numbered_row(
                    "turn", speaker=speaker, start=span.start, end=span.end, spoken=spoken
                )
            case Pause(span=span, after=after, before=before):
                return self._numbered_row(
                    "pause", start=span.start, end=span.end, after=after, before=before
                )
            case Overlap(span=span, by=by):
                return self._numbered_row("overlap", start=span.start, end=span.end, by=by)
            case Health(at=at, state=state, stream=stream, gap=gap):
                return self._numbered_row("health", at=at, state=state, stream=stream, gap=gap)

    def _for_looking_back(self, message: NudgeRated | NudgeOutcome | MomentMarked) -> Row:
        match message:
            case NudgeRated(at=at, nudge=nudge, good=good):
                return self._row("rating", nudge=nudge, at=at, good=int(good))
            case NudgeOutcome(at=at, nudge=nudge, heeded=heeded):
                return self._row("outcome", nudge=nudge, at=at, heeded=int(heeded))
            case MomentMarked(at=at):
                return self._row("mark", at=at)

    def _act(self, act: SpeechAct) -> list[Row]:
        if act.speaker is not Speaker.MANAGER:
            return []
        return [
            self._numbered_row(
                "act",
                utterance=act.utterance,
                kind=act.kind,
                form=act.form,
                tier=act.tier,
                at=act.span.start,
                confidence=act.confidence,
            )
        ]

    def _nudge(self, nudge: Nudge, emitted: int) -> list[Row]:
        """A nudge with why it came; of one whose kind may not be kept, that it came."""
        by_name = nudge.kind in KEPT_KINDS
        row = self._row(
            "nudge",
            id=nudge.id,
            at=nudge.at,
            shown_at=emitted,
            kind=nudge.kind if by_name else nudge.nudge_class,
            **{"class": nudge.nudge_class},
            text=nudge.text if by_name else "",
            severity=nudge.severity,
        )
        because = nudge.because if by_name else ()
        return [row, *(self._evidence(nudge.id, n, one) for n, one in enumerate(because))]

    def _evidence(self, nudge: int, n: int, because: Evidence) -> Row:
        speaker, _ = self._runs.get(because.utterance or 0, (Speaker.UNKNOWN, 0))
        of_manager = because.utterance is not None and speaker is Speaker.MANAGER
        kept = because.metric in KEPT_METRICS
        return self._row(
            "evidence",
            nudge=nudge,
            n=n,
            rule=because.rule,
            utterance=because.utterance,
            metric=because.metric if kept else None,
            value=because.value if kept else None,
            threshold=because.threshold if kept else None,
            window=because.window if kept else None,
            quote=self._redacted(_shortened(because.quote)) if of_manager else "",
        )

    def _reading(self, snapshot: MetricSnapshot) -> list[Row]:
        self._latest = snapshot
        self.heard_to = snapshot.heard_to
        before = self._written
        if (
            before is not None
            and snapshot.counts == before.counts
            and snapshot.heard_to - before.heard_to < _REWRITE_EVERY
        ):
            return []
        self._written = snapshot
        return [self._reading_row(snapshot)]

    def _reading_row(self, snapshot: MetricSnapshot) -> Row:
        counts = {name: getattr(snapshot.counts, name) for name in COUNTS}
        return self._row(
            "reading",
            slot=snapshot.heard_to // READING_EVERY,
            heard_to=snapshot.heard_to,
            read_to=snapshot.read_to,
            share_session=snapshot.talk_share.session,
            share_window=snapshot.talk_share.window,
            longest=snapshot.longest,
            goal_agreed=int(snapshot.goal_agreed),
            expectations_agreed=int(snapshot.expectations_agreed),
            **counts,
        )


def _session_row(started: SessionStarted, *, keep_transcript: bool) -> Row:
    settings = json.dumps(dict(started.settings), sort_keys=True, default=str)
    return Row(
        "session",
        {
            "id": started.id,
            "started_at": started.started_at,
            "version": started.version,
            "model": started.model,
            "language": started.language,
            "kind": started.kind,
            "preset": started.preset,
            "goal": started.goal,
            "agreed_minutes": started.agreed_minutes,
            "consent": int(started.consent),
            "settings_fingerprint": hashlib.sha256(settings.encode()).hexdigest()[:16],
            "transcript_kept": int(keep_transcript),
            "coachee": started.coachee,
            "manager_expects": started.manager_expects,
            "coachee_expects": started.coachee_expects,
            "frames": json.dumps(started.frames, ensure_ascii=False),
        },
    )


def _shortened(quote: str) -> str:
    words = quote.split()
    return " ".join(words[:QUOTE_WORDS]) + ("…" if len(words) > QUOTE_WORDS else "")
