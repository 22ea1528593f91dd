"""The bundled conversations, as text: their scripts say what the coach must and must not show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import live_coach
from live_coach.coaching.coach import Insight
from live_coach.coaching.markers import LANGUAGES, Language
from live_coach.flow.messages import Kind, Nudge, Speaker, SpeechAct, to_seconds
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
    return tell(said, language=language)


def expected(told: dict[str, Any], nudge: str, *, shown: bool) -> tuple[float, float]:
    (found,) = [e for e in told["expect"] if (e["nudge"], e["shown"]) == (nudge, shown)]
    return found["from"], found["to"] + _ENDPOINT_S


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scripted_moments_get_their_nudges_and_nothing_else(language: Language) -> None:
    told = demo(language)
    nudges = [i for i in coached(told, language) if isinstance(i, Nudge)]
    ask = [n for n in nudges if n.kind == "ask"]
    begin, end = expected(told, "ask", shown=True)
    assert ask
    assert all(begin <= to_seconds(n.at) <= end for n in ask)
    assert {n.text for n in ask} == {ASK[language]}
    (miracle,) = [n for n in nudges if n.kind != "ask"]
    begin, end = expected(told, "miracle", shown=True)
    assert miracle.kind == "miracle"
    assert begin < to_seconds(miracle.at) < end


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
