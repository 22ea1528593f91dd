"""Does this sentence give back what the coachee said?"""

from __future__ import annotations

from live_coach.coaching.markers import Hit, Markers
from live_coach.coaching.questions import Question
from live_coach.coaching.text import Sentence, Text

_ECHO_WORDS = 8


def reflects(
    text: Text,
    sentence: Sentence,
    hits: tuple[Hit, ...],
    question: Question | None,
    *,
    heard: set[str],
    markers: Markers,
) -> bool:
    """A reflection opens with a stem, shares content words with the coachee's last turns, or both.

    `heard` are those content words. A question counts only when it is a statement with a question
    mark (“so you feel alone in this?”).
    """
    if question is not None and not _statement(hits):
        return False
    tokens = text.tokens[sentence.start : sentence.end]
    content = markers.content(tokens)
    shared = len(content & heard)
    if any(hit.group == "reflection_stem" for hit in hits):
        return True
    to_the_coachee = any(token in markers.lists["second_person"] for token in tokens)
    if shared >= 1 and to_the_coachee:
        return True
    return 0 < len(tokens) <= _ECHO_WORDS and shared >= 1 and shared * 2 >= len(content)


def _statement(hits: tuple[Hit, ...]) -> bool:
    """A question whose word order is that of a statement."""
    return not any(
        h.group
        in ("open", "open_asked", "closed", "closed_asked", "fact", "polite_open", "permission")
        for h in hits
    )
