"""Ties a device's own sample count to the monotonic clock.

Every block says when it was captured. Lateness varies, earliness does not: the lowest of
`captured time - frames so far / rate` is when frame 0 was captured. A crystal that runs fast or slow
moves that floor slowly; sound that was lost lifts it at once.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

_FLOOR_S = 10.0
"""The floor is looked for in so many seconds: 32 ppm of drift is 0.3 ms in them."""
_RECENT_S = 0.5
_GAP_S = 0.1
"""So much sound must be missing to be called a gap; less is drift or jitter."""
_DRIFT_S = 0.001
_FAR_S = 0.02
"""Up to here one frame per block is enough (0.3 % at 20 ms, not to be heard); beyond, more are taken."""
_FASTEST_PACE = 1.2
"""Blocks that come faster than this are a backlog being worked off: nothing is known yet."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What to do before the next block: `lost` frames are missing, or it is to grow by `stretch` frames."""

    lost: int = 0
    stretch: int = 0


_NONE = Correction()


class Anchor:
    """The floor of one run of one device, begun with its first blocks.

    `origin_s` is the monotonic time of frame 0 as it is being used; corrections move it.
    """

    def __init__(self, rate: int, first: list[tuple[float, int]]) -> None:
        """`first` are (captured, frames up to and with the block) of at least one block; seconds."""
        self._rate = rate
        self._recent: deque[tuple[float, int, float]] = deque()
        self._floor: deque[tuple[float, float]] = deque()
        self._since_s = first[0][0]
        for captured_s, frames in first:
            self._remember(captured_s, frames)
        self.origin_s = self._floor[0][1]

    def observe(self, captured_s: float, frames: int) -> Correction:
        """Take one more block's time and frame count."""
        self._remember(captured_s, frames)
        missing = self._missing()
        if missing > _GAP_S:
            lost = round(missing * self._rate)
            self.origin_s += lost / self._rate
            self._recent.clear()
            self._floor.clear()
            self._since_s = captured_s
            self._remember(captured_s, frames)
            return Correction(lost=lost)
        drift = self._floor[0][1] - self.origin_s
        settled = captured_s - self._since_s >= _RECENT_S
        if abs(drift) < _DRIFT_S or drift > _GAP_S or not settled:
            return _NONE
        step = 1 if abs(drift) < _FAR_S else round(abs(drift) / _DRIFT_S / 5)
        stretch = step if drift > 0 else -step
        self.origin_s += stretch / self._rate
        return Correction(stretch=stretch)

    def _remember(self, captured_s: float, frames: int) -> None:
        origin = captured_s - frames / self._rate
        self._recent.append((captured_s, frames, origin))
        while self._recent[0][0] < captured_s - _RECENT_S:
            self._recent.popleft()
        # Only what is lower than all that came after it can still become the floor.
        while self._floor and self._floor[-1][1] >= origin:
            self._floor.pop()
        self._floor.append((captured_s, origin))
        while self._floor[0][0] < captured_s - _FLOOR_S:
            self._floor.popleft()

    def _missing(self) -> float:
        """Seconds that every recent block came too late, once they come at the device's own pace."""
        begun, first_frames, _ = self._recent[0]
        now, frames, _ = self._recent[-1]
        if now - begun < 0.8 * _RECENT_S:
            return 0.0
        if (frames - first_frames) / self._rate > _FASTEST_PACE * (now - begun):
            return 0.0
        return min(origin for _, _, origin in self._recent) - self.origin_s
