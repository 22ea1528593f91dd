"""What people are told around a conversation stands in both languages, and nothing is told in one alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from live_coach.sentences import TABLE, Sentence, because, in_language
from tests.rules.repository import modules, tree

LANGUAGES = ("en", "nl")
IN_BOTH = {
    "LiveCoachError", "AudioError", "ModelError", "ArchiveError", "ArchiveBusy", "NotKept",
    "ChannelFull", "EngineLost",
}  # fmt: skip
"""Errors that may come up around a conversation; those of wrong usage are English, as the options are."""

IN_ENGLISH = {
    "bench/": "`live-coach bench`",
    "transcript/hub.py": "`live-coach models pull`",
    "transcript/fetch.py": "`live-coach models pull` and `import`",
    "commands/bench.py": "`live-coach bench`",
    "commands/doctor.py": "`live-coach doctor`",
    "commands/label.py": "`live-coach label`",
    "commands/models.py": "`live-coach models`",
    "commands/sessions.py": "`live-coach sessions`",
    "cli.py": "before a command is known",
}
"""Where plain English will do: commands that no conversation runs."""


def blanks(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("key", sorted(TABLE))
def test_every_sentence_stands_in_both_languages_with_the_same_blanks(key: str) -> None:
    entry = TABLE[key]
    assert set(entry) == set(LANGUAGES)
    english, dutch = (entry[language] for language in LANGUAGES)
    assert 1 <= len(english) <= 2
    assert len(dutch) == len(english)
    for one, other in zip(english, dutch, strict=True):
        assert one.strip()
        assert other.strip()
        assert one != other or not re.sub(r"{\w+}", "", one)
        assert blanks(one) == blanks(other)
        assert "!" not in one + other


def test_every_sentence_that_is_said_exists_and_has_its_blanks_filled() -> None:
    wrong = []
    for module, call in _calls({"Sentence"}):
        keys = _keys(call.args[0])
        given = {word.arg for word in call.keywords}
        for key in keys or []:
            fitting = [name for name in TABLE if re.fullmatch(key, name)]
            needed = {
                blank for name in fitting for part in TABLE[name]["en"] for blank in blanks(part)
            }
            if not fitting or (None not in given and needed != given):
                wrong.append(f"{module}:{call.lineno} {key} {sorted(map(str, needed ^ given))}")
    assert not wrong


def test_no_sentence_is_there_for_nothing() -> None:
    said = [key for module in modules() for key in _keys(tree(module))]
    unsaid = {name for name in TABLE if not any(re.fullmatch(key, name) for key in said)}
    assert {name for name in unsaid if not name.startswith("system.")} == set()


def test_no_error_of_a_conversation_is_told_in_one_language_alone() -> None:
    one_language = {
        f"{module}:{call.lineno}"
        for module, call in _calls(IN_BOTH)
        if not any(module.startswith(place) for place in IN_ENGLISH)
        if not call.args or isinstance(call.args[0], ast.Constant | ast.JoinedStr)
    }
    assert not one_language


def test_a_sentence_within_another_is_told_in_the_same_language() -> None:
    full = because(OSError(28, "No space left on device"))
    whole = Sentence("unwritable", path=Path("a.md"), reason=full)
    assert whole.told("en") == "“a.md” cannot be written: No space left on device."
    assert whole.told("nl") == "“a.md” kan niet worden geschreven: de schijf is vol."
    assert whole.hint("nl") == "Kies een andere plek."
    assert Sentence("stopped").hint("nl") == ""


def test_what_the_system_says_seldom_is_told_as_it_says_it() -> None:
    assert in_language(because(OSError(104, "Connection reset by peer")), "nl") == (
        "Connection reset by peer"
    )


def _calls(names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in names:
                yield module.as_posix(), node


def _keys(part: ast.AST) -> list[str]:
    """What may be names of sentences in a piece of code, as patterns."""
    found: list[str] = []
    for node in ast.walk(part):
        if isinstance(node, ast.JoinedStr):
            pieces = [
                re.escape(piece.value) if isinstance(piece, ast.Constant) else r"\w+"
                for piece in node.values
            ]
            pattern = "".join(map(str, pieces))
            if re.match(r"[a-z]+\\.", pattern):
                found.append(pattern)
        elif isinstance(node, ast.Constant) and node.value in TABLE:
            found.append(re.escape(str(node.value)))
    return found
