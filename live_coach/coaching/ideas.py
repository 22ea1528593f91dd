"""Whose idea it was: who said it first, by the words that an idea shares with an earlier one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from live_coach.coaching.history import Said, Unchanging, count, directive
from live_coach.flow.messages import Kind, Speaker

_KEPT = 60
"""So many of the latest ideas of each are remembered."""
_ENOUGH = 3
"""So many words of content in common make it the same idea, or half of the shorter one."""


def same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two ideas, as words of content, are the same one."""
    shared = len(one & other)
    return shared >= _ENOUGH or 0 < min(len(one), len(other)) <= 2 * shared


@dataclass(frozen=True, slots=True)
class Ideas(Unchanging):
    """What either of them brought up for the coachee to do, in words of content, the latest last."""

    of_coachee: tuple[frozenset[str], ...] = ()
    of_manager: tuple[frozenset[str], ...] = ()
    voiced_at: int | None = None
    """When the coachee last voiced an idea that was not the manager's."""
    solutions_first: int = 0
    """Tips and solutions that the manager gave before the coachee had voiced any idea."""

    def after(self, said: Said) -> Ideas:
        """With one more utterance."""
        if said.speaker is Speaker.COACHEE and self.found_by_coachee(said):
            kept = (*self.of_coachee, said.content)[-_KEPT:]
            return replace(self, of_coachee=kept, voiced_at=said.end)
        if directive(said) is None or self.repeats_coachee(said):
            return self
        counted = count(said)
        early = 0 if self.of_coachee else counted.tips + counted.solutions
        return replace(
            self,
            of_manager=(*self.of_manager, said.content)[-_KEPT:],
            solutions_first=self.solutions_first + early,
        )

    def found_by_coachee(self, said: Said) -> bool:
        """The coachee says an idea or a resolve of their own: the manager has not given it before."""
        if said.does(Kind.OWN_IDEA, Kind.COMMITMENT, tier=1) is None:
            return False
        return not any(same(said.content, given) for given in self.of_manager)

    def repeats_coachee(self, said: Said) -> bool:
        """The manager says what the coachee said before, and not much else: that gives nothing."""
        return any(
            0 < len(said.content) <= 2 * len(said.content & found) for found in self.of_coachee
        )
