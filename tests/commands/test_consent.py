"""What is read aloud says what will be kept, and without a yes nothing starts, in either language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from live_coach import logs
from live_coach.archive import sessions
from live_coach.audio import remembered
from live_coach.commands import conduct, live, ready
from live_coach.commands.remembered_card import forget, remember
from live_coach.errors import ArchiveError, AudioError, LiveCoachError, ModelError, SettingsError
from live_coach.screen.card_entry import Before, CardEntry
from live_coach.screen.card_words import CARD_WORDS
from live_coach.screen.setup_app import SetupApp
from tests.archive.conversation import started
from tests.archive.test_sessions import keep


@pytest.fixture(autouse=True)
def all_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal, models for every language, two devices, and a folder for the archive."""
    monkeypatch.setattr(ready, "require_terminal", lambda: None)
    monkeypatch.setattr(ready, "find", lambda *_: None)
    monkeypatch.setattr(remembered, "choose_devices", lambda _: None)
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__DIRECTORY", str(tmp_path / "archive"))


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
    monkeypatch.setattr(SetupApp, "present", lambda app: shown.append(app._card._before))
    assert CliRunner().invoke(live.command, []).exit_code == 0
    assert shown == [{"anna": Before("2026-07-01", ("I call three customers.",))}]


@pytest.mark.parametrize("options", [[], ["--headless", "--consent", "given"]])
def test_where_nothing_can_be_kept_nobody_is_asked_and_nothing_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: list[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__DIRECTORY", str(tmp_path / "file" / "archive"))
    monkeypatch.setattr(conduct, "models_for", lambda *_, **__: pytest.fail("it started"))
    monkeypatch.setattr(SetupApp, "present", lambda _: pytest.fail("it was asked"))
    done = CliRunner().invoke(live.command, options)
    assert isinstance(done.exception, ArchiveError)
    assert "cannot be written" in str(done.exception)


def _refuse(error: LiveCoachError) -> Callable[..., None]:
    def refused(*_: object, **__: object) -> None:
        raise error

    return refused


@pytest.mark.parametrize(
    "why", ["the file", "the preset", "the model", "the devices", "the archive"]
)
def test_what_refuses_to_start_does_so_before_a_card_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, why: str
) -> None:
    monkeypatch.setattr(SetupApp, "present", lambda _: pytest.fail("it was asked"))
    options, expected = [], LiveCoachError
    if why == "the file":
        options = ["--jsonl", str(tmp_path / "nowhere" / "talk.jsonl")]
    elif why == "the preset":
        options, expected = ["--preset", "nonsense"], SettingsError
    elif why == "the model":
        expected = ModelError
        monkeypatch.setattr(ready, "find", _refuse(ModelError("There is none.")))
    elif why == "the devices":
        expected = AudioError
        monkeypatch.setattr(remembered, "choose_devices", _refuse(AudioError("There is none.")))
    else:
        expected = ArchiveError
        (tmp_path / "archive").mkdir()
        (tmp_path / "archive" / "archive.sqlite3").write_bytes(b"\x07" * 9000)
    done = CliRunner().invoke(live.command, options)
    assert isinstance(done.exception, expected), done.output


def test_what_has_expired_is_gone_before_a_card_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__KEEP_DAYS", "30")
    keep(tmp_path / "archive", replace(started(), started_at="2020-01-01T10:00:00Z"))
    there: list[int] = []
    monkeypatch.setattr(
        SetupApp,
        "present",
        lambda _: there.append(len(sessions.list_sessions(tmp_path / "archive"))),
    )
    assert CliRunner().invoke(live.command, []).exit_code == 0
    assert there == [0]


def test_the_card_offers_only_languages_that_a_model_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_english(_model: str, language: str) -> None:
        if language == "nl":
            raise ModelError("No model knows Dutch.")

    shown: list[object] = []
    remember(CardEntry(language="nl"))
    monkeypatch.setattr(ready, "find", only_english)
    monkeypatch.setattr(
        SetupApp,
        "present",
        lambda app: shown.extend(
            [list(app._card._choices["language"]), app._card._offered.language]
        ),
    )
    assert CliRunner().invoke(live.command, []).exit_code == 0
    forget()
    assert shown == [["auto", "en"], "auto"]


def test_the_log_has_begun_before_anything_may_have_to_be_written_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[bool] = []
    monkeypatch.setattr(logs.logger, "handlers", [])
    monkeypatch.setattr(SetupApp, "present", lambda _: begun.append(bool(logs.logger.handlers)))
    assert CliRunner().invoke(live.command, []).exit_code == 0
    for handler in logs.logger.handlers:
        handler.close()
    assert begun == [True]
