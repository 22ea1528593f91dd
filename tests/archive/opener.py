"""A program that makes archives as soon as it is told to: python -m tests.archive.opener DIRECTORY…

It says that it is ready, waits for a line, and opens them one after another.
"""

from __future__ import annotations

import sys
from pathlib import Path

from live_coach.archive.database import open_archive


def main(directories: list[str]) -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    for directory in directories:
        open_archive(Path(directory)).close()


main(sys.argv[1:])
