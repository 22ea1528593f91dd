"""Recordings of every kind, good and bad, through the real libraries."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tracemalloc
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live_coach.audio.recording import ManagerSide, open_recording
from live_coach.audio.source import Source
from live_coach.errors import AudioError
from live_coach.flow.messages import RATE, AudioFrame, Channel, Samples

LEFT_HZ, RIGHT_HZ = 440.0, 1000.0


def tone(hertz: float, seconds: float, rate: int, level: float = 0.4) -> Samples:
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def stereo(seconds: float, rate: int) -> Samples:
    return np.stack([tone(LEFT_HZ, seconds, rate), tone(RIGHT_HZ, seconds, rate, 0.2)], axis=1)


def write(path: Path, sound: Samples, rate: int, subtype: str | None = None) -> Path:
    soundfile.write(
        path, sound, rate, subtype=subtype, format="OGG" if path.suffix == ".opus" else None
    )
    return path


def heard(
    path: Path, manager: ManagerSide | None = "left", coachee: Path | None = None, block: int = 320
) -> dict[Channel, Samples]:
    """All sound per channel, after checking that frames are in order, in step and without holes."""
    source = open_recording(path, manager=manager, coachee=coachee, block=block)
    pieces: dict[Channel, list[Samples]] = defaultdict(list)
    at = dict.fromkeys(source.channels, 0)
    for frame in source.frames():
        assert frame.span.start == at[frame.channel]
        assert 0 < frame.span.length <= block
        assert frame.lost in {0, frame.span.length}
        assert not frame.samples.flags.writeable
        at[frame.channel] = frame.span.end
        pieces[frame.channel].append(frame.samples)
        assert max(at.values()) - min(at.values()) <= block
    assert len(set(at.values())) == 1
    return {channel: np.concatenate(parts) for channel, parts in pieces.items()}


def pitch(sound: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum)) * RATE / len(sound)


def refusal(
    path: Path, manager: ManagerSide | None = "left", coachee: Path | None = None
) -> AudioError:
    with pytest.raises(AudioError) as caught:
        list(open_recording(path, manager=manager, coachee=coachee, block=320).frames())
    assert caught.value.sentence.endswith(".")
    assert "\n" not in str(caught.value)
    return caught.value


def until_it_breaks(source: Source) -> tuple[list[AudioFrame], AudioError]:
    frames: list[AudioFrame] = []
    try:
        frames.extend(source.frames())
    except AudioError as error:
        return frames, error
    pytest.fail("nothing was said about the damage")


@pytest.mark.parametrize(
    ("name", "rate", "subtype"),
    [
        ("a.wav", 16_000, "PCM_16"),
        ("a.wav", 8_000, "PCM_16"),
        ("a.wav", 44_100, "PCM_24"),
        ("a.wav", 96_000, "FLOAT"),
        ("a.wav", 48_000, "PCM_U8"),
        ("a.wav", 8_000, "ULAW"),
        ("a.flac", 96_000, "PCM_24"),
        ("a.ogg", 44_100, "VORBIS"),
        ("a.opus", 48_000, "OPUS"),
        ("a.opus", 16_000, "OPUS"),
        ("a.mp3", 44_100, "MPEG_LAYER_III"),
    ],
)
def test_every_format_keeps_both_sides_apart(
    tmp_path: Path, name: str, rate: int, subtype: str
) -> None:
    path = write(tmp_path / name, stereo(2.0, rate), rate, subtype)
    sound = heard(path)
    assert list(sound) == [Channel.MANAGER, Channel.COACHEE]
    for channel, hertz, level in (
        (Channel.MANAGER, LEFT_HZ, 0.4),
        (Channel.COACHEE, RIGHT_HZ, 0.2),
    ):
        assert len(sound[channel]) == 2 * RATE
        assert pitch(sound[channel]) == pytest.approx(hertz, abs=1)
        middle = sound[channel][RATE // 2 : -RATE // 2]
        assert np.sqrt(np.mean(middle**2)) == pytest.approx(level / np.sqrt(2), rel=0.05)


def test_the_manager_may_sit_on_the_right(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", stereo(1.0, RATE), RATE)
    sound = heard(path, manager="right")
    assert pitch(sound[Channel.MANAGER]) == pytest.approx(RIGHT_HZ, abs=1)
    assert pitch(sound[Channel.COACHEE]) == pytest.approx(LEFT_HZ, abs=1)


@pytest.mark.parametrize("columns", [1, 2, 6])
def test_mono_mixes_everything_into_the_room(tmp_path: Path, columns: int) -> None:
    same = np.repeat(tone(LEFT_HZ, 1.0, RATE)[:, None], columns, axis=1)
    sound = heard(write(tmp_path / "a.wav", same, RATE), manager="mono")
    assert list(sound) == [Channel.ROOM]
    assert np.allclose(sound[Channel.ROOM], same[:, 0], atol=1e-4)


def test_without_a_word_on_sides_two_channels_are_two_people(tmp_path: Path) -> None:
    two = heard(write(tmp_path / "2.wav", stereo(1.0, RATE), RATE), manager=None)
    assert pitch(two[Channel.MANAGER]) == pytest.approx(LEFT_HZ, abs=1)
    one = heard(write(tmp_path / "1.wav", tone(LEFT_HZ, 1.0, RATE), RATE), manager=None)
    assert list(one) == [Channel.ROOM]
    six = write(tmp_path / "6.wav", np.zeros((800, 6), np.float32), RATE)
    assert "6 channels" in refusal(six, manager=None).sentence


def test_the_coachee_may_have_a_shorter_file_of_another_rate(tmp_path: Path) -> None:
    mine = write(tmp_path / "m.wav", tone(LEFT_HZ, 3.0, 48_000), 48_000)
    theirs = write(tmp_path / "c.flac", tone(RIGHT_HZ, 1.0, 22_050), 22_050)
    sound = heard(mine, coachee=theirs)
    assert len(sound[Channel.MANAGER]) == len(sound[Channel.COACHEE]) == 3 * RATE
    assert pitch(sound[Channel.COACHEE][:RATE]) == pytest.approx(RIGHT_HZ, abs=1)
    frames = list(open_recording(mine, manager="left", coachee=theirs, block=320).frames())
    lost = [f for f in frames if f.lost]
    assert {f.channel for f in lost} == {Channel.COACHEE}
    assert lost[0].span.start == RATE
    assert sum(f.lost for f in lost) == 2 * RATE


@given(
    block=st.integers(1, 5000),
    rate=st.sampled_from([8_000, 16_000, 44_100, 48_000]),
    length=st.integers(1, 9_000),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_block_size_never_changes_the_samples(
    tmp_path_factory: pytest.TempPathFactory, block: int, rate: int, length: int
) -> None:
    noise = np.random.default_rng(length).uniform(-0.5, 0.5, (length, 2)).astype(np.float32)
    path = write(tmp_path_factory.mktemp("block") / "a.wav", noise, rate, "FLOAT")
    once, again = heard(path, block=320), heard(path, block=block)
    for channel, samples in once.items():
        assert np.array_equal(samples, again[channel])
        assert len(samples) == pytest.approx(length * RATE / rate, abs=1)


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    source = open_recording(
        write(tmp_path / "a.wav", stereo(0.5, 44_100), 44_100), manager="left", block=160
    )
    first, second = ([f.samples.tobytes() for f in source.frames()] for _ in range(2))
    assert first == second
    assert source.duration == RATE // 2


def test_stop_ends_the_frames_at_any_time(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", stereo(5.0, RATE), RATE)
    source = open_recording(path, manager="left", block=320)
    frames = source.frames()
    first = next(frames)
    assert isinstance(first, AudioFrame)
    source.stop()
    source.stop()
    assert len(list(frames)) <= 1  # the other side of the block that had begun
    assert list(source.frames()) == []


def test_silence_clipping_and_numbers_that_are_none(tmp_path: Path) -> None:
    silent = heard(write(tmp_path / "s.wav", np.zeros((RATE, 2), np.float32), RATE))
    assert not silent[Channel.MANAGER].any()

    loud = write(tmp_path / "l.wav", stereo(1.0, RATE) * 50, RATE, "FLOAT")
    assert np.abs(heard(loud)[Channel.MANAGER]).max() == 1.0

    broken = stereo(1.0, 48_000)
    broken[100], broken[200], broken[300] = np.nan, np.inf, -np.inf
    mended = heard(write(tmp_path / "n.wav", broken, 48_000, "FLOAT"))
    for samples in mended.values():
        assert np.isfinite(samples).all()
        assert np.abs(samples).max() <= 1.0
    assert pitch(mended[Channel.MANAGER]) == pytest.approx(LEFT_HZ, abs=1)


def test_three_hours_are_never_in_memory_at_once(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with soundfile.SoundFile(path, "w", 8_000, 2, "PCM_U8") as file:
        minute = np.zeros((60 * 8_000, 2), np.int16)
        for _ in range(180):
            file.write(minute)
    source = open_recording(path, manager="left", block=16_000)
    assert source.duration == 3 * 3600 * RATE
    tracemalloc.start()
    try:
        total = sum(f.span.length for f in source.frames() if f.channel is Channel.MANAGER)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == source.duration
    assert peak < 4_000_000


# ── what cannot be used ──────────────────────────────────────────────────────────────────────────


def test_missing_folder_device_and_empty(tmp_path: Path) -> None:
    assert "no file" in refusal(tmp_path / "absent.wav").sentence
    assert "folder" in refusal(tmp_path).sentence
    os.mkfifo(tmp_path / "pipe.wav")
    assert "not a file" in refusal(tmp_path / "pipe.wav").sentence
    (tmp_path / "empty.wav").touch()
    assert "empty" in refusal(tmp_path / "empty.wav").sentence
    assert "cannot be opened" in refusal(tmp_path / ("x" * 300)).sentence
    good = write(tmp_path / "m.wav", tone(LEFT_HZ, 1.0, RATE), RATE)
    assert "no file" in refusal(good, coachee=tmp_path / "absent.wav").sentence


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are a Unix matter")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", stereo(0.1, RATE), RATE)
    path.chmod(0)
    code = (
        "import os, sys; from pathlib import Path; from live_coach.audio.recording import open_recording\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "open_recording(Path('a.wav'), manager='left', block=320)"
    )
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "AudioError: “a.wav” may not be read by you." in done.stderr


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.opus", "a.mp3", "a.raw", "a"])
@pytest.mark.parametrize(
    "content", [b"\0" * 4000, b"these are only words " * 200, bytes(range(256)) * 20]
)
def test_what_is_not_a_recording(
    tmp_path: Path, name: str, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = refusal(path)
    assert "not a recording" in error.sentence
    assert "ffmpeg" in error.hint
    assert capfd.readouterr().err == ""


def test_zero_seconds(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.zeros((0, 2), np.float32), RATE)
    assert "0 seconds" in refusal(path).sentence


def test_a_header_with_an_impossible_rate(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", stereo(0.1, RATE), RATE)
    content = bytearray(path.read_bytes())
    content[24:28] = struct.pack("<I", 3)
    path.write_bytes(content)
    assert "damaged" in refusal(path).sentence


@pytest.mark.parametrize("manager", ["left", "right"])
def test_sides_need_two_channels(tmp_path: Path, manager: ManagerSide) -> None:
    one = write(tmp_path / "one.wav", tone(LEFT_HZ, 0.5, RATE), RATE)
    assert "one channel" in refusal(one, manager).sentence
    assert "--manager mono" in refusal(one, manager).hint
    six = write(tmp_path / "six.wav", np.zeros((800, 6), np.float32), RATE)
    assert "6 channels" in refusal(six, manager).sentence
    assert "--manager mono" in refusal(six, manager).hint


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.opus", "a.mp3"])
def test_a_recording_that_breaks_off_is_used_up_to_there(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(1).uniform(-0.3, 0.3, (10 * RATE, 2)).astype(np.float32)
    path = write(tmp_path / name, noise, RATE)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    frames, error = until_it_breaks(open_recording(path, manager="left", block=320))
    got = frames[-1].span.end
    assert 2 * RATE < got < 7 * RATE
    assert f"damaged: only {got / RATE:.1f} seconds" in error.sentence


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.mp3"])
def test_damage_in_the_middle_is_told(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(1).uniform(-0.3, 0.3, (10 * RATE, 2)).astype(np.float32)
    path = write(tmp_path / name, noise, RATE)
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = bytes(third)
    path.write_bytes(content)
    assert "incomplete or damaged" in refusal(path).sentence


def test_one_broken_side_does_not_end_the_other(tmp_path: Path) -> None:
    mine = write(tmp_path / "m.wav", tone(LEFT_HZ, 2.0, RATE), RATE)
    theirs = write(tmp_path / "c.wav", tone(RIGHT_HZ, 2.0, RATE), RATE)
    theirs.write_bytes(theirs.read_bytes()[:-RATE])
    source = open_recording(mine, manager="left", coachee=theirs, block=320)
    frames, error = until_it_breaks(source)
    assert "c.wav" in error.sentence
    mine_heard = [f for f in frames if f.channel is Channel.MANAGER]
    assert mine_heard[-1].span.end == 2 * RATE
    assert not any(f.lost for f in mine_heard)


@pytest.mark.parametrize("size", [0xFFFF_FFFF, 0x7FFF_F000])
def test_a_streamed_wav_does_not_know_its_length(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "a.wav", stereo(1.0, RATE), RATE)
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = struct.pack("<I", size)
    path.write_bytes(content)
    assert len(heard(path)[Channel.MANAGER]) == RATE
