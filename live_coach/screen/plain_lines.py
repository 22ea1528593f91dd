"""The conversation as plain lines, for a terminal without a screen: what was said, and the nudges."""

from __future__ import annotations

from typing import TextIO

from live_coach.flow.messages import (
    RATE,
    Health,
    HealthState,
    Message,
    Nudge,
    Speaker,
    Stage,
    Utterance,
)

_NAMES = {
    "en": {Speaker.MANAGER: "manager", Speaker.COACHEE: "coachee", Speaker.UNKNOWN: "somebody"},
    "nl": {Speaker.MANAGER: "manager", Speaker.COACHEE: "coachee", Speaker.UNKNOWN: "iemand"},
}
_MISSING = {"en": "(no text)", "nl": "(geen tekst)"}


class PlainLines:
    """Writes one line per final utterance, nudge and trouble. `language` is that of the labels."""

    def __init__(self, output: TextIO, language: str) -> None:
        self._output = output
        self._language = language

    def receive(self, message: Message, emitted: int) -> None:
        """Write the message if a person would want to read it."""
        match message:
            case Utterance(stage=Stage.FINAL, text=text) if text:
                self._say(message.span.start, self._name(message.speaker), text)
            case Utterance(stage=Stage.UNTRANSCRIBED):
                self._say(message.span.start, self._name(message.speaker), _MISSING[self._language])
            case Nudge():
                self._say(emitted, "»", message.text)
                if message.detail:
                    self._output.write(f"{'':18}“{message.detail}”\n")
            case Health(state=state) if state is not HealthState.OK:
                self._say(message.at, "!", message.sentence)
            case _:
                return
        self._output.flush()

    def _name(self, speaker: Speaker) -> str:
        return _NAMES[self._language][speaker]

    def _say(self, at: int, who: str, what: str) -> None:
        minutes, seconds = divmod(at // RATE, 60)
        self._output.write(f"{minutes:3}:{seconds:02}  {who:>8}  {what}\n")
