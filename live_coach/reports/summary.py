"""What is told of a conversation afterwards: numbers, moments, and one thing to try. Never a grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from live_coach.archive.recovery import RECOVERED
from live_coach.archive.stored import StoredAct, StoredEvidence, StoredNudge, StoredSession
from live_coach.flow.messages import (
    RATE,
    Counts,
    HealthState,
    Span,
    Speaker,
    to_seconds,
)
from live_coach.reports.course import (
    TOLD,
    Course,
    Mark,
    counted_as,
    course,
    followed_by,
    tips_with_leave,
)
from live_coach.reports.next_try import NextTry, choose
from live_coach.reports.ownership import Ownership, ownership
from live_coach.reports.waits import Waits, waits

_FINE_STEP_S, _COARSE_STEP_S, _COARSE_FROM_S = 30, 60, 600


@dataclass(frozen=True, slots=True)
class SharePoint:
    """The manager's part of the speech between two moments in seconds; None: nobody spoke."""

    start: float
    end: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Talk:
    """Who spoke how long, in seconds; `share` is the manager's part, None for want of speech."""

    share: float | None
    manager: float
    coachee: float
    unknown: float
    longest: float
    manager_turns: int
    coachee_turns: int
    curve: tuple[SharePoint, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """One of the four kinds of telling: how often, and when first, in seconds, where known."""

    kind: str
    count: int
    first_at: float | None


@dataclass(frozen=True, slots=True)
class Asking:
    """The manager's questions and reflections."""

    open: int
    closed: int
    reflections: int

    @property
    def reflections_per_question(self) -> float | None:
        """Two decimals; None where nothing was asked."""
        questions = self.open + self.closed
        return round(self.reflections / questions, 2) if questions else None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Silences the manager held, and what pauses and overlaps there were, in seconds."""

    held: int
    pauses: int
    longest_pause: float
    overlaps: int
    overlapped: float
    interruptions: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a nudge came: a short quote of the manager, or a number and its limit."""

    rule: str
    metric: str | None
    value: float | None
    threshold: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class NudgeMoment:
    """A nudge and when it came, in seconds; `next` is what the manager did within a minute.

    `good` is the manager's thumb, `heeded` that its reason did not come again within
    a minute; None where not known.
    """

    at: float
    kind: str
    nudge_class: str
    severity: str
    text: str
    reasons: tuple[Reason, ...]
    next: Mark | None
    good: bool | None
    heeded: bool | None


@dataclass(frozen=True, slots=True)
class Caveat:
    """What makes the numbers less sure: `amount` counts or is in seconds, by the kind of it.

    Kinds: `recovered`, `gap` (seconds of sound lost), `disturbed` (times), `untranscribed` and
    `dropped` (times), `unknown` (seconds of speech without a speaker), `one_voice`.
    """

    kind: str
    amount: float = 0
    stream: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said, where keeping it was chosen; seconds."""

    start: float
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything a report tells. Times in seconds from the start of the conversation.

    `plan` is the coachee's own, in the sentences that the manager confirmed; `marks` are the moments
    that the manager marked. `goal_agreed` and `expectations_agreed`: on the card or while talking;
    None where nobody looked.
    """

    id: str
    started_at: str
    kind: str
    language: str
    preset: str
    model: str
    version: str
    goal: str
    agreed_minutes: float | None
    duration: float
    end_reason: str | None
    talk: Talk
    asking: Asking
    telling: tuple[Telling, ...]
    tips_spent: int
    tips_with_leave: int
    tips_allowed: int
    quiet: Quiet
    waits: Waits
    course: Course
    nudges: tuple[NudgeMoment, ...]
    caveats: tuple[Caveat, ...]
    next_try: NextTry
    plan: tuple[str, ...]
    transcript: tuple[Line, ...]
    coachee: str
    manager_expects: str
    coachee_expects: str
    frames: tuple[str, ...]
    marks: tuple[float, ...]
    found: Ownership
    goal_agreed: bool | None
    expectations_agreed: bool | None


def summarise(stored: StoredSession) -> Summary:
    """The summary of a conversation, from what was kept of it and nothing else.

    Counts and the talk share are those of the last reading, the very numbers that were on the
    screen; the curve and the talking times are taken from the runs of speech.
    """
    last = stored.readings[-1] if stored.readings else None
    counts = last.counts if last else Counts()
    talk = _talk(stored)
    went = course(stored)
    found = ownership(counts, stored.plan, stored.language)
    return Summary(
        id=stored.id,
        started_at=stored.started_at,
        kind=stored.kind,
        language=stored.language,
        preset=stored.preset,
        model=stored.model,
        version=stored.version,
        goal=stored.goal,
        agreed_minutes=stored.agreed_minutes,
        duration=to_seconds(stored.duration),
        end_reason=stored.end_reason,
        talk=talk,
        asking=Asking(counts.open_questions, counts.closed_questions, counts.reflections),
        telling=_telling(counts, stored.acts),
        tips_spent=counts.tips_spent,
        tips_with_leave=min(tips_with_leave(stored), counts.tips_spent),
        tips_allowed=counts.tips_allowed,
        quiet=_quiet(stored, counts),
        waits=waits(stored),
        course=went,
        nudges=tuple(_moment(nudge, went) for nudge in stored.nudges),
        caveats=tuple(_caveats(stored, talk)),
        next_try=_next_try(stored, counts, talk, found),
        plan=stored.plan,
        transcript=tuple(
            Line(to_seconds(one.span.start), one.speaker, one.text) for one in stored.utterances
        ),
        coachee=stored.coachee,
        manager_expects=stored.manager_expects,
        coachee_expects=stored.coachee_expects,
        frames=stored.frames,
        marks=tuple(to_seconds(at) for at in stored.marks),
        found=found,
        goal_agreed=bool(stored.goal) or (last.goal_agreed if last else None),
        expectations_agreed=bool(stored.manager_expects and stored.coachee_expects)
        or (last.expectations_agreed if last else None),
    )


def _next_try(stored: StoredSession, counts: Counts, talk: Talk, found: Ownership) -> NextTry:
    return choose(
        counts,
        share=talk.share,
        longest_s=talk.longest,
        duration_s=to_seconds(stored.duration),
        preset=stored.preset,
        found=found,
    )


def without_text(summary: Summary) -> Summary:
    """The same numbers, without a word that anybody typed or said."""
    return replace(
        summary,
        goal="",
        plan=(),
        transcript=(),
        coachee="",
        manager_expects="",
        coachee_expects="",
        frames=(),
        nudges=tuple(
            replace(nudge, reasons=tuple(replace(reason, quote="") for reason in nudge.reasons))
            for nudge in summary.nudges
        ),
    )


def _talk(stored: StoredSession) -> Talk:
    last = stored.readings[-1] if stored.readings else None
    spans = {
        speaker: [run.span for run in stored.speech if run.speaker is speaker]
        for speaker in Speaker
    }
    turns = [turn.speaker for turn in stored.turns]
    return Talk(
        share=last.talk_share.session if last else None,
        manager=_length(spans[Speaker.MANAGER]),
        coachee=_length(spans[Speaker.COACHEE]),
        unknown=_length(spans[Speaker.UNKNOWN]),
        longest=to_seconds(last.longest) if last else 0.0,
        manager_turns=turns.count(Speaker.MANAGER),
        coachee_turns=turns.count(Speaker.COACHEE),
        curve=_curve(spans[Speaker.MANAGER], spans[Speaker.COACHEE], stored.duration),
    )


def _curve(manager: list[Span], coachee: list[Span], duration: int) -> tuple[SharePoint, ...]:
    """The share in steps of half a minute; of a minute in a conversation of ten or more."""
    step = RATE * (_FINE_STEP_S if duration < _COARSE_FROM_S * RATE else _COARSE_STEP_S)
    points = []
    for start in range(0, duration, step):
        window = Span(start, min(start + step, duration))
        mine, theirs = _within(manager, window), _within(coachee, window)
        share = round(mine / (mine + theirs), 3) if mine + theirs else None
        points.append(SharePoint(to_seconds(window.start), to_seconds(window.end), share))
    return tuple(points)


def _within(spans: Iterable[Span], window: Span) -> int:
    return sum(max(0, min(span.end, window.end) - max(span.start, window.start)) for span in spans)


def _length(spans: Iterable[Span]) -> float:
    return to_seconds(sum(span.length for span in spans))


def _telling(counts: Counts, acts: tuple[StoredAct, ...]) -> tuple[Telling, ...]:
    first: dict[str, float] = {}
    for act in acts:
        kind = counted_as(act)
        if kind in TOLD:
            first.setdefault(kind, to_seconds(act.at))
    numbers = {
        "tip": counts.tips,
        "solution": counts.solutions,
        "assumption": counts.assumptions,
        "judgement": counts.judgements,
    }
    return tuple(
        Telling(kind, count, first.get(kind) if count else None) for kind, count in numbers.items()
    )


def _quiet(stored: StoredSession, counts: Counts) -> Quiet:
    pauses = [pause.span for pause in stored.pauses]
    overlaps = [overlap.span for overlap in stored.overlaps]
    return Quiet(
        held=counts.silences_held,
        pauses=len(pauses),
        longest_pause=to_seconds(max((span.length for span in pauses), default=0)),
        overlaps=len(overlaps),
        overlapped=_length(overlaps),
        interruptions=counts.interruptions,
    )


def _moment(nudge: StoredNudge, went: Course) -> NudgeMoment:
    return NudgeMoment(
        at=to_seconds(nudge.shown_at),
        kind=nudge.kind,
        nudge_class=nudge.nudge_class.value,
        severity=nudge.severity.value,
        text=nudge.text,
        reasons=tuple(_reason(because) for because in nudge.because),
        next=followed_by(went.marks, to_seconds(nudge.shown_at)),
        good=nudge.good,
        heeded=nudge.heeded,
    )


def _reason(because: StoredEvidence) -> Reason:
    return Reason(because.rule, because.metric, because.value, because.threshold, because.quote)


def _caveats(stored: StoredSession, talk: Talk) -> Iterable[Caveat]:
    if stored.end_reason == RECOVERED:
        yield Caveat("recovered")
    yield from _disturbances(stored)
    if stored.untranscribed:
        yield Caveat("untranscribed", stored.untranscribed)
    if stored.dropped:
        yield Caveat("dropped", stored.dropped)
    if talk.unknown:
        yield Caveat("unknown", talk.unknown)
    if talk.share is None:
        yield Caveat("one_voice")


def _disturbances(stored: StoredSession) -> Iterable[Caveat]:
    gaps: Counter[str] = Counter()
    disturbed: Counter[tuple[str, str]] = Counter()
    for health in stored.health:
        gaps[health.stream] += health.gap
        if health.state is not HealthState.OK:
            disturbed[health.stream, health.state.value] += 1
    for stream, gap in gaps.items():
        if gap:
            yield Caveat("gap", to_seconds(gap), stream)
    for (stream, state), times in disturbed.items():
        yield Caveat("disturbed", times, stream, state)
