"""Every setting and where its value came from."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from live_coach import paths
from live_coach.cli import cli
from live_coach.errors import SettingsError


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "own.toml"
    monkeypatch.setenv("LIVE_COACH_CONFIG", str(path))
    return path


def _show() -> dict[str, tuple[object, str]]:
    """Dotted name to value and origin."""
    result = CliRunner().invoke(cli, ["config", "show"], catch_exceptions=False)
    shown = {}
    for line in result.stdout.splitlines():
        setting, _, origin = line.rpartition("  # ")
        ((section, values),) = tomllib.loads(setting).items()
        ((name, value),) = values.items()
        shown[f"{section}.{name}"] = (value, origin)
    return shown


def test_every_default_is_shown(own_file: Path) -> None:
    text = (paths.shipped("config") / "defaults.toml").read_text(encoding="utf-8")
    defaults = {
        f"{section}.{name}": (value, "defaults")
        for section, values in tomllib.loads(text).items()
        for name, value in values.items()
    }
    assert _show() == defaults


def test_the_environment_is_stronger_than_the_persons_file(
    own_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_file.write_text('[audio]\nmic = "headset"\ncall = "none"\n', encoding="utf-8")
    monkeypatch.setenv("LIVE_COACH_AUDIO__MIC", "desk")
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__KEEP_DAYS", "30")
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__NAMES", "Bob,Anna de Vries")
    shown = _show()
    assert shown["audio.mic"] == ("desk", "environment")
    assert shown["audio.call"] == ("none", str(own_file))
    assert shown["archive.keep_days"] == (30, "environment")
    assert shown["archive.names"] == (["Bob", "Anna de Vries"], "environment")
    assert shown["audio.block_ms"][1] == "defaults"


def test_what_is_shown_is_a_settings_file(own_file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["config"], catch_exceptions=False)
    own_file.write_text(result.stdout, encoding="utf-8")
    assert {origin for _, origin in _show().values()} == {str(own_file)}


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ('[audio]\nmicrofoon = "x"\n', "audio.microfoon"),
        ("[audio]\nblock_ms = 1\n", "audio.block_ms"),
        ('[screen]\nlanguage = "de"\n', "screen.language"),
        ("[audio\n", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(own_file: Path, text: str, culprit: str) -> None:
    own_file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(cli, ["config", "show"])
    assert isinstance(result.exception, SettingsError)
    assert culprit in str(result.exception)
    assert str(own_file) in str(result.exception)
    assert result.exception.exit_code == 2


def test_the_path_is_told_whether_the_file_is_there_or_not(own_file: Path) -> None:
    before = CliRunner().invoke(cli, ["config", "path"])
    own_file.write_text("", encoding="utf-8")
    after = CliRunner().invoke(cli, ["config", "path"])
    assert before.stdout == after.stdout == f"{own_file}{os.linesep}"
    assert "does not exist yet" in before.stderr
    assert not after.stderr
