"""The program as it was installed, from a checkout or from a wheel: what it reads is there, and it runs."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

from live_coach import paths, settings
from live_coach.sentences import Sentence
from live_coach.transcript import manifest


def test_settings_and_manifest_came_along() -> None:
    assert (paths.shipped("config") / "defaults.toml").is_file()
    assert settings.load().settings.conversation.language == "auto"
    assert manifest.load().model


@pytest.mark.parametrize("language", ["en", "nl"])
def test_both_languages_came_along(language: str) -> None:
    folder = paths.shipped("config") / "language" / language
    english = paths.shipped("config") / "language" / "en"
    assert {path.name for path in folder.iterdir()} == {path.name for path in english.iterdir()}


@pytest.mark.parametrize("name", ["demo/en.opus", "demo/nl.json", "screen/live_coach.tcss"])
def test_what_stands_in_the_package_came_along(name: str) -> None:
    assert files("live_coach").joinpath(name).is_file()


def test_what_people_are_told_came_along() -> None:
    assert Sentence("stopped").told("nl") == "Gestopt."


def test_the_command_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "live_coach", "--help"],
        capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "live-coach demo" in done.stdout
