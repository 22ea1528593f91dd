"""The phase of the conversation, as a quiet label: goal, reality, options, will (GROW; Whitmore 1992)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from live_coach.coaching.history import Said, Unchanging, directive
from live_coach.flow.messages import Kind, Phase, Speaker

_ORDER = tuple(Phase)
_STORY = 4
"""Words of content with which the coachee tells how things are."""


@dataclass(frozen=True, slots=True)
class Course(Unchanging):
    """How far the conversation is. It only goes on, one phase at a time.

    The next phase begins when `votes` utterances within `window` samples speak for it or a later
    one, and the present one has lasted `dwell` samples.
    """

    votes: int
    window: int
    dwell: int
    phase: Phase | None = None
    since: int = 0
    _lately: tuple[tuple[int, Phase], ...] = ()

    def after(self, said: Said, *, goal: bool) -> Course:
        """With one more utterance; `goal`: one was agreed."""
        vote = _vote(said)
        if vote is None:
            return self
        lately = (*(v for v in self._lately if v[0] > said.end - self.window), (said.end, vote))
        course = replace(self, _lately=lately)
        if self.phase is None and (goal or vote is Phase.GOAL):
            return replace(course, phase=Phase.GOAL, since=said.start)
        if self.phase is Phase.WILL or said.end - self.since < self.dwell:
            return course
        following = Phase.REALITY if self.phase is None else _ORDER[_ORDER.index(self.phase) + 1]
        speak_for_it = sum(_ORDER.index(v) >= _ORDER.index(following) for _, v in lately)
        if speak_for_it < self.votes:
            return course
        return replace(course, phase=following, since=said.end)


def _vote(said: Said) -> Phase | None:
    if said.speaker is Speaker.COACHEE:
        if said.does(Kind.OWN_IDEA, tier=1):
            return Phase.OPTIONS
        if said.does(Kind.COMMITMENT, tier=1):
            return Phase.WILL
        return Phase.REALITY if len(said.content) >= _STORY else None
    if directive(said) is not None or said.does(Kind.SOLUTION_FOCUSED):
        return Phase.OPTIONS
    if said.speaker is Speaker.MANAGER and said.marks & {"goal_asked", "goal_named"}:
        return Phase.GOAL
    return None
