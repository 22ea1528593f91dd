"""Rules and classifier joined: which of the acts that the rules found stand, and which come with them.

The rules say where, in which form and why; the classifier says how likely. An act that both find
needs little probability; one that only the classifier finds needs more, and has the tier of evidence
unless it is precise enough for a nudge. Questions and sustain talk in text with sentence marks are left
to the rules, a comma counting as one: out of fold on AnnoMI the rules alone find them a little better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from live_coach.coaching.classifier import Bounds, Label, Linear
from live_coach.coaching.features import Features
from live_coach.coaching.found import Found
from live_coach.coaching.markers import Hit
from live_coach.coaching.text import Text
from live_coach.flow.messages import Form, Kind

KINDS: Mapping[Label, frozenset[Kind]] = {
    "open": frozenset({Kind.OPEN_QUESTION, Kind.SOLUTION_FOCUSED}),
    "closed": frozenset({Kind.CLOSED_QUESTION, Kind.LEADING_QUESTION}),
    "advice": frozenset({Kind.ADVICE}),
    "information": frozenset({Kind.INFORMATION}),
    "reflect": frozenset({Kind.REFLECTION}),
    "change": frozenset({Kind.COMMITMENT, Kind.PREPARATORY, Kind.OWN_IDEA}),
    "sustain": frozenset({Kind.SUSTAIN}),
}
"""Which kinds count as each label."""
_UNIONS: Mapping[Label, tuple[Label, ...]] = {
    "ask": ("open", "closed"),
    "tell": ("advice", "information"),
}
ALL_KINDS: Mapping[Label, frozenset[Kind]] = {
    **KINDS,
    "ask": KINDS["open"] | KINDS["closed"] | {Kind.DISGUISED_ADVICE},
    "tell": KINDS["advice"] | KINDS["information"] | {Kind.FRAME},
}
"""The same, with the labels that take two others together."""
_NEW: Mapping[Label, Kind] = {
    "open": Kind.OPEN_QUESTION,
    "closed": Kind.CLOSED_QUESTION,
    "advice": Kind.ADVICE,
    "information": Kind.INFORMATION,
    "reflect": Kind.REFLECTION,
    "change": Kind.PREPARATORY,
    "sustain": Kind.SUSTAIN,
}
_ABOUT_THE_TALK = frozenset({"process", "permission"})
_OTHER_FORM: Mapping[Label, Label] = {"open": "closed", "closed": "open"}
_BY_RULES_WHERE_MARKED: frozenset[Label] = frozenset({"ask", "open", "closed", "sustain"})


@dataclass(frozen=True, slots=True)
class _Judged:
    """How likely a label is, and the bounds that hold for this text."""

    probability: float
    bounds: Bounds
    ruled: bool

    @property
    def holds(self) -> bool:
        return self.probability >= (self.bounds.ruled if self.ruled else self.bounds.unruled)

    @property
    def precise(self) -> bool:
        return self.probability >= self.bounds.precise

    @property
    def excess(self) -> float:
        """How far above its bound, to choose between two labels."""
        return self.probability / max(
            1e-6, self.bounds.ruled if self.ruled else self.bounds.unruled
        )


def join(
    text: Text,
    hits: Sequence[Hit],
    ruled: Sequence[Found],
    features: Features,
    linear: Linear,
    *,
    coachee_spoke: bool,
) -> list[Found]:
    """The acts of an utterance: those of the rules that stand, and those of the classifier.

    Without `coachee_spoke` there is nothing to reflect, and no reflection is added.
    """
    if not text.tokens:
        return list(ruled)
    judged = _judge(text, ruled, linear.probabilities(features), linear)
    holding = {label for label in KINDS if label in judged and judged[label].holds}
    for union, members in _UNIONS.items():
        if union not in judged:
            continue
        if not judged[union].holds:
            holding -= {label for label in members if not judged[label].ruled}
        elif not holding & set(members):
            holding.add(max(members, key=lambda label: judged[label].excess))
    holding = {
        label
        for label in holding
        if judged[label].ruled or _may_come(label, judged, text, hits, coachee_spoke=coachee_spoke)
    }
    found = [kept for act in ruled if (kept := _kept(act, judged, holding)) is not None]
    for label in KINDS:
        if label in holding and not any(act.kind in KINDS[label] for act in found):
            found.append(_new(label, judged[label], text, hits))
    return found


def _judge(
    text: Text, ruled: Sequence[Found], chances: Mapping[Label, float], linear: Linear
) -> dict[Label, _Judged]:
    kinds = {act.kind for act in ruled}
    return {
        label: _Judged(
            probability,
            linear.bounds[label][not text.punctuated],
            bool(kinds & ALL_KINDS[label]),
        )
        for label, probability in chances.items()
        if not (_marked(text) and label in _BY_RULES_WHERE_MARKED)
    }


def _marked(text: Text) -> bool:
    commas = not text.heard and any("," in word for word in text.words)
    return text.punctuated or commas


def _may_come(
    label: Label,
    judged: Mapping[Label, _Judged],
    text: Text,
    hits: Sequence[Hit],
    *,
    coachee_spoke: bool,
) -> bool:
    """A guard that took advice away has the last word; a sentence about this talk tells nothing else;
    only what was said can be reflected; and beside one form of a question that the rules found, the
    other does not come."""
    if label == "advice":
        return not any(hit.group == "advice" for hit in hits)
    if label == "information":
        return len(text.sentences) > 1 or not any(hit.group in _ABOUT_THE_TALK for hit in hits)
    if label == "reflect":
        return coachee_spoke
    other = _OTHER_FORM.get(label)
    return other is None or not judged[other].ruled


def _kept(act: Found, judged: Mapping[Label, _Judged], holding: set[Label]) -> Found | None:
    """The act with its probability, in tier 1 not below its rank; None if it is too unlikely."""
    label = next((name for name in KINDS if act.kind in KINDS[name] and name in judged), None)
    if label is None:
        return act
    if label not in holding:
        return None
    likely = judged[label].probability
    return replace(act, probability=max(likely, act.confidence) if act.tier == 1 else likely)


def _new(label: Label, judged: _Judged, text: Text, hits: Sequence[Hit]) -> Found:
    form: Form | None = None
    start, end = 0, len(text.tokens)
    if label == "advice":
        told = next((hit for hit in hits if hit.group == "advice"), None)
        form = (told and told.form) or Form.TIP
        start, end = (told.start, told.end) if told else (start, end)
    return Found(
        _NEW[label],
        text.words_between(start, end),
        _tier(label, judged),
        form,
        probability=judged.probability,
    )


def _tier(label: Label, judged: _Judged) -> int:
    """Information that no rule found is for the summary: with it as evidence, good sessions got more
    corrections (AnnoMI, 53 good sessions: 17 instead of 15)."""
    if label == "information":
        return 3
    return 1 if judged.precise else 2
