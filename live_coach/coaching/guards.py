"""Guards: what looks like telling and is not. Each is a named function that can be switched off.

A guard looks at one telling marker in its sentence and keeps it (None), weakens it to the next tier,
or drops it, saying what the sentence is instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from live_coach.coaching.around import idea_at, repeats
from live_coach.coaching.markers import Hit, Markers
from live_coach.coaching.text import Sentence, Text
from live_coach.flow.messages import Form, Kind

_NEAR = 8
_CONDITIONS = frozenset(
    [
        "if",
        "whether",
        "when",
        "than",
        "until",
        "unless",
        "as",
        "because",
        "that",
        "what",
        "als",
        "of",
        "wanneer",
        "zodra",
        "omdat",
        "toen",
        "dan",
        "zoals",
        "wat",
    ]
)


@dataclass(frozen=True, slots=True)
class Case:
    """A telling marker, and what stands around it."""

    hit: Hit
    kind: Kind
    text: Text
    sentence: Sentence
    asked: bool
    """The sentence is a question."""
    hits: tuple[Hit, ...]
    """All markers of the sentence."""
    utterance: tuple[Hit, ...]
    """All markers of the utterance."""
    markers: Markers
    advice_asked: bool
    """The coachee has just asked for advice."""
    frames: tuple[frozenset[str], ...] = ()
    """Content words of each frame that was given beforehand."""
    ideas: tuple[set[str], ...] = ()
    """Content words of each idea that the coachee voiced first."""

    def overlapping(self, *groups: str) -> bool:
        """Does a marker of one of these groups share a word with this one?"""
        return any(
            h.start < self.hit.end and self.hit.start < h.end
            for h in self.hits
            if h.group in groups
        )

    def before(self, *groups: str, near: int = _NEAR) -> bool:
        """Does a marker of one of these groups begin shortly before this one?"""
        return any(
            h.start < self.hit.start and self.hit.start - h.end <= near
            for h in self.hits
            if h.group in groups
        )

    def within(self, *groups: str) -> bool:
        """Is there a marker of one of these groups in the sentence?"""
        return any(h.group in groups for h in self.hits)

    @property
    def previous(self) -> str:
        """The token before the marker, or nothing."""
        return self.text.tokens[self.hit.start - 1] if self.hit.start > self.sentence.start else ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a guard decides: `weaken` by one tier, or drop; `instead` is what the sentence does."""

    weaken: bool = False
    instead: Kind | None = None


_ADVISING = frozenset({Kind.ADVICE, Kind.DISGUISED_ADVICE})
Guard = Callable[[Case], Verdict | None]
_DROP = Verdict()
_WEAKEN = Verdict(weaken=True)


def embedded_question(case: Case) -> Verdict | None:
    """G1. “What do you think you should do?” is an open question."""
    if case.kind is Kind.DISGUISED_ADVICE and case.before("open", "open_asked", near=1):
        return Verdict(instead=Kind.OPEN_QUESTION)
    if case.kind is not Kind.ADVICE:
        return None
    if case.previous in case.markers.classes["aux"]:
        return Verdict(instead=Kind.CLOSED_QUESTION)
    if case.before("open", "open_asked", "embedded", "fact", near=3) and (
        case.asked or case.before("open_asked", near=3)
    ):
        return Verdict(instead=Kind.OPEN_QUESTION)
    return None


def invitation(case: Case) -> Verdict | None:
    """G2. “Why don't you start by telling me…” invites to talk."""
    return Verdict(instead=Kind.OPEN_QUESTION) if case.overlapping("polite_open") else None


def reported_speech(case: Case) -> Verdict | None:
    """G3. “She told you that you should…” is somebody else's advice."""
    reported = case.before("reported_speech") or case.overlapping("reported_speech")
    return Verdict(instead=Kind.REFLECTION) if reported else None


def reflection_stem(case: Case) -> Verdict | None:
    """G4. “So you feel you have to…” gives back; but “so you should…” tells."""
    if case.kind is not Kind.ADVICE:
        return None
    least = 2 if case.hit.tier == 1 else 1
    stem = any(
        h.start <= case.hit.start - least and case.hit.start - h.end <= _NEAR
        for h in case.hits
        if h.group == "own_words"
    )
    return Verdict(instead=Kind.REFLECTION) if stem else None


def generic_you(case: Case) -> Verdict | None:
    """G5. “You never know”: you as in one."""
    return _WEAKEN if case.overlapping("generic") or case.before("generic") else None


def release(case: Case) -> Verdict | None:
    """G6. “You don't have to” sets free; “it's up to you” beside a tip makes it an offer."""
    if case.overlapping("release"):
        return _DROP
    return _WEAKEN if case.within("release") else None


def epistemic_must(case: Case) -> Verdict | None:
    """G7. “You must be tired” guesses a feeling."""
    return Verdict(instead=Kind.REFLECTION) if case.overlapping("epistemic") else None


def frame(case: Case) -> Verdict | None:
    """G9. A sentence with two content words of a frame that was given beforehand (or its only one)
    sets a limit of the organisation."""
    said = case.markers.content(case.text.tokens[case.sentence.start : case.sentence.end])
    given = any(len(said & frame) >= min(2, len(frame)) for frame in case.frames)
    return Verdict(instead=Kind.FRAME) if given else None


def process(case: Case) -> Verdict | None:
    """G10. “Let's first look at your goal” leads the talk, not the person."""
    if case.hit.form is Form.OBLIGATION and case.hit.tier == 1:
        return None
    return Verdict(instead=Kind.PROCESS) if case.overlapping("process") else None


def idiom(case: Case) -> Verdict | None:
    """G11. “Let's see”, “look”: no order."""
    return _DROP if case.overlapping("idiom") else None


def politeness(case: Case) -> Verdict | None:
    """G12. “Take your time”, “have a seat”."""
    return _DROP if case.overlapping("politeness") else None


def roleplay(case: Case) -> Verdict | None:
    """G13. “Then you say to the customer: you should…”, “I'm the father. You must…”"""
    played = any(h.group == "roleplay" and h.start < case.hit.start for h in case.utterance)
    return _DROP if played else None


def advice_asked(case: Case) -> Verdict | None:
    """G14. The coachee asked for it: half weight."""
    return _WEAKEN if case.advice_asked and case.kind in _ADVISING else None


def self_talk(case: Case) -> Verdict | None:
    """G15. “I should…” is about the manager."""
    return _DROP if case.overlapping("self_talk") else None


def truncated(case: Case) -> Verdict | None:
    """G16. A broken-off sentence says too little."""
    return _DROP if case.sentence.end - case.sentence.start < 3 else None


def question_mark(case: Case) -> Verdict | None:
    """G17. “You should call him?” checks."""
    if case.kind is Kind.ADVICE and case.sentence.mark == "?" and not case.within("tag"):
        return Verdict(instead=Kind.CLOSED_QUESTION)
    return None


def conditional(case: Case) -> Verdict | None:
    """G18. “If you need to…”, “than you should”: a clause that depends on another."""
    if case.kind is Kind.ADVICE and case.previous in _CONDITIONS and not case.before("open_asked"):
        return _DROP
    return None


def own_idea(case: Case) -> Verdict | None:
    """G19. “So you could call the owner first” gives the coachee's own idea back."""
    if case.kind not in _ADVISING:
        return None
    own = repeats(idea_at(case.text, case.hit, case.markers), case.ideas)
    return Verdict(instead=Kind.REFLECTION) if own else None


GUARDS: Mapping[str, Guard] = {
    guard.__name__: guard
    for guard in (
        embedded_question,
        invitation,
        epistemic_must,
        reported_speech,
        reflection_stem,
        conditional,
        generic_you,
        release,
        frame,
        process,
        idiom,
        politeness,
        roleplay,
        self_talk,
        truncated,
        question_mark,
        advice_asked,
        own_idea,
    )
}
"""By name, in the order in which they are asked."""


def judge(case: Case, enabled: Iterable[str]) -> tuple[int | None, list[tuple[str, Kind | None]]]:
    """The tier that is left of a marker (None: dropped), and which guards said what instead."""
    tier = case.hit.tier
    spoke: list[tuple[str, Kind | None]] = []
    for name in enabled:
        verdict = GUARDS[name](case)
        if verdict is None:
            continue
        spoke.append((name, verdict.instead))
        if not verdict.weaken:
            return None, spoke
        tier += 1
    return (tier if tier <= 3 else None), spoke
