"""The one shape of every step between sound and nudge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

In = TypeVar("In", contravariant=True)
Out = TypeVar("Out", covariant=True)


class Stage(Protocol[In, Out]):
    """A synchronous step with no clock, no queue, no I/O; engines come in through its constructor.

    The same stages run on threads (live) and inline (replay, tests), and give the same messages.
    """

    def process(self, item: In) -> Iterable[Out]:
        """Take one message; give those that follow from it, in order."""
        ...

    def flush(self) -> Iterable[Out]:
        """The input has ended: give what was still held back."""
        ...
