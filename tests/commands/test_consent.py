"""What is read aloud says what will be kept, and without a yes nothing starts, in either language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from live_coach.archive import sessions
from live_coach.commands import conduct, live
from live_coach.errors import ArchiveError
from live_coach.screen.card_entry import Before
from live_coach.screen.card_words import CARD_WORDS
from live_coach.screen.setup_app import SetupApp
from tests.archive.conversation import started
from tests.archive.test_sessions import keep


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("option", "setting", "kept", "days"),
    [
        ([], "false", False, None),
        ([], "true", True, None),
        (["--keep-transcript"], "false", True, None),
        (["--no-keep-transcript"], "true", False, None),
        (["--keep-audio"], "false", False, "7"),
        (["--keep-audio", "--keep-transcript"], "false", True, "30"),
        (["--keep-audio"], "true", True, "0"),
    ],
)
def test_it_is_asked_for_what_will_be_kept(
    monkeypatch: pytest.MonkeyPatch,
    option: list[str],
    setting: str,
    kept: bool,
    days: str | None,
    language: str,
) -> None:
    asked: list[str] = []
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__KEEP_TRANSCRIPT", setting)
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__KEEP_AUDIO_DAYS", days or "7")
    monkeypatch.setenv("LIVE_COACH_CONVERSATION__LANGUAGE", language)
    monkeypatch.setattr(conduct, "require_terminal", lambda: None)
    monkeypatch.setattr(SetupApp, "present", lambda app: asked.append(app._consent.kept))
    done = CliRunner().invoke(live.command, option)
    assert done.exit_code == 0, done.output
    assert done.output.strip() == live._REFUSED[language]  # type: ignore[index]
    words = CARD_WORDS[language]
    sound = {None: words.no_sound, "0": words.sound}.get(days, words.sound_days.format(days=days))
    assert asked == [(words.kept_text if kept else words.kept).format(sound=sound)]


def test_what_was_planned_with_whom_stands_ready_on_the_card(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keep(tmp_path, replace(started(), coachee="Anna"))
    sessions.confirm_plan(tmp_path, "last", ["I call three customers."])
    shown: list[object] = []
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__DIRECTORY", str(tmp_path))
    monkeypatch.setattr(conduct, "require_terminal", lambda: None)
    monkeypatch.setattr(SetupApp, "present", lambda app: shown.append(app._card._before))
    assert CliRunner().invoke(live.command, []).exit_code == 0
    assert shown == [{"anna": Before("2026-07-01", ("I call three customers.",))}]


@pytest.mark.parametrize("options", [[], ["--headless", "--consent", "given"]])
def test_where_nothing_can_be_kept_nobody_is_asked_and_nothing_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: list[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__DIRECTORY", str(tmp_path / "file" / "archive"))
    monkeypatch.setattr(conduct, "require_terminal", lambda: None)
    monkeypatch.setattr(conduct, "models_for", lambda *_, **__: pytest.fail("it started"))
    monkeypatch.setattr(SetupApp, "present", lambda _: pytest.fail("it was asked"))
    done = CliRunner().invoke(live.command, options)
    assert isinstance(done.exception, ArchiveError)
    assert "cannot be written" in str(done.exception)
