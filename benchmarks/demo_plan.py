"""A bundled conversation as a plan for a run at full speed, for the programs in this folder."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

from live_coach.commands.conduct import models_for
from live_coach.session import Card, Plan, recorded
from live_coach.settings import load

Language = Literal["en", "nl"]


def recording(language: Language) -> Path:
    """The sound of the bundled conversation: manager left, coachee right."""
    return Path(str(files("live_coach") / "demo" / f"{language}.opus"))


def demo_plan(language: Language, card: Card) -> Plan:
    """The conversation with the best installed model, talk and screen in `language`."""
    settings = load({"conversation.language": language, "screen.language": language}).settings
    chosen, talk = models_for(settings, live=False, partials=False)
    return Plan(
        kind="demo",
        open_source=recorded(settings.audio, recording(language), manager="left"),
        model=chosen.model,
        language=talk,
        wording=language,
        settings=settings,
        card=card,
    )
