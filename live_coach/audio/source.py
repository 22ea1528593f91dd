"""What every source of sound is, whether a file or two devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from live_coach.flow.messages import AudioFrame, Channel


class Source(Protocol):
    """Sound of one or more channels from sample 0 on, without holes.

    Frames of one channel follow each other without a gap. A frame is either sound (`lost` is 0) or
    time in which no sound came (`lost` is its whole length, the samples are zeros).
    """

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that frames come from; fixed from the beginning."""
        ...

    @property
    def dropped(self) -> int:
        """Blocks that nobody took in time; each of them came back as lost frames."""
        ...

    def frames(self) -> Iterator[AudioFrame]:
        """Frames until the sound ends or stop() is called; waits for the next one.

        Raises AudioError when the sound cannot go on; everything that could be had came before.
        """
        ...

    def stop(self) -> None:
        """End frames() soon; from any thread, more than once, also before it began."""
        ...
