"""`live-coach demo`: the coach at work on a bundled conversation."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

import click


@click.command(epilog="Example: live-coach demo --language nl")
@click.option(
    "--language",
    type=click.Choice(["en", "nl"]),
    default="en",
    help="Which conversation. Default: en.",
)
@click.option("--model", metavar="NAME|DIR", help="Speech model. Default: the best installed one.")
@click.option(
    "--headless",
    is_flag=True,
    help="Without a screen, at full speed: plain lines, then the summary.",
)
def command(language: Literal["en", "nl"], model: str | None, headless: bool) -> None:
    """Watch the coach at work on a bundled conversation of five minutes."""
    from live_coach.commands.conduct import Outputs, conduct, models_for, wording
    from live_coach.commands.ready import make_ready
    from live_coach.commands.speaking import speak
    from live_coach.session import Card, Plan, recorded
    from live_coach.settings import load

    settings = load({"conversation.language": language, "transcript.model": model}).settings
    speak(words := wording(settings, settings.conversation.language))
    make_ready(settings, language=words, screen=not headless, save=True)
    chosen, talk = models_for(settings, live=not headless, partials=False)
    recording = Path(str(files("live_coach") / "demo" / f"{language}.opus"))
    plan = Plan(
        kind="demo",
        open_source=recorded(settings.audio, recording, manager="left"),
        model=chosen.model,
        quick=chosen.quick,
        language=talk,
        wording=wording(settings, talk),
        settings=settings,
        card=Card(preset=settings.conversation.preset),
    )
    conduct(plan, Outputs(screen=not headless, plain=headless, save=True, inline=headless))
