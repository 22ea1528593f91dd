"""Where the conversation stands beyond its last minutes: tips, ideas, what was agreed, the phase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from live_coach.coaching import markers
from live_coach.coaching.agreed import Agreed
from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.course import Course
from live_coach.coaching.history import Said, Unchanging
from live_coach.coaching.ideas import Ideas
from live_coach.coaching.markers import Language
from live_coach.coaching.tips import Tips
from live_coach.flow.messages import to_samples

_LOSS = frozenset(("at_a_loss", "spent"))
_AFTER_LOSS = 14
"""More words than these after it: an answer follows."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What words are about (`content`, cut to a crude stem), and which groups of
    config/language/*/agreeing.toml they hold (`marks`); being at a loss only where no answer follows."""

    content: frozenset[str]
    marks: frozenset[str]


def subject(words: Sequence[str], language: Language) -> Subject:
    """The subject of an utterance. Never raises, whatever the words."""
    known = markers.load(language, "agreeing")
    text = known.reading.take_apart(words)
    marks = frozenset(
        hit.group
        for hit in known.find(text)
        if hit.group not in _LOSS or len(text.tokens) - hit.end <= _AFTER_LOSS
    )
    return Subject(frozenset(known.content(text.tokens)), marks)


@dataclass(frozen=True, slots=True)
class Standing(Unchanging):
    """The pieces, each of which changes with every utterance by itself."""

    tips: Tips
    ideas: Ideas
    agreed: Agreed
    course: Course

    def after(self, said: Said) -> Standing:
        """With one more utterance."""
        agreed = self.agreed.after(said)
        return replace(
            self,
            tips=self.tips.after(said),
            ideas=self.ideas.after(said),
            agreed=agreed,
            course=self.course.after(said, goal=agreed.goal),
        )


def begin(
    config: NudgeConfig,
    language: Language,
    *,
    goal: str | None = None,
    manager_expects: str = "",
    coachee_expects: str = "",
) -> Standing:
    """Before anything was said; what was agreed beforehand may be empty; no goal at all (None):
    there was no card."""
    phase = config.phase
    return Standing(
        tips=Tips(config.tips.allowed, to_samples(config.tips.leave_s)),
        ideas=Ideas(),
        agreed=Agreed(
            card=goal is not None,
            goal=bool((goal or "").strip()),
            manager_expects=bool(manager_expects.strip()),
            coachee_expects=bool(coachee_expects.strip()),
            goal_words=subject((goal or "").split(), language).content,
        ),
        course=Course(phase.votes, to_samples(phase.window_s), to_samples(phase.dwell_s)),
    )
