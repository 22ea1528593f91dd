"""One device, kept alive: its worker is watched, killed when it is silent or astray, and started again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import soxr

from live_coach import logs
from live_coach.audio import wire
from live_coach.audio.anchor import Anchor
from live_coach.audio.capture_process import CaptureProcess
from live_coach.audio.devices import Device
from live_coach.audio.source_watch import SourceWatch
from live_coach.audio.timeline import Timeline
from live_coach.flow.health import sentence
from live_coach.flow.messages import RATE, AudioFrame, Channel, Health, HealthState, Samples

if TYPE_CHECKING:
    from live_coach.settings import AudioSettings

_POLL_S = 0.05
_SETTLE_S = 0.2
"""The first blocks are held back for so long: their lowest lateness is when the device began."""
_IDENTITY_S = 1.0
"""A source that the sound server does not name within this is taken for the right one."""
_BEHIND_S = 0.1
"""How far lost time stays behind the clock: sound that comes back began a little before it is seen."""
_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 2.0


class NoSound(Exception):
    """A worker gave no sound: a wire.Failed code, `silent`, `ended`, `wrong_source` or `stopped`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class _Run:
    """One worker's life, from its first blocks on."""

    process: CaptureProcess
    rate: int
    anchor: Anchor
    first: list[wire.Block]
    resample: Any
    next_index: int


class Stream:
    """The thread that turns one device into an unbroken channel.

    `start` begins to listen; `ready` is set when sound comes or `failure` says why not. `go` gives
    the time zero of the conversation, from which on frames are emitted.
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
        self._zeros = 0.0
        self._muted = False
        self._thread = threading.Thread(target=self._guarded, name=f"capture-{name}", daemon=True)

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
        try:
            run = self._open(idle=lambda: None)
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
        while True:
            try:
                reason = self._deliver(run)
            finally:
                run.process.end()
            self._take_rest(run)
            if self._stopped.is_set():
                return
            self._tell(HealthState(reason), reason)
            lost_before = self._timeline.lost
            reopened = self._reopen()
            if reopened is None:
                return
            run = reopened
            self._timeline.join(self._sample_at(run.anchor.origin_s))
            self._tell(HealthState.OK, "back", gap=self._timeline.lost - lost_before)

    def _give_up(self) -> None:
        """This stream is over; its channel still goes on, so that the other one is heard."""
        if self._zero_s is None:
            self.failure = NoSound("refused")
            return
        self._tell(HealthState.FAILED, "failed")
        while not self._stopped.wait(_POLL_S):
            self._lose_time()

    def _open(self, idle: Callable[[], None]) -> _Run:
        """A worker whose sound has settled. Raises NoSound. Calls `idle` while nothing has come."""
        process = CaptureProcess(self.device, self._settings.block_ms)
        self.pid = process.pid
        try:
            opened, first = self._first_blocks(process, idle)
            first += self._while_identified(process)
        except BaseException:
            process.end()
            raise
        ends = [(b.captured_ns / 1e9, b.index + len(b.pcm) // 2) for b in first]
        resample = soxr.ResampleStream(opened.rate, RATE, 1) if opened.rate != RATE else None
        return _Run(process, opened.rate, Anchor(opened.rate, ends), first, resample, 0)

    def _first_blocks(
        self, process: CaptureProcess, idle: Callable[[], None]
    ) -> tuple[wire.Opened, list[wire.Block]]:
        opened: wire.Opened | None = None
        blocks: list[wire.Block] = []
        deadline = time.monotonic() + self._settings.start_deadline_s
        while opened is None or len(blocks) * self._settings.block_ms < _SETTLE_S * 1000:
            if self._stopped.is_set():
                raise NoSound("stopped")
            if time.monotonic() > deadline:
                raise NoSound("silent")
            if not blocks:
                idle()
            try:
                message = process.get(_POLL_S)
            except TimeoutError:
                continue
            match message:
                case wire.Opened():
                    opened = message
                case wire.Block():
                    blocks.append(message)
                case wire.Failed():
                    raise NoSound(message.code)
                case None:
                    raise NoSound("ended")
        return opened, blocks

    def _while_identified(self, process: CaptureProcess) -> list[wire.Block]:
        """Blocks that came until the sound server said which source this is. Raises NoSound."""
        blocks: list[wire.Block] = []
        if self._watch is None:
            return blocks
        ticket = self._watch.ask()
        deadline = time.monotonic() + _IDENTITY_S
        while not self._watch.answered(ticket) and time.monotonic() < deadline:
            if self._stopped.is_set():
                raise NoSound("stopped")
            try:
                message = process.get(_POLL_S)
            except TimeoutError:
                continue
            if not isinstance(message, wire.Block):
                raise NoSound("ended")
            blocks.append(message)
        if self._is_astray(process):
            raise NoSound("wrong_source")
        return blocks

    def _is_astray(self, process: CaptureProcess) -> bool:
        if self._watch is None:
            return False
        return self._watch.source_of(process.pid) not in {None, self.device.name}

    def _deliver(self, run: _Run) -> str:
        """Pass on sound until there is no more; `lost` or `wrong_source`."""
        self._zeros, self._muted = 0.0, False
        for block in run.first:
            self._take(run, block, settled=False)
        heard = awake = time.monotonic()
        while not self._stopped.is_set():
            if self._is_astray(run.process):
                return "wrong_source"
            message: wire.Message | TimeoutError | None
            try:
                message = run.process.get(_POLL_S)
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

    def _take(self, run: _Run, block: wire.Block, *, settled: bool = True) -> None:
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
        self._notice_mute(samples, run.rate)
        if run.resample is not None:
            samples = np.clip(run.resample.resample_chunk(samples), -1.0, 1.0)
        self._timeline.append(samples, block.captured_ns)

    def _take_rest(self, run: _Run) -> None:
        """The resampler holds some hundredths of a second back."""
        if run.resample is not None:
            rest = run.resample.resample_chunk(np.zeros(0, np.float32), last=True)
            self._timeline.append(np.clip(rest, -1.0, 1.0))

    def _reopen(self) -> _Run | None:
        """Try until a worker gives the right sound again; None when stopped."""
        wait = _FIRST_WAIT_S
        while True:
            until = time.monotonic() + wait
            ticket = self._watch.ask() if self._watch else 0
            while time.monotonic() < until or (self._watch and not self._watch.answered(ticket)):
                if self._stopped.wait(_POLL_S):
                    return None
                self._lose_time()
            wait = min(2 * wait, _LONGEST_WAIT_S)
            if self._watch and not self._watch.is_there(self.device.name):
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
            self._tell(HealthState.OK, "gap", gap=self._untold_gap)
            self._untold_gap, self._told_gap_at = 0, self._timeline.position

    def _notice_mute(self, samples: Samples, rate: int) -> None:
        """Exact zeros never come from a microphone that is on; a call is silent like that all the time."""
        if self.name != "mic":
            return
        self._zeros = 0.0 if samples.any() else self._zeros + len(samples) / rate
        if self._muted and not self._zeros:
            self._muted = False
            self._tell(HealthState.OK, "unmuted")
        elif not self._muted and self._zeros >= self._settings.muted_after_s:
            self._muted = True
            self._tell(HealthState.MUTED, "muted")

    def _tell(
        self, state: HealthState, code: str, *, gap: int = 0, seconds: float | None = None
    ) -> None:
        """`seconds` is the number in the sentence where that is not the gap's."""
        told = gap / RATE if seconds is None else seconds
        text = sentence(code, self._language, stream=self.name, seconds=told)
        self._tell_person(Health(self._timeline.position, state, self.name, text, gap))


def stretched(samples: Samples, length: int) -> Samples:
    """The same sound in a few samples more or less, by linear interpolation."""
    places = np.linspace(0, len(samples) - 1, length)
    return np.interp(places, np.arange(len(samples)), samples).astype(np.float32)
