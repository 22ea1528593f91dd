"""How long the manager waits: after a question and after an answer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from live_coach.archive.stored import StoredSession
from live_coach.coaching.history import QUESTIONS
from live_coach.flow.messages import Speaker, to_seconds

FEWEST = 3
"""Of fewer than so many no median is told: one long silence would be the whole picture."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Median seconds of silence; None where there were fewer than FEWEST.

    The two wait times of Rowe (1986), of which the second matters more. `after_question`: from a
    question of the manager until anybody speaks. `after_answer`: from the end of the coachee's turn
    until the manager takes the floor, 0 where the manager was there before the end.
    """

    after_question: float | None
    after_answer: float | None


def waits(stored: StoredSession) -> Waits:
    """The wait times of a conversation, from its turns and pauses."""
    answers = [
        max(0, after.span.start - before.span.end)
        for before, after in pairwise(stored.turns)
        if before.speaker is Speaker.COACHEE and after.speaker is Speaker.MANAGER
    ]
    replies = [
        (before.span.end, max(0, after.span.start - before.span.end))
        for before, after in pairwise(stored.turns)
        if before.speaker is Speaker.MANAGER and after.speaker is Speaker.COACHEE
    ]
    resumed = [
        (pause.span.start, pause.span.length)
        for pause in stored.pauses
        if pause.after is Speaker.MANAGER and pause.before is Speaker.MANAGER
    ]
    asked = [length for at, length in replies + resumed if has_just_asked(stored, at)]
    return Waits(_median(asked), _median(answers))


def has_just_asked(stored: StoredSession, at: int) -> bool:
    """Whether the last thing that the manager did before this sample was to ask."""
    before = [act.utterance for act in stored.acts if act.at < at]
    return bool(before) and any(
        act.kind in QUESTIONS for act in stored.acts if act.utterance == before[-1]
    )


def _median(lengths: list[int]) -> float | None:
    return to_seconds(round(median(lengths))) if len(lengths) >= FEWEST else None
