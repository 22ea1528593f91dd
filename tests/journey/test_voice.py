"""`live-coach voice` as a person uses it, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journey.program import recording, run
from tests.speech import voices


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """An archive of its own, empty."""
    return {"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "data")}


@pytest.mark.models
def test_a_voice_is_enrolled_shown_and_deleted(own: dict[str, str], tmp_path: Path) -> None:
    voices.printer()
    assert run("voice", env=own).stdout == "No voice is enrolled.\n"
    enrolled = run("voice", "enrol", "--from", recording("en"), "--manager", "left", env=own)
    assert (enrolled.returncode, enrolled.stderr) == (0, "")
    assert "from 20 s of speech" in enrolled.stdout
    (kept,) = (tmp_path / "data").iterdir()
    assert str(kept) in run("voice", env=own).stdout
    assert run("voice", "delete", env=own).returncode == 2
    assert kept.exists()
    assert run("voice", "delete", "--yes", env=own).returncode == 0
    assert not list((tmp_path / "data").iterdir())


@pytest.mark.models
@pytest.mark.parametrize(
    ("language", "said"), [("en", "More than one voice"), ("nl", "meer dan één stem")]
)
def test_two_people_are_refused_and_nothing_is_kept(
    language: str, said: str, own: dict[str, str], tmp_path: Path
) -> None:
    voices.printer()
    done = run("voice", "enrol", "--from", recording(language), "--language", language, env=own)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "data").exists()


def test_what_does_not_go_together_is_wrong_usage(own: dict[str, str]) -> None:
    assert run("voice", "enrol", "--mic", "a", "--from", "b.wav", env=own).returncode == 2
    assert run("voice", "enrol", "--manager", "left", env=own).returncode == 2


def test_both_languages_say_the_same_things() -> None:
    from live_coach.commands.voice_words import words

    assert words("en").keys() == words("nl").keys()
    for name, sentence in words("en").items():
        fields = [field for field in ("{seconds}", "{day}", "{path}") if field in sentence]
        assert all(field in words("nl")[name] for field in fields)
