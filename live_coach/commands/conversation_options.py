"""Options that every command with a conversation has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


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
