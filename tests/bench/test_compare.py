"""Peers beside ours: with a small peer of our own. The real ones run with `live-coach bench --compare`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from live_coach import paths
from live_coach.bench import compare
from live_coach.bench.hearings import of_peer
from live_coach.errors import LiveCoachError, WrongUsage
from tests.bench.echo_peer import WORDS

ECHO = Path(__file__).with_name("echo_peer.py")


@pytest.fixture(autouse=True)
def environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "peers"
    monkeypatch.setattr(paths, "peer_environments", lambda: folder)
    return folder


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A second and a half of two channels at 48 kHz, made fit for peers."""
    stereo, mono = tmp_path / "stereo.wav", tmp_path / "mono.wav"
    soundfile.write(str(stereo), np.zeros((72_000, 2), np.float32), 48_000)
    compare.in_one_channel(stereo, mono)
    told = soundfile.info(str(mono))
    assert (told.channels, told.samplerate, told.subtype) == (1, 16_000, "PCM_16")
    assert told.duration == pytest.approx(1.5, abs=0.01)
    return mono


def test_a_peer_listens_in_real_time_in_an_environment_of_its_own(
    sound: Path, environments: Path
) -> None:
    said: list[str] = []
    echo = compare.peer(str(ECHO))
    comparison = compare.Comparison([echo], sound, Path("weights"), "en")
    comparison.prepare(said.append)
    assert said == [f"Making an environment for echo_peer in {environments / 'echo_peer'}."]
    heard = comparison.listen(echo, 1.5)
    assert heard.lines[0] == {"version": "-"}
    hearings = list(of_peer(heard.lines, "en"))
    assert " ".join(word for word, _ in hearings[-1].words) == WORDS
    for n, hearing in enumerate(hearings, 1):
        assert 0.5 * n <= hearing.at < 0.5 * n + 2
    assert heard.peak_mb > 2
    comparison.prepare(said.append)
    assert len(said) == 1


def test_a_peer_that_fails_says_why(sound: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(ECHO.read_text().replace('DISTRIBUTION = ""', 'DISTRIBUTION = "not-there"'))
    peer = compare.peer(str(broken))
    comparison = compare.Comparison([peer], sound, Path("weights"), "en")
    comparison.prepare(lambda _: None)
    with pytest.raises(LiveCoachError, match=r"broken failed: .*not-there"):
        comparison.listen(peer, 1.5)


def test_an_environment_that_cannot_be_made_says_why(sound: Path, environments: Path) -> None:
    environments.write_text("a file stands in the way")
    comparison = compare.Comparison([compare.peer(str(ECHO))], sound, Path("weights"), "en")
    with pytest.raises(LiveCoachError, match=r"could not be made: .*peers"):
        comparison.prepare(lambda _: None)


@pytest.mark.parametrize("name", ["whisper_streaming", "realtimestt", "WHISPERLIVE"])
def test_known_peers_are_found_in_any_case(name: str) -> None:
    found = compare.peer(name)
    assert found.name in compare.KNOWN
    assert {"ctranslate2", "faster-whisper"} <= set(found.requirements)
    assert found.alone


@pytest.mark.parametrize("name", ["another", "none.py", ""])
def test_a_peer_without_a_driver_is_wrong_usage(name: str) -> None:
    with pytest.raises(WrongUsage, match="whisper_streaming, RealtimeSTT, WhisperLive"):
        compare.peer(name)
