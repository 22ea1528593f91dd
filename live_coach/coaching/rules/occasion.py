"""An occasion for a nudge, and what several rules ask of a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from live_coach.coaching.config import NudgeConfig, SaidConfig
from live_coach.coaching.history import DIRECTIVE, QUESTIONS, Said
from live_coach.coaching.moment import Moment
from live_coach.flow.messages import (
    Evidence,
    Kind,
    NudgeClass,
    Severity,
    Speaker,
    SpeechAct,
    to_samples,
)

_CORRECTIVE = (
    *("ask", "handback", "permit", "disguised", "assume", "judge", "long", "share"),
    *("open", "one", "leading", "reflect", "cut"),
)
_SUGGESTION = ("miracle", "scale", "exception", "deeper", "wantdo", "sustain")
_PROCESS = ("contract", "expect", "goal", "time", "close")
_INFORMATION = ("tipused", "frame")
_PRAISE = ("good_question", "good_silence", "own", "lean")
CLASSES: Mapping[str, NudgeClass] = {
    **dict.fromkeys(_CORRECTIVE, NudgeClass.CORRECTIVE),
    **dict.fromkeys(_SUGGESTION, NudgeClass.SUGGESTION),
    **dict.fromkeys(_PROCESS, NudgeClass.PROCESS),
    **dict.fromkeys(_INFORMATION, NudgeClass.INFORMATION),
    **dict.fromkeys(_PRAISE, NudgeClass.PRAISE),
}
"""Every kind of nudge that there is, with its class."""


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
    figures: tuple[tuple[str, int], ...] = ()
    """Numbers for the blanks of its wording."""
    family: str = ""
    """Kinds of one family say the same in other words and share their waits; empty: the kind alone."""

    @property
    def reason(self) -> str:
        """What its waits are counted by."""
        return self.family or self.kind


Rule = Callable[[Moment, NudgeConfig], Occasion | None]


def occasion(
    kind: str,
    moment: Moment,
    *because: Evidence,
    key: object,
    severity: Severity = Severity.SOFT,
    family: str = "",
) -> Occasion:
    """An occasion of this moment, of the class that its kind has."""
    return Occasion(kind, CLASSES[kind], moment.now, severity, because, key, family=family)


def lately(moment: Moment, seconds: float) -> list[Said]:
    """What was said in the last `seconds`."""
    return moment.history.since(moment.now - to_samples(seconds))


def said_again(rule: str, found: list[SpeechAct], limits: SaidConfig) -> list[Evidence]:
    """The latest acts of those found in the window that made the number full, each with its quote."""
    return [
        Evidence(
            rule=rule,
            utterance=act.utterance,
            metric="times",
            value=float(len(found)),
            threshold=float(limits.hits),
            window=limits.window_s,
            quote=act.quote,
        )
        for act in found[-limits.hits :]
    ]


def coachee_has_ideas(moment: Moment) -> bool:
    """Whether the coachee has voiced any idea or resolve of their own so far."""
    return moment.standing.ideas.voiced_at is not None


def as_manager(said: Said | None, *kinds: Kind, tier: int = 1) -> SpeechAct | None:
    """What the manager surely did of these kinds in this utterance."""
    if said is None or said.speaker is not Speaker.MANAGER or not said.sure:
        return None
    return said.does(*kinds, tier=tier)


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
