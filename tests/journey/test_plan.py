"""The plan after a real conversation: what nobody confirmed is nowhere, what was confirmed goes when it is deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from live_coach.archive import sessions
from live_coach.screen.plan_words import PLAN_WORDS
from live_coach.screen.words import WORDS
from tests.journey.program import excerpt, require_model, run

pytest.importorskip("pty", reason="pseudo-terminals are a thing of Unix")
from tests.terminal import Terminal

pytestmark = pytest.mark.models

PIECES = {"en": (297.0, 304.0), "nl": (290.5, 298.7)}
"""Where the coachee says one thing that will be done; seconds of the bundled conversation."""

PROMISED = {"en": b"I will write the question", "nl": b"Ik ga mijn collega vragen"}


class Talk(NamedTuple):
    """A conversation that is over on the screen of a terminal, and the home of whoever had it."""

    terminal: Terminal
    home: Path

    @property
    def archive(self) -> Path:
        return self.home / "data" / "live-coach"

    def holds(self, words: bytes) -> list[str]:
        """The files in which these words are."""
        files = [path for path in self.home.rglob("*") if path.is_file()]
        return [path.name for path in files if words in path.read_bytes()]


NewTalk = Callable[[str], Talk]


@pytest.fixture
def new_talk(tmp_path: Path) -> Iterator[NewTalk]:
    opened: list[Terminal] = []

    def new(language: str) -> Talk:
        model = require_model(language)
        home = tmp_path / "home"
        home.mkdir()
        recording = excerpt(language, *PIECES[language], tmp_path / "talk.wav")
        options = ("--language", language, "--model", model, "--screen", "--save")
        places = {
            **{name: str(home) for name in ("HOME", "TMPDIR")},
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "STATE")},
        }
        terminal = Terminal(
            *("replay", str(recording), *options),
            module="live_coach",
            LIVE_COACH_LOG__LEVEL="debug",
            **places,
        )
        opened.append(terminal)
        terminal.read_until(PROMISED[language])
        terminal.read_until(PLAN_WORDS[language].edit.encode())
        return Talk(terminal, home)

    yield new
    for terminal in opened:
        terminal.close()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_only_what_is_confirmed_is_kept_and_deleted_it_is_nowhere(
    language: str, new_talk: NewTalk
) -> None:
    talk = new_talk(language)
    assert talk.holds(PROMISED[language]) == []
    assert list(talk.home.rglob("*.log"))
    talk.terminal.type(b"e")
    talk.terminal.read_until(PLAN_WORDS[language].apply.encode())
    talk.terminal.type(b"!\r")
    talk.terminal.read_until("✓".encode())
    talk.terminal.type(b"\r")
    talk.terminal.read_until(WORDS[language].summary.encode())
    talk.terminal.type(b"q")
    assert talk.terminal.read_to_the_end() == 0
    (sentence,) = sessions.load(talk.archive, "last").plan
    assert PROMISED[language] in sentence.encode()
    assert sentence.endswith("!")
    assert {name.partition("-")[0] for name in talk.holds(PROMISED[language])} == {
        "archive.sqlite3"
    }
    env = {"HOME": str(talk.home), "XDG_DATA_HOME": str(talk.home / "data")}
    done = run("sessions", "delete", "last", "--yes", env=env)
    assert done.returncode == 0, done.stderr
    assert talk.holds(PROMISED[language]) == []


def test_killed_while_the_plan_is_asked_for_nothing_of_it_is_kept(new_talk: NewTalk) -> None:
    talk = new_talk("en")
    talk.terminal.type(b" ")
    talk.terminal.read_until("✓".encode())
    talk.terminal.process.kill()
    talk.terminal.process.wait()
    assert talk.holds(PROMISED["en"]) == []
    kept = sessions.load(talk.archive, "last")
    assert (kept.plan, kept.end_reason) == ((), "end")
    assert kept.duration > 0
