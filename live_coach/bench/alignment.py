"""Which word that is shown is which word that was said, and when each was there first."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from live_coach.bench.hearings import Hearing, Standing
from live_coach.bench.reference import Said


@dataclass(slots=True)
class FirstTimes:
    """When (seconds) each word of one speaker, by its position, was first there.

    `shown` and `stable`: the right word in its place. `read`: its place was taken in final text, by the
    right word or by a wrong one.
    """

    shown: dict[int, float] = field(default_factory=dict)
    stable: dict[int, float] = field(default_factory=dict)
    read: dict[int, float] = field(default_factory=dict)


def first_times(said: Sequence[Said], hearings: Iterable[Hearing]) -> FirstTimes:
    """Align every hearing of one speaker with what had been begun to be said by then.

    By the fewest words to replace, drop or put in (Levenshtein); among equally good alignments the
    one with the earliest places counts, so that a repeated word is not taken for its repetition.
    """
    times = FirstTimes()
    begun = sorted(one.start for one in said)
    table = _Table([one.word for one in said])
    for hearing in hearings:
        table.hear([plain for plain, _ in hearing.words])
        for place, n in table.pairs(bisect_right(begun, hearing.at)):
            plain, standing = hearing.words[n]
            if standing is Standing.FINAL:
                times.read.setdefault(place, hearing.at)
            if plain == said[place].word:
                times.shown.setdefault(place, hearing.at)
                if standing >= Standing.STABLE:
                    times.stable.setdefault(place, hearing.at)
    return times


class _Table:
    """Edit distances between the beginnings of what is shown and of what was said.

    Text mostly grows at its end, so rows of words that have not changed are kept.
    """

    def __init__(self, said: list[str]) -> None:
        self._said = said
        self._heard: list[str] = []
        self._rows = [list(range(len(said) + 1))]

    def hear(self, heard: list[str]) -> None:
        same = 0
        for old, new in zip(self._heard, heard, strict=False):
            if old != new:
                break
            same += 1
        del self._rows[same + 1 :]
        for word in heard[same:]:
            above = self._rows[-1]
            row = [above[0] + 1]
            for place, other in enumerate(self._said):
                row.append(
                    min(above[place] + (word != other), above[place + 1] + 1, row[place] + 1)
                )
            self._rows.append(row)
        self._heard = heard

    def pairs(self, begun: int) -> Iterator[tuple[int, int]]:
        """(place said, place shown) of the words that stand for each other, the last first."""
        place, n = begun, len(self._heard)
        while place and n:
            here = self._rows[n][place]
            if here == self._rows[n][place - 1] + 1:
                place -= 1
            elif here == self._rows[n - 1][place] + 1:
                n -= 1
            else:
                place, n = place - 1, n - 1
                yield place, n
