"""What the two agreed on: the goal, and what each expects of the other; from the card or spoken."""

from __future__ import annotations

from dataclasses import dataclass, replace

from live_coach.coaching.history import QUESTIONS, Said, Unchanging
from live_coach.flow.messages import Kind, Speaker, to_samples

_ANSWER = 2
"""Words of content that make an answer."""
_IN_TIME = to_samples(60)
"""Within which a question for the goal or for expectations is answered."""
_NEAR = 150
"""So many words around the goal at most."""


@dataclass(frozen=True, slots=True)
class Agreed(Unchanging):
    """Where goal and mutual expectations stand.

    Spoken, a goal counts when one of them names it, or the manager asks for it and the coachee
    answers; so do the coachee's expectations. `goal_words` are what the goal is about; `near` the
    words of everything that was said together with them.
    """

    card: bool = False
    """A card was there to write a goal on."""
    goal: bool = False
    topic: bool = False
    """The coachee has said what to talk about."""
    manager_expects: bool = False
    coachee_expects: bool = False
    goal_words: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    met_at: int = 0
    """When anybody last came near the goal."""
    _asked: frozenset[str] = frozenset()
    _asked_at: int = 0

    @property
    def expectations(self) -> bool:
        """Both have said what they expect."""
        return self.manager_expects and self.coachee_expects

    def after(self, said: Said) -> Agreed:
        """With one more utterance."""
        agreed = self
        if said.speaker is Speaker.MANAGER:
            agreed = agreed._manager(said)
        elif said.speaker is Speaker.COACHEE:
            agreed = agreed._coachee(said)
        return agreed._met(said)

    def _manager(self, said: Said) -> Agreed:
        agreed = self
        asked = said.marks & {"goal_asked", "topic_asked", "expects_asked"}
        if asked:
            agreed = replace(agreed, _asked=asked, _asked_at=said.end)
        if "goal_named" in said.marks and said.does(*QUESTIONS) is None:
            agreed = agreed._goal(said)
        if "expects_named" in said.marks:
            agreed = replace(agreed, manager_expects=True)
        return agreed

    def _coachee(self, said: Said) -> Agreed:
        agreed = self
        if "goal_named" in said.marks:
            agreed = agreed._goal(said)
        if "expects_named" in said.marks:
            agreed = replace(agreed, coachee_expects=True)
        if len(said.content) < _ANSWER or said.does(Kind.STUCK):
            return agreed
        if said.start - self._asked_at <= _IN_TIME:
            if "goal_asked" in self._asked:
                agreed = agreed._goal(said)
            agreed = replace(
                agreed,
                topic=agreed.topic or "topic_asked" in self._asked,
                coachee_expects=agreed.coachee_expects or "expects_asked" in self._asked,
            )
        return replace(agreed, _asked=frozenset())

    def _goal(self, said: Said) -> Agreed:
        return replace(self, goal=True, goal_words=self.goal_words or said.content)

    def _met(self, said: Said) -> Agreed:
        if said.content & self.goal_words:
            near = self.near if len(self.near) >= _NEAR else self.near | said.content
            return replace(self, met_at=said.end, near=near)
        return replace(self, met_at=said.end) if said.content & self.near else self
