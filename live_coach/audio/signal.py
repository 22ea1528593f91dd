"""What the sound of a stream tells of its health: muted, too faint to be heard, clipped."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from live_coach.flow.messages import HealthState, Samples

BLOCK_S = 0.1
FAINT_DBFS = -68.0
"""Nobody is heard below this RMS level of a block. Measured on recorded calls and meetings, made
fainter and stored as 16 bits: Silero still finds 75–92 % of speech whose loud blocks (95th
percentile) lie at -65 dBFS, 0–74 % at -70, nothing at -75."""
HEARD_DBFS = -62.0
"""Somebody who was too faint is heard again from here on: 6 dB above, so that it never flickers."""
_HEARD_BLOCKS = 3
"""Blocks in a row: a syllable is longer than this in sum with its neighbours, a knock is not."""
_ONCE_HEARD = 4
"""Who was heard before may be silent this many times longer: people listen for minutes."""
_FULL_SCALE = 32_766 / 32_768
_CLIPPED_RUN = 3
"""Samples in a row at full scale: a sine that just reaches it has two at the most."""
_GAP_S, _GAPS, _NO_GAP_S = 0.1, 3, 20.0
"""A noise gate is at work where exact zeros of at least this length ended so often, with never so long
without any: nobody speaks for that long without a pause, and a muted microphone has no pauses before."""
_WINDOW = round(10 / BLOCK_S)
_CLIPPING_BLOCKS, _CLEAR_BLOCKS = 20, 2
"""Clipped blocks in ten seconds. Measured on the same recordings: none as they are, at most 4 to 56
when 6 dB too loud, 41 to 74 at 12 dB, where more than a quarter of all speech is cut."""
_SPEECH_OVER_FLOOR_DB = 10.0
_FLOOR_PERCENTILE = 10
"""Speech stands out this much over the quietest tenth of the last ten seconds."""
_NOTHING_DBFS = -120.0


class Signal:
    """Judges one stream since it was opened. `rate` is that of its samples, which are its time.

    `muted_after_s` of exact zeros are a muted microphone (None: silence like that is normal, as on a
    call), unless a noise gate is at work, which gives zeros whenever nobody speaks. It is not heard when it stayed too faint for `unheard_after_s`, or four times as long
    once it was heard: of all time, or, where take() is told how long the other side has spoken, of the
    other side's speech.
    """

    def __init__(self, rate: int, *, muted_after_s: float | None, unheard_after_s: float) -> None:
        self._rate = rate
        self._muted_after_s = math.inf if muted_after_s is None else muted_after_s
        self._unheard_after_s = unheard_after_s
        self._block = round(BLOCK_S * rate)
        self._waiting: Samples = np.zeros(0, np.float32)
        self._zeros = 0
        self._gaps = 0
        self._since_gap = 0
        self._levels: deque[float] = deque(maxlen=_WINDOW)
        self._clipped: deque[bool] = deque(maxlen=_WINDOW)
        self._others: float | None = None
        self._unheard_s = 0.0
        self._in_a_row = 0
        self.was_heard = False
        """Whether anything but the faintest sound ever came."""
        self._is_unheard = False
        self._is_clipping = False
        self.spoken_s = 0.0
        """How long somebody seems to have spoken on this stream."""

    @property
    def is_dead(self) -> bool:
        """Whether nothing but exact zeros has come for so long that it may be muted."""
        return self._zeros >= self._muted_after_s * self._rate

    @property
    def is_gated(self) -> bool:
        """Whether zeros say nothing: a headset that closes its microphone between words."""
        return self._gaps >= _GAPS

    @property
    def state(self) -> HealthState:
        """MUTED, NOT_HEARD, CLIPPING or OK: the first that holds."""
        if self.is_dead and not self.is_gated:
            return HealthState.MUTED
        if self._is_unheard:
            return HealthState.NOT_HEARD
        return HealthState.CLIPPING if self._is_clipping else HealthState.OK

    def take(self, samples: Samples, others_spoken_s: float | None = None) -> None:
        """The next samples of the stream, in [-1, 1], and how long the other side has spoken so far."""
        self._follow_zeros(samples)
        waiting = np.concatenate((self._waiting, samples))
        while len(waiting) >= self._block:
            self._judge(waiting[: self._block], others_spoken_s)
            waiting = waiting[self._block :]
        self._waiting = waiting

    def _follow_zeros(self, samples: Samples) -> None:
        if not samples.any():
            self._zeros += len(samples)
            return
        self._since_gap += len(samples)
        if self._zeros >= _GAP_S * self._rate:
            self._gaps, self._since_gap = self._gaps + 1, 0
        elif self._since_gap >= _NO_GAP_S * self._rate:
            self._gaps = 0
        self._zeros = 0

    def _judge(self, block: Samples, others_spoken_s: float | None) -> None:
        level = _level(block)
        self._levels.append(level)
        self._clipped.append(_is_clipped(block))
        floor = float(np.percentile(self._levels, _FLOOR_PERCENTILE))
        if level >= max(HEARD_DBFS, floor + _SPEECH_OVER_FLOOR_DB):
            self.spoken_s += BLOCK_S
        self._judge_clipping()
        self._judge_hearing(level, self._passed(others_spoken_s))

    def _passed(self, others_spoken_s: float | None) -> float:
        """Seconds that count for silence since the block before."""
        if others_spoken_s is None:
            return BLOCK_S
        before, self._others = self._others, others_spoken_s
        return 0.0 if before is None else max(0.0, others_spoken_s - before)

    def _judge_hearing(self, level: float, passed_s: float) -> None:
        needed = HEARD_DBFS if self._is_unheard else FAINT_DBFS
        self._in_a_row = self._in_a_row + 1 if level >= needed else 0
        if self._in_a_row >= _HEARD_BLOCKS:
            self.was_heard, self._is_unheard, self._unheard_s = True, False, 0.0
            return
        self._unheard_s += passed_s
        patience = self._unheard_after_s * (_ONCE_HEARD if self.was_heard else 1)
        self._is_unheard = self._is_unheard or self._unheard_s >= patience

    def _judge_clipping(self) -> None:
        least = _CLEAR_BLOCKS + 1 if self._is_clipping else _CLIPPING_BLOCKS
        self._is_clipping = sum(self._clipped) >= least


def _level(block: Samples) -> float:
    """The RMS level in dBFS: 0 is a square wave at full scale."""
    power = float(np.mean(np.square(block)))
    return 10 * math.log10(power) if power > 10 ** (_NOTHING_DBFS / 10) else _NOTHING_DBFS


def _is_clipped(block: Samples) -> bool:
    full = np.abs(block) >= _FULL_SCALE
    in_a_row = np.lib.stride_tricks.sliding_window_view(full, _CLIPPED_RUN)
    return bool(in_a_row.all(axis=1).any())
