"""Nothing starts without a clear yes, in either language."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from live_coach.commands import conduct, live
from live_coach.commands.live import _agreed
from live_coach.session import Wording


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("answer", "agreed"),
    [
        ("y", True),
        ("Yes", True),
        ("j", True),
        ("ja", True),
        ("n", False),
        ("", False),
        ("ok", False),
    ],
)
def test_only_a_clear_yes_counts(language: Wording, answer: str, agreed: bool) -> None:
    with CliRunner().isolation(input=f"{answer}\n"):
        assert _agreed(language, text_too=False) is agreed


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "the text of what we both say", "It keeps numbers about me and no sound"),
        ("nl", "de tekst van wat we allebei zeggen", "Het bewaart cijfers over mij en geen geluid"),
    ],
)
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
    monkeypatch: pytest.MonkeyPatch,
    option: list[str],
    setting: str,
    kept: bool,
    language: Wording,
    text: str,
    numbers: str,
) -> None:
    monkeypatch.setenv("LIVE_COACH_ARCHIVE__KEEP_TRANSCRIPT", setting)
    monkeypatch.setenv("LIVE_COACH_SCREEN__LANGUAGE", language)
    for name in ("models_for", "require_terminal"):
        monkeypatch.setattr(conduct, name, lambda *_, **__: (None, language))
    monkeypatch.setattr(live, "_told", lambda audio, _: audio)
    asked = CliRunner().invoke(live.command, option, input="n\n")
    assert asked.exit_code == 0, asked.output
    assert (text in asked.output, numbers in asked.output) == (kept, not kept)
