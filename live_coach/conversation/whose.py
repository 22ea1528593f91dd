"""Whose each run of speech is: what the ear says and learns, until the manager says that it was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from live_coach.conversation.sequence import Heard
from live_coach.flow.messages import (
    Speaker,
    SpeakerKnown,
    SpeakersLearnt,
    SpeakersSwapped,
    SpeechEnded,
    SpeechStarted,
    Stage,
    Tick,
    Utterance,
)

_H = TypeVar("_H", bound=Heard)

OTHER = {
    Speaker.MANAGER: Speaker.COACHEE,
    Speaker.COACHEE: Speaker.MANAGER,
    Speaker.UNKNOWN: Speaker.UNKNOWN,
}


@dataclass(slots=True)
class _Run:
    at: int
    speaker: Speaker
    confidence: float
    said: bool = False
    was_speech: bool = True


class Whose:
    """Gives every message of the ear and the scribe the speaker that holds now.

    A swap goes back over the runs that began since, and forward over runs whose channel says who
    speaks, until the next swap. A run that begins as UNKNOWN (one microphone) is told by its voice
    afterwards as before: there one stretch was wrong, not two cables. What the ear learns later
    counts for runs of which the manager has said nothing.
    """

    def __init__(self) -> None:
        self._runs: dict[int, _Run] = {}
        self._swapped = False

    def corrected(self, item: _H) -> _H:
        """The message with the right speaker; each message once, in the order of its stream."""
        if isinstance(item, Tick | SpeakersLearnt):
            return item
        if isinstance(item, SpeechStarted | SpeakerKnown):
            began = isinstance(item, SpeechStarted)
            speaker = OTHER[item.speaker] if began and self._swapped else item.speaker
            self._runs[item.id] = _Run(item.at, speaker, item.confidence)
        elif (
            isinstance(item, Utterance)
            and item.speaker is Speaker.UNKNOWN
            and item.id in self._runs
        ):
            self._runs[item.id].was_speech = item.stage is not Stage.FINAL or bool(item.text)
        return self.as_of_now(item)

    def as_of_now(self, item: _H) -> _H:
        """A message that was corrected before, with the speaker that its run has by now.

        A run that began as UNKNOWN still begins so.
        """
        if isinstance(item, Tick | SpeakersLearnt) or item.id not in self._runs:
            return item
        began_open = isinstance(item, SpeechStarted) and item.speaker is Speaker.UNKNOWN
        run = self._runs[item.id]
        if began_open or item.speaker is run.speaker:
            return item
        if isinstance(item, SpeechEnded):
            return replace(item, speaker=run.speaker)
        return replace(item, speaker=run.speaker, confidence=run.confidence)

    def again(self, items: Iterable[Heard]) -> Iterator[Heard]:
        """Messages that were corrected before, as of now: a run that ended as UNKNOWN and is somebody's by
        now becomes so just before its end."""
        for item in items:
            now = self.as_of_now(item)
            if isinstance(item, SpeechEnded) and item.speaker is Speaker.UNKNOWN and now != item:
                run = self._runs[item.id]
                yield SpeakerKnown(item.id, run.at, run.speaker, item.heard_to, run.confidence)
            yield now

    def learn(self, learnt: SpeakersLearnt) -> SpeakersLearnt:
        """The ear knows whose these runs were: the same without those of which the manager has said it, and
        those in which there are no words."""
        runs = ((one, self._runs[one.id]) for one in learnt.runs)
        known = tuple(one for one, run in runs if run.was_speech and not run.said)
        for one in known:
            self._runs[one.id] = _Run(one.at, one.speaker, one.confidence)
        return replace(learnt, runs=known)

    def nobodys(self, text: Utterance, heard_to: int) -> SpeakerKnown:
        """The run of this text was no speech of anybody, and stays so."""
        run = self._runs.setdefault(text.id, _Run(text.span.start, text.speaker, text.confidence))
        run.was_speech = False
        return SpeakerKnown(text.id, run.at, Speaker.UNKNOWN, heard_to, run.confidence)

    def swap(self, wish: SpeakersSwapped) -> list[SpeakerKnown]:
        """What was told of a person since then was the other's: those runs with their speakers."""
        self._swapped = not self._swapped
        wrong = [
            (id, run)
            for id, run in self._runs.items()  # noqa: A001
            if run.at >= wish.since and run.speaker is not Speaker.UNKNOWN
        ]
        for _, run in wrong:
            run.speaker, run.said = OTHER[run.speaker], True
        return [
            SpeakerKnown(id, run.at, run.speaker, wish.at, run.confidence)
            for id, run in wrong  # noqa: A001
            if run.was_speech
        ]
