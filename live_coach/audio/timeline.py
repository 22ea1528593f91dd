"""One channel's sound laid on the conversation's time: no holes, no overlaps, whatever the device does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from live_coach.flow.messages import RATE, AudioFrame, Channel, Samples, Span

_LONGEST_LOST = RATE // 10
"""Lost time is told in frames of at most this length, so that readers can go on with other channels."""


class Timeline:
    """Writes frames from sample 0 on; `position` is the first sample not written yet."""

    def __init__(self, channel: Channel, emit: Callable[[AudioFrame], None]) -> None:
        self.position = 0
        self.lost = 0
        self._channel = channel
        self._emit = emit
        self._skip = 0

    def join(self, at: int) -> None:
        """The next sound begins at `at`: time up to there is lost; what lies before `position` is skipped."""
        self.lose_until(at)
        self._skip = self.position - at

    def append(self, samples: Samples, captured_ns: int = 0) -> None:
        """Sound that follows directly on what came last."""
        skipped = min(self._skip, len(samples))
        self._skip -= skipped
        rest = np.ascontiguousarray(samples[skipped:], np.float32)
        if not len(rest):
            return
        rest.flags.writeable = False
        span = Span(self.position, self.position + len(rest))
        self.position = span.end
        self._emit(AudioFrame(self._channel, span, rest, captured_ns=captured_ns))

    def lose_until(self, at: int) -> None:
        """Time up to `at` passed without sound."""
        for frame in lost_frames(self._channel, self.position, at):
            self.position = frame.span.end
            self.lost += frame.lost
            self._emit(frame)


def lost_frames(channel: Channel, start: int, end: int) -> Iterator[AudioFrame]:
    """Frames of lost sound from `start` to `end`; none if that is not ahead."""
    while start < end:
        span = Span(start, min(end, start + _LONGEST_LOST))
        zeros = np.zeros(span.length, np.float32)
        zeros.flags.writeable = False
        yield AudioFrame(channel, span, zeros, lost=span.length)
        start = span.end
