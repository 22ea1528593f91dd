"""A program that keeps the sound of a conversation: python -m tests.archive.sounding DIRECTORY ID [BYTES].

It goes on in real time until it is killed and tells how far it has got, sample by sample, as soon as the
keeper was told. With BYTES no file may grow beyond that; then it keeps a minute at once, and prints each
change of health, and `closed`.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from live_coach.archive.keeper import Keeper
from live_coach.flow.messages import RATE, AudioFrame, Channel, Samples, Span
from tests.archive.conversation import DEFAULT, ended, reading, started

BLOCK = RATE // 50
BOTH = (Channel.MANAGER, Channel.COACHEE)


def sound(channel: Channel, span: Span) -> Samples:
    """Noise that can be told by its place and by whose channel it is."""
    steps = np.arange(span.start, span.end) * (7 if channel is Channel.MANAGER else 11)
    return ((steps * 2_654_435_761 % 65_536 - 32_768) / 32_768).astype(np.float32)


def at_16_bits(length: int, *channels: Channel) -> npt.NDArray[np.int16]:
    """What must be in the file: one column for each channel."""
    whole = np.column_stack([sound(one, Span(0, length)) for one in channels])
    return np.round(whole * 32_768).astype(np.int16)


def blocks(start: int, end: int, *channels: Channel) -> list[AudioFrame]:
    """Blocks of 20 ms of every channel in turn."""
    spans = [Span(at, min(end, at + BLOCK)) for at in range(start, end, BLOCK)]
    return [AudioFrame(one, span, sound(one, span)) for span in spans for one in channels]


def tell(what: object) -> None:
    """A line in one piece, whichever thread it comes from."""
    os.write(sys.stdout.fileno(), f"{what}\n".encode())


def main(directory: str, session: str, most_bytes: str = "") -> None:
    keeper = Keeper(
        Path(directory),
        DEFAULT,
        on_health=lambda health: tell(f"{health.stream} {health.state}"),
    )
    keeper.begin(replace(started(session), keeps_audio=True))
    if most_bytes:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most_bytes), hard))
        for frame in blocks(0, 60 * RATE, *BOTH):
            keeper.hear(frame)
        keeper.receive(reading(60 * RATE, 1), 60 * RATE)
        keeper.close(ended())
        tell("closed")
        return
    zero, at = time.monotonic(), 0
    while True:
        now = int((time.monotonic() - zero) * RATE) // BLOCK * BLOCK
        for frame in blocks(at, now, *BOTH):
            keeper.hear(frame)
        at = now
        tell(at)
        time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
