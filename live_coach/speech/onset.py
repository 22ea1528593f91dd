"""When speech begins: at once where somebody surely spoke a moment ago, else when it has proved itself."""

from __future__ import annotations

from live_coach.flow.messages import to_samples

_SURE_PROBABILITY, _SURE_HOPS = 0.9, 5
"""Speech with so many hops of at least this probability is surely speech: no typing, tapping, creaking or
breathing had them, nor a band; instruments that sing have."""

_SURE_EVIDENCE = 6.0
"""So is speech with so much proof (see below) in one run, however muffled: two seconds of a speech in a hall had
18 and no hop of that probability. Of the sounds in which nobody speaks, a blow on the desk had most: 2.2."""

_SURE_FOR = to_samples(30)
"""For so long after sure speech, less proof is asked for: who spoke is likely to speak again."""

_EVIDENCE, _LEAST_EVIDENCE = 1.5, 0.05
"""Proof is what hops in a row have above a probability of a half (each at least the second), summed up:
clear speech has it after 128 ms, any after a second. Without it, 1.1 % of 13 minutes of made
typing and 1.2 % of taps and paper were taken for speech; with it none, with other seeds 0.0 and 0.15 %.
Of 16 minutes of people talking in meetings, calls and interviews, 0.2 % of the speech was lost."""


class Onset:
    """Follows one channel and says when a run of speech has begun.

    `hops` is how many hops in a row have been speech while no run was going on: where one begins,
    its length so far.
    """

    def __init__(self, probability: float, least_hops: int) -> None:
        """Hops of at least this probability count as speech; a run takes at least so many."""
        self.hops = 0
        self._probability = probability
        self._least_hops = least_hops
        self._evidence = 0.0
        self._sure_hops = 0
        self._sure_until = 0

    def has_begun(self, probability: float, *, now: int) -> bool:
        """Take the next hop, which ends at `now`, while no run is going on: has one begun?"""
        if probability < self._probability:
            self.hops, self._evidence, self._sure_hops = 0, 0.0, 0
            return False
        self.hops += 1
        self.follow(probability, now=now)
        return self.hops >= self._least_hops and (
            now <= self._sure_until or self._evidence >= _EVIDENCE
        )

    def follow(self, probability: float, *, now: int) -> None:
        """Take the next hop, which ends at `now`, of the run that has begun."""
        self._evidence += max(probability - 0.5, _LEAST_EVIDENCE)
        self._sure_hops += probability >= _SURE_PROBABILITY
        if self._sure_hops >= _SURE_HOPS or self._evidence >= _SURE_EVIDENCE:
            self._sure_until = now + _SURE_FOR

    def ended(self) -> None:
        """The run is over: the next one has to begin."""
        self.hops, self._evidence, self._sure_hops = 0, 0.0, 0
