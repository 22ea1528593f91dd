"""How loud the two people are in one microphone: a helper where their voices leave it open."""

from __future__ import annotations

import math

import numpy as np

from live_coach.flow.messages import Samples, Speaker

_FORGETS = 0.2
"""How much the latest run counts in the average."""
_FEWEST = 2
"""Runs of each person that must have been heard."""
_APART_DB = 4.0
"""Between two averages that are nearer to each other, level says nothing."""
SILENCE_DBFS = -100.0
"""What level() gives for digital silence, and no less for anything else."""


def level(samples: Samples) -> float:
    """The level of speech in dBFS."""
    power = float(np.mean(np.square(samples))) if len(samples) else 0.0
    return max(SILENCE_DBFS, 10 * math.log10(power)) if power else SILENCE_DBFS


class Levels:
    """The average levels of manager and coachee, learnt from runs that were known by voice."""

    def __init__(self) -> None:
        self._average: dict[Speaker, float] = {}
        self._runs = dict.fromkeys((Speaker.MANAGER, Speaker.COACHEE), 0)

    def add(self, speaker: Speaker, dbfs: float) -> None:
        """A run of this person was so loud."""
        before = self._average.get(speaker, dbfs)
        self._average[speaker] = before + _FORGETS * (dbfs - before)
        self._runs[speaker] += 1

    def nearest(self, dbfs: float) -> Speaker | None:
        """Who speaks at this level; None where that is not clear."""
        if min(self._runs.values()) < _FEWEST:
            return None
        manager, coachee = self._average[Speaker.MANAGER], self._average[Speaker.COACHEE]
        apart = abs(manager - coachee)
        from_middle = dbfs - (manager + coachee) / 2
        if apart < _APART_DB or abs(from_middle) < apart / 4:
            return None
        louder = Speaker.MANAGER if manager > coachee else Speaker.COACHEE
        softer = Speaker.COACHEE if manager > coachee else Speaker.MANAGER
        return louder if from_middle > 0 else softer
