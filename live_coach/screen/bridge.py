"""The bridge from the threads to the screen: takes every message, keeps only what a screen can use."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from live_coach.errors import LiveCoachError
from live_coach.flow.messages import (
    Health,
    Levels,
    Message,
    MetricSnapshot,
    Nudge,
    SessionEnded,
    SessionStarted,
    Speaker,
    SpeakerKnown,
    SpeechStarted,
    Stage,
    Utterance,
    Wish,
)

WAITING_NUDGES = 20
"""Nudges that may wait for the screen; the gate gives far fewer."""
WAITING_WISHES = 20


@dataclass(frozen=True, slots=True)
class News:
    """What has come since the screen last looked; None or empty where nothing came.

    `now` is the conversation's clock, in samples. `began` are those who began to speak after
    `metrics`. `sound_lag` is how long after it was heard the latest sound is counted (the longest of
    those since the screen last looked), `text_lag` how long after its end the latest final text came,
    in samples.
    """

    now: int = 0
    started: SessionStarted | None = None
    metrics: MetricSnapshot | None = None
    levels: Levels | None = None
    began: frozenset[Speaker] = frozenset()
    sound_lag: int | None = None
    text_lag: int | None = None
    health: tuple[Health, ...] = ()
    nudges: tuple[Nudge, ...] = ()
    wishes: tuple[Wish, ...] = ()
    ended: SessionEnded | None = None
    failure: LiveCoachError | None = None


@dataclass(slots=True)
class _Waiting:
    """News in the making; `began` holds how far the ear had listened at each onset."""

    started: SessionStarted | None = None
    metrics: MetricSnapshot | None = None
    levels: Levels | None = None
    began: dict[Speaker, int] = field(default_factory=dict)
    sound_lag: int | None = None
    text_lag: int | None = None
    health: dict[str, Health] = field(default_factory=dict)
    nudges: deque[Nudge] = field(default_factory=deque)
    wishes: deque[Wish] = field(default_factory=lambda: deque(maxlen=WAITING_WISHES))
    ended: SessionEnded | None = None
    failure: LiveCoachError | None = None


class Bridge:
    """Collects messages from any thread until the screen takes them; holds no text of anybody.

    The latest reading of each kind replaces the one before it (counted in `replaced`), one health
    message waits per stream, and of more than 20 waiting nudges the oldest goes (`dropped_nudges`).
    """

    def __init__(self) -> None:
        self.replaced = 0
        self.dropped_nudges = 0
        self._lock = threading.Lock()
        self._ring: Callable[[bool], None] | None = None
        self._rung: bool | None = None
        self._now = 0
        self._waiting = _Waiting()

    def receive(self, message: Message, emitted: int) -> None:
        """Take a message that was emitted at this sample of the conversation; never waits."""
        with self._lock:
            self._now = max(self._now, emitted)
            urgent = self._keep(message, emitted)
        if urgent is not None:
            self._wake(urgent=urgent)

    def fail(self, error: LiveCoachError) -> None:
        """The session cannot go on: the screen leaves and its `failure` is this error."""
        with self._lock:
            self._waiting.failure = self._waiting.failure or error
        self._wake(urgent=True)

    def connect(self, ring: Callable[[bool], None]) -> None:
        """Have `ring(urgent)` called, from any thread, when there is news: once until it is taken,
        and once more when urgent news joins it."""
        with self._lock:
            self._ring = ring
            waiting, self._rung = self._rung, None
        if waiting is not None:
            self._wake(urgent=waiting)

    def take(self) -> News:
        """All news since the last call."""
        with self._lock:
            waiting, self._waiting = self._waiting, _Waiting()
            self._rung = None
            return News(
                now=self._now,
                started=waiting.started,
                metrics=waiting.metrics,
                levels=waiting.levels,
                began=frozenset(waiting.began),
                sound_lag=waiting.sound_lag,
                text_lag=waiting.text_lag,
                health=tuple(waiting.health.values()),
                nudges=tuple(waiting.nudges),
                wishes=tuple(waiting.wishes),
                ended=waiting.ended,
                failure=waiting.failure,
            )

    def _keep(self, message: Message, emitted: int) -> bool | None:
        """Put a message in its place; True when the screen should show it at once, None when it
        shows nothing of it."""
        waiting = self._waiting
        match message:
            case MetricSnapshot():
                self.replaced += waiting.metrics is not None
                waiting.metrics = message
                waiting.sound_lag = max(waiting.sound_lag or 0, emitted - message.heard_to)
                self._now = max(self._now, message.heard_to)
                waiting.began = {
                    speaker: heard_to
                    for speaker, heard_to in waiting.began.items()
                    if heard_to > message.heard_to
                }
                return False
            case Levels():
                self.replaced += waiting.levels is not None
                waiting.levels = message
                return False
            case Utterance(stage=Stage.FINAL):
                waiting.text_lag = max(0, emitted - message.span.end)
                return False
            case SpeechStarted() | SpeakerKnown():
                waiting.began[message.speaker] = message.heard_to
            case Nudge():
                if len(waiting.nudges) == WAITING_NUDGES:
                    waiting.nudges.popleft()
                    self.dropped_nudges += 1
                waiting.nudges.append(message)
            case Health():
                self.replaced += message.stream in waiting.health
                waiting.health[message.stream] = message
            case SessionStarted():
                waiting.started = message
            case SessionEnded():
                waiting.ended = message
            case _:
                return self._keep_wish(message)
        return True

    def _keep_wish(self, message: Message) -> bool | None:
        if not isinstance(message, Wish):
            return None
        self._waiting.wishes.append(message)
        return True

    def _wake(self, *, urgent: bool) -> None:
        with self._lock:
            news_to_the_screen = self._rung is None or (urgent and not self._rung)
            if news_to_the_screen:
                self._rung = urgent
            ring = self._ring
        if news_to_the_screen and ring is not None:
            ring(urgent)
