"""An output heard through SoundCard, as on Windows, here with PulseAudio below it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from live_coach import settings
from live_coach.audio.capture import LiveSource
from live_coach.audio.devices import Device
from live_coach.flow.messages import RATE, Channel
from tests import needs
from tests.device.conftest import SoundServer
from tests.device.hearing import Heard, clicks, off_beat, until, workers

pytestmark = pytest.mark.device


def test_an_output_is_heard_and_tied_to_the_clock(sound_server: SoundServer, beats: Path) -> None:
    if find_spec("soundcard") is None:
        needs.missing("SoundCard", "pip install soundcard")
    sound_server.pactl(
        *("load-module", "module-null-sink", "sink_name=loud", "norewinds=1"),
        "sink_properties=device.description=Loudspeakers",
    )
    sound_server.play("loud", beats)
    heard = Heard(None, None)
    heard.source = LiveSource(
        mic=None,
        call=Device("Loudspeakers", "call", "", is_default=True, system="loopback"),
        settings=settings.load().settings.audio,
        on_health=heard.health.append,
        on_levels=heard.levels.append,
    )
    heard.reader.start()
    until(lambda: len(clicks(heard.sound(Channel.COACHEE))) >= 4, 12)
    heard.source.stop()
    heard.reader.join(5)
    assert not workers()
    assert heard.health == []
    assert heard.lost(Channel.COACHEE) == 0
    assert np.abs(off_beat(heard.sound(Channel.COACHEE))).max() <= 0.02 * RATE
