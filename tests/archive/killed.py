"""A recording program that is killed, and what must be there of its conversation afterwards."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

from live_coach.archive import sessions
from live_coach.archive.database import FILE
from live_coach.archive.recovery import RECOVERED
from live_coach.flow.messages import RATE

MAY_BE_LOST = 2 * RATE


class Writer:
    """A process that records in real time; its output is read until it is killed."""

    def __init__(
        self, directory: Path, session: str, program: str = "tests.archive.writer"
    ) -> None:
        self.session = session
        self.told: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", program, str(directory), session],
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        self.told.extend(line.strip() for line in self._process.stdout)

    def wait_for_it_to_begin(self) -> None:
        """Until it has told anything."""
        self.wait_until(0)

    def wait_until(self, at: int) -> None:
        """Until it has told the keeper of this sample."""
        deadline = time.monotonic() + 60
        while self.last < at:
            assert self._process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def kill(self) -> int:
        """Kill it; give the last sample that it had told the keeper of."""
        self.stop()
        return self.last

    @property
    def last(self) -> int:
        """The last sample that it has told the keeper of; -1 before any."""
        return max((int(line) for line in self.told if line.isdigit()), default=-1)

    def stop(self) -> None:
        """Kill it if it still lives."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


def opens(directory: Path) -> bool:
    """Whether SQLite finds the archive sound, as the kill left it."""
    with closing(sqlite3.connect(directory / FILE)) as connection:
        found: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return found == "ok"


def lost(directory: Path, session: str, last: int) -> int:
    """How many samples of a recovered conversation are missing before the last one told, `last`.

    Raises AssertionError where something is there twice, is missing in between, or was not recovered.
    """
    stored = sessions.load(directory, session)
    assert stored.end_reason == RECOVERED
    starts = [run.span.start for run in stored.speech]
    assert [run.id for run in stored.speech] == list(range(len(starts)))
    assert starts == sorted(set(starts))
    heard = [reading.heard_to for reading in stored.readings]
    assert heard == sorted(set(heard))
    return last - stored.duration
