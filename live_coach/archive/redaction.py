"""Names of people in text that is kept: only their initials stay."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from live_coach.settings import ArchiveSettings

_PARTICLES = frozenset(
    [
        "al",
        "bin",
        "da",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "du",
        "el",
        "het",
        "la",
        "las",
        "le",
        "les",
        "los",
        "op",
        "te",
        "ten",
        "ter",
        "van",
        "vande",
        "vanden",
        "ver",
        "von",
        "zu",
    ]
) | {"'t", "’t"}
"""What surnames are joined with: ordinary words, which tell of nobody."""

_APOSTROPHES = "'’ʼ"
_SHORTEST_WITH_S = 3
"""A name of fewer letters is not looked for with a plain s behind it: Al is no Dutch “als”."""


def redactor(names: Iterable[str]) -> Callable[[str], str]:
    """A function that puts “A.” for every “Anna” in a text, in every form: “Anna's”, “Annas”, “ANNA”.

    Of a name with several parts each part counts, but not “de” or “van”; initials are no name and
    stay. A name is looked for with a capital only, as transcripts write it, so that of “Mark” a
    mark stays a mark. Letters may be composed or decomposed; redacted text is composed (NFC).
    """
    parts = {part for name in names for part in _parts(name)}
    if not parts:
        return lambda text: text
    longest_first = sorted(parts, key=lambda part: (-len(part), part))
    name = re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, longest_first))})")
    return lambda text: name.sub(_initial, unicodedata.normalize("NFC", text))


def hidden(coachee: str, names: Sequence[str] | None) -> tuple[str, ...]:
    """The names that are not to be kept in text: the coachee's and `names`; with None there are none."""
    return () if names is None else (coachee, *names)


def listed(settings: ArchiveSettings) -> Sequence[str] | None:
    """The names that become initials beside the coachee's; None where redaction is off."""
    return settings.names if settings.redact_names else None


def _parts(name: str) -> list[str]:
    """The parts of a name that tell who it is; none of initials."""
    composed = unicodedata.normalize("NFC", name)
    words = [word.strip(f'.,;:()"“”{_APOSTROPHES}') for word in re.split(r"[\s\-‐‑–.]+", composed)]
    telling = [word for word in words if len(word) > 1 and not _is_initials(word)]
    return [word for word in telling if word.casefold() not in _PARTICLES] or telling


def _is_initials(word: str) -> bool:
    return word.isupper() and len(word) <= 3


def _pattern(part: str) -> str:
    rest = "".join(
        f"[{_APOSTROPHES}]" if letter in _APOSTROPHES else re.escape(letter) for letter in part[1:]
    )
    ending = "s?" if len(part) >= _SHORTEST_WITH_S else ""
    return rf"{re.escape(part[0].upper())}(?i:{rest})(?=(?i:{ending})(?!\w))"


def _initial(found: re.Match[str]) -> str:
    return f"{found[0][0]}."
