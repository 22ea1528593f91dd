"""The bundled conversations, as text: their scripts say what the coach must and must not show."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

import live_coach
from live_coach.coaching.coach import Insight
from live_coach.coaching.markers import LANGUAGES, Language
from live_coach.flow.messages import (
    Kind,
    MetricSnapshot,
    Nudge,
    Phase,
    Speaker,
    SpeechAct,
    to_seconds,
)
from tests.coaching.telling import tell

_ENDPOINT_S = 0.5
ASK = {"en": "Ask, don't tell", "nl": "Vragen, niet zenden"}


def demo(language: Language) -> dict[str, Any]:
    """Turns with their times, and what the script expects."""
    path = Path(live_coach.__file__).parent / "demo" / f"{language}.json"
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def coached(told: dict[str, Any], language: Language) -> list[Insight]:
    turns = told["turns"]
    said = [(Speaker(t["speaker"]), t["start"], t["end"], t["text"]) for t in turns]
    return tell(said, language=language, goal="")


def expected(told: dict[str, Any], nudge: str, *, shown: bool) -> tuple[float, float]:
    (found,) = [e for e in told["expect"] if (e["nudge"], e["shown"]) == (nudge, shown)]
    return found["from"], found["to"] + _ENDPOINT_S


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scripted_moments_get_their_nudges_and_nothing_else(language: Language) -> None:
    told = demo(language)
    nudges = [i for i in coached(told, language) if isinstance(i, Nudge)]
    for kind in ("ask", "miracle"):
        begin, end = expected(told, kind, shown=True)
        (nudge,) = [n for n in nudges if n.kind == kind]
        assert begin <= to_seconds(nudge.at) <= end
    assert next(n.text for n in nudges if n.kind == "ask") == ASK[language]
    for nudge in nudges:
        begin, end = expected(told, nudge.kind, shown=True)
        assert begin <= to_seconds(nudge.at) <= end


@pytest.mark.parametrize("language", LANGUAGES)
def test_goal_and_expectations_are_heard_and_the_phases_come_in_order(language: Language) -> None:
    readings = [i for i in coached(demo(language), language) if isinstance(i, MetricSnapshot)]
    assert (readings[0].phase, readings[0].goal_agreed) == (None, False)
    order = [p for p, _ in groupby(r.phase for r in readings if r.phase is not None)]
    assert order == list(Phase)
    agreed = next(to_seconds(r.heard_to) for r in readings if r.goal_agreed)
    ways = next(to_seconds(r.heard_to) for r in readings if r.expectations_agreed)
    assert 10 < agreed < ways < 90, "both are settled before the manager begins to tell"


@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_stands_only_in_the_telling_part(language: Language) -> None:
    told = demo(language)
    advice = [
        to_seconds(i.span.start)
        for i in coached(told, language)
        if isinstance(i, SpeechAct) and i.kind is Kind.ADVICE and i.tier == 1
    ]
    begin, end = expected(told, "ask", shown=True)
    assert len(advice) >= 4
    assert all(begin - 0.01 <= at < end for at in advice)
