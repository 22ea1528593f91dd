"""The devices that were named last are those of the next conversation, while they are there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from live_coach import paths
from live_coach.audio.remembered import Chosen, choose_devices, remember
from live_coach.errors import AudioError
from live_coach.settings import AudioSettings, load
from tests.device.conftest import CALL, MIC, SoundServer
from tests.journey.program import require_model, run

pytestmark = [pytest.mark.device, pytest.mark.usefixtures("portaudio")]

_DESK = "desk_microphone"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state directory of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def desk(sound_server: SoundServer) -> str:
    """A second microphone, which is not the default; the number of its module."""
    made = ("module-remap-source", f"source_name={_DESK}", "master=manager_mic.monitor")
    number = sound_server.pactl("load-module", *made)
    sound_server.pactl("set-default-source", MIC)
    return number


def _audio(mic: str = "", call: str = "") -> AudioSettings:
    return load({"audio.mic": mic, "audio.call": call}).settings.audio


def _names(chosen: Chosen) -> tuple[str, str]:
    return chosen.mic.name, chosen.call.name if chosen.call else "none"


def test_what_a_conversation_named_is_used_next_time_while_it_is_there(
    tmp_path: Path, sound_server: SoundServer, desk: str
) -> None:
    require_model("en")
    live = ("live", "--headless", "--consent", "given", "--language", "en", "--seconds", "1")
    archive = {"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "archive")}
    named = run(*live, "--mic", _DESK, "--call", "manager_mic.monitor", env=archive)
    assert named.returncode == 0, named.stderr
    assert named.stderr.startswith("Microphone: ")
    assert _names(choose_devices(_audio())) == (_DESK, "manager_mic.monitor")
    assert _names(choose_devices(_audio(mic=MIC))) == (MIC, "manager_mic.monitor")
    sound_server.pactl("unload-module", desk)
    assert _names(choose_devices(_audio())) == (MIC, "manager_mic.monitor")


def test_what_could_not_be_used_is_not_remembered(
    tmp_path: Path, sound_server: SoundServer
) -> None:
    require_model("en")
    live = ("live", "--headless", "--consent", "given", "--language", "en", "--seconds", "1")
    archive = {"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "archive")}
    done = run(*live, "--mic", "nowhere", env=archive)
    assert done.returncode == 1
    assert not paths.remembered_devices().exists()


def test_only_what_was_named_is_kept_and_default_forgets_it(
    sound_server: SoundServer, desk: str
) -> None:
    remember({}, choose_devices(_audio(mic=_DESK)))
    assert not paths.remembered_devices().exists()
    remember({"mic": "DESK_microphone"}, choose_devices(_audio(mic="DESK_microphone")))
    assert stat.S_IMODE(paths.remembered_devices().stat().st_mode) == 0o600
    assert _names(choose_devices(_audio())) == (_DESK, CALL)
    remember({"call": "none"}, choose_devices(_audio(call="none")))
    assert _names(choose_devices(_audio())) == (_DESK, CALL)
    assert _names(choose_devices(_audio(mic="default"))) == (MIC, CALL)
    remember({"mic": "default"}, choose_devices(_audio(mic="default")))
    assert _names(choose_devices(_audio())) == (MIC, CALL)


@pytest.mark.parametrize("kept", ["", "[]", '{"mic": 3, "camera": "x"}', "\x00"])
def test_a_damaged_memory_is_no_memory(sound_server: SoundServer, kept: str) -> None:
    path = paths.remembered_devices()
    path.parent.mkdir(parents=True)
    path.write_text(kept, encoding="utf-8")
    assert _names(choose_devices(_audio())) == (MIC, CALL)


def test_a_memory_that_cannot_be_written_stops_nothing(
    sound_server: SoundServer, state: Path
) -> None:
    state.write_text("no directory")
    remember({"mic": MIC}, choose_devices(_audio(mic=MIC)))
    assert _names(choose_devices(_audio())) == (MIC, CALL)


def test_a_name_that_is_not_there_is_no_default(sound_server: SoundServer) -> None:
    with pytest.raises(AudioError, match="“nowhere”"):
        choose_devices(_audio(mic="nowhere"))
