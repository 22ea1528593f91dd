"""The scribe's threads: one decode at a time for each engine, the most urgent first, whatever the load."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from live_coach import logs
from live_coach.flow.health import sentence
from live_coach.flow.messages import Health, HealthState, SpeechSegment, Stage, Utterance
from live_coach.transcript.backlog import Backlog, Share, Waiting
from live_coach.transcript.engine import Engine
from live_coach.transcript.ladder import Ladder, Rung
from live_coach.transcript.scribe import Scribe

_RUNGS = {
    Rung.EVERYTHING: (HealthState.OK, "partials"),
    Rung.FEWER_PARTIALS: (HealthState.OVERLOADED, "fewer_partials"),
    Rung.FINALS_ONLY: (HealthState.OVERLOADED, "finals_only"),
}

_LAST_BREATH_S = 2.0
"""How long finish() waits for a decode that it has given up."""


class ScribeThreads:
    """Read segments as they come and deliver utterances: one thread for each engine.

    Each ended segment gives one FINAL or UNTRANSCRIBED. Of one that was UNTRANSCRIBED because too
    many waited, a FINAL follows when there is time to read it.
    """

    def __init__(
        self,
        scribe: Scribe,
        engines: Sequence[Engine],
        deliver: Callable[[Utterance], None],
        *,
        on_health: Callable[[Health], None],
        on_failure: Callable[[Exception], None],
        language: str = "en",
    ) -> None:
        """`engines` are the scribe's, its quick one second; closed when finish() runs out of time.

        `deliver` and `on_health` are called from these threads, by one at a time; `deliver` also from
        that of submit() and finish(). What `deliver` raises ends its thread and goes to `on_failure`.
        `language` is that of the health sentences.
        """
        self.lag_s = 0.0
        """How long after its run had ended the last FINAL was delivered."""
        self._scribe = scribe
        self._engines = engines
        self._deliver = deliver
        self._on_health = on_health
        self._on_failure = on_failure
        self._language = language
        self._backlog = Backlog()
        self._ladder = Ladder()
        self._rest_until = 0.0
        self._heard_to = 0
        self._quiet_since = 0.0
        self._owed: dict[int, SpeechSegment] = {}
        self._missing: set[int] = set()
        self._restarts = 0
        self._finishing = self._given_up = False
        self._changed = threading.Condition()
        self._telling = threading.Lock()
        shares = [Share.ALL] if len(engines) == 1 else [Share.CAREFUL, Share.QUICK]
        self._threads = [
            threading.Thread(
                target=self._run, args=[share], name=f"scribe-{share.name.lower()}", daemon=True
            )
            for share in shares
        ]

    @property
    def untranscribed(self) -> int:
        """Runs of speech that have no text, so far."""
        return len(self._missing)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def submit(self, segment: SpeechSegment) -> None:
        """Take a segment. Never waits for a decode."""
        with self._changed:
            self._heard_to, self._quiet_since = segment.span.end, time.monotonic()
            if segment.end is not None:
                self._owed[segment.id] = segment
            elif not self._ladder.wants_growing:
                return
            late = self._backlog.add(segment, time.monotonic())
            self._changed.notify_all()
        if late is not None:
            logs.logger.warning("run %d put off: too many wait", late.id)
            self._settle(late, None)

    def finish(self, deadline_s: float) -> bool:
        """Read what waits, for at most so many seconds; then give the rest up as UNTRANSCRIBED.

        True when everything was read in time.
        """
        with self._changed:
            self._finishing = True
            self._changed.notify_all()
        in_time = self._join(deadline_s)
        if not in_time:
            with self._changed:
                self._given_up = True
            for engine in self._engines:
                engine.close()
            self._join(_LAST_BREATH_S)
        try:
            for segment in list(self._owed.values()):
                self._settle(segment, None)
        except Exception as error:  # noqa: BLE001  the end must come, whatever the reader does
            self._on_failure(error)
        return in_time

    def _join(self, deadline_s: float) -> bool:
        """Wait for the threads, so long at most; True when they have ended."""
        until = time.monotonic() + deadline_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, share: Share) -> None:
        try:
            while (work := self._next(share)) is not None:
                work()
        except Exception as error:  # noqa: BLE001  the border of the thread
            self._on_failure(error)

    def _next(self, share: Share) -> Callable[[], None] | None:
        """Wait for something to read, or for a while with nothing; None: the end."""
        with self._changed:
            while not self._given_up:
                if self._finishing:
                    self._backlog.drop_growing()
                rest_s = self._rest_until - time.monotonic()
                waiting = self._backlog.next(share, growing=rest_s <= 0)
                if waiting is not None:
                    return partial(self._read, waiting)
                if self._finishing:
                    return None
                quiet_s = self._quiet_in_s()
                if quiet_s is not None and quiet_s <= 0:
                    return self._be_quiet
                waits = [
                    seconds for seconds in (rest_s, quiet_s) if seconds is not None and seconds > 0
                ]
                self._changed.wait(min(waits, default=None))
        return None

    def _quiet_in_s(self) -> float | None:
        """In how many seconds it has been quiet long enough to say that no text is late any more; None: nobody was told."""
        if self._owed or self._ladder.rung is Rung.EVERYTHING:
            return None
        return self._quiet_since + Ladder.QUIET_S - time.monotonic()

    def _be_quiet(self) -> None:
        with self._telling:
            self._step(self._heard_to, self._ladder.quiet())

    def _read(self, waiting: Waiting) -> None:
        segment = waiting.segment
        if segment.id in self._owed:
            with self._telling:
                self._step(
                    segment.span.end, self._ladder.final_waited(time.monotonic() - waiting.since)
                )
        began = time.monotonic()
        try:
            decoded = self._scribe.hear(segment, partial(self._confirm, segment))
        except Exception as error:  # noqa: BLE001  one segment must not end the reading
            logs.unexpected(error)
            decoded = None
        with self._telling:
            self._watch_restarts(segment)
            for utterance in self._scribe.tell(segment, decoded):
                if utterance.stage is not Stage.PARTIAL:
                    self._settle(segment, utterance)
                    self.lag_s = time.monotonic() - waiting.since
                elif not self._given_up:
                    self._deliver(utterance)
            if segment.end is None and not segment.settled:
                self._step(segment.span.end, self._ladder.partial_read(self._engines[-1].slowdown))
                now = time.monotonic()
                self._rest_until = now + self._ladder.rest_s(now - began)
        with self._changed:
            self._quiet_since = time.monotonic()

    def _confirm(self, segment: SpeechSegment, count: int) -> None:
        with self._telling:
            for utterance in self._scribe.confirm(segment, count):
                if not self._given_up:
                    self._deliver(utterance)

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

    def _step(self, at: int, changed: bool) -> None:
        """Tell which rung of the ladder it is now, if it has changed."""
        if changed:
            self._tell(at, *_RUNGS[self._ladder.rung])

    def _watch_restarts(self, segment: SpeechSegment) -> None:
        restarts = sum(engine.restarts for engine in self._engines)
        if restarts == self._restarts:
            return
        self._restarts = restarts
        self._tell(segment.span.end, HealthState.RESTARTED, "text_restarted")

    def _tell(self, at: int, state: HealthState, code: str) -> None:
        text = sentence(code, self._language)
        self._on_health(Health(at, state, "text", text))
