"""A conversation in messages, for a screen: no sound, no models, every time given."""

from __future__ import annotations

from live_coach.flow.messages import (
    Channel,
    Counts,
    Evidence,
    Health,
    HealthState,
    Levels,
    MetricSnapshot,
    Nudge,
    NudgeClass,
    Phase,
    SessionEnded,
    SessionStarted,
    Severity,
    Span,
    Speaker,
    SpeechStarted,
    Stage,
    TalkShare,
    Utterance,
    to_samples,
)

NUDGES = {"en": "Ask, don't tell", "nl": "Vragen, niet zenden"}
DETAILS = {"en": "What would you do yourself?", "nl": "Wat zou jij zelf doen?"}


def started(**changes: object) -> SessionStarted:
    values: dict[str, object] = {
        "id": "20260101-090000",
        "started_at": "2026-01-01T09:00:00Z",
        "version": "0",
        "model": "tiny.en",
        "language": "en",
        "kind": "demo",
        "agreed_minutes": 30.0,
    }
    return SessionStarted(**(values | changes))  # type: ignore[arg-type]


def metrics(
    seconds: float,
    session: float | None = 0.62,
    window: float | None = 0.55,
    speaking: tuple[Speaker, ...] = (Speaker.MANAGER,),
    *,
    holding: float | None = None,
    phase: Phase | None = None,
    goal_agreed: bool = False,
    expectations_agreed: bool = False,
) -> MetricSnapshot:
    return MetricSnapshot(
        heard_to=to_samples(seconds),
        read_to=to_samples(max(0, seconds - 1)),
        talk_share=TalkShare(session, window),
        speaking=frozenset(speaking),
        monologue=to_samples(12),
        longest=to_samples(40),
        counts=Counts(open_questions=5, closed_questions=2, tips_spent=0, silences_held=1),
        holding=None if holding is None else to_samples(holding),
        phase=phase,
        goal_agreed=goal_agreed,
        expectations_agreed=expectations_agreed,
    )


def levels(seconds: float, mic: float = -18.0, call: float = -45.0) -> Levels:
    return Levels(to_samples(seconds), {Channel.MANAGER: mic, Channel.COACHEE: call})


def final(seconds: float, text: str = "said long ago") -> Utterance:
    span = Span(to_samples(seconds - 3), to_samples(seconds))
    return Utterance(7, span, Speaker.MANAGER, Stage.FINAL, text)


def speech_started(seconds: float, speaker: Speaker) -> SpeechStarted:
    at = to_samples(seconds)
    return SpeechStarted(8, at, speaker, heard_to=at)


def nudge(
    seconds: float,
    language: str = "en",
    *,
    identity: int = 1,
    severity: Severity = Severity.SOFT,
    nudge_class: NudgeClass = NudgeClass.CORRECTIVE,
    detail: str | None = None,
    lives: float = 6.0,
    text: str | None = None,
) -> Nudge:
    quote = {"en": "you should just call them", "nl": "je moet ze gewoon bellen"}[language]
    return Nudge(
        id=identity,
        at=to_samples(seconds),
        kind="ask",
        nudge_class=nudge_class,
        text=text or NUDGES[language],
        severity=severity,
        because=(
            Evidence(
                "ask",
                utterance=7,
                metric="directives",
                value=2,
                threshold=2,
                window=120,
                quote=quote,
            ),
        ),
        expires_at=to_samples(seconds + lives),
        detail=detail,
    )


def mic_lost(seconds: float, gap: float = 0.0) -> Health:
    return Health(
        to_samples(seconds), HealthState.LOST, "mic", "The microphone is gone.", to_samples(gap)
    )


def overloaded(seconds: float) -> Health:
    return Health(to_samples(seconds), HealthState.OVERLOADED, "text", "Text is late.")


def ended(seconds: float) -> SessionEnded:
    return SessionEnded("end", to_samples(seconds))
