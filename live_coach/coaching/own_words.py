"""The coachee's own plan, in the coachee's words: what may be asked of the manager after the talk."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import cache

from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.goal import smart
from live_coach.coaching.markers import LANGUAGES, Language
from live_coach.flow.messages import (
    Kind,
    Message,
    SessionStarted,
    Speaker,
    SpeakerKnown,
    Stage,
    Utterance,
)

MOST = 20
"""So many sentences are offered at most, the latest: a longer list nobody reads."""

LONGEST = 40
"""Words of one sentence; a recogniser may leave out every full stop."""

_REMEMBERED = 5000
"""So many of the latest utterances are remembered: more than a working day."""

_SENTENCE_ENDS = re.compile(r"[.?!…]+[\"'”’)]*$")


class OwnWords:
    """Reads a conversation's messages and remembers, in memory alone, what was said.

    Nothing of it is logged or kept: `candidates` is for the one question to the manager afterwards.
    """

    def __init__(self) -> None:
        self._language: Language = "en"
        self._said: OrderedDict[int, tuple[Language, str]] = OrderedDict()
        self._speakers: dict[int, Speaker] = {}

    def receive(self, message: Message, emitted: int) -> None:
        """Take note of a message; never fails, never waits."""
        del emitted
        match message:
            case SessionStarted(language="nl"):
                self._language = "nl"
            case Utterance(stage=Stage.FINAL, id=run):
                heard = message.language
                language = next((one for one in LANGUAGES if one == heard), self._language)
                self._said[run] = (language, message.text)
                self._speakers[run] = message.speaker
                while len(self._said) > _REMEMBERED:
                    self._speakers.pop(self._said.popitem(last=False)[0], None)
            case SpeakerKnown(id=run, speaker=speaker) if run in self._said:
                self._speakers[run] = speaker
            case _:
                pass

    def candidates(self) -> tuple[str, ...]:
        """Sentences that may be the plan, each once: the latest promises, then the latest own ideas.

        Promises and ideas are found by the rules alone, which hear more than the rules with the
        classifier: whoever was there soon sees what is too much. A sentence that names a time counts
        as a promise too where it tells of an own action (the ticks of `goal.smart`), or stands beside
        a promise: a plan often goes on for a sentence or two.
        """
        found = [one for run in self._said for one in self._of_run(run)]
        promised = _once(sentence for kind, sentence in found if kind is Kind.COMMITMENT)[-MOST:]
        ideas = _once(sentence for kind, sentence in found if sentence not in promised)
        return (*promised, *ideas[max(0, len(ideas) + len(promised) - MOST) :])

    def _of_run(self, run: int) -> Iterator[tuple[Kind, str]]:
        """The sentences of one utterance that may be offered, each with what it is."""
        if self._speakers[run] is not Speaker.COACHEE:
            return
        language, text = self._said[run]
        sentences = list(_sentences(text.split()))
        kinds = {sentence: _kind(sentence, language) for sentence in sentences}
        promises = Kind.COMMITMENT in kinds.values()
        for sentence in sentences:
            kind, goal = kinds[sentence], smart(sentence, language)
            if kind is None and goal.time_bound and (promises or goal.attainable):
                kind = Kind.COMMITMENT
            if kind is not None:
                yield kind, sentence


@cache
def _finder(language: Language) -> ActFinder:
    return ActFinder(language, classifier=None)


def _kind(sentence: str, language: Language) -> Kind | None:
    """Whether a sentence of the coachee promises something, or else has an idea."""
    acts = _finder(language).read(Speaker.COACHEE, sentence.split(), Context())
    kinds = {act.kind for act in acts}
    return next((kind for kind in (Kind.COMMITMENT, Kind.OWN_IDEA) if kind in kinds), None)


def _once(sentences: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))


def _sentences(words: list[str]) -> Iterator[str]:
    """The sentences, or of a longer one LONGEST words at a time."""
    start = 0
    for at, word in enumerate(words, start=1):
        if at == len(words) or at - start == LONGEST or _SENTENCE_ENDS.search(word):
            yield " ".join(words[start:at])
            start = at
