"""Whether the call is played where it is listened to: sound servers move players to another output."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from live_coach.audio import pulse


class OutputWatch:
    """Compares the outputs that play something with the one whose `monitor` is recorded.

    A change counts when two looks agree, so that a chime on another output is no trouble.
    """

    def __init__(self, monitor: str) -> None:
        self._monitor = monitor
        self._sinks: dict[int, pulse.PulseSink] = {}
        self._seen = ""
        self.elsewhere = ""
        """The description of the output that plays while the own one does not; else empty."""

    @property
    def is_settled(self) -> bool:
        """False: the next look should come soon."""
        return self._seen == self.elsewhere

    def look(self, passed_on: AbstractSet[str]) -> None:
        """Ask the server. Raises PulseError.

        What a sink plays whose monitor is `passed_on` by the server itself is not for ears: it is a
        microphone made of software, or comes out of another sink.
        """
        playing = pulse.played_sinks()
        if not self._sinks or not playing <= self._sinks.keys():
            self._sinks = {sink.index: sink for sink in pulse.sinks()}
        now = elsewhere(self._monitor, self._sinks, playing, passed_on)
        if now == self._seen:
            self.elsewhere = now
        self._seen = now


def elsewhere(
    monitor: str,
    sinks: dict[int, pulse.PulseSink],
    playing: AbstractSet[int],
    passed_on: AbstractSet[str],
) -> str:
    """The first sink that plays while that of the monitor does not, by its description; else empty.

    `playing` are indexes of sinks, `passed_on` names of monitors. Empty too where the monitor is
    that of no sink.
    """
    own = next((sink for sink in sinks.values() if sink.monitor == monitor), None)
    if own is None or own.index in playing:
        return ""
    others = (sinks[index] for index in sorted(playing) if index in sinks)
    return next((each.description for each in others if each.monitor not in passed_on), "")
