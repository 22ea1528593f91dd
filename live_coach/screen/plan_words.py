"""Every word of the plan screen, in English and Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanWords:
    """The wording of one language."""

    heading: str
    about: str
    typing: str
    choose: str
    space: str
    keep: str
    edit: str
    add: str
    done: str
    none: str
    apply: str
    back: str


_EN = PlanWords(
    heading="Does the other plan to do this?",
    about="Heard from the other. Only what you mark goes into the summary; the rest is forgotten.",
    typing="in the other's own words",
    choose="choose",
    space="space",
    keep="mark",
    edit="change",
    add="add",
    done="done",
    none="none",
    apply="take it",
    back="leave it",
)

_NL = PlanWords(
    heading="Is de ander dit van plan?",
    about="Gehoord van de ander. Alleen wat je aanvinkt komt in de samenvatting; de rest wordt vergeten.",
    typing="in de eigen woorden van de ander",
    choose="kiezen",
    space="spatie",
    keep="aanvinken",
    edit="wijzigen",
    add="erbij",
    done="klaar",
    none="niets",
    apply="overnemen",
    back="laten",
)

PLAN_WORDS: Mapping[str, PlanWords] = {"en": _EN, "nl": _NL}
