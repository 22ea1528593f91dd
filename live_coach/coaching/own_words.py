"""The coachee's own plan, in the coachee's words: what may be asked of the manager after the talk."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator

from live_coach.coaching.goal import smart
from live_coach.coaching.markers import LANGUAGES, Language
from live_coach.flow.messages import (
    Kind,
    Message,
    SessionStarted,
    Speaker,
    SpeakersSwapped,
    SpeechAct,
    Stage,
    Utterance,
)

MOST = 20
"""So many sentences are offered at most, the latest: a longer list nobody reads."""

LONGEST = 40
"""Words of one sentence; a recogniser may leave out every full stop."""

_REMEMBERED = 200
"""So many of the latest utterances wait for their acts, which may come again when speakers were swapped."""

_SENTENCE_ENDS = re.compile(r"[.?!…]+[\"'”’)]*$")
_OFFERED = (Kind.COMMITMENT, Kind.OWN_IDEA)


class OwnWords:
    """Reads a conversation's messages and remembers, in memory alone, what the coachee meant to do.

    Nothing of it is logged or kept: `candidates` is for the one question to the manager afterwards.
    """

    def __init__(self) -> None:
        self._language: Language = "en"
        self._utterances: OrderedDict[int, Utterance] = OrderedDict()
        self._found: list[tuple[SpeechAct, Utterance]] = []

    def receive(self, message: Message, emitted: int) -> None:
        """Take note of a message; never fails, never waits."""
        del emitted
        match message:
            case SessionStarted(language="nl"):
                self._language = "nl"
            case Utterance(stage=Stage.FINAL, id=run):
                self._utterances[run] = message
                while len(self._utterances) > _REMEMBERED:
                    self._utterances.popitem(last=False)
            case SpeechAct(speaker=Speaker.COACHEE, utterance=run) if message.kind in _OFFERED:
                if run in self._utterances:
                    self._found.append((message, self._utterances[run]))
            case SpeakersSwapped(since=since):
                self._found = [one for one in self._found if one[0].span.start <= since]
            case _:
                pass

    def candidates(self) -> tuple[str, ...]:
        """Sentences that may be the plan, each once: the latest promises, then the latest own ideas.

        Beside the sentence that was recognised, those of the same breath count that name a time: a
        plan often goes on for a sentence or two.
        """
        promised = self._said(Kind.COMMITMENT)[-MOST:]
        ideas = [one for one in self._said(Kind.OWN_IDEA) if one not in promised]
        return (*promised, *ideas[max(0, len(ideas) + len(promised) - MOST) :])

    def _said(self, kind: Kind) -> tuple[str, ...]:
        of_kind = (one for one in self._found if one[0].kind is kind)
        sentences = (
            sentence
            for act, utterance in of_kind
            for sentence in _sentences(act, utterance, self._language)
        )
        return tuple(dict.fromkeys(sentences))


def _sentences(act: SpeechAct, utterance: Utterance, otherwise: Language) -> Iterator[str]:
    """The sentences of an utterance that may be offered."""
    language = next((one for one in LANGUAGES if one == utterance.language), otherwise)
    words = [word.text.strip() for word in utterance.words] or utterance.text.split()
    first, last = act.words
    for start, end in _spans(words):
        sentence = " ".join(words[start:end])
        if (start < last and first < end) or smart(sentence, language).time_bound:
            yield sentence


def _spans(words: list[str]) -> list[tuple[int, int]]:
    """Half-open ranges of words, each a sentence or, of a longer one, LONGEST words of it."""
    spans, start = [], 0
    for at, word in enumerate(words, start=1):
        if at == len(words) or at - start == LONGEST or _SENTENCE_ENDS.search(word):
            spans.append((start, at))
            start = at
    return spans
