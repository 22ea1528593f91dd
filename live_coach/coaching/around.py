"""What the talk around an utterance makes of its acts: whose idea it repeats, and how a question stands.

Marks are names in `guards` of an act: `follow_up`, `stacked` and `self_answered` on questions (and
`self_answered` on all acts of an utterance that answers the question of the one before).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from live_coach.coaching.found import Found
from live_coach.coaching.markers import Hit, Markers
from live_coach.coaching.text import Text
from live_coach.flow.messages import Kind

_ASKING = frozenset({Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION})
_KEPT = 20
_SHARED = 2
"""So many words of content in common, and half of the shorter one, make it the same idea."""
_SOON = 4
"""An answer begins within so many words after the question."""
_LEAST = 2
"""“Okay?” waits for no answer."""
_BEFORE = 10
_AFTER = 14
"""Tokens around a marker that hold an idea where a sentence has no end."""


@dataclass(slots=True)
class Around:
    """What of the talk so far bears on the next utterance."""

    ideas: deque[set[str]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    """What the coachee thought of by themselves or resolved to do, in words of content."""
    given: deque[set[str]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    """What the manager advised, in words of content."""
    asked: bool = False
    """The manager asked last, and nobody has answered."""

    def voiced(self, idea: set[str]) -> None:
        """The coachee says what to do; it is the coachee's own unless the manager gave it before."""
        if not repeats(idea, self.given):
            self.ideas.append(idea)


def idea_at(text: Text, hit: Hit, markers: Markers) -> set[str]:
    """Words of content of the sentence around a marker."""
    sentence = text.sentence_at(hit.start)
    start, end = max(sentence.start, hit.start - _BEFORE), min(sentence.end, hit.end + _AFTER)
    return markers.content(text.tokens[start:end])


def repeats(said: set[str], ideas: Iterable[set[str]]) -> bool:
    """Whether this is one of these ideas."""
    return any(
        len(said & i) >= _SHARED and min(len(said), len(i)) <= 2 * len(said & i) for i in ideas
    )


def by_the_classifier_alone(
    found: Sequence[Found],
    text: Text,
    hits: Sequence[Hit],
    markers: Markers,
    *,
    ideas: Iterable[set[str]],
    advice_asked: bool,
) -> list[Found]:
    """Advice that no marker shows, held to the same guards: none where it repeats the coachee's own
    idea, and half weight where it was asked for."""
    if any(hit.group in ("advice", "disguised") for hit in hits):
        return list(found)
    own = repeats(markers.content(text.tokens[: _BEFORE + _AFTER]), ideas)
    kept: list[Found] = []
    for act in found:
        if act.kind is not Kind.ADVICE:
            kept.append(act)
        elif not own:
            asked = replace(act, tier=max(2, act.tier), guards=(*act.guards, "advice_asked"))
            kept.append(asked if advice_asked else act)
    return kept


def marked(
    found: Sequence[Found],
    text: Text,
    hits: Sequence[Hit],
    around: Around,
    markers: Markers,
    heard: Collection[str],
) -> list[Found]:
    """The manager's acts with marks; `heard` is what the coachee's last turn is about. Updates
    whether a question waits for its answer."""
    answers = {text.word_of[hit.start] for hit in hits if hit.group == "own_answer"}
    told = {act.words[0] for act in found if act.kind is Kind.ADVICE}
    asked = [act.words for act in found if act.kind in _ASKING]
    first = min((end for _, end in asked), default=0)
    follows = not markers.content(text.tokens).isdisjoint(heard)
    result = []
    for act in found:
        names: list[str] = []
        if act.kind in _ASKING:
            names += ["follow_up"] * follows
            names += ["stacked"] * (around.asked or act.words[0] >= first)
            names += ["self_answered"] * _answered(act.words, answers | told)
        result.append(replace(act, guards=(*act.guards, *names)) if names else act)
    if around.asked and not asked and any(at < _SOON for at in answers):
        result = [replace(act, guards=(*act.guards, "self_answered")) for act in result]
    if text.tokens:
        last = max(asked, default=(0, 0))
        around.asked = last[1] - last[0] >= _LEAST and not _answered(last, answers | told)
    return result


def _answered(question: tuple[int, int], answers: Collection[int]) -> bool:
    """Whether an answer begins soon after this question."""
    return any(0 <= at - question[1] < _SOON for at in answers)
