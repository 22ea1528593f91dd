"""The last while of a conversation, kept so that it can be gone through once more."""

from __future__ import annotations

import copy
from collections import deque
from typing import Generic, TypeVar

from live_coach.conversation.sequence import Heard
from live_coach.flow.messages import LOOK_BACK, to_samples

_S = TypeVar("_S")

_EVERY = to_samples(10)
"""The state is copied once in so long: a copy costs a few milliseconds."""


class Past(Generic[_S]):
    """Copies of a state that messages change, and the messages since each.

    It reaches back at least LOOK_BACK and at most 20 seconds more.
    """

    def __init__(self) -> None:
        self._copies: deque[tuple[int, _S, list[Heard]]] = deque()

    def note(self, item: Heard, state: _S, now: int) -> None:
        """`item` is about to change `state`, which stands at `now`."""
        if not self._copies or now - self._copies[-1][0] >= _EVERY:
            self._copies.append((now, copy.deepcopy(state), []))
            while len(self._copies) > 1 and self._copies[1][0] <= now - LOOK_BACK - _EVERY:
                self._copies.popleft()
        self._copies[-1][2].append(item)

    def since(self, at: int) -> tuple[_S, list[Heard]] | None:
        """The latest state before `at`, or the oldest there is, and what came after; it is forgotten then."""
        if not self._copies:
            return None
        after: list[Heard] = []
        while True:
            now, state, items = self._copies.pop()
            after = items + after
            if now <= at or not self._copies:
                return state, after
