"""What a person is told at once about sound that comes, but not as it should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from live_coach.flow.messages import Channel, HealthState, Samples
from tests.device.conftest import CALL, CALL_SINK, MIC, MIC_SINK, SoundServer
from tests.device.hearing import Heard, clicks, listening, until

pytestmark = [pytest.mark.device, pytest.mark.usefixtures("portaudio")]

_RATE = 16_000
_HEADSET = "api.bluez5.address=00:11:22:33:44:55"


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A minute with something like speech in it: loud for six tenths of every second."""
    noise = np.random.default_rng(3).normal(0, 1, 60 * _RATE)
    loud = np.arange(len(noise)) % _RATE < 0.6 * _RATE
    return _written(tmp_path / "talk.wav", noise * np.where(loud, 0.05, 0.001))


def _written(path: Path, sound: Samples) -> Path:
    soundfile.write(path, sound, _RATE)
    return path


def _add_sink(server: SoundServer, name: str, description: str) -> None:
    properties = f"sink_properties=device.description='{description}'"
    server.pactl("load-module", "module-null-sink", f"sink_name={name}", "norewinds=1", properties)


def test_a_call_moved_to_another_output_is_told_within_two_seconds_with_its_name(
    sound_server: SoundServer, talk: Path
) -> None:
    _add_sink(sound_server, "speakers", "Loudspeakers")
    sound_server.play(MIC_SINK, talk)
    sound_server.play(CALL_SINK, talk)
    with listening() as heard:
        heard.wait_for_sound(2.5)
        assert heard.health == []
        [player] = _players(sound_server, CALL_SINK)
        sound_server.pactl("move-sink-input", player, "speakers")
        assert until(lambda: heard.told(HealthState.OTHER_OUTPUT, "call"), 4) < 2
        heard.wait_for_sound(1.5)
        sound_server.pactl("move-sink-input", player, CALL_SINK)
        assert until(lambda: heard.told(HealthState.OK, "call"), 4) < 2
        heard.wait_for_sound(1.5)
    assert "“Loudspeakers”" in heard.health[0].sentence
    assert [each.stream for each in heard.health] == ["call", "call"]
    assert heard.lost(Channel.COACHEE) == 0


def test_another_output_beside_the_call_is_no_trouble(
    sound_server: SoundServer, talk: Path
) -> None:
    _add_sink(sound_server, "speakers", "Loudspeakers")
    for sink in (MIC_SINK, CALL_SINK, "speakers"):
        sound_server.play(sink, talk)
    with listening() as heard:
        heard.wait_for_sound(2.5)
    assert heard.health == []


def _players(server: SoundServer, sink: str) -> list[str]:
    """The indexes of those who play into a sink."""
    sinks = dict(
        line.split()[1::-1] for line in server.pactl("list", "short", "sinks").splitlines()
    )
    inputs = [line.split() for line in server.pactl("list", "short", "sink-inputs").splitlines()]
    return [each[0] for each in inputs if each[1] == sinks[sink]]


def test_a_microphone_too_faint_for_anybody_is_told_until_somebody_speaks(
    sound_server: SoundServer, talk: Path, tmp_path: Path
) -> None:
    noise = np.random.default_rng(4).normal(0, 10 ** (-75 / 20), 60 * _RATE)
    hiss = sound_server.play(MIC_SINK, _written(tmp_path / "hiss.wav", noise))
    with listening(faint_after_s=2.0) as heard:
        assert 1 < until(lambda: heard.told(HealthState.NOT_HEARD), 5) < 3
        heard.wait_for_sound(1.0)
        hiss.kill()
        hiss.wait()
        sound_server.play(MIC_SINK, talk)
        assert until(lambda: heard.told(HealthState.OK), 3) < 2
    assert [each.stream for each in heard.health] == ["mic", "mic"]


def test_a_headset_with_a_noise_gate_is_muted_only_when_the_server_says_so(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    """Words of 0.3 s with exact zeros between them, then nobody speaks for a while."""
    words = np.random.default_rng(5).uniform(-0.1, 0.1, 30 * _RATE)
    words *= np.arange(len(words)) % (_RATE // 2) < 0.3 * _RATE
    words[3 * _RATE :] = 0
    with listening(muted_after_s=1.5) as heard:
        sound_server.play(MIC_SINK, _written(tmp_path / "words.wav", words))
        heard.wait_for_sound(6.5)
        assert heard.health == []
        sound_server.pactl("set-source-mute", MIC, "1")
        assert until(lambda: heard.told(HealthState.MUTED), 6) < 2.5
    assert [each.stream for each in heard.health] == ["mic"]


def test_a_coachee_who_is_not_heard_while_the_manager_talks_is_told(
    sound_server: SoundServer, talk: Path
) -> None:
    sound_server.play(MIC_SINK, talk)
    with listening(silent_call_after_s=1.5) as heard:
        assert 2 < until(lambda: heard.told(HealthState.NOT_HEARD, "call"), 8) < 5
        heard.wait_for_sound(1.0)
        sound_server.play(CALL_SINK, talk)
        assert until(lambda: heard.told(HealthState.OK, "call"), 3) < 2
    assert [each.stream for each in heard.health] == ["call", "call"]


@pytest.mark.parametrize(("stream", "sink"), [("mic", MIC_SINK), ("call", CALL_SINK)])
def test_a_side_that_is_too_loud_is_told_within_three_seconds(
    sound_server: SoundServer, tmp_path: Path, stream: str, sink: str
) -> None:
    times = np.arange(60 * _RATE) / _RATE
    cut = (4 * np.sin(2 * np.pi * 150 * times)).clip(-1, 1)
    with listening() as heard:
        heard.wait_for_sound(0.5)
        sound_server.play(sink, _written(tmp_path / "cut.wav", cut))
        assert until(lambda: heard.told(HealthState.CLIPPING, stream), 5) < 3
        heard.wait_for_sound(1.0)
    assert len([each for each in heard.health if each.stream == stream]) == 1


def test_a_headset_that_changes_its_profile_is_followed(
    sound_server: SoundServer, beats: Path
) -> None:
    sound_server.play(MIC_SINK, beats)
    sound_server.play(CALL_SINK, beats)
    before = _headset(sound_server, "headset.hifi")
    with listening(mic="headset.hifi", call=CALL) as heard:
        heard.wait_for_sound(1.5)
        sound_server.pactl("set-default-source", CALL)
        sound_server.pactl("unload-module", before)
        until(lambda: heard.told(HealthState.WRONG_SOURCE) or heard.told(HealthState.LOST), 2)
        _headset(sound_server, "headset.call")
        until(lambda: heard.told(HealthState.MOVED), 3)
        heard_before = len(clicks(heard.sound(Channel.MANAGER)))
        heard.wait_for_sound(2.5)
    [moved] = heard.told(HealthState.MOVED)
    assert "“headset.call”" in moved.sentence
    assert moved.gap == heard.lost(Channel.MANAGER)
    assert len(clicks(heard.sound(Channel.MANAGER))) >= heard_before + 2


def test_a_headset_that_changes_its_profile_while_it_is_opened_is_followed(
    sound_server: SoundServer, beats: Path
) -> None:
    sound_server.play(MIC_SINK, beats)
    before = _headset(sound_server, "headset.hifi")
    heard = Heard("headset.hifi", None)
    heard.reader.start()
    until(lambda: any(heard.source.pids().values()), 3)
    assert heard.source._watch is not None
    until(lambda: heard.source._watch.is_there("headset.hifi"), 3)
    sound_server.pactl("unload-module", before)
    _headset(sound_server, "headset.call")
    try:
        until(lambda: clicks(heard.sound(Channel.ROOM)), 8)
    finally:
        heard.source.stop()
        heard.reader.join(5)
    assert [each.state for each in heard.health] == [HealthState.MOVED]
    assert "“headset.call”" in heard.health[0].sentence


def test_a_source_of_another_card_is_not_followed(sound_server: SoundServer, beats: Path) -> None:
    sound_server.play(MIC_SINK, beats)
    before = _headset(sound_server, "headset.hifi")
    with listening(mic="headset.hifi", call=None) as heard:
        heard.wait_for_sound(0.5, Channel.ROOM)
        sound_server.pactl("unload-module", before)
        until(lambda: heard.told(HealthState.WRONG_SOURCE) or heard.told(HealthState.LOST), 2)
        _headset(sound_server, "other", _HEADSET.replace("55", "66"))
        heard.wait_for_sound(2.0, Channel.ROOM)
    assert heard.told(HealthState.MOVED) == heard.told(HealthState.OK) == []


def _headset(server: SoundServer, name: str, properties: str = _HEADSET) -> str:
    """A microphone that says of which device it is; the number of its module."""
    return server.pactl(
        *("load-module", "module-remap-source", f"source_name={name}"),
        *("master=manager_mic.monitor", f"source_properties={properties}"),
    )
