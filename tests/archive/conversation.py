"""A conversation for tests of what is kept and told: messages as the real stages send them."""

from __future__ import annotations

from collections.abc import Iterator

from live_coach.archive.collector import Collector
from live_coach.archive.stored import StoredSession
from live_coach.flow.messages import (
    RATE,
    Counts,
    Evidence,
    Form,
    Health,
    HealthState,
    Kind,
    Message,
    MetricSnapshot,
    MomentMarked,
    Nudge,
    NudgeClass,
    NudgeOutcome,
    NudgeRated,
    Overlap,
    Pause,
    SessionEnded,
    SessionStarted,
    Severity,
    Span,
    Speaker,
    SpeechAct,
    SpeechEnded,
    SpeechStarted,
    Stage,
    TalkShare,
    TurnEnded,
    Utterance,
    Word,
)
from live_coach.settings import ArchiveSettings

CANARY = "heliotrope wombat"
"""Words that only the coachee says: they may be found nowhere."""

QUOTE = "you should just call them"
DEFAULT = ArchiveSettings(
    directory="",
    keep_transcript=False,
    keep_days=365,
    keep_audio_days=7,
    redact_names=True,
    names=(),
)
WITH_TEXT = DEFAULT.model_copy(update={"keep_transcript": True})


def started(session: str = "2026-07-01-abcd", at: str = "2026-07-01T10:00:00Z") -> SessionStarted:
    """How it begins."""
    return SessionStarted(
        session,
        at,
        "0.1.0",
        "tiny.en",
        "en",
        goal="Sell more",
        consent=True,
        coachee="A.",
        manager_expects="honesty",
        coachee_expects="time",
        frames=("no discounts", "two visits a week"),
    )


def talk(exchanges: int = 10) -> Iterator[tuple[Message, int]]:
    """The manager speaks six seconds, the coachee three, over and over; each with when it was emitted."""
    for n in range(exchanges):
        for message in exchange(n):
            yield message, _position(message)


def ended(exchanges: int = 10, reason: str = "quit") -> SessionEnded:
    """How it ends."""
    return SessionEnded(reason, exchanges * 10 * RATE, dropped=0, untranscribed=1)


def collected(exchanges: int = 10, *, keep_transcript: bool = False) -> StoredSession:
    """The whole conversation as kept in memory."""
    collector = Collector(keep_transcript=keep_transcript)
    collector.begin(started())
    for message, emitted in talk(exchanges):
        collector.receive(message, emitted)
    return collector.close(ended(exchanges))


def exchange(n: int) -> Iterator[Message]:
    """Ten seconds: the manager, a pause, the coachee."""
    zero, mine, theirs = n * 10 * RATE, 2 * n, 2 * n + 1
    yield SpeechStarted(mine, zero, Speaker.MANAGER, zero)
    for tenth in range(60):
        yield reading(zero + tenth * RATE // 10, n)
    yield from _said(mine, Speaker.MANAGER, Span(zero, zero + 6 * RATE), QUOTE)
    advice = Span(zero, zero + RATE)
    yield SpeechAct(mine, Speaker.MANAGER, Kind.ADVICE, advice, (0, 5), Form.TIP, quote=QUOTE)
    yield Pause(Span(zero + 6 * RATE, zero + 7 * RATE), Speaker.MANAGER, Speaker.COACHEE)
    yield SpeechStarted(theirs, zero + 7 * RATE, Speaker.COACHEE, zero + 7 * RATE)
    yield TurnEnded(Speaker.MANAGER, Span(zero, zero + 6 * RATE), (mine,), 6 * RATE)
    yield from _said(theirs, Speaker.COACHEE, Span(zero + 7 * RATE, zero + 10 * RATE), CANARY)
    idea = Span(zero + 7 * RATE, zero + 8 * RATE)
    yield SpeechAct(theirs, Speaker.COACHEE, Kind.OWN_IDEA, idea, (0, 2), quote=CANARY)
    yield TurnEnded(Speaker.COACHEE, idea, (theirs,), 3 * RATE)
    yield Overlap(Span(zero + 9 * RATE, zero + 10 * RATE), Speaker.MANAGER)
    yield Health(zero + 9 * RATE, HealthState.LOST, "mic", "Anna's earphones are gone.", RATE)
    because = (Evidence("ask", mine, quote=QUOTE), Evidence("stuck", theirs, quote=CANARY))
    yield Nudge(
        n,
        zero + 9 * RATE,
        "ask",
        NudgeClass.CORRECTIVE,
        "Ask, don't tell",
        Severity.SOFT,
        because,
        zero + 15 * RATE,
    )
    yield NudgeRated(zero + 9 * RATE, n, good=n % 2 == 0)
    yield NudgeOutcome(zero + 9 * RATE, n, heeded=n % 2 == 1)
    yield MomentMarked(zero + 9 * RATE)
    for tenth in range(60, 100):
        yield reading(zero + tenth * RATE // 10, n + 1)


def reading(at: int, tips: int) -> MetricSnapshot:
    """A reading at this sample."""
    counts = Counts(tips=tips, open_questions=2, closed_questions=1)
    share = TalkShare(0.667, 0.6)
    return MetricSnapshot(at, at, share, frozenset(), 0, 6 * RATE, counts)


def _said(run: int, speaker: Speaker, span: Span, text: str) -> Iterator[Message]:
    yield SpeechEnded(run, span.end, speaker, span.end)
    words = tuple(Word(word, Span(span.start, span.end), 0.9) for word in text.split())
    yield Utterance(run, span, speaker, Stage.PARTIAL, text, words)
    yield Utterance(run, span, speaker, Stage.FINAL, text, words, language="en")


def _position(message: Message) -> int:
    for name in ("heard_to", "at"):
        if hasattr(message, name):
            return int(getattr(message, name))
    return int(message.span.end)  # type: ignore[union-attr]
