"""For how long the manager has had much of the talk."""

from __future__ import annotations

from dataclasses import dataclass

from live_coach.coaching.config import ShareConfig
from live_coach.coaching.history import Unchanging
from live_coach.conversation.talk_share import WINDOW
from live_coach.flow.messages import to_samples


@dataclass(frozen=True, slots=True)
class HighShare(Unchanging):
    """The manager's part of the last five minutes and its thresholds (`[share]` in config/nudges.toml); times
    in samples.

    A stretch begins above `soft` and lasts until the part falls below `leave`, so that one that wobbles about a
    threshold is one stretch. Nothing is high before five minutes are there, less the time that it must last:
    whoever speaks first has all of the talk for a while.
    """

    stretch: int | None = None
    """When the present stretch began."""
    high: int | None = None
    """Since when the part has been above `soft` without a break."""
    firm: int | None = None
    """Since when it has been above `firm`."""
    was_firm: bool = False
    """It has been above `firm` for long enough in this stretch."""

    def after(self, share: float | None, now: int, rule: ShareConfig) -> HighShare:
        """With the part as it is at `now`."""
        lasting = to_samples(rule.sustain_s)
        if share is None or share < rule.leave or now < WINDOW - lasting:
            return HighShare()
        high = _since(self.high, now) if share > rule.soft else None
        firm = _since(self.firm, now) if share > rule.firm else None
        return HighShare(
            stretch=high if self.stretch is None else self.stretch,
            high=high,
            firm=firm,
            was_firm=self.was_firm or (firm is not None and now - firm >= lasting),
        )


def _since(before: int | None, now: int) -> int:
    return now if before is None else before
