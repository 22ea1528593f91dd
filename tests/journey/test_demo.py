"""The bundled conversations through the whole program: the words, the talk ratio, and the nudges."""

from __future__ import annotations

from typing import Any

import pytest

from live_coach.bench.word_errors import errors, words
from tests.journey.program import (
    FINALS_ONLY,
    finals,
    of_type,
    recording,
    require_model,
    run,
    script,
    script_share,
    stream,
)

pytestmark = [pytest.mark.models, pytest.mark.timeout(900)]

WORD_ERROR_RATE = {"en": 0.08, "nl": 0.20}


def _heard_once(language: str) -> Any:
    """All tests of one conversation go to one process: it is half a minute's work."""
    return pytest.param(language, marks=pytest.mark.xdist_group(f"demo-{language}"))


@pytest.fixture(scope="module", params=[_heard_once("en"), _heard_once("nl")])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, list[dict[str, Any]]]:
    """A language, and the message stream of its bundled conversation."""
    language: str = request.param
    require_model(language)
    lines_file = tmp_path_factory.mktemp("demo") / "lines"
    done = run(
        *("replay", recording(language), "--language", language, "--jsonl", lines_file),
        env=FINALS_ONLY,
        timeout=800,
    )
    assert done.returncode == 0, done.stderr
    return language, stream(lines_file)


def test_the_words_are_heard(told: tuple[str, list[dict[str, Any]]]) -> None:
    language, lines = told
    wrong = total = 0
    for speaker in ("manager", "coachee"):
        said = " ".join(t["text"] for t in script(language)["turns"] if t["speaker"] == speaker)
        heard = sorted(
            (line for line in finals(lines) if line["speaker"] == speaker),
            key=lambda line: line["start"],
        )
        reference = words(said, language)
        wrong += errors(reference, words(" ".join(line["text"] for line in heard), language))
        total += len(reference)
    assert wrong / total <= WORD_ERROR_RATE[language]


def test_the_talk_ratio_is_that_of_the_script(told: tuple[str, list[dict[str, Any]]]) -> None:
    language, lines = told
    share = of_type(lines, "metrics")[-1]["talk_share"]["session"]
    assert share == pytest.approx(script_share(language, 0, 1e9), abs=0.03)


def test_nudges_come_where_the_script_expects_them_and_nowhere_else(
    told: tuple[str, list[dict[str, Any]]],
) -> None:
    language, lines = told
    nudges = [(line["kind"], line["at"]) for line in of_type(lines, "nudge")]
    for one in script(language)["expect"]:
        seen = [
            at for kind, at in nudges if kind == one["nudge"] and one["from"] <= at <= one["to"]
        ]
        if not one.get("optional"):
            assert bool(seen) is one["shown"], (one, nudges)
    wanted = [one for one in script(language)["expect"] if one["shown"]]
    for kind, at in nudges:
        assert any(kind == one["nudge"] and one["from"] <= at <= one["to"] for one in wanted), (
            kind,
            at,
        )
