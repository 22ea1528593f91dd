"""A written conversation as the messages that the ear and the scribe would send.

For labelling with nudges and for tests: turns with times become speech, ticks and final text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from live_coach.conversation.sequence import Heard
from live_coach.flow.messages import (
    Span,
    Speaker,
    SpeechEnded,
    SpeechStarted,
    Stage,
    Tick,
    Utterance,
    to_samples,
)

_TICK = 1536
"""Three hops of the ear: 96 ms."""
_ONSET = to_samples(0.064)
_ENDPOINT = to_samples(0.384)
_LAST_SILENCE = to_samples(1.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of a script, with its times in samples."""

    speaker: Speaker
    text: str
    start: int
    end: int


def messages(lines: Iterable[Line], language: str = "") -> Iterator[Heard]:
    """What a perfect ear and a perfect, instant scribe would send for this script.

    Onsets are known 64 ms and ends 384 ms late, as with the shipped speech settings. Turns of one
    speaker that touch or overlap are moved apart.
    """
    events: list[tuple[int, int, Heard]] = []
    free: dict[Speaker, int] = {}
    for number, line in enumerate(lines, start=1):
        start = max(line.start, free.get(line.speaker, 0))
        end = max(line.end, start + 1)
        free[line.speaker] = end
        known, ended = start + _ONSET, max(end + _ENDPOINT, start + _ONSET + 1)
        text = Utterance(
            number,
            Span(start, end),
            line.speaker,
            Stage.FINAL,
            line.text,
            language=language,
        )
        events.append((known, number, SpeechStarted(number, start, line.speaker, known)))
        events.append((ended, number, SpeechEnded(number, end, line.speaker, ended)))
        events.append((ended, number, text))
    events.sort(key=lambda event: event[:2])
    clock = 0
    for at, _, message in events:
        while clock + _TICK <= at:
            clock += _TICK
            yield Tick(clock)
        yield message
    last = clock + _LAST_SILENCE if events else 0
    while clock < last:
        clock += _TICK
        yield Tick(clock)
