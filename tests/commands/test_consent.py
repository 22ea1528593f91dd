"""What is read aloud says what will be kept, and without a yes nothing starts, in either language."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from live_coach.commands import conduct, live
from live_coach.screen.card_words import CARD_WORDS
from live_coach.screen.setup_app import SetupApp


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("option", "setting", "kept"),
    [
        ([], "false", False),
        ([], "true", True),
        (["--keep-transcript"], "false", True),
        (["--no-keep-transcript"], "true", False),
    ],
)
def test_it_is_asked_for_what_will_be_kept(
    monkeypatch: pytest.MonkeyPatch, option: list[str], setting: str, kept: bool, language: str
) -> None:
    asked: list[str] = []
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__KEEP_TRANSCRIPT", setting)
    monkeypatch.setenv("LIVE_COACH_CONVERSATION__LANGUAGE", language)
    monkeypatch.setattr(conduct, "require_terminal", lambda: None)
    monkeypatch.setattr(SetupApp, "present", lambda app: asked.append(app._consent.kept))
    done = CliRunner().invoke(live.command, option)
    assert done.exit_code == 0, done.output
    assert done.output.strip() == live._REFUSED[language]  # type: ignore[index]
    words = CARD_WORDS[language]
    assert asked == [words.kept_text if kept else words.kept]
