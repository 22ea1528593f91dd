"""Everything that crosses a folder border, in order of travel.

Time is an integer: samples at 16 kHz since the conversation began. Seconds are for people.
All messages are frozen; arrays inside them are read-only, so a message can be shared by threads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

RATE = 16_000
"""Samples per second of every sample index in this package."""

Samples = npt.NDArray[np.float32]
"""Mono sound, float32 in [-1, 1], at RATE."""


def to_seconds(samples: int) -> float:
    """Seconds, rounded to the three decimals that every output of this package shows."""
    return round(samples / RATE, 3)


def to_samples(seconds: float) -> int:
    """The nearest sample index."""
    return round(seconds * RATE)


class Channel(StrEnum):
    """Where sound comes from. ROOM is one microphone that hears both people."""

    MANAGER = "manager"
    COACHEE = "coachee"
    ROOM = "room"


class Speaker(StrEnum):
    """Who is speaking."""

    MANAGER = "manager"
    COACHEE = "coachee"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time, in samples."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"span ends before it starts: {self.start}..{self.end}")

    @property
    def length(self) -> int:
        return self.end - self.start


# ── audio ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """A block of sound, as long as its source likes.

    `lost` of its samples never arrived and stand as zeros: absence of sound is not silence.
    `captured_ns` is the monotonic time at which the block was captured; 0 for a file.
    """

    channel: Channel
    span: Span
    samples: Samples
    lost: int = 0
    captured_ns: int = 0

    def __post_init__(self) -> None:
        if self.samples.shape != (self.span.length,):
            raise ValueError(f"{self.samples.shape[0]} samples in a span of {self.span.length}")


# ── speech ───────────────────────────────────────────────────────────────────────────────────────


class SegmentEnd(StrEnum):
    """Why a segment ended."""

    SILENCE = "silence"
    MAX_LENGTH = "max_length"
    DEVICE_LOST = "device_lost"
    SPEAKER = "speaker"
    END = "end"


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak. Sent at once: talk time never waits for text.

    One id is one run of speech, one segment and one utterance. `heard_to` is how far the ear had
    listened when it knew.
    """

    id: int
    at: int
    speaker: Speaker
    heard_to: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class SpeakerKnown:
    """Run `id`, which began at `at` as UNKNOWN, is this person's. Sent once, before the run ends; and again,
    also later, for a run whose speaker was corrected (SpeakersSwapped,
    SpeakersLearnt), and as UNKNOWN for one that turned out to be no speech: no words were found
    in it."""

    id: int
    at: int
    speaker: Speaker
    heard_to: int
    confidence: float


@dataclass(frozen=True, slots=True)
class SpeakersLearnt:
    """The ear knows by now whose runs were that ended as UNKNOWN, or as somebody else's.

    `runs` began at most LOOK_BACK ago. What was concluded of the time `since` the first of them
    (TurnEnded, Pause, Overlap that ended later, SpeechAct that began later) is withdrawn:
    SpeakerKnown follows for each, then the same anew.
    """

    heard_to: int
    runs: tuple[SpeakerKnown, ...]

    @property
    def since(self) -> int:
        """The last sample before them."""
        return min(run.at for run in self.runs) - 1


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """A run of speech ended at `at` (the endpoint silence is not part of it).

    A run longer than the longest segment ends and starts again at the same sample.
    """

    id: int
    at: int
    speaker: Speaker
    heard_to: int


@dataclass(frozen=True, slots=True)
class SpeechSegment:
    """The sound of one run of speech; `end` is None while it still grows.

    `span` is what the samples cover: the run, with a little sound before its onset and after its
    end for the recogniser. `speech` is the run itself, as far as it was heard; None: all of `span`.
    `confidence` is that of the speaker, 0 to 1. `settled`: silence has begun, and if nothing more is
    said before the endpoint, the segment that ends will have exactly this sound.
    """

    id: int
    span: Span
    speaker: Speaker
    samples: Samples
    end: SegmentEnd | None
    confidence: float = 1.0
    speech: Span | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """The ear has listened to every channel up to here; `lost` names channels without sound."""

    heard_to: int
    lost: frozenset[Channel] = frozenset()


# ── transcript ───────────────────────────────────────────────────────────────────────────────────


class Stage(StrEnum):
    """How settled a text is."""

    PARTIAL = "partial"
    FINAL = "final"
    UNTRANSCRIBED = "untranscribed"


@dataclass(frozen=True, slots=True)
class Word:
    """One word, with its punctuation, where it was spoken and how sure the recogniser is (0–1)."""

    text: str
    span: Span
    probability: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one run of speech says; `id` is that run's.

    `stable` leading words are in two successive decodes, or likely to be. A FINAL without words is a
    run in which nothing was said (a cough); UNTRANSCRIBED is speech whose text is missing.
    """

    id: int
    span: Span
    speaker: Speaker
    stage: Stage
    text: str
    words: tuple[Word, ...] = ()
    revision: int = 0
    stable: int = 0
    language: str = ""
    confidence: float = 1.0


# ── conversation ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """One person held the floor over `span`, in these utterances, `spoken` samples of it in speech."""

    speaker: Speaker
    span: Span
    utterances: tuple[int, ...]
    spoken: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody spoke; `after` spoke last and `before` speaks next."""

    span: Span
    after: Speaker
    before: Speaker


@dataclass(frozen=True, slots=True)
class Overlap:
    """Both spoke at once; `by` came in second."""

    span: Span
    by: Speaker


@dataclass(frozen=True, slots=True)
class Monologue:
    """`speaker` has held the floor for `span` so far; sent once per threshold reached."""

    speaker: Speaker
    span: Span


ConversationEvent = TurnEnded | Pause | Overlap | Monologue


# ── coaching ─────────────────────────────────────────────────────────────────────────────────────


class Kind(StrEnum):
    """What an utterance does. An utterance may have several; the first is the main one."""

    ADVICE = "advice"
    ASSUMPTION = "assumption"
    JUDGEMENT = "judgement"
    DISGUISED_ADVICE = "disguised_advice"
    LEADING_QUESTION = "leading_question"
    OPEN_QUESTION = "open_question"
    CLOSED_QUESTION = "closed_question"
    REFLECTION = "reflection"
    AFFIRMATION = "affirmation"
    PERMISSION = "permission"
    FRAME = "frame"
    PROCESS = "process"
    SOLUTION_FOCUSED = "solution_focused"
    INFORMATION = "information"
    COMMITMENT = "commitment"
    PREPARATORY = "preparatory"
    SUSTAIN = "sustain"
    STUCK = "stuck"
    ASKS_ADVICE = "asks_advice"
    OWN_IDEA = "own_idea"
    OTHER = "other"


class Form(StrEnum):
    """How advice is given."""

    TIP = "tip"
    SOLUTION = "solution"
    OBLIGATION = "obligation"
    IMPERATIVE = "imperative"


@dataclass(frozen=True, slots=True)
class SpeechAct:
    """One thing that an utterance does.

    `words` is a half-open range of word positions in the utterance; `tier` 1 may trigger a nudge,
    2 counts as evidence, 3 is for the summary; `guards` changed the outcome.
    """

    utterance: int
    speaker: Speaker
    kind: Kind
    span: Span
    words: tuple[int, int]
    form: Form | None = None
    tier: int = 1
    confidence: float = 1.0
    guards: tuple[str, ...] = ()
    quote: str = ""


class NudgeClass(StrEnum):
    """What a nudge is for."""

    CORRECTIVE = "corrective"
    SUGGESTION = "suggestion"
    PROCESS = "process"
    INFORMATION = "information"
    PRAISE = "praise"


class Severity(StrEnum):
    """How much a nudge stands out."""

    SOFT = "soft"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a nudge was given: the rule, and the utterance or the number that made it fire.

    `window` is in seconds; `quote` is a short piece of the manager's own words, never the coachee's.
    """

    rule: str
    utterance: int | None = None
    metric: str | None = None
    value: float | None = None
    threshold: float | None = None
    window: float | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Nudge:
    """At most four words for the manager; `detail` is a sentence to say aloud."""

    id: int
    at: int
    kind: str
    nudge_class: NudgeClass
    text: str
    severity: Severity
    because: tuple[Evidence, ...]
    expires_at: int
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class NudgeOutcome:
    """Whether the manager did, up to `at`, what a nudge asked; sent at most once per nudge."""

    at: int
    nudge: int
    heeded: bool


@dataclass(frozen=True, slots=True)
class TalkShare:
    """The manager's part of all speech, 0 to 1; None while there is not enough speech to say."""

    session: float | None = None
    window: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What has been counted so far: acts of the manager, and silences the manager held.

    `solutions_first` are the solutions that the manager named before the coachee had voiced any idea.
    """

    open_questions: int = 0
    closed_questions: int = 0
    tips: int = 0
    solutions: int = 0
    assumptions: int = 0
    judgements: int = 0
    reflections: int = 0
    tips_spent: int = 0
    tips_allowed: int = 1
    silences_held: int = 0
    interruptions: int = 0
    solutions_first: int = 0


class Phase(StrEnum):
    """Where a coaching conversation is (GROW: goal, reality, options, will; Whitmore 1992)."""

    GOAL = "goal"
    REALITY = "reality"
    OPTIONS = "options"
    WILL = "will"


@dataclass(frozen=True, slots=True)
class MetricSnapshot:
    """Where the conversation stands.

    Two watermarks, because text arrives later than speech: talk share is true up to `heard_to`,
    counts up to `read_to`. `monologue` is the length of the manager's present turn, `longest` of
    the longest one so far, in samples. `speaking` are those speaking now. `holding` is the silence
    after the manager's question so far, in samples; None while no question is open. `phase` is None
    until there is reason to say one.
    """

    heard_to: int
    read_to: int
    talk_share: TalkShare
    speaking: frozenset[Speaker]
    monologue: int
    longest: int
    counts: Counts
    holding: int | None = None
    phase: Phase | None = None
    goal_agreed: bool = False
    expectations_agreed: bool = False


# ── what the manager asks for while talking ──────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ListeningPaused:
    """From `at` on nothing is heard, counted or shown until `paused` is false again."""

    at: int
    paused: bool


@dataclass(frozen=True, slots=True)
class NudgesSnoozed:
    """No nudge before `until`, in samples; None: not in this conversation any more."""

    at: int
    until: int | None


@dataclass(frozen=True, slots=True)
class KindMuted:
    """No nudge of this kind in this conversation any more."""

    at: int
    kind: str


@dataclass(frozen=True, slots=True)
class NudgeRated:
    """The manager's thumb up (`good`) or down for a nudge; the latest counts."""

    at: int
    nudge: int
    good: bool


@dataclass(frozen=True, slots=True)
class MomentMarked:
    """A moment to come back to afterwards."""

    at: int


LOOK_BACK = to_samples(30)
"""How far back one press of the key that exchanges the speakers goes, and what the ear learns of voices."""


@dataclass(frozen=True, slots=True)
class SpeakersSwapped:
    """Who spoke was wrong: runs that began from `since` on (at most LOOK_BACK ago) are the other's.

    With two channels the later ones too, until this comes again; with one microphone a voice is told
    by itself again afterwards. What was concluded of that time (TurnEnded, Pause, Overlap that ended
    since, SpeechAct that began since) is withdrawn: SpeakerKnown follows for each run, then the same
    anew.
    """

    at: int
    since: int

    def __post_init__(self) -> None:
        if not 0 <= self.at - self.since <= LOOK_BACK:
            raise ValueError(f"swapped at {self.at} since {self.since}")


Wish = ListeningPaused | NudgesSnoozed | KindMuted | NudgeRated | MomentMarked | SpeakersSwapped
"""By key, in the middle of a conversation: goes to the coach in order with what was heard, then to
everybody who receives messages."""


# ── the session around it ────────────────────────────────────────────────────────────────────────


class HealthState(StrEnum):
    """What a stream or a stage is doing; everything but OK needs a sentence.

    NOT_HEARD: sound so faint that nobody can be heard. OTHER_OUTPUT: the call is played where it is
    not listened to. MOVED: the device is back under another name, as a headset with another profile.
    """

    OK = "ok"
    LOST = "lost"
    MUTED = "muted"
    WRONG_SOURCE = "wrong_source"
    NOT_HEARD = "not_heard"
    CLIPPING = "clipping"
    OTHER_OUTPUT = "other_output"
    MOVED = "moved"
    RESTARTED = "restarted"
    OVERLOADED = "overloaded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Health:
    """A change that the person must be told of. `stream` is `mic`, `call`, `text`, `archive` or `sound`
    (that is kept); `gap` is sound lost, in samples."""

    at: int
    state: HealthState
    stream: str
    sentence: str
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Levels:
    """Peak level of each stream over the last block, in dBFS, for the screen's health line."""

    at: int
    dbfs: Mapping[Channel, float]


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The first message. `started_at` is the only wall-clock time: UTC, ISO 8601, ending in Z.

    `coachee` is a nickname or initials; `manager_expects` and `coachee_expects` are of this
    conversation. `keeps_audio` and `keeps_transcript` say what is kept beyond numbers.
    """

    id: str
    started_at: str
    version: str
    model: str
    language: str
    kind: str = "live"
    preset: str = "coaching"
    goal: str = ""
    agreed_minutes: float | None = None
    consent: bool = False
    coachee: str = ""
    manager_expects: str = ""
    coachee_expects: str = ""
    frames: tuple[str, ...] = ()
    keeps_audio: bool = False
    keeps_transcript: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The last message; `duration` in samples; drops and untranscribed runs are counted."""

    reason: str
    duration: int
    dropped: int = 0
    untranscribed: int = 0
    real_time_factor: float | None = None


VoiceMessage = SpeechStarted | SpeakerKnown | SpeakersLearnt | SpeechEnded | SpeechSegment | Tick
Message = (
    SessionStarted
    | SpeechStarted
    | SpeakerKnown
    | SpeakersLearnt
    | SpeechEnded
    | Utterance
    | TurnEnded
    | Pause
    | Overlap
    | Monologue
    | SpeechAct
    | MetricSnapshot
    | Nudge
    | NudgeOutcome
    | Health
    | Levels
    | Wish
    | SessionEnded
)
"""What screens, archives and programs receive."""
