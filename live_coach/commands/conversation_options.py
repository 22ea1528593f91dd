"""Options that every command with a conversation has."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class Quantity(click.FloatRange):
    """A number in a range, and a real one: `nan` and `inf` are none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a number.", param, ctx)
        return number


def talk_options(function: Command) -> Command:
    """--language and --model."""
    function = click.option(
        "--model",
        metavar="NAME|DIR",
        help="Speech model. Default: the best installed one for the language.",
    )(function)
    return click.option(
        "--language",
        type=click.Choice(["en", "nl", "auto"]),
        help="Language of the talk. Default: auto, with a model that knows several.",
    )(function)


def card_options(function: Command) -> Command:
    """The session card but for kind of talk and language; the parameters are the fields of CardEntry."""
    card = (
        click.option("--coachee", default="", metavar="NICKNAME", help="Nickname or initials."),
        click.option("--length", "minutes", type=Quantity(min=1, max=480), help="Agreed minutes."),
        click.option("--goal", default="", help="The goal, in the coachee's words."),
        click.option("--my-expectations", "manager_expects", default="", help="What you expect."),
        click.option(
            "--their-expectations",
            "coachee_expects",
            default="",
            help="What the coachee expects.",
        ),
        click.option(
            "--frames", multiple=True, help="What is given: a goal, value or norm. May repeat."
        ),
    )
    for option in reversed(card):
        function = option(function)
    return function


def term_option(function: Command) -> Command:
    """--term, as often as one likes."""
    return click.option(
        "--term",
        "terms",
        multiple=True,
        metavar="TEXT",
        help="A name or product that may be said, so that it is spelt right. May repeat.",
    )(function)


def keep_audio_option(function: Command) -> Command:
    """--keep-audio."""
    return click.option(
        "--keep-audio",
        is_flag=True,
        help="Keep the sound of both people too, in the archive's folder; ask the other person first.",
    )(function)
