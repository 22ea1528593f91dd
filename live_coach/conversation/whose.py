"""Whose each run of speech is: what the ear says, until the manager says that it was wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from live_coach.conversation.sequence import Heard
from live_coach.flow.messages import (
    Speaker,
    SpeakerKnown,
    SpeakersSwapped,
    SpeechStarted,
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
    was_speech: bool = True


class Whose:
    """Gives every message of the ear and the scribe the speaker that holds now.

    A swap goes back over the runs that began since, and forward over runs whose channel says who
    speaks, until the next swap. A run that begins as UNKNOWN (one microphone) is told by its voice
    afterwards as before: there one stretch was wrong, not two cables.
    """

    def __init__(self) -> None:
        self._runs: dict[int, _Run] = {}
        self._swapped = False

    def corrected(self, item: _H) -> _H:
        """The message with the right speaker; each message once, in the order of its stream."""
        if isinstance(item, Tick):
            return item
        if isinstance(item, SpeechStarted | SpeakerKnown):
            began = isinstance(item, SpeechStarted)
            speaker = OTHER[item.speaker] if began and self._swapped else item.speaker
            self._runs[item.id] = _Run(item.at, speaker, item.confidence)
        return self.as_of_now(item)

    def as_of_now(self, item: _H) -> _H:
        """A message that was corrected before, with the speaker that its run has by now.

        A run that began as UNKNOWN still begins so.
        """
        if isinstance(item, Tick) or item.speaker is Speaker.UNKNOWN or item.id not in self._runs:
            return item
        return replace(item, speaker=self._runs[item.id].speaker)

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
            run.speaker = OTHER[run.speaker]
        return [
            SpeakerKnown(id, run.at, run.speaker, wish.at, run.confidence)
            for id, run in wrong  # noqa: A001
            if run.was_speech
        ]
