"""An occasion for a nudge, and what several rules ask of a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import DIRECTIVE, QUESTIONS, Said
from live_coach.coaching.moment import Moment
from live_coach.flow.messages import (
    Evidence,
    Kind,
    NudgeClass,
    Severity,
    Speaker,
    to_samples,
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A nudge that would help now. Equal `key`: the same occasion, seen again."""

    kind: str
    nudge_class: NudgeClass
    at: int
    severity: Severity
    because: tuple[Evidence, ...]
    key: object
    mid_speech: bool = False
    """It may come while the manager speaks."""
    family: str = ""
    """Kinds of one family say the same in other words and share their waits; empty: the kind alone."""

    @property
    def reason(self) -> str:
        """What its waits are counted by."""
        return self.family or self.kind


Rule = Callable[[Moment, NudgeConfig], Occasion | None]


def lately(moment: Moment, seconds: float) -> list[Said]:
    """What was said in the last `seconds`."""
    return moment.history.since(moment.now - to_samples(seconds))


def coachee_has_ideas(moment: Moment) -> bool:
    """Whether the coachee has voiced any idea or resolve of their own so far."""
    return moment.standing.ideas.voiced_at is not None


def tells_and_asks(said: list[Said]) -> tuple[int, int]:
    """How many of the manager's utterances tell, and how many ask or give back."""
    own = [s for s in said if s.speaker is Speaker.MANAGER]
    tells = sum(
        s.does(*DIRECTIVE, Kind.INFORMATION, Kind.JUDGEMENT, tier=2) is not None for s in own
    )
    asks = sum(s.does(*QUESTIONS, Kind.REFLECTION, tier=2) is not None for s in own)
    return tells, asks


def ends_in_question(said: Said) -> bool:
    """Whether the utterance asks something."""
    return any(act.kind in QUESTIONS for act in said.acts)
