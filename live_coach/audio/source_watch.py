"""Which source each capture worker really records: sound servers move streams without a word."""

from __future__ import annotations

import threading
from contextlib import suppress

from live_coach.audio import pulse
from live_coach.audio.output_watch import OutputWatch

_EVERY_S = 0.5
"""So long may sound of another source be taken for the right one, and a little more; asking takes 6 ms of CPU."""


_LOOKS_PER_OUTPUT_LOOK = 2
"""Outputs are asked for half as often, and at the next look when they seem to have changed."""


class SourceWatch:
    """Asks the sound server twice a second, or at once when asked to; never makes its callers wait."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._there: frozenset[str] = frozenset()
        self._muted: frozenset[str] = frozenset()
        self._mute_matters = False
        self._by_process: dict[int, str] = {}
        self._known: dict[str, pulse.PulseSource] = {}
        self._beside: dict[str, frozenset[str]] = {}
        self._outputs: OutputWatch | None = None
        self._looks = 0
        self._answers = 0
        self._asked = 0
        self._looking = False
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="source-watch", daemon=True)

    def start(self) -> None:
        """Begin with a look at everything: a headset may change its profile as soon as it is opened."""
        self.ask()
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

    def is_muted(self, source: str) -> bool:
        """Whether the server said so when last asked; the next look asks for it again."""
        with self._changed:
            self._mute_matters = True
            return source in self._muted

    def heir_of(self, source: str) -> str | None:
        """The one source that came from the same card when this one went: a headset in another profile."""
        with self._changed:
            gone = self._known.get(source)
            if gone is None or not gone.card or source in self._there:
                return None
            heirs = [
                name
                for name in self._there - self._beside[source]
                if self._known[name].card == gone.card
                and bool(self._known[name].monitors) == bool(gone.monitors)
            ]
            return heirs[0] if len(heirs) == 1 else None

    def watch_output(self, monitor: str) -> None:
        """From now on see whether the call is played where this monitor hears it."""
        with self._changed:
            self._outputs = OutputWatch(monitor)

    def elsewhere(self) -> str:
        """The output, by its description, on which the call is played unheard; else empty."""
        with self._changed:
            return self._outputs.elsewhere if self._outputs else ""

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._stopped or self._asked > self._answers, _EVERY_S
                )
                if self._stopped:
                    return
                thorough = self._asked > self._answers or self._mute_matters
                self._mute_matters = False
                self._looking = True
            self._look(thorough)

    def _look(self, thorough: bool) -> None:
        sources: list[pulse.PulseSource] | None = None
        recordings: list[pulse.Recording] = []
        with suppress(pulse.PulseError):
            recordings = pulse.recordings()
            if thorough or not self._names.keys() >= {each.source for each in recordings}:
                sources = pulse.sources()
        with self._changed:
            if sources is not None:
                self._note(sources)
            elif thorough:
                self._there = frozenset()
            self._by_process = {
                each.process: self._names[each.source]
                for each in recordings
                if each.process is not None and each.source in self._names
            }
            self._answers += 1
            self._looking = False
        self._look_at_outputs(recordings)

    def _note(self, sources: list[pulse.PulseSource]) -> None:
        self._names = {source.index: source.name for source in sources}
        self._there = frozenset(source.name for source in sources)
        self._muted = frozenset(source.name for source in sources if source.is_muted)
        self._known |= {source.name: source for source in sources}
        self._beside |= dict.fromkeys(self._there, self._there)

    def _look_at_outputs(self, recordings: list[pulse.Recording]) -> None:
        outputs = self._outputs
        self._looks += 1
        if outputs is None or (outputs.is_settled and self._looks % _LOOKS_PER_OUTPUT_LOOK):
            return
        passed_on = {
            self._names[each.source]
            for each in recordings
            if each.process is None and each.source in self._names
        }
        with suppress(pulse.PulseError):
            outputs.look(passed_on)
