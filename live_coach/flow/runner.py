"""Runs stages: inline for replays and tests, on threads for a conversation that is happening."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

from live_coach import errors
from live_coach.flow.channel import Channel, ChannelClosed, WhenFull
from live_coach.flow.clock import Clock
from live_coach.flow.messages import Message
from live_coach.sentences import Sentence

Item = TypeVar("Item")


class Sink(Protocol):
    """Somebody who wants the messages: a screen, an archive, a program."""

    def receive(self, message: Message, emitted: int) -> None:
        """Take a message; `emitted` in samples on the conversation's clock. Must not block."""
        ...


class Delivery:
    """Hands every message to every sink, one at a time, stamped with the clock. From any thread."""

    def __init__(self, sinks: Iterable[Sink], clock: Clock) -> None:
        self._sinks = list(sinks)
        self._clock = clock
        self._lock = threading.RLock()

    def __call__(self, message: Message) -> None:
        with self._lock:
            emitted = self._clock.now()
            for sink in self._sinks:
                sink.receive(message, emitted)

    def add(self, sink: Sink) -> None:
        """One more reader, from the next message on."""
        with self._lock:
            self._sinks.append(sink)

    def remove(self, sink: Sink) -> None:
        """This one gets no more."""
        with self._lock:
            self._sinks.remove(sink)


class ReaderThread(Generic[Item]):
    """A thread that takes items from a channel until it is closed and empty.

    `handle` gets each item, `at_end` runs after the last. An exception ends the thread and goes to
    `on_failure`; the channel is closed, so that nobody waits for a reader that is gone.
    """

    def __init__(
        self,
        name: str,
        channel: Channel[Item],
        handle: Callable[[Item], None],
        *,
        at_end: Callable[[], None] = lambda: None,
        on_failure: Callable[[Exception], None],
    ) -> None:
        self._channel = channel
        self._handle = handle
        self._at_end = at_end
        self._on_failure = on_failure
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end of the thread; False when it did not come in time."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while True:
                try:
                    item = self._channel.get()
                except ChannelClosed:
                    break
                self._handle(item)
            self._at_end()
        except Exception as error:  # noqa: BLE001  the border of a stage
            self._channel.close()
            self._on_failure(error)


class GuardedSink:
    """A sink that may fail (a pipe, a disk) without failing the conversation: it gets nothing more then.

    `on_failure` hears of it at once.
    """

    def __init__(self, sink: Sink, on_failure: Callable[[], None] = lambda: None) -> None:
        self._sink = sink
        self._on_failure = on_failure
        self.failure: Exception | None = None

    def receive(self, message: Message, emitted: int) -> None:
        """Hand on the message, unless the sink has failed."""
        if self.failure is not None:
            return
        try:
            self._sink.receive(message, emitted)
        except Exception as error:  # noqa: BLE001  the border of a sink
            self.failure = error
            self._on_failure()

    def close(self) -> None:
        """Raises what the sink raised, as a sentence; that a reader went away is no failure."""
        complain(self.failure)


class ThreadedSink:
    """A sink whose reader may be slow (a pipe, a disk): its own thread and a queue in between.

    A full queue drops the oldest message and counts it: a program that stops reading must not stop
    the conversation. `on_failure` hears at once of a sink that failed.
    """

    def __init__(
        self,
        name: str,
        sink: Sink,
        size: int = 10_000,
        *,
        on_failure: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_failure = on_failure
        self._channel: Channel[tuple[Message, int]] = Channel(name, size, WhenFull.DROP_OLDEST)
        self._reader = ReaderThread(
            name,
            self._channel,
            lambda item: sink.receive(*item),
            on_failure=self._fail,
        )
        self.failure: Exception | None = None
        self._reader.start()

    @property
    def dropped(self) -> int:
        return self._channel.dropped

    def receive(self, message: Message, emitted: int) -> None:
        """Queue the message; messages after a failure are dropped."""
        try:
            self._channel.put((message, emitted))
        except ChannelClosed:
            self._channel.dropped += 1

    def close(self, timeout: float = 5.0) -> None:
        """Let the sink read what waits. Raises what the sink raised, as a sentence."""
        self._channel.close()
        self._reader.join(timeout)
        complain(self.failure)

    def _fail(self, error: Exception) -> None:
        self.failure = error
        self._on_failure()


def complain(failure: Exception | None) -> None:
    """Raise what made a sink fail, as a sentence; that a reader went away is no failure."""
    if failure is None or isinstance(failure, BrokenPipeError):
        return
    raise errors.LiveCoachError(Sentence("output_failed", kind=type(failure).__name__))
