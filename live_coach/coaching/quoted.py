"""A speech act as it is told: where it was said, and of the manager with a few of the words."""

from __future__ import annotations

from live_coach.coaching.found import Found
from live_coach.flow.messages import Span, Speaker, SpeechAct, Utterance

_QUOTE_WORDS = 12
_QUOTE_BEFORE = 4
_MARKS = frozenset(".?!")


def told_act(utterance: Utterance, found: Found, words: tuple[str, ...]) -> SpeechAct:
    """What was found in these words of the utterance."""
    begin, end = found.words
    span = utterance.span
    if utterance.words and end > begin:
        first, last = utterance.words[begin].span, utterance.words[end - 1].span
        span = Span(first.start, max(first.start, last.end))
    return SpeechAct(
        utterance=utterance.id,
        speaker=utterance.speaker,
        kind=found.kind,
        span=span,
        words=found.words,
        form=found.form,
        tier=found.tier,
        confidence=found.confidence,
        guards=found.guards,
        quote=_quote(utterance.speaker, words, begin),
    )


def _quote(speaker: Speaker, words: tuple[str, ...], begin: int) -> str:
    """A short piece of the manager's own words around where the act begins; never the coachee's."""
    if speaker is not Speaker.MANAGER:
        return ""
    first = begin
    while first > max(0, begin - _QUOTE_BEFORE) and words[first - 1][-1:] not in _MARKS:
        first -= 1
    last = first
    while last < min(first + _QUOTE_WORDS, len(words)):
        last += 1
        if last > begin and words[last - 1][-1:] in _MARKS:
            break
    return " ".join(words[first:last])
