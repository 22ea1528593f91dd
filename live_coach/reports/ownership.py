"""Who found what will be done: the manager's tips and solutions, and the coachee's own plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from live_coach.coaching.goal import smart
from live_coach.coaching.markers import Language
from live_coach.flow.messages import Counts


@dataclass(frozen=True, slots=True)
class Ownership:
    """`told` are the manager's tips and solutions, `told_first` those before the coachee had voiced any idea.

    `own` are the sentences of the plan as the manager confirmed it, and `dated` those of them that
    say when: with a time, wanting becomes doing far more often (Gollwitzer & Sheeran 2006, d = .65).
    Both are read from the confirmed sentences alone.
    """

    told: int = 0
    told_first: int = 0
    own: int = 0
    dated: int = 0


NOTHING_FOUND = Ownership()


def ownership(counts: Counts, plan: Sequence[str], language: str) -> Ownership:
    """Who found what; `language` is that of the plan, anything but Dutch is read as English."""
    read_as: Language = "nl" if language == "nl" else "en"
    return Ownership(
        told=counts.tips + counts.solutions,
        told_first=counts.solutions_first,
        own=len(plan),
        dated=sum(smart(sentence, read_as).time_bound for sentence in plan),
    )
