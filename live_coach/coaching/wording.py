"""What nudges say, in the language of the screen: config/language/*/nudges.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from live_coach import paths
from live_coach.coaching.markers import Language
from live_coach.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Wording:
    """At most four words, and for some a sentence to say aloud."""

    text: str
    detail: str | None = None


@cache
def load(language: Language) -> Mapping[str, Wording]:
    """The wording of every nudge by its kind. Raises SettingsError for a file that cannot be used."""
    path = paths.shipped("config") / "language" / language / "nudges.toml"
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
        return {kind: Wording(entry["text"], entry.get("detail")) for kind, entry in tree.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{path} cannot be used: {error}.", hint="Restore the shipped file."
        ) from None
