"""The live source: a microphone and the sound of a call, on one clock."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from live_coach.audio import devices
from live_coach.audio.devices import Device
from live_coach.audio.opening import NoSound
from live_coach.audio.source_watch import SourceWatch
from live_coach.audio.stream import Stream
from live_coach.audio.timeline import lost_frames
from live_coach.errors import AudioError
from live_coach.flow.channel import Channel as Queue
from live_coach.flow.channel import ChannelClosed, WhenFull
from live_coach.flow.health import sentence
from live_coach.flow.messages import RATE, AudioFrame, Channel, Health, HealthState, Levels
from live_coach.sentences import Sentence

if TYPE_CHECKING:
    from live_coach.settings import AudioSettings

_QUEUE_S = 4.0
_LEVELS_EVERY = RATE // 10
_FLOOR_DBFS = -120.0
_OVERLOAD_EVERY = 10 * RATE


class LiveSource:
    """A Source of one or two devices, each in a supervised worker process.

    The microphone is MANAGER beside a call and ROOM without one; the call is COACHEE. Sample 0 of
    both is the same moment: the first at which both are heard. While a device is gone its channel
    consists of lost frames, made from the monotonic clock, until it is back.

    `on_health` and `on_levels` (ten times a second, from within frames()) may be called from any
    thread. `language` (en, nl) is that of the health sentences.
    """

    def __init__(
        self,
        *,
        mic: Device | None,
        call: Device | None,
        settings: AudioSettings,
        on_health: Callable[[Health], None],
        on_levels: Callable[[Levels], None],
        language: str = "en",
    ) -> None:
        chosen: list[tuple[str, Device, Channel]] = []
        if mic is not None:
            chosen.append(("mic", mic, Channel.ROOM if call is None else Channel.MANAGER))
        if call is not None:
            chosen.append(("call", call, Channel.COACHEE))
        self.channels = tuple(channel for _, _, channel in chosen)
        self._on_health = on_health
        self._levels = _Meter(self.channels, on_levels)
        self._language = language
        size = math.ceil(_QUEUE_S * 1000 / settings.block_ms) * len(chosen)
        self._queue: Queue[AudioFrame] = Queue("capture", size, WhenFull.DROP_OLDEST)
        on_pulse = any(device.system == "pulse" for _, device, _ in chosen)
        self._watch = SourceWatch() if on_pulse else None
        self._streams: list[Stream] = []
        for name, device, channel in chosen:
            microphone = self._streams[0] if self._streams else None
            self._streams.append(
                Stream(
                    name,
                    device,
                    channel,
                    settings,
                    language=language,
                    watch=self._watch,
                    emit=self._put,
                    tell=on_health,
                    other=microphone,
                )
            )
        self._lock = threading.Lock()
        self._started = False

    @property
    def dropped(self) -> int:
        """Frames that found the queue full; each of them came back as lost sound."""
        return self._queue.dropped

    def pids(self) -> dict[str, int | None]:
        """The present worker process of each stream."""
        return {stream.name: stream.pid for stream in self._streams}

    def start(self) -> None:
        """Open the devices and wait until they are heard; frames() does so if need be.

        Raises AudioError when one of them cannot be opened or gives nothing within the deadline.
        """
        with self._lock:
            if self._started:
                return
            self._started = True
            if self._watch is not None:
                self._watch.start()
            for stream in self._streams:
                stream.start()
            for stream in self._streams:
                stream.ready.wait()
        failed = next((stream for stream in self._streams if stream.failure), None)
        if failed is not None and failed.failure is not None and failed.failure.code != "stopped":
            self.stop()
            raise _refusal(failed, failed.failure)
        zero_s = max(stream.begun_s for stream in self._streams)
        for stream in self._streams:
            stream.go(zero_s)

    def frames(self) -> Iterator[AudioFrame]:
        """See Source. What the reader was too slow for comes as lost frames."""
        self.start()
        expected = dict.fromkeys(self.channels, 0)
        told = dict.fromkeys(self.channels, -_OVERLOAD_EVERY)
        while True:
            try:
                frame = self._queue.get()
            except ChannelClosed:
                return
            hole = frame.span.start - expected[frame.channel]
            if hole:
                yield from lost_frames(frame.channel, expected[frame.channel], frame.span.start)
                if frame.span.start - told[frame.channel] >= _OVERLOAD_EVERY:
                    told[frame.channel] = frame.span.start
                    self._tell_overload(frame, hole)
            expected[frame.channel] = frame.span.end
            self._levels.measure(frame)
            yield frame

    def stop(self) -> None:
        """See Source: ends the workers and, after what still waits, frames()."""
        for stream in self._streams:
            stream.stop()
        if self._watch is not None:
            self._watch.stop()
        for stream in self._streams:
            stream.join(timeout=1.0)
        self._queue.close()

    def _put(self, frame: AudioFrame) -> None:
        try:
            self._queue.put(frame)
        except ChannelClosed:
            return

    def _tell_overload(self, frame: AudioFrame, hole: int) -> None:
        stream = "call" if frame.channel is Channel.COACHEE else "mic"
        text = sentence("overloaded", self._language, stream=stream, seconds=hole / RATE)
        self._on_health(Health(frame.span.start, HealthState.OVERLOADED, stream, text, hole))


class _Meter:
    """The peak of each channel over every tenth of a second."""

    def __init__(self, channels: tuple[Channel, ...], tell: Callable[[Levels], None]) -> None:
        self._peaks = dict.fromkeys(channels, 0.0)
        self._tell = tell
        self._next = _LEVELS_EVERY

    def measure(self, frame: AudioFrame) -> None:
        peak = float(np.abs(frame.samples).max())
        self._peaks[frame.channel] = max(self._peaks[frame.channel], peak)
        if frame.span.end < self._next:
            return
        self._next = frame.span.end + _LEVELS_EVERY
        dbfs = {
            channel: max(_FLOOR_DBFS, 20 * math.log10(peak)) if peak else _FLOOR_DBFS
            for channel, peak in self._peaks.items()
        }
        self._peaks = dict.fromkeys(self._peaks, 0.0)
        self._tell(Levels(frame.span.end, dbfs))


def _refusal(stream: Stream, failure: NoSound) -> AudioError:
    """Why a device cannot be used, for the person who chose it."""
    kind: devices.Kind = "mic" if stream.name == "mic" else "call"
    device = stream.device
    if failure.code == "no_portaudio":
        return devices.missing_portaudio()
    if failure.code == "no_device" and device.system == "pulse":
        return devices.missing_pulse_plugin()
    if failure.code == "silent":
        return AudioError(Sentence(f"device.silent_{kind}", name=device.name))
    try:
        there = devices.list_devices()
    except AudioError as error:
        return error
    if device.name not in {each.name for each in there}:
        return devices.unknown(kind, device.name, there)
    return AudioError(Sentence(f"device.closed_{kind}", name=device.name))
