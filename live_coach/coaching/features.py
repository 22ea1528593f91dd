"""What the classifier sees of an utterance: its words, its shape, what the rules found, what came before.

Every feature is a name that is there or is not. Those of the words weigh less in a long utterance;
those of the shape do not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from live_coach.coaching.markers import Hit, Markers
from live_coach.coaching.text import Text
from live_coach.flow.messages import Kind, Speaker

_LONGEST = 150
"""Tokens that are looked at: the time for an utterance is bounded, whatever its length."""
_LENGTHS = (1, 2, 3, 5, 8, 12, 18, 26, 40, 60)
_POSITIONS = (1, 2, 4, 8, 16, 32, 64)
_MEAN_LENGTHS = (3, 5, 8, 12, 18, 26, 40)
_SHARES = (0.05, 0.15, 0.3, 0.5)
_TURNS_KEPT = 6
_LEAST_HISTORY = 3
_FORM_LISTS = ("stop_words", "second_person", "back_channels")
_FORM_CLASSES = ("wh", "aux", "feel")
_COUNTED = {
    Kind.ADVICE: "advice",
    Kind.INFORMATION: "information",
    Kind.REFLECTION: "reflection",
    Kind.OPEN_QUESTION: "open_question",
    Kind.CLOSED_QUESTION: "closed_question",
    Kind.JUDGEMENT: "judgement",
    Kind.SUSTAIN: "sustain",
    Kind.COMMITMENT: "change",
    Kind.PREPARATORY: "change",
    Kind.OWN_IDEA: "change",
}


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules say of an utterance."""

    text: Text
    hits: Sequence[Hit]
    kinds: Sequence[tuple[Kind, int, tuple[str, ...]]]
    """Kind, tier and guards of each act, the main one first."""


@dataclass(frozen=True, slots=True)
class Features:
    """Names of features: of the words, and of everything else."""

    words: frozenset[str]
    shape: frozenset[str]


@dataclass(slots=True)
class Turn:
    """What one person said in a row."""

    speaker: Speaker
    tokens: list[str]
    content: set[str]
    kinds: set[str]
    groups: set[str]
    asked: bool


@dataclass(slots=True)
class Memory:
    """The last turns of a conversation, and counts of all of it."""

    turns: deque[Turn] = field(default_factory=lambda: deque(maxlen=_TURNS_KEPT))
    counts: Counter[tuple[Speaker, str]] = field(default_factory=Counter)
    utterances: int = 0

    def last(self, speaker: Speaker) -> Turn | None:
        """The last turn of this person."""
        return next((turn for turn in reversed(self.turns) if turn.speaker is speaker), None)

    def add(self, speaker: Speaker, ruled: Ruled, markers: Markers) -> None:
        """Remember an utterance; it joins the turn before it if the same person spoke. One without
        words is passed over."""
        text = ruled.text
        tokens = list(text.tokens[:_LONGEST])
        if not tokens:
            return
        self.utterances += 1
        self.counts[speaker, "utterances"] += 1
        self.counts[speaker, "words"] += len(tokens)
        for name in {_COUNTED[kind] for kind, _, _ in ruled.kinds if kind in _COUNTED}:
            self.counts[speaker, name] += 1
        if not self.turns or self.turns[-1].speaker is not speaker:
            self.turns.append(Turn(speaker, [], set(), set(), set(), asked=False))
        turn = self.turns[-1]
        turn.tokens = (turn.tokens + tokens)[-_LONGEST:]
        turn.content |= markers.content(tokens)
        turn.kinds |= {str(kind) for kind, _, _ in ruled.kinds}
        turn.groups |= {hit.group for hit in ruled.hits}
        turn.asked = bool(text.sentences) and text.sentences[-1].mark == "?"


def extract(speaker: Speaker, ruled: Ruled, memory: Memory, markers: Markers) -> Features:
    """The features of an utterance, before it is added to the memory."""
    tokens = ruled.text.tokens[:_LONGEST]
    words = set(_grams(tokens, _form_words(markers)))
    shape = set(_sentences(ruled.text)) | set(_persons(tokens, markers)) | set(_rules(ruled))
    other = Speaker.COACHEE if speaker is Speaker.MANAGER else Speaker.MANAGER
    content = markers.content(tokens)
    before = memory.last(other)
    if before is not None:
        shape |= set(_answering(ruled, content, before))
        words |= {f"pw {token}" for token in before.tokens}
    own = memory.last(speaker)
    if own is not None:
        shape |= {f"q {kind}" for kind in own.kinds}
        shape |= {f"ql {_bin(len(own.tokens))}", f"qov {min(4, len(content & own.content))}"}
    shape |= set(_history(memory))
    return Features(frozenset(words), frozenset(shape))


def _bin(number: float, edges: Sequence[float] = _LENGTHS) -> int:
    return bisect_right(edges, number)


def _form_words(markers: Markers) -> frozenset[str]:
    lists = (markers.lists.get(name, frozenset()) for name in _FORM_LISTS)
    classes = (markers.classes.get(name, frozenset()) for name in _FORM_CLASSES)
    return frozenset().union(*lists, *classes)


def _grams(tokens: Sequence[str], form: Collection[str]) -> Iterator[str]:
    """One to three words, and three or four in which words of content are only a place."""
    yield from (f"1 {token}" for token in tokens)
    whole = ["<", *tokens, ">"]
    bare = ["<", *(token if token in form else "*" for token in tokens), ">"]
    for size in (2, 3):
        yield from (f"{size} {' '.join(gram)}" for gram in _windows(whole, size))
    for size in (3, 4):
        yield from (f"s{size} {' '.join(gram)}" for gram in _windows(bare, size) if "*" in gram)


def _windows(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[at : at + size] for at in range(len(items) - size + 1))


def _sentences(text: Text) -> Iterator[str]:
    yield f"len {_bin(len(text.tokens))}"
    yield f"ns {min(4, len(text.sentences))}"
    yield f"pu {int(text.punctuated)}"
    for sentence in text.sentences:
        if sentence.start >= _LONGEST:
            break
        opening = text.tokens[sentence.start : min(sentence.end, sentence.start + 3)]
        yield from (f"b{size} {' '.join(opening[:size])}" for size in (1, 2, 3))
        yield f"m {sentence.mark}"
        yield f"bm {sentence.mark} {opening[0]}"
    yield from (f"c2 {' '.join(text.tokens[at : at + 2])}" for at in text.starts if at < _LONGEST)
    if text.sentences:
        last = text.sentences[-1]
        yield f"lm {last.mark}"
        for size in (1, 2):
            yield f"l{size} {' '.join(text.tokens[last.start : last.start + size])}"
            yield f"e{size} {' '.join(text.tokens[-size:])}"
            yield f"f{size} {' '.join(text.tokens[:size])}"


def _persons(tokens: Sequence[str], markers: Markers) -> Iterator[str]:
    """How much is about the other, and how much about oneself."""
    other = sum(token in markers.lists["second_person"] for token in tokens)
    self_ = sum(token in ("i", "ik") for token in tokens)
    whole = max(1, len(tokens))
    yield from (f"2nd {min(4, other)}", f"2ndr {10 * other // whole}")
    yield from (f"i {min(3, self_)}", f"ir {10 * self_ // whole}")


def _rules(ruled: Ruled) -> Iterator[str]:
    text = ruled.text
    last = text.sentences[-1].start if text.sentences else 0
    for hit in ruled.hits:
        yield from (f"g {hit.group}", f"g {hit.group}{hit.tier}")
        if hit.form:
            yield f"g {hit.group}:{hit.form}"
        if hit.start in text.starts:
            yield f"g ^{hit.group}"
        if hit.start == 0:
            yield f"g ^^{hit.group}"
        if hit.start >= last:
            yield f"g {hit.group}@last"
    kinds = {str(kind) for kind, _, _ in ruled.kinds}
    yield f"r1 {ruled.kinds[0][0]}"
    for kind, tier, guards in ruled.kinds:
        yield from (f"r {kind}", f"rt {kind}{tier}")
        yield from (f"gd {name}" for name in guards)
    yield from (f"rr {a}{b}" for a in kinds for b in kinds if a < b)


def _answering(ruled: Ruled, content: set[str], before: Turn) -> Iterator[str]:
    """What the other said just before, and how much of it comes back."""
    tokens = ruled.text.tokens
    shared = len(content & before.content)
    yield from (f"ov {min(4, shared)}", f"ovr {5 * shared // max(1, len(content))}")
    yield from (f"pl {_bin(len(before.tokens))}", f"pm {int(before.asked)}")
    yield from (f"p {kind}" for kind in before.kinds)
    yield from (f"pg {group}" for group in before.groups)
    yield from (f"pf{size} {' '.join(before.tokens[:size])}" for size in (1, 2))
    yield f"pe {before.tokens[-1]}"
    for kind in before.kinds:
        yield f"lk {_bin(len(tokens)) // 2}/{kind}"
        yield from (f"xk {own}/{kind}" for own, _, _ in ruled.kinds)
        if tokens:
            yield f"x {tokens[0]}/{kind}"


def _history(memory: Memory) -> Iterator[str]:
    """How this conversation goes so far: some managers mostly tell, some mostly reflect."""
    yield f"pos {_bin(memory.utterances, _POSITIONS)}"
    for speaker in (Speaker.MANAGER, Speaker.COACHEE):
        said = memory.counts[speaker, "utterances"]
        if said < _LEAST_HISTORY:
            continue
        yield f"ml {speaker} {_bin(memory.counts[speaker, 'words'] / said, _MEAN_LENGTHS)}"
        for name in sorted(set(_COUNTED.values())):
            share = memory.counts[speaker, name] / said
            yield f"h {speaker} {name} {_bin(share, _SHARES)}"
