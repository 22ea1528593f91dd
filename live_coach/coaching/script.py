"""A written conversation as the messages that the ear and the scribe would send.

For labelling with nudges and for tests: turns with times become speech, ticks and final text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

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


def messages(lines: Iterable[Line], language: str = "", *, tick: int = _TICK) -> Iterator[Heard]:
    """What a perfect ear and a perfect, instant scribe would send for this script, with a Tick every
    `tick` samples.

    Onsets are known 64 ms and ends 384 ms late, as with the shipped speech settings; an end is known
    no later than the next onset of the same speaker. Turns of one speaker that overlap are moved
    apart.
    """
    events: list[tuple[int, int, Heard]] = []
    open_ends: dict[Speaker, int] = {}
    placed = sorted(_apart(lines), key=lambda line: line.start)
    for number in range(len(placed), 0, -1):
        line = placed[number - 1]
        known = line.start + _ONSET
        ended = max(
            known + 1, min(line.end + _ENDPOINT, open_ends.get(line.speaker, line.end + _ENDPOINT))
        )
        open_ends[line.speaker] = known
        text = Utterance(
            number,
            Span(line.start, line.end),
            line.speaker,
            Stage.FINAL,
            line.text,
            language=language,
        )
        events.append((known, 3 * number, SpeechStarted(number, line.start, line.speaker, known)))
        events.append((ended, 3 * number + 1, SpeechEnded(number, line.end, line.speaker, ended)))
        events.append((ended, 3 * number + 2, text))
    events.sort(key=lambda event: event[:2])
    clock = 0
    for at, _, message in events:
        while clock + tick <= at:
            clock += tick
            yield Tick(clock)
        yield message
    last = clock + _LAST_SILENCE if events else 0
    while clock < last:
        clock += tick
        yield Tick(clock)


def _apart(lines: Iterable[Line]) -> Iterator[Line]:
    free: dict[Speaker, int] = {}
    for line in lines:
        start = max(line.start, free.get(line.speaker, 0))
        end = max(line.end, start + 2 * _ONSET)
        free[line.speaker] = end
        yield replace(line, start=start, end=end)
