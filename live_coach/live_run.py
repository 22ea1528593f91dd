"""A conversation on threads, with the model in a process of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from live_coach import logs
from live_coach.audio.source import Source
from live_coach.errors import LiveCoachError
from live_coach.flow.channel import Channel as Queue
from live_coach.flow.channel import ChannelClosed, WhenFull
from live_coach.flow.clock import MonotonicClock, paced
from live_coach.flow.messages import (
    AudioFrame,
    ListeningPaused,
    Message,
    Nudge,
    SessionEnded,
    SessionStarted,
    SpeakersSwapped,
    SpeechSegment,
    VoiceMessage,
    Wish,
)
from live_coach.flow.runner import Delivery, ReaderThread, Sink
from live_coach.session import OpenRecord, Plan, Told, make_coach, make_ear, tell
from live_coach.speech.attribution import RoomEar
from live_coach.transcript.scheduler import ScribeThreads
from live_coach.transcript.scribe import Scribe
from live_coach.transcript.worker import EngineProcess

_INBOX = 1000
"""Messages that may wait for the coach. It is faster than any ear: a full queue is a bug."""

_SWAPS = 8
"""Presses of the key that exchanges the speakers that the ear may not have learnt of yet."""

_PATIENCE_S = 30.0
"""How long the end of a conversation waits for text that is still being read."""


class LiveRun:
    """The same stages on threads, the model in a process of its own.

    The run ends with its source, or after stop(); wait() then gives its last message, or raises
    what made it fail. What was recorded until then is kept either way.
    """

    def __init__(
        self,
        plan: Plan,
        started: SessionStarted,
        open_record: OpenRecord,
        sinks: Sequence[Sink],
        *,
        on_failure: Callable[[LiveCoachError], None] = lambda _: None,
    ) -> None:
        self._plan = plan
        self._started = started
        self._clock = MonotonicClock()
        self._deliver = Delivery(sinks, self._clock)
        self._record = open_record(self._deliver)
        self._on_failure = on_failure
        self._reason: str | None = None
        self._failure: LiveCoachError | None = None
        self._source: Source | None = None
        self._heard_to = 0
        self._ended: SessionEnded | None = None
        self._begun = False
        self._paused = False
        self._swaps: deque[SpeakersSwapped] = deque(maxlen=_SWAPS)
        self._over = threading.Event()

    def start(self) -> None:
        """Open model, devices and archive, in parallel where possible, and begin to listen.

        Raises LiveCoachError when one of them cannot be opened; then nothing runs and nothing is kept.
        """
        plan = self._plan
        self._coach = make_coach(plan)
        models = [plan.model] if plan.quick is None else [plan.model, plan.quick]
        self._engines = [EngineProcess(one.directory, plan.settings.transcript) for one in models]
        try:
            self._source = plan.open_source(self._deliver, self._deliver)
            for engine in self._engines:
                engine.wait_until_ready()
            self._record.begin(self._started)
        except BaseException:
            self._close_engines()
            if self._source is not None:
                self._source.stop()
            raise
        step_s = plan.settings.transcript.partial_step_s
        self._ear = make_ear(plan, self._source, partial_step_s=step_s, settled=True)
        self._inbox: Queue[Told] = Queue("coach", _INBOX, WhenFull.WAIT_THEN_FAIL)
        self._coach_thread = ReaderThread(
            "coach", self._inbox, self._coach_one, at_end=self._flush_coach, on_failure=self._fail
        )
        scribe = Scribe(
            self._engines[0],
            plan.settings.transcript,
            plan.language,
            quick=self._engines[-1],
            terms=plan.card.terms,
        )
        self._scribe = ScribeThreads(
            scribe,
            self._engines,
            self._to_coach,
            on_health=self._deliver,
            on_failure=self._fail,
            language=plan.wording,
        )
        self._deliver(self._started)
        self._deliver.add(self._record)
        self._coach_thread.start()
        self._scribe.start()
        self._begun = True
        threading.Thread(target=self._run, name="ear", daemon=True).start()
        if self._reason:
            self._source.stop()

    def stop(self, reason: str) -> None:
        """Ask the run to end; the first reason given counts. Returns at once."""
        self._reason = self._reason or reason
        if self._source is not None:
            self._source.stop()

    def wish(self, wish: Wish) -> None:
        """Do what the manager asks for, in order with what was heard. From any thread; only while running.

        While listening is paused the ear gets lost sound: time goes on, and nothing is heard or counted.
        """
        if not self.running:
            return
        if isinstance(wish, ListeningPaused):
            self._paused = wish.paused
        elif isinstance(wish, SpeakersSwapped):
            self._swaps.append(wish)
        self._to_coach(wish)

    @property
    def running(self) -> bool:
        """True from start() until the last message is out."""
        return self._begun and not self._over.is_set()

    def wait(self, timeout: float | None = None) -> SessionEnded | None:
        """The last message, or None when the run is not over in time. Raises what made it fail."""
        if not self._over.wait(timeout):
            return None
        if self._failure is not None:
            raise self._failure
        return self._ended

    def _close_engines(self) -> None:
        for engine in self._engines:
            engine.close()

    # ── on the ear's thread ──────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        for step in (self._listen, self._flush_ear, self._finish_text, self._close):
            try:
                step()
            except Exception as error:  # noqa: BLE001  the border of a stage
                self._fail(error)
        self._close_engines()
        self._over.set()
        if self._failure is not None:
            self._on_failure(self._failure)

    def _listen(self) -> None:
        assert self._source is not None
        frames = self._source.frames()
        for frame in frames if self._plan.kind == "live" else paced(frames, self._clock):
            self._clock.observe(frame)
            block = _lost(frame) if self._paused else frame
            self._record.hear(block)
            while self._swaps:
                swap = self._swaps.popleft()
                if isinstance(self._ear, RoomEar):
                    self._ear.correct(swap)
            for heard in self._ear.process(block):
                self._hear(heard)

    def _flush_ear(self) -> None:
        for heard in self._ear.flush():
            self._hear(heard)

    def _finish_text(self) -> None:
        self._scribe.finish(_PATIENCE_S)
        self._inbox.close()
        self._coach_thread.join(_PATIENCE_S)

    def _close(self) -> None:
        duration = self._heard_to
        self._ended = SessionEnded(
            "failed" if self._failure else self._reason or "end",
            duration,
            dropped=self._source.dropped if self._source else 0,
            untranscribed=self._scribe.untranscribed,
            real_time_factor=self._clock.now() / duration if duration else None,
        )
        self._deliver.remove(self._record)
        self._record.close(self._ended)
        self._deliver(self._ended)

    def _hear(self, heard: VoiceMessage) -> None:
        if isinstance(heard, SpeechSegment):
            self._scribe.submit(heard)
        else:
            self._heard_to = heard.heard_to
            self._to_coach(heard)

    # ── on other threads ─────────────────────────────────────────────────────────────────────────

    def _to_coach(self, item: Told) -> None:
        with suppress(ChannelClosed):
            self._inbox.put(item)

    def _coach_one(self, item: Told) -> None:
        tell(self._coach, item, self._deliver_fresh)

    def _deliver_fresh(self, message: Message) -> None:
        """Text may come late; a nudge that has expired by then would only confuse."""
        if isinstance(message, Nudge) and message.expires_at < self._clock.now():
            logs.logger.warning("nudge %d came too late and was dropped", message.id)
        else:
            self._deliver(message)

    def _flush_coach(self) -> None:
        for message in self._coach.flush():
            self._deliver(message)

    def _fail(self, error: Exception) -> None:
        """The first failure counts; it ends the run, and what was recorded is kept."""
        if isinstance(error, LiveCoachError):
            logs.unexpected(error)
        else:
            error = logs.unforeseen(error)
        self._failure = self._failure or error
        self.stop("failed")


def _lost(frame: AudioFrame) -> AudioFrame:
    """The same stretch of time, with nothing in it."""
    return replace(frame, samples=np.zeros_like(frame.samples), lost=frame.span.length)
