"""The language in which a command that fails says why: English, until the command knows a better one."""

from __future__ import annotations

from dataclasses import dataclass

import click


@dataclass(slots=True)
class Spoken:
    """What the command speaks, `en` or `nl`; the object of click's context."""

    language: str = "en"


def speak(language: str) -> None:
    """From here on this language is spoken; without a command around it nothing happens."""
    context = click.get_current_context(silent=True)
    if context is not None and isinstance(context.obj, Spoken):
        context.obj.language = language
