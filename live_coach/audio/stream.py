"""One device, kept alive: its worker is watched, killed when it is silent or astray, and started again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from live_coach import logs
from live_coach.audio import wire
from live_coach.audio.devices import Device
from live_coach.audio.opening import POLL_S, NoSound, Opening, Run
from live_coach.audio.signal import Signal
from live_coach.audio.source_watch import SourceWatch
from live_coach.audio.timeline import Timeline
from live_coach.flow.health import sentence
from live_coach.flow.messages import RATE, AudioFrame, Channel, Health, HealthState, Samples

if TYPE_CHECKING:
    from live_coach.settings import AudioSettings

_BEHIND_S = 0.1
"""How far lost time stays behind the clock: sound that comes back began a little before it is seen."""
_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 2.0
_BEGINS = {
    HealthState.MUTED: "muted",
    HealthState.NOT_HEARD: "not_heard",
    HealthState.CLIPPING: "clipping",
    HealthState.OTHER_OUTPUT: "other_output",
}
_ENDS = {
    HealthState.MUTED: "unmuted",
    HealthState.NOT_HEARD: "heard",
    HealthState.CLIPPING: "clear",
    HealthState.OTHER_OUTPUT: "this_output",
}


class Stream:
    """The thread that turns one device into an unbroken channel.

    `start` begins to listen; `ready` is set when sound comes or `failure` says why not. `go` gives
    the time zero of the conversation, from which on frames are emitted. While somebody speaks on the
    `other` stream, this one should not be silent for ever.
    """

    def __init__(
        self,
        name: str,
        device: Device,
        channel: Channel,
        settings: AudioSettings,
        *,
        language: str,
        watch: SourceWatch | None,
        emit: Callable[[AudioFrame], None],
        tell: Callable[[Health], None],
        other: Stream | None = None,
    ) -> None:
        self.name = name
        self.device = device
        self.channel = channel
        self.ready = threading.Event()
        self.failure: NoSound | None = None
        self.begun_s = 0.0
        self.pid: int | None = None
        self._settings = settings
        self._language = language
        self._watch = watch if device.system == "pulse" else None
        self._tell_person = tell
        self._timeline = Timeline(channel, emit)
        self._zero_s: float | None = None
        self._gone = threading.Event()
        self._stopped = threading.Event()
        self._untold_gap = 0
        self._told_gap_at = -RATE
        self._other = other
        self._opening = Opening(settings, self._watch, self._stopped)
        self._signal = self._new_signal(RATE)
        self._standing = HealthState.OK
        self._thread = threading.Thread(target=self._guarded, name=f"capture-{name}", daemon=True)

    @property
    def spoken_s(self) -> float:
        """How long somebody has spoken here since the device was opened."""
        return self._signal.spoken_s

    def start(self) -> None:
        self._thread.start()

    def go(self, zero_s: float) -> None:
        """Sample 0 is at this monotonic time."""
        self._zero_s = zero_s
        self._gone.set()

    def stop(self) -> None:
        """Ask the thread to end; join() waits for it."""
        self._stopped.set()
        self._gone.set()

    def join(self, timeout: float) -> None:
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    # ── the thread ───────────────────────────────────────────────────────────────────────────────

    def _guarded(self) -> None:
        try:
            self._live()
        except Exception as error:  # noqa: BLE001  a thread's border: the other stream goes on
            logs.unexpected(error)
            self._give_up()
        finally:
            self.ready.set()

    def _live(self) -> None:
        named = self.device
        try:
            run = self._open_first()
        except NoSound as failure:
            self.failure = failure
            return
        self.begun_s = run.anchor.origin_s
        self.ready.set()
        self._gone.wait()
        if self._zero_s is None:
            run.process.end()
            return
        self._timeline.join(self._sample_at(run.anchor.origin_s))
        if self.device is not named:
            self._tell(HealthState.MOVED, "moved", name=self.device.name)
        while True:
            try:
                reason = self._deliver(run)
            finally:
                run.process.end()
            self._take_rest(run)
            if self._stopped.is_set():
                return
            self._tell(HealthState(reason), reason)
            lost_before, device_before = self._timeline.lost, self.device
            reopened = self._reopen()
            if reopened is None:
                return
            run = reopened
            self._timeline.join(self._sample_at(run.anchor.origin_s))
            moved = self.device is not device_before
            state, code = (HealthState.MOVED, "moved") if moved else (HealthState.OK, "back")
            gap = self._timeline.lost - lost_before
            self._tell(state, code, gap=gap, name=self.device.name)

    def _give_up(self) -> None:
        """This stream is over; its channel still goes on, so that the other one is heard."""
        if self._zero_s is None:
            self.failure = NoSound("refused")
            return
        self._tell(HealthState.FAILED, "failed")
        while not self._stopped.wait(POLL_S):
            self._lose_time()

    def _open(self, idle: Callable[[], None]) -> Run:
        """Raises NoSound."""
        return self._opening.open(self.device, started=self._note_worker, idle=idle)

    def _open_first(self) -> Run:
        """The device that was chosen; if opening it, or the other one, changed its profile, what it became."""
        try:
            return self._open(idle=lambda: None)
        except NoSound:
            ticket = self._watch.ask() if self._watch else 0
            while self._watch and not self._watch.answered(ticket):
                if self._stopped.wait(POLL_S):
                    raise
            if not self._follow():
                raise
        return self._open(idle=lambda: None)

    def _follow(self) -> bool:
        """Take the name under which a device that is gone has come back; False where it has not."""
        heir = self._watch.heir_of(self.device.name) if self._watch else None
        if heir is not None:
            self.device = replace(self.device, name=heir)
        return heir is not None

    def _note_worker(self, pid: int) -> None:
        self.pid = pid

    def _deliver(self, run: Run) -> str:
        """Pass on sound until there is no more; `lost` or `wrong_source`."""
        self._signal, self._standing = self._new_signal(run.rate), HealthState.OK
        if self._watch and self.name == "call":
            self._watch.watch_output(self.device.name)
        for block in run.first:
            self._take(run, block, settled=False)
        heard = awake = time.monotonic()
        while not self._stopped.is_set():
            if self._opening.is_astray(run.process, self.device):
                return "wrong_source"
            message: wire.Message | TimeoutError | None
            try:
                message = run.process.get(POLL_S)
            except TimeoutError as late:
                message = late
            now = time.monotonic()
            if now - awake > self._settings.watchdog_s:
                # No wait is that long: this program stood still. The device gets its time anew.
                heard = now
                self._tell(HealthState.RESTARTED, "stood_still", seconds=now - awake)
            awake = now
            if isinstance(message, TimeoutError):
                if now - heard > self._settings.watchdog_s:
                    return "lost"
                continue
            if not isinstance(message, wire.Block):
                return "lost"
            heard = now
            self._take(run, message)
        return "lost"

    def _take(self, run: Run, block: wire.Block, *, settled: bool = True) -> None:
        samples: Samples = np.frombuffer(block.pcm, "<i2").astype(np.float32) / np.float32(32768)
        lost = block.index - run.next_index
        run.next_index = block.index + len(samples)
        if settled:
            correction = run.anchor.observe(block.captured_ns / 1e9, run.next_index)
            lost += correction.lost
            if correction.stretch:
                samples = stretched(samples, len(samples) + correction.stretch)
        if lost:
            gap = round(lost * RATE / run.rate)
            self._timeline.lose_until(self._timeline.position + gap)
            self._untold_gap += gap
        self._tell_gap()
        self._judge(samples, run.rate)
        if run.resample is not None:
            samples = np.clip(run.resample.resample_chunk(samples), -1.0, 1.0)
        self._timeline.append(samples, block.captured_ns)

    def _take_rest(self, run: Run) -> None:
        """The resampler holds some hundredths of a second back."""
        if run.resample is not None:
            rest = run.resample.resample_chunk(np.zeros(0, np.float32), last=True)
            self._timeline.append(np.clip(rest, -1.0, 1.0))

    def _reopen(self) -> Run | None:
        """Try until a worker gives the right sound again; None when stopped."""
        wait = _FIRST_WAIT_S
        while True:
            until = time.monotonic() + wait
            ticket = self._watch.ask() if self._watch else 0
            while time.monotonic() < until or (self._watch and not self._watch.answered(ticket)):
                if self._stopped.wait(POLL_S):
                    return None
                self._lose_time()
            wait = min(2 * wait, _LONGEST_WAIT_S)
            is_gone = self._watch is not None and not self._watch.is_there(self.device.name)
            if is_gone and not self._follow():
                wait = min(wait, 4 * _FIRST_WAIT_S)
                continue
            try:
                return self._open(idle=self._lose_time)
            except NoSound as failure:
                if failure.code == "stopped":
                    return None

    # ── time and telling ─────────────────────────────────────────────────────────────────────────

    def _sample_at(self, monotonic_s: float) -> int:
        assert self._zero_s is not None
        return round((monotonic_s - self._zero_s) * RATE)

    def _lose_time(self) -> None:
        """While the device is gone its channel goes on, so that the other one is not held up."""
        self._timeline.lose_until(self._sample_at(time.monotonic() - _BEHIND_S))

    def _tell_gap(self) -> None:
        """Gaps in a running stream, at most one sentence a second."""
        if self._untold_gap and self._timeline.position - self._told_gap_at >= RATE:
            self._tell(self._standing, "gap", gap=self._untold_gap)
            self._untold_gap, self._told_gap_at = 0, self._timeline.position

    def _new_signal(self, rate: int) -> Signal:
        """The microphone alone is judged by zeros: a call is silent like that all the time."""
        audio = self._settings
        if self.name == "mic":
            return Signal(
                rate, muted_after_s=audio.muted_after_s, unheard_after_s=audio.faint_after_s
            )
        return Signal(rate, muted_after_s=None, unheard_after_s=audio.silent_call_after_s)

    def _judge(self, samples: Samples, rate: int) -> None:
        """Tell once when a trouble begins, and once when it is over."""
        self._signal.take(samples, self._other.spoken_s if self._other else None)
        elsewhere = self._watch.elsewhere() if self._watch and self.name == "call" else ""
        if not elsewhere and self._standing is HealthState.OTHER_OUTPUT:
            self._signal = self._new_signal(rate)
        state = HealthState.OTHER_OUTPUT if elsewhere else self._signal.state
        if self._signal.is_dead and self._signal.is_gated and self._is_muted_there():
            state = HealthState.MUTED
        if state is not self._standing:
            code = _ENDS[self._standing] if state is HealthState.OK else _BEGINS[state]
            if code == "not_heard" and self.name == "call":
                code = "coachee_not_heard"
            self._standing = state
            self._tell(state, code, name=elsewhere)

    def _is_muted_there(self) -> bool:
        """Where zeros say nothing, the sound server may."""
        return self._watch is not None and self._watch.is_muted(self.device.name)

    def _tell(
        self,
        state: HealthState,
        code: str,
        *,
        gap: int = 0,
        seconds: float | None = None,
        name: str = "",
    ) -> None:
        """`seconds` is the number in the sentence where that is not the gap's."""
        told = gap / RATE if seconds is None else seconds
        text = sentence(code, self._language, stream=self.name, seconds=told, name=name)
        self._tell_person(Health(self._timeline.position, state, self.name, text, gap))


def stretched(samples: Samples, length: int) -> Samples:
    """The same sound in a few samples more or less, by linear interpolation."""
    places = np.linspace(0, len(samples) - 1, length)
    return np.interp(places, np.arange(len(samples)), samples).astype(np.float32)
