"""What goes wrong with sound while a conversation runs: told in time, mended where it can be, counted exactly.

`listening` checks the end of each: within a second, with no worker left.
"""

from __future__ import annotations

import json
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

from live_coach.errors import AudioError
from live_coach.flow.messages import RATE, Channel, HealthState
from tests.device.conftest import CALL, CALL_SINK, MIC, MIC_SINK, SoundServer
from tests.device.hearing import Heard, listening, off_beat, until, worker, workers

pytestmark = [pytest.mark.device, pytest.mark.usefixtures("portaudio")]

SIDES = (("mic", Channel.MANAGER), ("call", Channel.COACHEE))
TOLD_S, MUTE_TOLD_S = 2.0, 4.0
"""Within so many seconds a person is told."""
EXACT_S = 0.05
WRONG_SOUND_S = 1.0


def gap_is_exact(heard: Heard, stream: str, channel: Channel) -> None:
    """What was said to be missing is missing, and what came afterwards lies where it belongs."""
    assert sum(each.gap for each in heard.told(HealthState.OK, stream)) == heard.lost(channel) > 0
    assert heard.off_clock_s(channel) <= EXACT_S


def test_workers_that_are_killed_or_frozen_are_replaced(
    sound_server: SoundServer, beats: Path
) -> None:
    for sink in (MIC_SINK, CALL_SINK):
        sound_server.play(sink, beats)
    with listening() as heard:
        heard.wait_for_sound(2.5)
        killed, frozen = worker(heard, "mic"), worker(heard, "call")
        os.kill(killed, signal.SIGKILL)
        os.kill(frozen, signal.SIGSTOP)
        until(lambda: all(heard.told(HealthState.LOST, stream) for stream, _ in SIDES), TOLD_S)
        until(lambda: all(heard.told(HealthState.OK, stream) for stream, _ in SIDES), 5)
        assert not {killed, frozen} & {worker(heard, stream) for stream, _ in SIDES}
        for _, channel in SIDES:
            heard.wait_for_sound(2.0, channel)
    for stream, channel in SIDES:
        gap_is_exact(heard, stream, channel)
        assert heard.lost(channel) < 4 * RATE
        assert np.abs(off_beat(heard.sound(channel))).max() <= EXACT_S * RATE


def test_a_program_that_was_frozen_catches_up(sound_server: SoundServer, beats: Path) -> None:
    """The sound server keeps what nobody fetches: five seconds late is not lost."""
    sound_server.play(MIC_SINK, beats)
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.device.hearing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "listening\n"
    frozen = [psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)]
    for process in frozen:
        process.suspend()
    time.sleep(5)
    for process in frozen:
        process.resume()
    time.sleep(TOLD_S)
    told, _ = program.communicate(timeout=5)
    heard = json.loads(told)
    assert program.returncode == 0
    assert sorted(heard["health"]) == [["call", "restarted", 0], ["mic", "restarted", 0]]
    assert heard["lost"] == {"manager": 0, "coachee": 0}
    assert heard["off_clock_s"] <= EXACT_S
    assert heard["off_beat_s"] <= EXACT_S


def test_a_muted_microphone_is_told_and_so_is_its_return(
    sound_server: SoundServer, beats: Path
) -> None:
    sound_server.play(MIC_SINK, beats)
    with listening() as heard:
        heard.wait_for_sound(0.5)
        sound_server.pactl("set-source-mute", MIC, "1")
        until(lambda: heard.told(HealthState.MUTED), MUTE_TOLD_S)
        sound_server.pactl("set-source-mute", MIC, "0")
        until(lambda: heard.told(HealthState.OK), TOLD_S)
    assert [each.stream for each in heard.health] == ["mic", "mic"]
    assert heard.lost(Channel.MANAGER) == 0


def test_the_sound_server_may_be_killed_and_started_again(sound_server: SoundServer) -> None:
    with listening() as heard:
        heard.wait_for_sound(0.5)
        sound_server.send(signal.SIGKILL)
        until(lambda: all(heard.told(HealthState.LOST, stream) for stream, _ in SIDES), TOLD_S)
        at_loss = len(heard.sound(Channel.MANAGER))
        until(lambda: len(heard.sound(Channel.MANAGER)) > at_loss + RATE, 3)
        sound_server.start()
        until(lambda: all(heard.told(HealthState.OK, stream) for stream, _ in SIDES), 6)
        for _, channel in SIDES:
            heard.wait_for_sound(0.5, channel)
    for stream, channel in SIDES:
        gap_is_exact(heard, stream, channel)


def test_a_hung_sound_server_that_goes_on_is_heard_again(sound_server: SoundServer) -> None:
    with listening() as heard:
        heard.wait_for_sound(0.5)
        sound_server.send(signal.SIGSTOP)
        until(lambda: all(heard.told(HealthState.LOST, stream) for stream, _ in SIDES), TOLD_S)
        at_loss = len(heard.sound(Channel.MANAGER))
        until(lambda: len(heard.sound(Channel.MANAGER)) > at_loss + RATE, 3)
        sound_server.send(signal.SIGCONT)
        until(lambda: all(heard.told(HealthState.OK, stream) for stream, _ in SIDES), 10)
        for _, channel in SIDES:
            heard.wait_for_sound(1.0, channel)
        sound_server.send(signal.SIGSTOP)  # the end must not wait for it either
    for stream, channel in SIDES:
        gap_is_exact(heard, stream, channel)


def test_sound_of_another_device_is_not_taken_for_the_microphone(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    """A microphone that is pulled out: the server moves its stream to the default source, the call."""
    _play_noise(sound_server, CALL_SINK, tmp_path)
    with listening() as heard:
        heard.wait_for_sound(1.0)
        sound_server.pactl("set-default-source", CALL)
        sound_server.pactl("unload-module", "module-remap-source")
        _is_told_and_not_taken_back(heard, "mic", Channel.MANAGER)
        sound_server.pactl(
            "load-module", "module-remap-source", f"source_name={MIC}", "master=manager_mic.monitor"
        )
        until(lambda: heard.told(HealthState.OK), 5)
        heard.wait_for_sound(0.5)
    wrong = np.count_nonzero(heard.sound(Channel.MANAGER)) / RATE
    assert wrong <= WRONG_SOUND_S
    gap_is_exact(heard, "mic", Channel.MANAGER)
    assert heard.lost(Channel.COACHEE) == 0


def test_the_microphone_is_not_taken_for_a_call_whose_output_is_gone(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    """An output that is pulled out takes its monitor along: the server moves the stream to the microphone."""
    _play_noise(sound_server, MIC_SINK, tmp_path)
    with listening() as heard:
        heard.wait_for_sound(1.0, Channel.COACHEE)
        modules = [
            line.split() for line in sound_server.pactl("list", "short", "modules").split("\n")
        ]
        sound_server.pactl(
            "unload-module", *(m[0] for m in modules if f"sink_name={CALL_SINK}" in m)
        )
        _is_told_and_not_taken_back(heard, "call", Channel.COACHEE)
        sound_server.pactl(
            "load-module", "module-null-sink", f"sink_name={CALL_SINK}", "norewinds=1"
        )
        until(lambda: heard.told(HealthState.OK, "call"), 5)
        heard.wait_for_sound(0.5, Channel.COACHEE)
    [back] = heard.told(HealthState.OK, "call")  # the server may play the noise there from now on
    wrong = np.count_nonzero(heard.sound(Channel.COACHEE)[: back.at]) / RATE
    assert wrong <= WRONG_SOUND_S
    gap_is_exact(heard, "call", Channel.COACHEE)
    assert heard.lost(Channel.MANAGER) == 0


def _play_noise(server: SoundServer, sink: str, directory: Path) -> None:
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, 30 * 48_000)
    soundfile.write(directory / "noise.wav", noise, 48_000)
    server.play(sink, directory / "noise.wav")


def _is_told_and_not_taken_back(heard: Heard, stream: str, channel: Channel) -> None:
    gone = (HealthState.WRONG_SOURCE, HealthState.LOST)
    until(lambda: any(heard.told(state, stream) for state in gone), TOLD_S)
    heard.wait_for_sound(2.0, channel)
    assert heard.told(HealthState.OK, stream) == []


def test_a_suspended_source_is_lost_until_it_goes_on(sound_server: SoundServer) -> None:
    suspend = (("suspend-source", MIC), ("suspend-sink", CALL_SINK))
    with listening() as heard:
        heard.wait_for_sound(0.5)
        for how, what in suspend:
            sound_server.pactl(how, what, "1")
        until(lambda: all(heard.told(HealthState.LOST, stream) for stream, _ in SIDES), TOLD_S)
        for how, what in suspend:
            sound_server.pactl(how, what, "0")
        until(lambda: all(heard.told(HealthState.OK, stream) for stream, _ in SIDES), 8)
        for _, channel in SIDES:
            heard.wait_for_sound(0.5, channel)
    for stream, channel in SIDES:
        gap_is_exact(heard, stream, channel)


@pytest.mark.parametrize(("side", "name"), [("mic", MIC), ("call", CALL)])
def test_an_unknown_name_is_refused_with_the_names_there_are(
    sound_server: SoundServer, side: str, name: str
) -> None:
    heard = Heard(**{"mic": MIC, "call": CALL} | {side: f"{name}s"})
    began = time.monotonic()
    with pytest.raises(AudioError) as caught:
        heard.source.start()
    assert time.monotonic() - began < TOLD_S
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
