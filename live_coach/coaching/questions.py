"""Is this sentence a question, and is it open or closed? With and without a question mark."""

from __future__ import annotations

from dataclasses import dataclass

from live_coach.coaching.markers import Hit, Markers
from live_coach.coaching.text import Sentence, Text

_ASKED_WITHOUT_MARK = ("open_asked", "polite_open", "fact", "closed_asked", "inverted")
_TAGGED_WORDS = 2
"""A tag needs a statement before it: “right” alone agrees."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that begins at token `start`; `sure`: a mark or an inversion says so."""

    start: int
    open: bool
    sure: bool


def find_question(
    text: Text, sentence: Sentence, hits: tuple[Hit, ...], markers: Markers
) -> Question | None:
    """The question of a sentence, or None.

    A question mark decides that it is one, but for “Okay?” beside something else. Without, only word
    order does: an inversion at the beginning of a clause, anywhere in live text without marks.
    """
    if sentence.mark == "?":
        nod = _seeks_a_nod(text, sentence, markers)
        return None if nod else _form(text, sentence, hits, markers)
    strict = text.punctuated and sentence.mark != ""
    frames = [
        hit
        for hit in hits
        if hit.group in _ASKED_WITHOUT_MARK
        and (not strict or hit.start in text.starts)
        and not _reported(text, sentence, hit, markers)
        and not _concluded(text, sentence, hit, markers)
    ]
    if strict:
        frames = [hit for hit in frames if hit.group in ("open_asked", "polite_open")]
    if frames:
        scales = [hit for hit in hits if hit.group in ("scale", "permission")]
        return _form(text, sentence, (*frames, *scales), markers)
    ends = {hit.end for hit in hits if hit.group == "no_tag"}
    tagged = sentence.mark == "" and any(
        h.group == "tag" and h.start - sentence.start >= _TAGGED_WORDS and h.end not in ends
        for h in hits
    )
    return Question(sentence.start, open=False, sure=False) if tagged else None


def _seeks_a_nod(text: Text, sentence: Sentence, markers: Markers) -> bool:
    """“Okay?” beside something else waits for no answer."""
    tokens = text.tokens[sentence.start : sentence.end]
    only = all(token in markers.lists["back_channels"] for token in tokens)
    return only and len(text.sentences) > 1


def _form(text: Text, sentence: Sentence, hits: tuple[Hit, ...], markers: Markers) -> Question:
    narrow = [h for h in hits if h.group in ("scale", "permission")]
    if narrow and not _opens(narrow[0], hits):
        return Question(narrow[0].start, open=False, sure=True)
    invited = [h for h in hits if h.group == "polite_open"]
    if invited:
        return Question(invited[0].start, open=True, sure=True)
    asked = [h for h in hits if h.group in ("open", "open_asked")]
    facts = [h for h in hits if h.group == "fact"]
    closed = [h for h in hits if h.group in ("closed", "closed_asked", "inverted")]
    if asked:
        fact = any(abs(f.start - asked[-1].start) <= 1 for f in facts)
        return Question(asked[-1].start, open=not fact, sure=True)
    if facts or closed:
        return Question((facts or closed)[0].start, open=False, sure=True)
    ends_in_wh = any(
        token in markers.classes["wh"]
        for token in text.tokens[max(sentence.start, sentence.end - 2) : sentence.end]
    )
    return Question(sentence.start, open=ends_in_wh, sure=True)


def _opens(narrow: Hit, hits: tuple[Hit, ...]) -> bool:
    """“What makes it a six on that scale?” has an open question before the scale."""
    return any(h.group == "open_asked" and h.start < narrow.start for h in hits)


def _concluded(text: Text, sentence: Sentence, hit: Hit, markers: Markers) -> bool:
    """“Dus spreken we af”, “nou moet je”: the word before takes the place before the verb."""
    return (
        hit.group in ("closed_asked", "inverted")
        and hit.start > sentence.start
        and text.tokens[hit.start - 1] in markers.lists["consequent"]
    )


def _reported(text: Text, sentence: Sentence, hit: Hit, markers: Markers) -> bool:
    """“I know what is going on”: the question is part of a statement."""
    before = text.tokens[max(sentence.start, hit.start - 2) : hit.start]
    return any(token in markers.lists["knowing"] for token in before)
