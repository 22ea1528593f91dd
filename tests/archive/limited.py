"""A program that records a conversation while its files may not grow: python -m tests.archive.limited DIRECTORY N.

N exchanges are recorded. The write-ahead log is as long as it may be; a journal may be as long again.

It prints each change of the archive's health, and at the end `closed` or the error.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from live_coach.archive.database import open_archive
from live_coach.archive.keeper import Keeper
from live_coach.errors import ArchiveError
from tests.archive.conversation import DEFAULT, ended, started, talk

FILE_LIMIT = 1_000_000


def main(directory: str, exchanges: str) -> None:
    keeper = Keeper(Path(directory), DEFAULT, on_health=lambda health: print(health.state))
    keeper.begin(started())
    other = open_archive(Path(directory))
    other.execute("CREATE TABLE filler AS SELECT zeroblob(?)", (FILE_LIMIT,))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, hard))
    for message, emitted in talk(int(exchanges)):
        keeper.receive(message, emitted)
    try:
        keeper.close(ended(int(exchanges)))
    except ArchiveError as error:
        print(error)
    else:
        print("closed")
    other.close()


main(*sys.argv[1:])
