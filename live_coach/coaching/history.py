"""What was said so far, and what it did."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Self

from live_coach.flow.messages import Counts, Form, Kind, Speaker, SpeechAct

_KEEP = 400
_CUTS = 20
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


class Unchanging:
    """What never changes needs no copy when the state is copied (conversation/past.py)."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Said(Unchanging):
    """One utterance and what it does; `sure`: it is certain enough who said it.

    `content` and `marks` are its subject (coaching/standing.py).
    """

    id: int
    speaker: Speaker
    start: int
    end: int
    acts: tuple[SpeechAct, ...]
    sure: bool = True
    content: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()

    def does(self, *kinds: Kind, tier: int = 3) -> SpeechAct | None:
        """The first act of one of these kinds, of this tier or a stronger one."""
        return next((a for a in self.acts if a.kind in kinds and a.tier <= tier), None)

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(slots=True)
class History:
    """Utterances in the order in which they ended, and counts that do not forget."""

    said: deque[Said] = field(default_factory=lambda: deque(maxlen=_KEEP))
    silences_held: int = 0
    held_at: int | None = None
    """When the latest silence that was held ended."""
    interruptions: int = 0
    cuts: deque[int] = field(default_factory=lambda: deque(maxlen=_CUTS))
    """When the manager interrupted, the latest last."""
    _counted: dict[int, Counts] = field(default_factory=dict)
    _total: dict[str, int] = field(default_factory=dict)

    def add(self, said: Said) -> None:
        """An utterance, or a correction of an earlier one, which it replaces."""
        before = self._counted.get(said.id, Counts())
        if said.id in self._counted:
            self.said = deque((said if s.id == said.id else s for s in self.said), maxlen=_KEEP)
        else:
            self.said.append(said)
        now = self._counted[said.id] = count(said)
        for name in _COUNTED:
            change = getattr(now, name) - getattr(before, name)
            self._total[name] = self._total.get(name, 0) + change

    def hold(self, until: int) -> None:
        """The manager held a silence that ended at `until`."""
        self.silences_held += 1
        self.held_at = until

    def interrupted(self, at: int, total: int) -> None:
        """By `at` the manager had interrupted `total` times."""
        self.cuts.extend([at] * (total - self.interruptions))
        self.interruptions = total

    @property
    def counts(self) -> Counts:
        """Everything that has been counted so far, but what depends on the order in which it was said."""
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


def directive(said: Said, tier: int = 1) -> SpeechAct | None:
    """A directive of this tier or a stronger one that the manager surely gave, unless the utterance
    ends by asking openly."""
    if said.speaker is not Speaker.MANAGER or not said.sure:
        return None
    told = said.does(*DIRECTIVE, tier=tier)
    asked = said.does(Kind.OPEN_QUESTION, Kind.SOLUTION_FOCUSED)
    if told is None or (asked is not None and asked.words[0] >= told.words[1]):
        return None
    return told


def count(said: Said) -> Counts:
    """What the counts of the conversation gain by one utterance."""
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
