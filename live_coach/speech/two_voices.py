"""Which of the voices in one microphone is the manager's: learnt while they talk, and forgotten with the object.

What the enrolled voice alone says has a border that must suit every room and every pair of people, so two
people who sound alike both lie on the manager's side of it. What was said in this conversation tells them
apart: runs of one voice are more like each other than like another voice's, in the same room and through
the same microphone. Nothing here is written, logged or handed out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from live_coach.flow.messages import Speaker, to_samples
from live_coach.speech.voiceprint import Embedding, likeness

_BORDERS = ((0.7, 0.25), (1.0, 0.29), (1.5, 0.33), (3.0, 0.40))
"""Seconds of speech, and the likeness to the enrolled voice halfway between the manager's and others'.
In simulated rooms (0.3 and 0.5 s), the manager's 2nd percentile and others' 98th are 0.10 and 0.24 in
0.7 s, 0.28 and 0.27 in 1 s, 0.35 and 0.26 in 1.5 s, 0.63 and 0.33 in 3 s."""

_FEWEST_WINDOWS = 2
"""Shorter runs are no evidence of what a voice is like."""
_HEAVIEST = 6
"""Windows that one run counts for at most, so that a monologue is not the whole of a voice."""
_MOST_RUNS = 64
"""Runs that are remembered; beyond that the oldest of the voice of which there are most goes."""

_PARTED = 0.10
"""How much more each of two groups of runs must be like the rest of its own than like the other group, on
the average of its runs, for them to be two voices. In simulated rooms and without, at any moment of a talk:
at most 0.03 when one person speaks (two real people on the telephone, a real monologue, eight synthetic
voices), at least 0.13 with two runs of each of two people and 0.23 with five, also of voices with a
likeness of 0.55."""
_NEARER = 0.10
"""How much nearer to the enrolled voice the manager's must be than the other; with less nobody knows which
of the two is the manager."""
_NOBODYS = 0.25
"""Of two voices that are both less like the enrolled one than this, neither is the manager."""
_STRANGER = 0.30
"""Speech less like both voices than this is a third one's."""

_ROUNDS = 8
"""Of sorting runs into two groups; it mostly stands after two."""

_FALLS_SHORT = 0.18
"""While only the enrolled voice is known: how much less like it than the best run so far (of _GOOD_RUN
windows) a run may be, on the average of its windows, to be called the manager's. Between runs of one
person the difference is at most 0.16; two voices with a likeness of 0.55 differ by 0.2 to 0.3."""
_GOOD_RUN = 3


@dataclass(slots=True)
class _Run:
    """A run of speech: its id, the mean of its windows (of length one), how many there were, how like the
    enrolled voice they were on average, and of whom the manager said that it was."""

    id: int
    vector: Embedding
    windows: int
    near: float
    said: Speaker | None = None


_Vectors = npt.NDArray[np.float32]
"""Embeddings shaped (runs, 256)."""


class TwoVoices:
    """The manager's voice, from the enrolment and then from the talk, and whoever else's there are.

    Until runs of two voices have been heard, the enrolled voice decides. Then a run is the manager's or
    not by whether it is more like the manager's runs or like the others'. All runs are sorted anew each
    time, so that no early mistake lasts.
    """

    def __init__(self, enrolled: Embedding) -> None:
        """`enrolled` is the manager's voice: 256 numbers of length one."""
        self._enrolled = enrolled
        self._runs: list[_Run] = []
        self._manager: Embedding = enrolled
        self._others: list[Embedding] = []

    def add(self, id: int, windows: Sequence[Embedding], said: Speaker | None = None) -> None:  # noqa: A002
        """The run `id` has ended: what its windows were like, and whose the manager said that it was."""
        if len(windows) < _FEWEST_WINDOWS:
            return
        run = self._run(windows, id, said)
        if self._others and not said and self._is_strange(run.vector):
            return
        self._runs.append(run)
        self._learn()

    def correct(self, said: Mapping[int, Speaker]) -> None:
        """The manager says whose these runs were, by id; those that are not remembered teach nothing."""
        for run in self._runs:
            run.said = said.get(run.id, run.said)
        self._learn()

    @property
    def both(self) -> bool:
        """Whether somebody else's voice is known beside the manager's."""
        return bool(self._others)

    def above(self, windows: Sequence[Embedding], length: int) -> float:
        """How far a run of `length` samples with these windows lies on the manager's side of the border.

        A difference of likenesses: beyond 0 the manager's, below it not; near 0 nobody can say.
        """
        run = self._run(windows)
        manager, others = self._manager, self._others
        if not others and run.windows >= _FEWEST_WINDOWS:
            manager, others = self._sorted([*self._runs, run])
        if others and not self._is_strange(run.vector):
            return _nearer(run.vector, manager, others)
        like_manager = max(likeness(run.vector, one) for one in (self._enrolled, manager))
        above = like_manager - _border(length)
        best = max((one.near for one in self._runs if one.windows >= _GOOD_RUN), default=0.0)
        doubtful = bool(others) or run.near < best - _FALLS_SHORT
        return min(above, 0.0) if doubtful else above

    def _run(
        self,
        windows: Sequence[Embedding],
        id: int = 0,  # noqa: A002
        said: Speaker | None = None,
    ) -> _Run:
        near = float(np.mean([likeness(one, self._enrolled) for one in windows]))
        return _Run(id, _mean(np.stack(windows), np.ones(len(windows))), len(windows), near, said)

    def _is_strange(self, vector: Embedding) -> bool:
        return max(likeness(vector, one) for one in (self._manager, *self._others)) < _STRANGER

    def _learn(self) -> None:
        self._manager, self._others = self._sorted(self._runs)
        if len(self._runs) > _MOST_RUNS:
            sides: tuple[list[_Run], list[_Run]] = ([], [])
            for run in self._runs:
                sides[_nearer(run.vector, self._manager, self._others) > 0].append(run)
            self._runs.remove(max(sides, key=len)[0])

    def _sorted(self, runs: list[_Run]) -> tuple[Embedding, list[Embedding]]:
        """The manager's voice, and those of others as far as they can be told from it."""
        others: list[Embedding] = []
        while parts := self._parted(runs):
            runs, far = parts
            others.append(_centre(far))
        said = _said(runs)
        if others or said > 0:
            return _centre(runs), others
        return self._enrolled, [_centre(runs)] if said < 0 else []

    def _parted(self, runs: list[_Run]) -> tuple[list[_Run], list[_Run]] | None:
        """The runs of the manager and those of another voice; None where there are not two, or nobody
        knows which is the manager's."""
        groups = _two_groups(runs, self._enrolled)
        if groups is None:
            return None
        by_word = _said(groups[0]) - _said(groups[1])
        near = [likeness(_centre(group), self._enrolled) for group in groups]
        if not by_word and (abs(near[0] - near[1]) < _NEARER or max(near) < _NOBODYS):
            return None
        first = by_word > 0 if by_word else near[0] > near[1]
        return groups if first else groups[::-1]


def _two_groups(runs: list[_Run], enrolled: Embedding) -> tuple[list[_Run], list[_Run]] | None:
    """The runs of two voices; None where they may well be of one."""
    if len(runs) < 4:
        return None
    vectors = np.stack([run.vector for run in runs])
    weights = np.array([min(run.windows, _HEAVIEST) for run in runs], np.float32)
    nearness = vectors @ enrolled
    edges = np.sort(nearness)
    gap = int(np.diff(edges).argmax())
    one, other = np.unravel_index((vectors @ vectors.T).argmin(), (len(runs), len(runs)))
    starts = (nearness > edges[gap], vectors @ vectors[one] > vectors @ vectors[other])
    parts = [_settled(vectors, weights, start) for start in starts]
    first, apart = max(parts, key=lambda part: part[1])
    if apart < _PARTED:
        return None
    return (
        [run for run, is_first in zip(runs, first, strict=True) if is_first],
        [run for run, is_first in zip(runs, first, strict=True) if not is_first],
    )


def _settled(
    vectors: _Vectors, weights: Embedding, first: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], float]:
    """Two means from this start on: who is in the first group, and how far apart the two are (as _PARTED)."""
    for _ in range(_ROUNDS):
        closer = _closer(vectors, weights, first)
        if closer is None:
            return first, 0.0
        if (closer >= 0).all():
            break
        first = np.where(closer < 0, ~first, first)
    if closer is None or min(first.sum(), (~first).sum()) < 2:
        return first, 0.0
    return first, min(
        float(np.average(closer[group], weights=weights[group])) for group in (first, ~first)
    )


def _closer(
    vectors: _Vectors, weights: Embedding, first: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32] | None:
    """How much more each is like the rest of its group than like the other group; 0 where it is alone in it.
    None where a group is empty."""
    if first.all() or not first.any():
        return None
    weighted = vectors * weights[:, np.newaxis]
    one, other = weighted[first].sum(axis=0), weighted[~first].sum(axis=0)
    rest = np.where(first[:, np.newaxis], one, other) - weighted
    against = np.where(first[:, np.newaxis], other, one)
    alone = np.where(first, first.sum(), (~first).sum()) == 1
    own = np.einsum("nd,nd->n", vectors, rest) / np.maximum(np.linalg.norm(rest, axis=1), 1e-6)
    across = np.einsum("nd,nd->n", vectors, against) / np.linalg.norm(against, axis=1)
    difference: npt.NDArray[np.float32] = np.where(alone, 0.0, own - across)
    return difference


def _nearer(vector: Embedding, manager: Embedding, others: Sequence[Embedding]) -> float:
    """How much more like the manager's voice it is than like the most alike of the others."""
    other = max((likeness(vector, voice) for voice in others), default=0.0)
    return likeness(vector, manager) - other


def _said(runs: Sequence[_Run]) -> int:
    """Windows that the manager called their own, less those that they called the other's."""
    signs = {Speaker.MANAGER: 1, Speaker.COACHEE: -1}
    return sum(signs.get(run.said, 0) * run.windows for run in runs if run.said)


def _centre(runs: Sequence[_Run]) -> Embedding:
    return _mean(
        np.stack([run.vector for run in runs]),
        np.array([min(run.windows, _HEAVIEST) for run in runs]),
    )


def _mean(vectors: _Vectors, weights: npt.NDArray[np.floating]) -> Embedding:
    total = weights @ vectors
    mean: Embedding = (total / np.linalg.norm(total)).astype(np.float32)
    return mean


def _border(length: int) -> float:
    seconds, likenesses = zip(*_BORDERS, strict=True)
    return float(np.interp(length / to_samples(1), seconds, likenesses))
