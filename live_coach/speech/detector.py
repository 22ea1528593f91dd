"""What a voice detector is."""

from __future__ import annotations

from typing import Protocol

from live_coach.flow.messages import Samples

HOP = 512
"""Samples that a detector judges at once: 32 ms, what Silero was trained on."""


class VoiceDetector(Protocol):
    """Says of each hop of one channel how likely somebody speaks in it. It remembers the hops before."""

    def probability(self, hop: Samples) -> float:
        """0 to 1, for the next HOP samples of the channel."""
        ...
