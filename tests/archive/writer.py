"""A program that records a conversation until it is killed: python -m tests.archive.writer DIRECTORY ID.

It tells on standard output how far it has got, sample by sample, as soon as the keeper was told.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from live_coach.archive.keeper import Keeper
from live_coach.flow.messages import RATE, Speaker, SpeechEnded, SpeechStarted
from tests.archive.conversation import DEFAULT, reading, started


def tell(what: object) -> None:
    """A line in one piece, whichever thread it comes from."""
    os.write(sys.stdout.fileno(), f"{what}\n".encode())


def main(directory: str, session: str) -> None:
    keeper = Keeper(Path(directory), DEFAULT, on_health=lambda health: tell(health.state))
    keeper.begin(started(session))
    zero = time.monotonic()
    run = 0
    while True:
        at = int((time.monotonic() - zero) * RATE)
        keeper.receive(SpeechStarted(run, at, Speaker.MANAGER, at), at)
        keeper.receive(SpeechEnded(run, at, Speaker.MANAGER, at), at)
        keeper.receive(reading(at, run), at)
        tell(at)
        run += 1
        time.sleep(0.02)


main(*sys.argv[1:])
