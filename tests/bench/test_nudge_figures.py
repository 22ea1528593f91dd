"""The arithmetic of benchmarks/nudges.py, on a conversation made by hand."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from live_coach.coaching import config
from live_coach.coaching.acts import ActFinder

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
TALK = "We saw the office and then we had lunch there, " * 12
ADVICE = [{"kind": "advice", "form": "tip"}]
OTHER: list[dict[str, str]] = []


@pytest.fixture(scope="module")
def figures() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        yield importlib.import_module("nudges")


def written(path: Path, labels: list[list[dict[str, str]]], **header: str) -> Path:
    """Two turns that are long, two pieces of advice, and an answer after which nothing is known."""
    said = [
        ("manager", TALK),
        ("coachee", TALK),
        ("manager", "You should call him."),
        ("coachee", "I don't know."),
        ("manager", "You need to plan that."),
        ("coachee", TALK),
    ]
    rows: list[dict[str, Any]] = [{"conversation": "a", **header}]
    for turn, ((speaker, text), acts) in enumerate(zip(said, labels, strict=True), 1):
        rows.append(
            {"conversation": "a", "turn": turn, "speaker": speaker, "text": text, "acts": acts}
        )
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def labels() -> list[list[dict[str, str]]]:
    stuck = [{"kind": "stuck", "form": ""}]
    return [OTHER, OTHER, ADVICE, stuck, ADVICE, OTHER]


def test_turns_without_times_are_spoken_at_150_words_a_minute(
    figures: ModuleType, labels: list[list[dict[str, str]]], tmp_path: Path
) -> None:
    path = written(tmp_path / "a.jsonl", labels, quality="poor")
    (talk,) = figures.read(path, "en")
    first, second = talk.lines[:2]
    assert (first.start, first.end) == (0, 16_000 * 48)
    assert second.start - first.end == 4_800
    assert (talk.name, talk.quality) == ("a", "poor")
    assert figures.read(written(tmp_path / "b.jsonl", labels, mi_quality="high"), "en")[
        0
    ].quality == ("good")
    kept = written(tmp_path / "c.jsonl", labels, half="held_back")
    assert figures.read(kept, "en") == []
    assert len(figures.read(kept, "en", held_back=True)) == 1
    assert figures.read(path, "en", held_back=True) == []


def test_what_a_conversation_brings_is_counted_and_judged_by_its_labels(
    figures: ModuleType, labels: list[list[dict[str, str]]], tmp_path: Path
) -> None:
    talks = figures.read(written(tmp_path / "a.jsonl", labels, quality="poor"), "en")
    report = figures.report(talks, config.load(), None)
    poor = report["frequency"]["poor"]
    assert (poor["conversations"], poor["counts"]["kind ask"]) == (1, 1)
    assert poor["without_corrective"] == [0.0, 0.0, 0.0]
    assert poor["per_10_minutes"]["directive"][0] == pytest.approx(600 / talks[0].seconds, abs=1e-3)
    assert report["precision"]["shown"]["ask"] == {
        "right": 1,
        "judged": 1,
        "precision": [1.0, 1.0, 1.0],
    }
    assert report["repeated_advice"] == {"missed": 0, "moments": 1}
    assert report["question_offered"]["stuck"]["moments"] == 1
    assert report["question_offered"]["other"]["offered"] == 0
    assert 0.3 < report["from_turn_end_s"]["p50"] < 1.0


def test_one_wrong_quote_makes_a_nudge_wrong(
    figures: ModuleType, labels: list[list[dict[str, str]]], tmp_path: Path
) -> None:
    labels = [*labels[:2], [{"kind": "process", "form": ""}], *labels[3:]]
    (talk,) = figures.read(written(tmp_path / "a.jsonl", labels), "en")
    numbers = config.load()
    late = numbers.model_copy(update={"ask": numbers.ask.model_copy(update={"early_s": 0.0})})
    played = figures.play(talk, late, ActFinder("en"))
    assert [figures.right(nudge, talk) for nudge in played.nudges if nudge.kind == "ask"] == [False]


def test_the_interval_is_over_conversations(figures: ModuleType) -> None:
    assert figures.ratio([1, 1, 1], [2, 2, 2]) == [0.5, 0.5, 0.5]
    assert figures.ratio([0], [0]) is None
    middle, low, high = figures.ratio([0, 10] * 20, [10, 10] * 20)
    assert middle == 0.5
    assert 0.3 < low < 0.4
    assert 0.6 < high < 0.7
