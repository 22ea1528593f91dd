"""What rules look at: the acts of the conversation so far, and the moment."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from live_coach.flow.messages import Counts, Form, Kind, Speaker, SpeechAct, TalkShare

_KEEP = 400
_TIPS = frozenset({Form.TIP, Form.IMPERATIVE})
DIRECTIVE = frozenset({Kind.ADVICE, Kind.DISGUISED_ADVICE})
_COUNTED = (
    "open_questions",
    "closed_questions",
    "tips",
    "solutions",
    "assumptions",
    "judgements",
    "reflections",
)
QUESTIONS = frozenset({Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION, Kind.SOLUTION_FOCUSED})


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance and what it does; `sure`: it is certain enough who said it."""

    id: int
    speaker: Speaker
    start: int
    end: int
    acts: tuple[SpeechAct, ...]
    sure: bool = True

    def does(self, *kinds: Kind, tier: int = 3) -> SpeechAct | None:
        """The first act of one of these kinds, of this tier or a stronger one."""
        return next((a for a in self.acts if a.kind in kinds and a.tier <= tier), None)

    @property
    def length(self) -> int:
        return self.end - self.start

    def __deepcopy__(self, memo: dict[int, object]) -> Said:
        return self


@dataclass(slots=True)
class History:
    """Utterances in the order in which they ended, and counts that do not forget."""

    said: deque[Said] = field(default_factory=lambda: deque(maxlen=_KEEP))
    silences_held: int = 0
    interruptions: int = 0
    _counted: dict[int, Counts] = field(default_factory=dict)
    _total: dict[str, int] = field(default_factory=dict)

    def add(self, said: Said) -> None:
        """An utterance, or a correction of an earlier one, which it replaces."""
        before = self._counted.get(said.id, Counts())
        if said.id in self._counted:
            self.said = deque((said if s.id == said.id else s for s in self.said), maxlen=_KEEP)
        else:
            self.said.append(said)
        now = self._counted[said.id] = _count(said)
        for name in _COUNTED:
            change = getattr(now, name) - getattr(before, name)
            self._total[name] = self._total.get(name, 0) + change

    @property
    def counts(self) -> Counts:
        """Everything that has been counted so far."""
        total = {name: self._total.get(name, 0) for name in _COUNTED}
        return Counts(
            **total,
            tips_spent=total["tips"] + total["solutions"],
            silences_held=self.silences_held,
            interruptions=self.interruptions,
        )

    def last(self, speaker: Speaker) -> Said | None:
        """The latest utterance of this person that says something."""
        return next((s for s in reversed(self.said) if s.speaker is speaker and s.acts), None)

    def since(self, at: int) -> list[Said]:
        """Utterances that ended after `at`."""
        return [s for s in self.said if s.end > at]


@dataclass(frozen=True, slots=True)
class Moment:
    """The conversation as it stands, for the rules; times in samples."""

    now: int
    history: History
    fresh: Said | None
    """The utterance that has just been read; None at a tick."""
    share: TalkShare
    share_high_for: int
    """How long the manager's share has been above the soft threshold."""
    share_firm_for: int
    monologue: int
    monologue_start: int
    manager_sure: bool
    silent_for: int
    last_speaker: Speaker | None
    agreed: int | None


def _count(said: Said) -> Counts:
    if said.speaker is not Speaker.MANAGER:
        return Counts()
    certain = [act for act in said.acts if act.tier <= 2]
    telling = [act for act in said.acts if act.tier == 1]

    def how_many(kind: Kind) -> int:
        return sum(act.kind is kind for act in certain)

    return Counts(
        open_questions=how_many(Kind.OPEN_QUESTION),
        closed_questions=how_many(Kind.CLOSED_QUESTION),
        tips=sum(
            act.kind is Kind.DISGUISED_ADVICE or (act.kind is Kind.ADVICE and act.form in _TIPS)
            for act in telling
        ),
        solutions=sum(act.kind is Kind.ADVICE and act.form not in _TIPS for act in telling),
        assumptions=how_many(Kind.ASSUMPTION) + how_many(Kind.LEADING_QUESTION),
        judgements=sum(act.kind is Kind.JUDGEMENT for act in telling),
        reflections=min(1, how_many(Kind.REFLECTION)),
    )
