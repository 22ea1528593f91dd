"""Bounded queues between threads: each says what happens when it is full, and counts it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

from live_coach.errors import LiveCoachError
from live_coach.sentences import Sentence

Item = TypeVar("Item")


class WhenFull(Enum):
    """What to do with one item too many."""

    DROP_OLDEST = "drop oldest"
    WAIT_THEN_FAIL = "wait, then fail"


class ChannelClosed(Exception):
    """Nothing will come any more."""


class ChannelFull(LiveCoachError):
    """A queue whose reader must keep up did not: a bug, not a load."""


class Channel(Generic[Item]):
    """A first-in, first-out queue of at most `size` items.

    `key` makes it keep only the latest item per key (a growing segment of one speaker, a reading):
    the newer one takes the older one's place in the line. Replaced items are counted in `replaced`,
    lost ones in `dropped`.
    """

    def __init__(
        self,
        name: str,
        size: int,
        when_full: WhenFull,
        *,
        patience: float = 0.05,
        key: Callable[[Item], object | None] = lambda _: None,
    ) -> None:
        self.name = name
        self.size = size
        self.dropped = 0
        self.replaced = 0
        self._when_full = when_full
        self._patience = patience
        self._key = key
        self._items: deque[Item] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, item: Item) -> None:
        """Add an item.

        Raises ChannelFull after `patience` seconds where the policy is to wait, ChannelClosed after
        close().
        """
        with self._changed:
            if self._closed:
                raise ChannelClosed(self.name)
            key = self._key(item)
            if key is not None:
                for position, waiting in enumerate(self._items):
                    if self._key(waiting) == key:
                        self._items[position] = item
                        self.replaced += 1
                        return
            if len(self._items) >= self.size:
                if self._when_full is WhenFull.DROP_OLDEST:
                    self._items.popleft()
                    self.dropped += 1
                elif not self._changed.wait_for(self._has_room, self._patience):
                    raise ChannelFull(Sentence("queue_full", name=self.name, size=self.size))
                elif self._closed:
                    raise ChannelClosed(self.name)
            self._items.append(item)
            self._changed.notify_all()

    def get(self, timeout: float | None = None) -> Item:
        """The oldest item; waits for one. Raises TimeoutError, or ChannelClosed when it is empty
        and closed."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._items or self._closed, timeout):
                raise TimeoutError(self.name)
            if not self._items:
                raise ChannelClosed(self.name)
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def close(self) -> None:
        """No more items; what waits can still be read."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __len__(self) -> int:
        with self._changed:
            return len(self._items)

    def _has_room(self) -> bool:
        return self._closed or len(self._items) < self.size
