"""Sounds for tests: turns of the demo conversations, and sounds that are no speech."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr

import live_coach
from live_coach.flow.messages import RATE, AudioFrame, Channel, Samples, Span

_DEMO = Path(live_coach.__file__).parent / "demo"
_CHANNELS = ("manager", "coachee")
_EDGE_S = 0.1
"""The reference times a turn by what one hears in the room; its first sound begins a little earlier."""


@dataclass(frozen=True)
class Turn:
    """What somebody says in a demo, from just before the first word to just after the last."""

    text: str
    speaker: str
    samples: Samples


@cache
def demo(language: str) -> tuple[Turn, ...]:
    """The turns of a demo conversation, without the back-channels."""
    script = json.loads((_DEMO / f"{language}.json").read_text(encoding="utf-8"))
    sound, rate = soundfile.read(_DEMO / f"{language}.opus", dtype="float32")
    sound = soxr.resample(sound, rate, RATE).astype(np.float32)
    return tuple(
        Turn(
            turn["text"],
            turn["speaker"],
            sound[
                round((turn["start"] - _EDGE_S) * RATE) : round((turn["end"] + _EDGE_S) * RATE),
                _CHANNELS.index(turn["speaker"]),
            ].copy(),
        )
        for turn in script["turns"]
        if not turn["backchannel"]
    )


def turn(beginning: str, language: str = "en") -> Samples:
    """The sound of the turn that begins with these words."""
    return next(one.samples for one in demo(language) if one.text.startswith(beginning))


def text(beginning: str, language: str = "en") -> str:
    """The whole text of that turn."""
    return next(one.text for one in demo(language) if one.text.startswith(beginning))


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def noise(seconds: float, level: float = 0.03) -> Samples:
    """A fan: noise without high tones."""
    walk = np.cumsum(np.random.default_rng(7).standard_normal(round(seconds * RATE)))
    hum = walk - np.convolve(walk, np.ones(400) / 400, "same")
    return (level * hum / np.abs(hum).max()).astype(np.float32)


def clicks(seconds: float) -> Samples:
    """A keyboard: a click of 4 ms eight times a second."""
    sound = silence(seconds)
    click = np.random.default_rng(8).standard_normal(64).astype(np.float32) * 0.2
    for start in range(0, len(sound) - 64, RATE // 8):
        sound[start : start + 64] = click
    return sound


def frames(channel: Channel, samples: Samples, block: int) -> list[AudioFrame]:
    """The samples in blocks."""
    return [
        AudioFrame(channel, Span(at, at + len(part)), part)
        for at in range(0, len(samples), block)
        if len(part := samples[at : at + block])
    ]
