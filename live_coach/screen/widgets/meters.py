"""How loud microphone and call are before a conversation, one row for each."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content
from textual.widgets import Static

from live_coach.audio.remembered import Chosen
from live_coach.flow.messages import Channel, Health, HealthState, Levels
from live_coach.screen.card_words import CardWords
from live_coach.screen.state import fallen
from live_coach.screen.widgets.rows import cut
from live_coach.screen.widgets.status import TROUBLE, meter

STEPS = tuple(range(-55, -5, 5))
"""Peak dBFS at which a meter gains a box: a quiet room shows none, a headset eight or nine of ten."""
LABEL = 18
"""Cells of a label; the same as of the fields of the card."""


class Meters(Static):
    """A meter and the name of the device for each side, or what is wrong with it instead."""

    def __init__(self, words: CardWords, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self._words = words
        self._names: Mapping[Channel, str] = {}
        self._levels: Mapping[Channel, float] = {}
        self._at = 0
        self._troubles: dict[str, str] = {}
        self._failure = ""
        self._shown = ""

    def take(self, told: Chosen | Levels | Health | str) -> None:
        """News of the devices; a sentence says why they cannot be heard."""
        match told:
            case Chosen():
                self._names = _names(told)
            case Levels():
                self._levels = fallen(self._levels, told, told.at - self._at)
                self._at = told.at
            case Health(stream=stream, state=HealthState.OK | HealthState.RESTARTED):
                self._troubles.pop(stream, None)
            case Health():
                self._troubles[told.stream] = told.sentence
            case str():
                self._failure = told
        self.show()

    def on_resize(self) -> None:
        """Names are cut to the width."""
        self.show()

    def show(self) -> None:
        """Repaint where something has changed."""
        rows = "\n".join(self._rows(self.content_size.width))
        if rows != self._shown:
            self._shown = rows
            self.update(Content(rows))

    def _rows(self, width: int) -> list[str]:
        if self._failure:
            return [f"{TROUBLE} {self._failure}"]
        return [self._row(channel, name, width) for channel, name in self._names.items()]

    def _row(self, channel: Channel, name: str, width: int) -> str:
        stream = "call" if channel is Channel.COACHEE else "mic"
        label = {"mic": self._words.mic, "call": self._words.call}[stream].ljust(LABEL)
        if stream in self._troubles:
            return cut(f"{label}{TROUBLE} {self._troubles[stream]}", width)
        return cut(f"{label}{meter(self._levels.get(channel, -120.0), STEPS)}  {name}", width)


def _names(chosen: Chosen) -> Mapping[Channel, str]:
    if chosen.call is None:
        return {Channel.ROOM: chosen.mic.description}
    return {
        Channel.MANAGER: chosen.mic.description,
        Channel.COACHEE: chosen.call.description,
    }
