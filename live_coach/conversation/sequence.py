"""Puts text back where it was spoken, so that arrival times never change what is concluded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import cast

from live_coach.flow.messages import (
    SpeakerKnown,
    SpeakersLearnt,
    SpeechEnded,
    SpeechStarted,
    Stage,
    Tick,
    Utterance,
)

Voice = SpeechStarted | SpeakerKnown | SpeakersLearnt | SpeechEnded | Tick
Heard = Voice | Utterance


class Sequencer:
    """Restores the order in which a reader without delay would get voice and text.

    What follows SpeechEnded(id) is held until the text of `id` (FINAL or UNTRANSCRIBED) has come;
    then the end, its text, and all that followed are released. Voice messages keep their own order.
    PARTIAL texts pass at once, out of order. A FINAL for a run that was released UNTRANSCRIBED
    passes as a correction when it comes. `read_to` is how far the released voice messages go.
    """

    def __init__(self) -> None:
        self.read_to = 0
        self._held: deque[Voice] = deque()
        self._texts: dict[int, list[Utterance]] = {}
        self._released: set[int] = set()

    def process(self, item: Heard) -> Iterator[Heard]:
        """Take one message of either stream; give what can be released now, in order."""
        if isinstance(item, Utterance):
            if item.stage is Stage.PARTIAL or item.id in self._released:
                yield item
                return
            self._texts.setdefault(item.id, []).append(item)
        else:
            self._held.append(item)
        yield from self._release(final=False)

    def flush(self) -> Iterator[Heard]:
        """No more will come: release everything, with or without its text."""
        yield from self._release(final=True)

    @property
    def held(self) -> list[Voice]:
        """Voice messages that wait for a text, in order."""
        return list(self._held)

    def relabel(self, correct: Callable[[Heard], Heard]) -> None:
        """Put what `correct` makes of each message that waits in its place."""
        for n, item in enumerate(self._held):
            self._held[n] = cast("Voice", correct(item))
        for texts in self._texts.values():
            texts[:] = [cast("Utterance", correct(text)) for text in texts]

    def _release(self, *, final: bool) -> Iterator[Heard]:
        while self._held:
            item = self._held[0]
            waits = isinstance(item, SpeechEnded) and item.id not in self._texts
            if waits and not final:
                return
            self._held.popleft()
            self.read_to = max(self.read_to, item.heard_to)
            yield item
            if isinstance(item, SpeechEnded):
                self._released.add(item.id)
                yield from self._texts.pop(item.id, ())
