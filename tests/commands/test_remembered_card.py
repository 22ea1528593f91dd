"""The card of last time: kept for this person alone, offered again, gone when conversations are deleted."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from live_coach import paths
from live_coach.audio import remembered
from live_coach.commands import conduct, live, ready, sessions
from live_coach.commands.agree import Agreed
from live_coach.commands.remembered_card import forget, last_card, remember
from live_coach.errors import SettingsError
from live_coach.screen.card_entry import CardEntry
from live_coach.screen.setup_app import SetupApp

PLAIN = CardEntry(preset="performance", minutes=20)
FULL = CardEntry("AB", "one-on-one", "nl", 45, "doel", "a", "b", ("c", "d"))


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "remembered_card", lambda: tmp_path / "state" / "card.json")


def test_what_was_kept_comes_back() -> None:
    assert last_card(PLAIN) == PLAIN
    remember(FULL)
    assert last_card(PLAIN) == FULL
    forget()
    assert last_card(PLAIN) == PLAIN
    forget()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_this_person_can_read_it() -> None:
    remember(FULL)
    assert paths.remembered_card().stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "kept",
    ["", "[]", "{", '{"minutes": 9999, "frames": "x", "goal": 3, "language": "fr", "old": 1}'],
)
def test_what_cannot_be_used_is_not_offered(kept: str) -> None:
    remember(FULL)
    paths.remembered_card().write_text(kept, encoding="utf-8")
    assert last_card(PLAIN) == PLAIN


def test_a_part_that_can_be_used_is_offered() -> None:
    remember(FULL)
    paths.remembered_card().write_text(json.dumps({"coachee": "CD", "minutes": True}), "utf-8")
    assert last_card(PLAIN) == CardEntry("CD", "performance", minutes=20)


def test_deleting_conversations_forgets_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__DIRECTORY", str(tmp_path / "archive"))
    remember(FULL)
    done = CliRunner().invoke(sessions.command, ["delete", "--all", "--yes"])
    assert done.exit_code == 0, done.output
    assert not paths.remembered_card().exists()


def test_the_card_of_the_conversation_has_every_field() -> None:
    card = Agreed(FULL).card(("Acme",))
    assert (card.coachee, card.preset, card.goal, card.agreed_minutes) == (
        *("AB", "one-on-one", "doel", 45),
    )
    assert (card.manager_expects, card.coachee_expects, card.frames) == ("a", "b", ("c", "d"))
    assert card.consent
    assert card.terms == ("Acme",)


def test_what_options_say_is_not_asked_and_is_remembered_with_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remember(FULL)
    asked: list[str] = []

    def present(app: SetupApp) -> None:
        asked.extend(app._card._asked)
        app._return_value = app._card._offered

    def nothing_more(*_: object, **__: object) -> None:
        raise SettingsError("Enough for a test.")

    monkeypatch.setattr(ready, "require_terminal", lambda: None)
    monkeypatch.setattr(ready, "find", lambda *_: None)
    monkeypatch.setattr(remembered, "choose_devices", lambda _: None)
    monkeypatch.setattr(conduct, "models_for", nothing_more)
    monkeypatch.setattr(SetupApp, "present", present)
    options = ["--coachee", "CD", "--my-expectations", "honesty", "--their-expectations", "time"]
    done = CliRunner().invoke(live.command, options)
    assert isinstance(done.exception, SettingsError)
    assert asked == ["preset", "language", "minutes", "goal", "frames"]
    assert last_card(PLAIN) == replace(
        FULL, coachee="CD", manager_expects="honesty", coachee_expects="time"
    )
