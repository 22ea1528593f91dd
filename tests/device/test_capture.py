"""Capture through the whole chain: player, PulseAudio, ALSA plugin, PortAudio, worker, supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from live_coach.flow.messages import RATE, Channel, HealthState
from tests.device.conftest import CALL, CALL_SINK, MIC, MIC_SINK, SoundServer
from tests.device.hearing import Heard, clicks, listening, off_beat, until, worker, workers

pytestmark = [pytest.mark.device, pytest.mark.usefixtures("portaudio")]


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


def test_a_silent_call_is_not_called_muted(sound_server: SoundServer, beats: Path) -> None:
    sound_server.play(MIC_SINK, beats)
    with listening() as heard:
        heard.wait_for_sound(4.5)
    assert heard.health == []


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
