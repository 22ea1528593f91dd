"""What is filled in on the session card."""

from __future__ import annotations

from dataclasses import dataclass

MINUTES = (1, 480)
"""The shortest and the longest length that can be agreed."""


@dataclass(frozen=True, slots=True)
class CardEntry:
    """All of it may stay as it is: the coach works without.

    `coachee` is a nickname or initials; `language` is `en`, `nl` or `auto`; `minutes` is the agreed
    length, None where none was agreed; `frames` are goals, values and norms that are given.
    """

    coachee: str = ""
    preset: str = "coaching"
    language: str = "auto"
    minutes: float | None = None
    goal: str = ""
    manager_expects: str = ""
    coachee_expects: str = ""
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What was agreed with a coachee last time: the day, and the plan as it was confirmed."""

    day: str
    plan: tuple[str, ...]
