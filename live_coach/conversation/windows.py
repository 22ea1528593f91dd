"""What happened lately: sums over a window that slides with the conversation."""

from __future__ import annotations

from collections import deque

from live_coach.flow.messages import Span


class RecentSpans:
    """Spans of one speaker in order, and how much of them lies in the last `width` samples.

    Spans older than the window are forgotten as it slides.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self._spans: deque[Span] = deque()
        self._total = 0

    def add(self, span: Span) -> None:
        """Append a span that does not start before the last one."""
        self._spans.append(span)
        self._total += span.length

    def remove(self, span: Span) -> None:
        """Take back a span that was added, unless it is forgotten already."""
        if span in self._spans:
            self._spans.remove(span)
            self._total -= span.length

    def total(self, now: int) -> int:
        """Samples within [now - width, now]; `now` never goes back."""
        begin = now - self.width
        while self._spans and self._spans[0].end <= begin:
            self._total -= self._spans.popleft().length
        cut = max(0, begin - self._spans[0].start) if self._spans else 0
        return self._total - cut
