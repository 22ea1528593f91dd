"""Which source each capture worker really records: sound servers move streams without a word."""

from __future__ import annotations

import threading
from contextlib import suppress

from live_coach.audio import pulse

_EVERY_S = 0.5
"""So long may sound of another source be taken for the right one, and a little more; asking takes 6 ms of CPU."""


class SourceWatch:
    """Asks the sound server twice a second, or at once when asked to; never makes its callers wait."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._there: frozenset[str] = frozenset()
        self._by_process: dict[int, str] = {}
        self._answers = 0
        self._asked = 0
        self._looking = False
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="source-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No more questions; one that is being asked ends by itself."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def ask(self) -> int:
        """Have the server asked now; answered() of the ticket tells when that is done."""
        with self._changed:
            # An answer under way may be older than the question: the one after it counts.
            self._asked = self._answers + (2 if self._looking else 1)
            self._changed.notify_all()
            return self._asked

    def answered(self, ticket: int) -> bool:
        with self._changed:
            return self._answers >= ticket

    def source_of(self, process: int) -> str | None:
        """The source that this process recorded when last seen; None where that is unknown."""
        with self._changed:
            return self._by_process.get(process)

    def is_there(self, source: str) -> bool:
        """Whether the server had this source when last asked, and answered."""
        with self._changed:
            return source in self._there

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._stopped or self._asked > self._answers, _EVERY_S
                )
                if self._stopped:
                    return
                thorough = self._asked > self._answers
                self._looking = True
            self._look(thorough)

    def _look(self, thorough: bool) -> None:
        names: dict[int, str] | None = None
        recording: dict[int, int] = {}
        there: frozenset[str] = frozenset()
        with suppress(pulse.PulseError):
            recording = pulse.recording_processes()
            if thorough or not self._names.keys() >= set(recording.values()):
                names = {source.index: source.name for source in pulse.sources()}
                there = frozenset(names.values())
        with self._changed:
            if names is not None:
                self._names = names
            if thorough or names is not None:
                self._there = there
            self._by_process = {
                process: self._names[index]
                for process, index in recording.items()
                if index in self._names
            }
            self._answers += 1
            self._looking = False
