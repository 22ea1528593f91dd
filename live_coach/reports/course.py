"""How a conversation went, moment by moment: what the manager did when, and what followed a nudge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from live_coach.archive.stored import StoredAct, StoredSession
from live_coach.flow.messages import Form, Kind, Pause, Speaker, to_samples, to_seconds
from live_coach.reports.waits import has_just_asked

TOLD = ("tip", "solution", "assumption", "judgement")
ASKED = ("open", "closed")

LONG_SILENCE_S = 3
"""From here on a silence gives room to think (wait time, Rowe 1986)."""

_FOLLOWS_S = 60
"""What the manager does later than this has little to do with a nudge."""

_LEAVE_S = 30
"""So long after leave was asked, advice counts as given with it; `leave_s` of the tip budget."""

_TIPS = frozenset({Form.TIP, Form.IMPERATIVE})
_COUNTED = {
    Kind.OPEN_QUESTION: ("open", 2),
    Kind.CLOSED_QUESTION: ("closed", 2),
    Kind.REFLECTION: ("reflection", 2),
    Kind.ASSUMPTION: ("assumption", 2),
    Kind.LEADING_QUESTION: ("assumption", 2),
    Kind.JUDGEMENT: ("judgement", 1),
    Kind.DISGUISED_ADVICE: ("tip", 1),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something the manager did at a second: one of ASKED, of TOLD, or `reflection`."""

    at: float
    kind: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one second to another; `kind` is a speaker, or of a silence `asked` or `quiet`.

    `asked`: the silence came after a question of the manager.
    """

    start: float
    end: float
    kind: str


@dataclass(frozen=True, slots=True)
class Course:
    """Who spoke when, what the manager did, and the long silences."""

    speech: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    silences: tuple[Stretch, ...]


def course(stored: StoredSession) -> Course:
    """The course of a conversation; each kind in order of time."""
    return Course(
        speech=tuple(
            Stretch(to_seconds(run.span.start), to_seconds(run.span.end), run.speaker)
            for run in stored.speech
        ),
        marks=tuple(_marks(stored.acts)),
        silences=tuple(
            Stretch(
                to_seconds(pause.span.start),
                to_seconds(pause.span.end),
                "asked" if _is_held(stored, pause) else "quiet",
            )
            for pause in stored.pauses
            if pause.span.length >= to_samples(LONG_SILENCE_S)
        ),
    )


def counted_as(act: StoredAct) -> str | None:
    """The number of docs/metrics.md that an act is counted in, if any; its tier decides too."""
    if act.kind is Kind.ADVICE:
        kind, weakest = "tip" if act.form in _TIPS else "solution", 1
    else:
        kind, weakest = _COUNTED.get(act.kind, ("", 0))
    return kind if act.tier <= weakest else None


def tips_with_leave(stored: StoredSession) -> int:
    """How many tips and solutions came within 30 s after the manager had asked leave for them."""
    leave = [act.at for act in stored.acts if act.kind is Kind.PERMISSION]
    given = [act.at for act in stored.acts if counted_as(act) in {"tip", "solution"}]
    return sum(any(0 <= at - asked <= to_samples(_LEAVE_S) for asked in leave) for at in given)


def followed_by(marks: Iterable[Mark], at: float) -> Mark | None:
    """The first thing the manager did within a minute after a moment, in seconds."""
    return next((mark for mark in marks if at < mark.at <= at + _FOLLOWS_S), None)


def _marks(acts: tuple[StoredAct, ...]) -> Iterable[Mark]:
    """One mark for each utterance and kind of what is counted."""
    seen: set[tuple[int, str]] = set()
    for act in acts:
        kind = counted_as(act)
        if kind and (act.utterance, kind) not in seen:
            seen.add((act.utterance, kind))
            yield Mark(to_seconds(act.at), kind)


def _is_held(stored: StoredSession, pause: Pause) -> bool:
    return pause.after is Speaker.MANAGER and has_just_asked(stored, pause.span.start)
