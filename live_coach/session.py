"""One conversation, wired from sound to nudge: here every stage gets its engines.

The same stages run inline (`run_inline`) or on threads and processes (`live_run.LiveRun`), and give
the same messages to the same readers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from live_coach import __version__
from live_coach.archive.sessions import new_id
from live_coach.archive.stored import StoredSession
from live_coach.audio.capture import LiveSource
from live_coach.audio.recording import ManagerSide, open_recording
from live_coach.audio.remembered import Chosen, choose_devices
from live_coach.audio.source import Source
from live_coach.coaching.coach import Coach
from live_coach.coaching.config import load as load_nudges
from live_coach.errors import LiveCoachError
from live_coach.flow.clock import PositionClock
from live_coach.flow.messages import (
    AudioFrame,
    Channel,
    Health,
    Levels,
    Message,
    SessionEnded,
    SessionStarted,
    Speaker,
    SpeakerKnown,
    SpeakersLearnt,
    SpeechEnded,
    SpeechSegment,
    SpeechStarted,
    Tick,
    Utterance,
    VoiceMessage,
    Wish,
    to_samples,
)
from live_coach.flow.runner import Delivery, Sink
from live_coach.settings import AudioSettings, Settings
from live_coach.speech.attribution import RoomEar
from live_coach.speech.detector import VoiceDetector
from live_coach.speech.detectors import new_detector, new_room_detector
from live_coach.speech.ear import Ear
from live_coach.speech.echo import new_echo_gate
from live_coach.speech.voiceprint import Embedding, Voiceprinter
from live_coach.transcript.scribe import Scribe
from live_coach.transcript.weights import Model
from live_coach.transcript.whisper import WhisperEngine, WhisperOptions

Language = Literal["en", "nl", "auto"]
Wording = Literal["en", "nl"]
Told = SpeechStarted | SpeakerKnown | SpeakersLearnt | SpeechEnded | Utterance | Tick | Wish
OpenSource = Callable[[Callable[[Health], None], Callable[[Levels], None]], Source]
"""Opens the sound of a conversation; gets who is told of its health and its levels."""

_INLINE_STEP_S = 1.5
"""At full speed nobody waits for partials: they show how a text grew, and take less time than the finals."""

_SPEAKERS = {
    Channel.MANAGER: Speaker.MANAGER,
    Channel.COACHEE: Speaker.COACHEE,
    Channel.ROOM: Speaker.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Card:
    """What the two agreed before they began; all of it may stay empty.

    `coachee` is a nickname or initials; `terms` are names and products that are likely to be said;
    they are not kept.
    """

    preset: str = "coaching"
    goal: str = ""
    coachee: str = ""
    manager_expects: str = ""
    coachee_expects: str = ""
    frames: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    agreed_minutes: float | None = None
    consent: bool = False


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """The manager's enrolled voice, and the network that hears who speaks."""

    embedding: Embedding
    weights: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides how a conversation runs.

    `language` is that of the talk, `wording` that of the nudges. `voice` tells people apart where
    there is one microphone; None: they are not. `partials`: runs of speech are also
    read while they grow, for those who want text early; in a live run by the `quick` model, if there is one.
    `keep_audio`: the sound of both is kept too.
    """

    kind: Literal["live", "replay", "demo"]
    open_source: OpenSource
    model: Model
    language: Language
    wording: Wording
    settings: Settings
    card: Card
    partials: bool = False
    quick: Model | None = None
    voice: OwnVoice | None = None
    keep_audio: bool = False


class Record(Protocol):
    """Who keeps a conversation: the archive's keeper, or a collector in memory."""

    def begin(self, started: SessionStarted) -> None: ...
    def receive(self, message: Message, emitted: int) -> None: ...
    def hear(self, frame: AudioFrame) -> None: ...
    def close(self, ended: SessionEnded) -> object: ...

    @property
    def stored(self) -> StoredSession | None:
        """The whole conversation, after close."""
        ...


OpenRecord = Callable[[Callable[[Health], None]], Record]
"""Makes the keeper of a conversation; gets who is told when it is in trouble."""


def announce(plan: Plan) -> SessionStarted:
    """The first message of a conversation. Reads the wall clock, once."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return SessionStarted(
        id=new_id(now),
        started_at=now,
        version=__version__,
        model=plan.model.name,
        language=plan.language,
        kind=plan.kind,
        preset=plan.card.preset,
        goal=plan.card.goal,
        agreed_minutes=plan.card.agreed_minutes,
        consent=plan.card.consent,
        coachee=plan.card.coachee,
        manager_expects=plan.card.manager_expects,
        coachee_expects=plan.card.coachee_expects,
        frames=plan.card.frames,
        keeps_audio=plan.keep_audio,
        keeps_transcript=plan.settings.archive.keep_transcript,
        settings=plan.settings.model_dump(mode="json"),
    )


def recorded(
    settings: AudioSettings,
    path: Path,
    *,
    manager: ManagerSide | None = None,
    coachee: Path | None = None,
) -> OpenSource:
    """A recording; see `open_recording`."""
    block = to_samples(settings.block_ms / 1000)
    return lambda _health, _levels: open_recording(
        path, manager=manager, coachee=coachee, block=block
    )


def live_source(
    settings: AudioSettings,
    language: Wording,
    *,
    on_heard: Callable[[Chosen], None] = lambda _: None,
) -> OpenSource:
    """The microphone and the call that the settings name, else those of last time, else the defaults.

    `on_heard` is told which they are once both give sound. AudioError when opening them, if need be.
    """

    def open_source(
        on_health: Callable[[Health], None], on_levels: Callable[[Levels], None]
    ) -> LiveSource:
        chosen = choose_devices(settings)
        source = LiveSource(
            mic=chosen.mic,
            call=chosen.call,
            settings=settings,
            on_health=on_health,
            on_levels=on_levels,
            language=language,
        )
        source.start()
        on_heard(chosen)
        return source

    return open_source


def make_ear(plan: Plan, source: Source, *, partial_step_s: float, settled: bool) -> Ear | RoomEar:
    """Growing segments come every `partial_step_s` (0: none), and `settled` ones when silence begins."""
    speech = plan.settings.speech
    voice = plan.voice if tuple(source.channels) == (Channel.ROOM,) else None

    def detector() -> VoiceDetector:
        return new_room_detector(speech.detector) if voice else new_detector(speech.detector)

    both = {Channel.MANAGER, Channel.COACHEE} <= set(source.channels)
    ear = Ear(
        {channel: _SPEAKERS[channel] for channel in source.channels},
        detector,
        speech,
        partial_step_s=partial_step_s if plan.partials else 0,
        settled=settled,
        echo_gate=new_echo_gate(detector) if both else None,
    )
    return RoomEar(ear, Voiceprinter(voice.weights), voice.embedding) if voice else ear


def make_coach(plan: Plan) -> Coach:
    return Coach(
        plan.language,
        load_nudges(plan.card.preset),
        wording=plan.wording,
        agreed_minutes=plan.card.agreed_minutes,
        goal=plan.card.goal,
        manager_expects=plan.card.manager_expects,
        coachee_expects=plan.card.coachee_expects,
        frames=plan.card.frames,
        heard=True,
    )


def whisper_options(settings: Settings) -> WhisperOptions:
    chosen = settings.transcript
    return WhisperOptions(
        device=chosen.device,
        threads=chosen.threads,
        context_s=chosen.context_s,
        no_speech_probability=chosen.no_speech_probability,
    )


def tell(coach: Coach, item: Told, deliver: Callable[[Message], None]) -> None:
    """Readers get the thing itself, then what follows from it; SpeakersLearnt once all before it was read."""
    if not isinstance(item, Wish):
        item = coach.whose.corrected(item)
    if not isinstance(item, Tick | SpeakersLearnt):
        deliver(item)
    for message in coach.process(item):
        deliver(message)


# ── inline ───────────────────────────────────────────────────────────────────────────────────────


def run_inline(
    plan: Plan,
    started: SessionStarted,
    open_record: OpenRecord,
    sinks: Sequence[Sink],
    stopped: threading.Event,
) -> SessionEnded:
    """Run a recording as fast as possible in this thread, until its end or until `stopped` is set.

    Deterministic: `emitted` is the audio position that was needed. Raises LiveCoachError; what made
    the source fail, only after all that could be had was delivered and kept.
    """
    clock = PositionClock()
    engine = WhisperEngine(plan.model.directory, whisper_options(plan.settings))
    scribe = Scribe(engine, plan.settings.transcript, plan.language, terms=plan.card.terms)
    deliver = Delivery(sinks, clock)
    record = open_record(deliver)
    source = plan.open_source(deliver, deliver)
    coach = make_coach(plan)
    record.begin(started)
    deliver(started)
    deliver.add(record)
    failures: list[LiveCoachError] = []
    step_s = _INLINE_STEP_S if plan.settings.transcript.partial_step_s else 0.0
    ear = make_ear(plan, source, partial_step_s=step_s, settled=False)
    for heard in _heard(source, ear, record, stopped, failures):
        clock.advance(_position(heard, clock.now()))
        for told in scribe.process(heard) if isinstance(heard, SpeechSegment) else [heard]:
            tell(coach, told, deliver)
    for message in coach.flush():
        deliver(message)
    engine.close()
    reason = "failed" if failures else "asked" if stopped.is_set() else "end"
    ended = SessionEnded(reason, clock.now())
    record.close(ended)
    deliver.remove(record)
    deliver(ended)
    if failures:
        raise failures[0]
    return ended


def _heard(
    source: Source,
    ear: Ear | RoomEar,
    record: Record,
    stopped: threading.Event,
    failures: list[LiveCoachError],
) -> Iterator[VoiceMessage]:
    """All that can be heard; what made the source fail goes into `failures`."""
    try:
        for frame in source.frames():
            record.hear(frame)
            yield from ear.process(frame)
            if stopped.is_set():
                break
    except LiveCoachError as error:
        failures.append(error)
    yield from ear.flush()


def _position(heard: VoiceMessage, now: int) -> int:
    """How much sound was needed for a message; a run that has ended came with its SpeechEnded."""
    if not isinstance(heard, SpeechSegment):
        return heard.heard_to
    return now if heard.end else heard.span.end
