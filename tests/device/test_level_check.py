"""The levels before a conversation, from real devices."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest

from live_coach.audio.level_check import LevelCheck
from live_coach.audio.remembered import Chosen
from live_coach.errors import AudioError
from live_coach.flow.messages import Channel, Health, Levels
from live_coach.settings import AudioSettings, load
from tests.device.conftest import CALL, MIC, MIC_SINK, SoundServer

pytestmark = [pytest.mark.device, pytest.mark.usefixtures("portaudio")]


def _settings(mic: str) -> AudioSettings:
    return load({"audio.mic": mic, "audio.call": CALL}).settings.audio


def _until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "waited in vain"
        sleep(0.05)


def test_both_levels_are_told_until_it_is_stopped(sound_server: SoundServer, beats: Path) -> None:
    sound_server.play(MIC_SINK, beats)
    told: list[Chosen | Levels | Health] = []
    check = LevelCheck(_settings(MIC), "en")
    running = threading.Thread(target=check.run, args=[told.append])
    running.start()

    def loudest(channel: Channel) -> float:
        return max((one.dbfs[channel] for one in told if isinstance(one, Levels)), default=-999)

    _until(lambda: loudest(Channel.MANAGER) > -10)
    check.stop()
    running.join(2)
    assert not running.is_alive()
    assert isinstance(told[0], Chosen)
    assert (told[0].mic.name, told[0].call and told[0].call.name) == (MIC, CALL)
    assert loudest(Channel.COACHEE) < -60
    count = len(told)
    sleep(0.3)
    assert len(told) == count


# The sound server's own remapped microphone is one listener.
def test_stopped_before_it_began_it_opens_nothing(sound_server: SoundServer) -> None:
    check = LevelCheck(_settings(MIC), "en")
    check.stop()
    check.run(lambda told: pytest.fail(f"told {told}"))
    assert len(sound_server.pactl("list", "short", "source-outputs").splitlines()) == 1


def test_a_device_that_is_not_there_is_an_error(sound_server: SoundServer) -> None:
    check = LevelCheck(_settings("gone"), "en")
    with pytest.raises(AudioError, match="gone"):
        check.run(lambda told: None)
