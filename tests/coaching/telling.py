"""Helpers: a conversation in a few lines, told to a Coach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from live_coach.coaching import config, script
from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.coach import Coach, Insight
from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.found import Found
from live_coach.coaching.markers import Language
from live_coach.flow.messages import Kind, Nudge, Speaker, to_samples

M, C = Speaker.MANAGER, Speaker.COACHEE


def acts(
    text: str,
    language: Language = "en",
    speaker: Speaker = M,
    *,
    heard: str = "",
    **finder: Any,
) -> list[Found]:
    """The acts of one utterance, after the coachee said `heard`."""
    reader, context = ActFinder(language, **finder), Context()
    if heard:
        reader.read(C, heard.split(), context)
    return reader.read(speaker, text.split(), context)


def kinds(
    text: str, language: Language = "en", speaker: Speaker = M, *, heard: str = "", **finder: Any
) -> set[Kind]:
    return {act.kind for act in acts(text, language, speaker, heard=heard, **finder)}


def lines(said: Iterable[tuple[Speaker, float, float, str]]) -> list[script.Line]:
    return [script.Line(s, text, to_samples(a), to_samples(b)) for s, a, b, text in said]


def tell(
    said: Iterable[tuple[Speaker, float, float, str]],
    numbers: NudgeConfig | None = None,
    *,
    language: Language = "en",
    agreed_minutes: float | None = None,
    goal: str | None = None,
) -> list[Insight]:
    """Everything the coach says of this conversation."""
    coach = Coach(
        language,
        numbers or config.load(),
        wording=language,
        agreed_minutes=agreed_minutes,
        goal=goal,
    )
    out = [i for m in script.messages(lines(said), language) for i in coach.process(m)]
    return out + list(coach.flush())


def nudges(
    said: Iterable[tuple[Speaker, float, float, str]],
    numbers: NudgeConfig | None = None,
    *,
    language: Language = "en",
    agreed_minutes: float | None = None,
) -> list[Nudge]:
    told = tell(said, numbers, language=language, agreed_minutes=agreed_minutes)
    return [insight for insight in told if isinstance(insight, Nudge)]


def changed(**sections: dict[str, float | bool]) -> NudgeConfig:
    """The shipped numbers with some changed: changed(gate={"frequency": 0})."""
    tree = config.load().model_dump()
    for name, values in sections.items():
        tree[name] |= values
    return config.parse(tree, "test")
