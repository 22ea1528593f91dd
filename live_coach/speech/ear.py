"""The ear: sound of all channels in, speech of all speakers out, in one order."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from live_coach.flow.messages import (
    AudioFrame,
    Channel,
    Samples,
    Speaker,
    SpeechEnded,
    SpeechStarted,
    Tick,
    VoiceMessage,
)
from live_coach.speech.detector import HOP, VoiceDetector
from live_coach.speech.segmenter import Segmenter

if TYPE_CHECKING:
    from live_coach.settings import SpeechSettings
    from live_coach.speech.echo import EchoGate

TICK = 3 * HOP
"""A tick every 96 ms."""


class Ear:
    """A stage from AudioFrame to VoiceMessage.

    All channels are heard in lock step, hop by hop: neither the size of the blocks nor the order in
    which channels deliver theirs changes what comes out. Ids count the onsets of all channels.
    """

    def __init__(
        self,
        channels: Mapping[Channel, Speaker],
        make_detector: Callable[[], VoiceDetector],
        settings: SpeechSettings,
        *,
        partial_step_s: float,
        settled: bool,
        echo_gate: EchoGate | None = None,
    ) -> None:
        """`channels` says who speaks in which; every one of them must get frames.

        Growing segments come every `partial_step_s` of new speech (0: none), and `settled` ones when
        silence begins. With an `echo_gate` (a fresh one, where both MANAGER and COACHEE are heard) the
        call's echo in the microphone is not the manager.
        """
        ids = count(1)
        self._echo_gate = echo_gate
        self._channels = {
            channel: _Listener(
                make_detector(),
                Segmenter(
                    speaker,
                    lambda: next(ids),
                    settings,
                    partial_step_s=partial_step_s,
                    settled=settled,
                ),
            )
            for channel, speaker in channels.items()
        }
        self._heard_to = 0

    def process(self, frame: AudioFrame) -> list[VoiceMessage]:
        """Take one block of one channel; give what follows once all channels have come that far.

        Blocks of a channel must follow each other; samples between two count as lost. Raises
        ValueError for a block that begins before the end of the one before.
        """
        self._channels[frame.channel].take(frame)
        return self._listen()

    def flush(self) -> list[VoiceMessage]:
        """The sound has ended: end every run. Less than a hop at the very end is not heard."""
        end = max(listener.received for listener in self._channels.values())
        for listener in self._channels.values():
            listener.lose_until(end)
        messages = self._listen()
        for listener in self._channels.values():
            messages += listener.segmenter.finish()
        return [*messages, Tick(end)]

    def cut(self, channel: Channel, at: int) -> list[VoiceMessage]:
        """Another voice goes on from the sample `at`: end the channel's run there and begin the next."""
        return [*self._channels[channel].segmenter.cut(at)]

    def _listen(self) -> list[VoiceMessage]:
        messages: list[VoiceMessage] = []
        while all(listener.hops for listener in self._channels.values()):
            self._heard_to += HOP
            heard = {name: listener.hear() for name, listener in self._channels.items()}
            if self._echo_gate:
                heard[Channel.MANAGER] = self._without_echo(self._echo_gate, heard)
            for name, (hop, probability) in heard.items():
                messages += self._channels[name].segment(hop, probability)
            if self._heard_to % TICK == 0:
                deaf = frozenset(name for name, one in self._channels.items() if one.deaf)
                messages.append(Tick(self._heard_to, deaf))
        return messages

    @staticmethod
    def _without_echo(
        gate: EchoGate, heard: Mapping[Channel, tuple[Samples, float]]
    ) -> tuple[Samples, float]:
        microphone, raw = heard[Channel.MANAGER]
        call, coachee = heard[Channel.COACHEE]
        return microphone, gate.probability(microphone, call, raw=raw, coachee=coachee)


@dataclass(slots=True)
class _Listener:
    """One channel: its sound cut into hops, each with whether it was lost."""

    detector: VoiceDetector
    segmenter: Segmenter
    received: int = 0
    deaf: bool = False
    hops: deque[tuple[Samples, bool]] = field(default_factory=deque)
    _rest: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    _rest_lost: int = 0

    def take(self, frame: AudioFrame) -> None:
        """Cut the block into hops; of one that is partly lost, the first samples are."""
        if frame.span.start < self.received:
            raise ValueError(
                f"{frame.channel} block at {frame.span.start}, heard to {self.received}"
            )
        self.lose_until(frame.span.start)
        self._add(frame.samples[: frame.lost], lost=True)
        self._add(frame.samples[frame.lost :], lost=False)

    def lose_until(self, position: int) -> None:
        self._add(np.zeros(position - self.received, np.float32), lost=True)

    def hear(self) -> tuple[Samples, float]:
        """The next hop, and how likely somebody speaks in it."""
        hop, self.deaf = self.hops.popleft()
        return hop, self.detector.probability(hop)

    def segment(self, hop: Samples, probability: float) -> list[VoiceMessage]:
        return [*self.segmenter.hear(hop, probability, lost=self.deaf)]

    def _add(self, samples: Samples, *, lost: bool) -> None:
        """A hop counts as lost when half of it is."""
        self.received += len(samples)
        while len(self._rest) + len(samples) >= HOP:
            missing = HOP - len(self._rest)
            hop = np.concatenate((self._rest, samples[:missing]))
            lost_samples = self._rest_lost + (missing if lost else 0)
            self.hops.append((hop, 2 * lost_samples >= HOP))
            samples = samples[missing:]
            self._rest, self._rest_lost = samples[:0], 0
        self._rest = np.concatenate((self._rest, samples))
        self._rest_lost += len(samples) if lost else 0


def _show(path: Path) -> None:
    """Print what the ear hears in a recording."""
    from live_coach import settings
    from live_coach.audio.recording import open_recording
    from live_coach.speech.detectors import new_detector

    chosen = settings.load().settings.speech
    ear = Ear(
        {Channel.ROOM: Speaker.UNKNOWN},
        lambda: new_detector(chosen.detector),
        chosen,
        partial_step_s=0,
        settled=False,
    )
    for frame in open_recording(path, manager="mono", block=HOP).frames():
        for message in ear.process(frame):
            if isinstance(message, SpeechStarted | SpeechEnded):
                print(message)


if __name__ == "__main__":
    _show(Path(sys.argv[1]))
