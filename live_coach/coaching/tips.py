"""The tip budget: how much advice was given, and for which of it leave was asked first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from live_coach.coaching.history import Said, Unchanging, directive
from live_coach.flow.messages import Kind, Speaker


@dataclass(frozen=True, slots=True)
class Tips(Unchanging):
    """What the manager advised so far.

    Advice that begins within `leave` samples after the manager asked leave, and was not refused, is
    one tip with leave, however many sentences it takes. `granted` are the utterances of such tips
    as long as the budget of `allowed` held them: they are not telling.
    """

    allowed: int
    leave: int
    with_leave: int = 0
    """Tips for which leave was asked."""
    without_leave: int = 0
    """Utterances with advice for which it was not."""
    granted: frozenset[int] = frozenset()
    _asked_at: int | None = None
    _counted: bool = False
    """The tip that was asked leave for has begun."""

    @property
    def spent(self) -> int:
        """How often the manager gave advice, with leave or without."""
        return self.with_leave + self.without_leave

    def after(self, said: Said) -> Tips:
        """With one more utterance."""
        if said.speaker is Speaker.COACHEE:
            return replace(self, _asked_at=None) if "refusal" in said.marks else self
        tips = self
        if said.speaker is Speaker.MANAGER and said.does(Kind.PERMISSION):
            tips = replace(tips, _asked_at=said.end, _counted=False)
        return tips._advised(said) if directive(said) is not None else tips

    def _advised(self, said: Said) -> Tips:
        if self._asked_at is None or said.start - self._asked_at > self.leave:
            return replace(self, without_leave=self.without_leave + 1)
        with_leave = self.with_leave + (not self._counted)
        granted = self.granted | {said.id} if with_leave <= self.allowed else self.granted
        return replace(self, with_leave=with_leave, granted=granted, _counted=True)
