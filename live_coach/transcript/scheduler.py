"""The scribe's thread: one decode at a time, the most urgent first, whatever the load."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from live_coach import logs
from live_coach.flow.health import sentence
from live_coach.flow.messages import Health, HealthState, SpeechSegment, Stage, Utterance
from live_coach.transcript.backlog import Backlog, Ladder, Waiting
from live_coach.transcript.engine import Engine
from live_coach.transcript.scribe import Scribe

_LAST_BREATH_S = 2.0
"""How long finish() waits for a decode that it has given up."""


class ScribeThread:
    """Reads segments as they come and delivers utterances.

    Each ended segment gives one FINAL or UNTRANSCRIBED. Of one that was UNTRANSCRIBED because too
    many waited, a FINAL follows when there is time to read it.
    """

    def __init__(
        self,
        scribe: Scribe,
        engine: Engine,
        deliver: Callable[[Utterance], None],
        *,
        on_health: Callable[[Health], None],
        on_failure: Callable[[Exception], None],
        language: str = "en",
    ) -> None:
        """`engine` is the scribe's: closed when finish() runs out of time.

        `deliver` and `on_health` are called from this thread; `deliver` also from that of submit()
        and finish(). What `deliver` raises ends the thread and goes to `on_failure`. `language` is
        that of the health sentences.
        """
        self.lag_s = 0.0
        """How long after its run had ended the last FINAL was delivered."""
        self._scribe = scribe
        self._engine = engine
        self._deliver = deliver
        self._on_health = on_health
        self._on_failure = on_failure
        self._language = language
        self._backlog = Backlog()
        self._ladder = Ladder()
        self._owed: dict[int, SpeechSegment] = {}
        self._missing: set[int] = set()
        self._restarts = 0
        self._finishing = self._given_up = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="scribe", daemon=True)

    @property
    def untranscribed(self) -> int:
        """Runs of speech that have no text, so far."""
        return len(self._missing)

    @property
    def dropped_partials(self) -> int:
        """Growing segments that nobody read, because a newer one or the end came first."""
        return self._backlog.dropped_partials

    def start(self) -> None:
        self._thread.start()

    def submit(self, segment: SpeechSegment) -> None:
        """Take a segment. Never waits for a decode."""
        with self._changed:
            if segment.end is not None:
                self._owed[segment.id] = segment
            late = self._backlog.add(segment, time.monotonic())
            if self._ladder.finals_only:
                self._backlog.drop_growing()
            self._changed.notify()
        if late is not None:
            logs.logger.warning("run %d put off: too many wait", late.id)
            self._settle(late, None)

    def finish(self, deadline_s: float) -> bool:
        """Read what waits, for at most so many seconds; then give the rest up as UNTRANSCRIBED.

        True when everything was read in time.
        """
        with self._changed:
            self._finishing = True
            self._changed.notify()
        self._thread.join(deadline_s)
        in_time = not self._thread.is_alive()
        if not in_time:
            with self._changed:
                self._given_up = True
            self._engine.close()
            self._thread.join(_LAST_BREATH_S)
        try:
            for segment in list(self._owed.values()):
                self._settle(segment, None)
        except Exception as error:  # noqa: BLE001  the end must come, whatever the reader does
            self._on_failure(error)
        return in_time

    def _run(self) -> None:
        try:
            while (waiting := self._next()) is not None:
                self._read(waiting)
        except Exception as error:  # noqa: BLE001  the border of the thread
            self._on_failure(error)

    def _next(self) -> Waiting | None:
        """Wait for something to read; None: the end."""
        with self._changed:
            while not self._given_up:
                if self._finishing:
                    self._backlog.drop_growing()
                waiting = self._backlog.next()
                if waiting is not None:
                    return waiting
                if self._finishing:
                    return None
                self._changed.wait()
        return None

    def _read(self, waiting: Waiting) -> None:
        segment = waiting.segment
        if segment.id in self._owed:
            self._watch_load(segment, time.monotonic() - waiting.since)
        try:
            utterances = self._scribe.process(segment)
        except Exception as error:  # noqa: BLE001  one segment must not end the reading
            logs.unexpected(error)
            utterances = [] if segment.end is None else [self._scribe.untranscribed(segment)]
        self._watch_restarts(segment)
        for utterance in utterances:
            if utterance.stage is Stage.PARTIAL:
                if not self._given_up:
                    self._deliver(utterance)
            else:
                self._settle(segment, utterance)
                self.lag_s = time.monotonic() - waiting.since

    def _settle(self, segment: SpeechSegment, utterance: Utterance | None) -> None:
        """Deliver the one answer that an ended segment is owed, or the text of one put off."""
        if utterance is None:
            utterance = self._scribe.untranscribed(segment)
        with self._changed:
            owed = self._owed.pop(segment.id, None) is not None
            read = utterance.stage is Stage.FINAL
            if self._given_up and not owed:
                return
            if read:
                self._missing.discard(segment.id)
            else:
                self._missing.add(segment.id)
        if owed or read:
            self._deliver(utterance)

    def _watch_load(self, segment: SpeechSegment, waited_s: float) -> None:
        if not self._ladder.waited(waited_s):
            return
        if self._ladder.finals_only:
            self._tell(segment, HealthState.OVERLOADED, "finals_only")
        else:
            self._tell(segment, HealthState.OK, "partials")

    def _watch_restarts(self, segment: SpeechSegment) -> None:
        if self._engine.restarts == self._restarts:
            return
        self._restarts = self._engine.restarts
        self._tell(segment, HealthState.RESTARTED, "text_restarted")

    def _tell(self, segment: SpeechSegment, state: HealthState, code: str) -> None:
        text = sentence(code, self._language)
        self._on_health(Health(segment.span.end, state, "text", text))
