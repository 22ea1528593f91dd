"""Capture through the whole chain: player, PulseAudio, ALSA plugin, PortAudio, worker, supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil
import pytest
import soundfile

from live_coach import settings
from live_coach.audio import devices
from live_coach.audio.capture import LiveSource
from live_coach.audio.capture_process import worker_command
from live_coach.errors import AudioError
from live_coach.flow.messages import RATE, AudioFrame, Channel, Health, HealthState, Levels, Samples
from tests import needs
from tests.device.conftest import CALL, CALL_SINK, MIC, MIC_SINK, SoundServer

pytestmark = pytest.mark.device

BEAT = RATE
"""Recordings of beats have one every second, so that a place in time can be told from any of them."""


@pytest.fixture(scope="module", autouse=True)
def _portaudio() -> None:
    try:
        devices.portaudio_inputs()
    except AudioError:
        needs.missing("PortAudio", "apt-get install libportaudio2")


@pytest.fixture
def beats(tmp_path: Path) -> Path:
    """A minute of noise at a low level, with a loud click at the beginning of every second."""
    sound = np.random.default_rng(1).uniform(-0.01, 0.01, 60 * 48_000)
    for second in range(60):
        sound[second * 48_000 : second * 48_000 + 48] = 0.8
    path = tmp_path / "beats.wav"
    soundfile.write(path, sound, 48_000)
    return path


class Heard:
    """A live source whose frames are read as they come."""

    def __init__(self, mic: str | None, call: str | None) -> None:
        self.health: list[Health] = []
        self.levels: list[Levels] = []
        self.frames: list[AudioFrame] = []
        self.source = LiveSource(
            mic=device(mic),
            call=device(call),
            settings=settings.load().settings.audio,
            on_health=self.health.append,
            on_levels=self.levels.append,
        )
        self.reader = threading.Thread(target=self._read)

    def _read(self) -> None:
        for frame in self.source.frames():
            self.frames.append(frame)

    def sound(self, channel: Channel) -> Samples:
        """All sound so far, after checking that it has no hole."""
        frames = [frame for frame in list(self.frames) if frame.channel is channel]
        at = 0
        for frame in frames:
            assert frame.span.start == at
            at = frame.span.end
        return np.concatenate([np.zeros(0, np.float32), *(frame.samples for frame in frames)])

    def lost(self, channel: Channel) -> int:
        return sum(frame.lost for frame in list(self.frames) if frame.channel is channel)

    def told(self, state: HealthState, stream: str = "mic") -> list[Health]:
        return [each for each in list(self.health) if (each.state, each.stream) == (state, stream)]

    def wait_for_sound(self, seconds: float, channel: Channel = Channel.MANAGER) -> None:
        wanted = len(self.sound(channel)) + seconds * RATE
        until(lambda: len(self.sound(channel)) >= wanted, seconds + 5)


@contextmanager
def listening(mic: str | None = MIC, call: str | None = CALL) -> Iterator[Heard]:
    heard = Heard(mic, call)
    heard.source.start()
    heard.reader.start()
    try:
        yield heard
    finally:
        before = time.monotonic()
        heard.source.stop()
        took = time.monotonic() - before
        heard.reader.join(5)
    assert took < 1.0
    assert not heard.reader.is_alive()
    assert not workers()


def device(name: str | None) -> devices.Device | None:
    if name is None:
        return None
    return devices.Device(name, "mic", name, is_default=False, system="pulse")


def workers() -> list[psutil.Process]:
    """Capture workers of this process, dead but unburied ones too."""
    found = []
    for child in psutil.Process().children():
        dead = child.status() == psutil.STATUS_ZOMBIE
        if dead or worker_command()[-1] in child.cmdline():
            found.append(child)
    return found


def until(condition: Callable[[], object], seconds: float) -> float:
    """Wait for a condition; how long it took."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - begin


def clicks(sound: Samples) -> list[int]:
    """Where each click begins."""
    loud = np.flatnonzero(np.abs(sound) > 0.3)
    return [int(at) for i, at in enumerate(loud) if i == 0 or at - loud[i - 1] > RATE // 10]


def off_beat(sound: Samples) -> npt.NDArray[np.int64]:
    """How far each click is from the beat of the first ones, in samples."""
    places = np.array(clicks(sound), np.int64)
    assert len(places) >= 3
    return np.asarray((places - places[0] + BEAT // 2) % BEAT - BEAT // 2)


def worker(heard: Heard, stream: str = "mic") -> int:
    pid = heard.source.pids()[stream]
    assert pid is not None
    return pid


def test_each_side_is_heard_on_its_own_channel(sound_server: SoundServer, tmp_path: Path) -> None:
    seconds = np.arange(8 * 48_000) / 48_000
    for name, hertz in (("mine", 440), ("theirs", 1000)):
        soundfile.write(tmp_path / f"{name}.wav", 0.4 * np.sin(2 * np.pi * hertz * seconds), 48_000)
    sound_server.play(MIC_SINK, tmp_path / "mine.wav")
    sound_server.play(CALL_SINK, tmp_path / "theirs.wav")
    with listening() as heard:
        assert heard.source.channels == (Channel.MANAGER, Channel.COACHEE)
        heard.wait_for_sound(2.0)
        heard.wait_for_sound(0.1, Channel.COACHEE)
    for channel, hertz in ((Channel.MANAGER, 440), (Channel.COACHEE, 1000)):
        sound = heard.sound(channel)[-RATE:]
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
        assert int(np.argmax(spectrum)) == pytest.approx(hertz, rel=0.004)
        other = 440 + 1000 - hertz
        assert spectrum[other - 20 : other + 20].max() < spectrum.max() / 100
        assert heard.lost(channel) == 0
    assert heard.source.dropped == 0
    assert heard.health == []
    last = heard.levels[-1].dbfs
    assert last[Channel.MANAGER] == pytest.approx(20 * np.log10(0.4), abs=1)
    assert last[Channel.COACHEE] == pytest.approx(20 * np.log10(0.4), abs=1)


def test_one_microphone_is_the_room(sound_server: SoundServer, beats: Path) -> None:
    sound_server.play(MIC_SINK, beats)
    with listening(call=None) as heard:
        assert heard.source.channels == (Channel.ROOM,)
        heard.wait_for_sound(3.5, Channel.ROOM)
    assert np.abs(off_beat(heard.sound(Channel.ROOM))).max() <= 0.02 * RATE
    assert heard.lost(Channel.ROOM) == 0


def test_both_channels_stand_on_one_clock(sound_server: SoundServer, beats: Path) -> None:
    sound_server.play(CALL_SINK, beats)
    with listening(mic=CALL, call=CALL) as heard:
        heard.wait_for_sound(3.5)
        heard.wait_for_sound(0.5, Channel.COACHEE)
    pairs = list(zip(*(clicks(heard.sound(c)) for c in heard.source.channels), strict=False))
    assert len(pairs) >= 3
    assert max(abs(one - other) for one, other in pairs) <= RATE // 100


def test_a_killed_worker_comes_back_and_its_gap_is_exact(
    sound_server: SoundServer, beats: Path
) -> None:
    sound_server.play(MIC_SINK, beats)
    with listening() as heard:
        heard.wait_for_sound(2.5)
        os.kill(worker(heard), signal.SIGKILL)
        until(lambda: heard.told(HealthState.LOST), 2)
        until(lambda: heard.told(HealthState.OK), 5)
        heard.wait_for_sound(3.5)
    back = heard.told(HealthState.OK)[0]
    assert back.gap == heard.lost(Channel.MANAGER)
    assert 0.1 * RATE < back.gap < 3 * RATE
    assert heard.lost(Channel.COACHEE) == 0
    assert np.abs(off_beat(heard.sound(Channel.MANAGER))).max() <= 0.05 * RATE


def test_a_frozen_worker_is_replaced(sound_server: SoundServer, beats: Path) -> None:
    sound_server.play(MIC_SINK, beats)
    with listening() as heard:
        heard.wait_for_sound(2.5)
        frozen = worker(heard)
        os.kill(frozen, signal.SIGSTOP)
        assert until(lambda: heard.told(HealthState.LOST), 3) < 2
        until(lambda: heard.told(HealthState.OK), 5)
        assert worker(heard) != frozen
        heard.wait_for_sound(3.5)
    assert heard.told(HealthState.OK)[0].gap == heard.lost(Channel.MANAGER)
    assert np.abs(off_beat(heard.sound(Channel.MANAGER))).max() <= 0.05 * RATE


def test_a_short_stall_loses_nothing(sound_server: SoundServer, beats: Path) -> None:
    """The sound server keeps what the worker does not fetch: late is not lost."""
    sound_server.play(MIC_SINK, beats)
    with listening() as heard:
        heard.wait_for_sound(2.5)
        os.kill(worker(heard), signal.SIGSTOP)
        time.sleep(0.6)
        os.kill(worker(heard), signal.SIGCONT)
        heard.wait_for_sound(3.5)
    assert heard.lost(Channel.MANAGER) == 0
    assert heard.health == []
    assert np.abs(off_beat(heard.sound(Channel.MANAGER))).max() <= 0.02 * RATE


def test_a_muted_microphone_is_told_and_so_is_its_return(
    sound_server: SoundServer, beats: Path
) -> None:
    sound_server.play(MIC_SINK, beats)
    with listening() as heard:
        heard.wait_for_sound(0.5)
        sound_server.pactl("set-source-mute", MIC, "1")
        assert until(lambda: heard.told(HealthState.MUTED), 6) < 4.5
        sound_server.pactl("set-source-mute", MIC, "0")
        until(lambda: heard.told(HealthState.OK), 2)
    assert [each.stream for each in heard.health] == ["mic", "mic"]
    assert heard.lost(Channel.MANAGER) == 0


def test_a_silent_call_is_not_called_muted(sound_server: SoundServer, beats: Path) -> None:
    sound_server.play(MIC_SINK, beats)
    with listening() as heard:
        heard.wait_for_sound(4.5)
    assert heard.health == []


def test_the_sound_server_may_be_killed_and_started_again(
    sound_server: SoundServer, beats: Path
) -> None:
    with listening() as heard:
        heard.wait_for_sound(0.5)
        sound_server.send(signal.SIGKILL)
        until(lambda: heard.told(HealthState.LOST, "mic"), 2)
        until(lambda: heard.told(HealthState.LOST, "call"), 2)
        at_loss = len(heard.sound(Channel.MANAGER))
        until(lambda: len(heard.sound(Channel.MANAGER)) > at_loss + RATE, 3)
        sound_server.start()
        until(lambda: heard.told(HealthState.OK, "mic"), 6)
        until(lambda: heard.told(HealthState.OK, "call"), 6)
        sound_server.play(MIC_SINK, beats)
        until(lambda: clicks(heard.sound(Channel.MANAGER)), 5)
    for stream, channel in (("mic", Channel.MANAGER), ("call", Channel.COACHEE)):
        assert heard.told(HealthState.OK, stream)[0].gap == heard.lost(channel) > RATE


def test_a_hung_sound_server_is_told_and_does_not_hang_the_end(sound_server: SoundServer) -> None:
    with listening() as heard:
        heard.wait_for_sound(0.5)
        sound_server.send(signal.SIGSTOP)
        until(lambda: heard.told(HealthState.LOST), 2.5)
        at_loss = len(heard.sound(Channel.MANAGER))
        until(lambda: len(heard.sound(Channel.MANAGER)) > at_loss + RATE, 3)


def test_a_hung_sound_server_that_goes_on_is_heard_again(sound_server: SoundServer) -> None:
    with listening() as heard:
        heard.wait_for_sound(0.5)
        sound_server.send(signal.SIGSTOP)
        until(lambda: heard.told(HealthState.LOST, "call"), 2.5)
        sound_server.send(signal.SIGCONT)
        until(lambda: heard.told(HealthState.OK, "call"), 10)
        until(lambda: heard.told(HealthState.OK, "mic"), 10)


def test_sound_of_another_device_is_not_taken_for_the_microphone(
    sound_server: SoundServer, beats: Path
) -> None:
    sound_server.play(CALL_SINK, beats)  # the default source that the stream will be moved to
    with listening() as heard:
        heard.wait_for_sound(1.5)
        sound_server.pactl("set-default-source", CALL)
        sound_server.pactl("unload-module", "module-remap-source")
        until(lambda: heard.told(HealthState.WRONG_SOURCE) or heard.told(HealthState.LOST), 2)
        astray = len(clicks(heard.sound(Channel.MANAGER)))
        heard.wait_for_sound(3.0)
        assert len(clicks(heard.sound(Channel.MANAGER))) == astray <= 2
        assert heard.told(HealthState.OK) == []
        sound_server.pactl(
            "load-module", "module-remap-source", f"source_name={MIC}", "master=manager_mic.monitor"
        )
        until(lambda: heard.told(HealthState.OK), 5)
    assert heard.lost(Channel.COACHEE) == 0


def test_a_suspended_source_is_lost_until_it_goes_on(sound_server: SoundServer) -> None:
    with listening() as heard:
        heard.wait_for_sound(0.5)
        sound_server.pactl("suspend-sink", CALL_SINK, "1")
        until(lambda: heard.told(HealthState.LOST, "call"), 2.5)
        sound_server.pactl("suspend-sink", CALL_SINK, "0")
        until(lambda: heard.told(HealthState.OK, "call"), 8)


@pytest.mark.parametrize(("side", "name"), [("mic", MIC), ("call", CALL)])
def test_an_unknown_name_is_refused_with_the_names_there_are(
    sound_server: SoundServer, side: str, name: str
) -> None:
    heard = Heard(**{"mic": MIC, "call": CALL} | {side: f"{name}s"})
    with pytest.raises(AudioError) as caught:
        heard.source.start()
    assert f"“{name}s”" in caught.value.sentence
    assert name in caught.value.hint
    assert not workers()


def test_a_dead_sound_server_is_refused_in_a_sentence(sound_server: SoundServer) -> None:
    sound_server.send(signal.SIGKILL)
    heard = Heard(MIC, CALL)
    with pytest.raises(AudioError) as caught:
        heard.source.start()
    assert caught.value.hint
    assert not workers()


def test_a_reader_that_is_too_slow_gets_lost_sound_and_a_sentence(
    sound_server: SoundServer,
) -> None:
    heard = Heard(MIC, CALL)
    heard.source.start()
    try:
        until(lambda: heard.source.dropped > 50, 10)
        heard.reader.start()
        until(lambda: heard.told(HealthState.OVERLOADED), 2)
        heard.wait_for_sound(0.5)
    finally:
        heard.source.stop()
        heard.reader.join(5)
    assert heard.lost(Channel.MANAGER) >= 20 * RATE // 50
    assert heard.sound(Channel.MANAGER).size > 4 * RATE


def test_a_worker_does_not_outlive_its_parent(sound_server: SoundServer, tmp_path: Path) -> None:
    sound_server.pactl("suspend-sink", CALL_SINK, "1")  # nothing is written, so no pipe can break
    code = (
        "import sys, time\n"
        "from live_coach.audio.capture_process import CaptureProcess\n"
        "from live_coach.audio.devices import Device\n"
        "names = sys.argv[1:]\n"
        "children = [CaptureProcess(Device(n, 'mic', n, False, 'pulse'), 20) for n in names]\n"
        "print(*(child.pid for child in children), flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, MIC, CALL],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert parent.stdout is not None
    with parent.stdout:
        children = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.kill()
    parent.wait()
    gone, alive = psutil.wait_procs(children, timeout=3)
    assert len(gone) == 2
    assert not alive


def test_stop_before_and_during_the_start(sound_server: SoundServer) -> None:
    never = Heard(MIC, CALL)
    never.source.stop()
    assert list(never.source.frames()) == []

    hasty = Heard(MIC, CALL)
    hasty.reader.start()
    until(lambda: any(hasty.source.pids().values()), 2)
    hasty.source.stop()
    hasty.source.stop()
    hasty.reader.join(5)
    assert not hasty.reader.is_alive()
    assert not workers()
