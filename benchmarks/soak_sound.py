"""An hour of conversation out of a few minutes: the bundled demo, with pauses, a fan and a keyboard.

    python benchmarks/soak_sound.py TALK.flac [--minutes 60] [--language en]

A development tool for benchmarks/soak.py: manager left, coachee right, 16 kHz. The conversation is
cut where nobody speaks, and its pieces stand in their order between pauses of 1 to 40 s. Under each
piece and each pause lies a fan of another loudness, and in some of them the manager types. The whole
consists of periods of equal length; each has pauses and noise of its own, but the last period is the
first once more, sample by sample: what differs between these two is how long the program has run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

RATE = 16_000
DEMO = Path(__file__).resolve().parent.parent / "live_coach" / "demo"
PAUSE_S = (1.0, 40.0)
"""Shortest and longest pause; in between every doubling is as likely as any other."""
FAN_DBFS = (-70.0, -45.0)
BLADES_HZ = 118.0
TYPING = 0.4
"""The part of pieces and pauses in which somebody types."""
KEYS_PER_S = 6.0
KEY_S = 0.012

Sound = npt.NDArray[np.float32]
"""Shaped (samples, 2)."""


def main() -> None:
    """Write the sound for listening to it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--language", default="en")
    told = parser.parse_args()
    write(told.file, told.language, told.minutes)


def period_minutes(minutes: float) -> float:
    """The length of one period: ten minutes, or what comes nearest when two at least must fit."""
    return minutes / max(2, round(minutes / 10))


def write(path: Path, language: str, minutes: float) -> None:
    """Write so many minutes of conversation, period by period."""
    length = round(period_minutes(minutes) * 60 * RATE)
    periods = round(minutes / period_minutes(minutes))
    pieces = _pieces(language)
    with soundfile.SoundFile(path, "w", RATE, 2, format="FLAC", subtype="PCM_16") as file:
        for number in range(periods):
            for block in _period(pieces, length, seed=number % (periods - 1)):
                file.write(block)


def _pieces(language: str) -> list[Sound]:
    """The demo conversation, cut in the middle of every silence."""
    sound, rate = soundfile.read(DEMO / f"{language}.opus", dtype="float32", always_2d=True)
    sound = soxr.resample(sound, rate, RATE)
    turns: list[dict[str, Any]] = json.loads((DEMO / f"{language}.json").read_text("utf-8"))[
        "turns"
    ]
    cuts, spoken_to = [0], 0.0
    for turn in sorted(turns, key=lambda turn: turn["start"]):
        if turn["start"] > spoken_to:
            cuts.append(round((spoken_to + turn["start"]) / 2 * RATE))
        spoken_to = max(spoken_to, turn["end"])
    return [sound[begin:end] for begin, end in pairwise([*cuts, len(sound)])]


def _period(pieces: list[Sound], length: int, seed: int) -> Iterator[Sound]:
    """Runs of one to five pieces with a pause after each, exactly `length` samples in all."""
    generator = np.random.default_rng(seed)
    left, at = length, 0
    while left:
        count = int(generator.integers(1, 6))
        talk = np.concatenate([pieces[(at + n) % len(pieces)] for n in range(count)])[:left]
        at += count
        shortest, longest = np.log(PAUSE_S)
        pause = round(float(np.exp(generator.uniform(shortest, longest))) * RATE)
        silence = np.zeros((min(pause, left - len(talk)), 2), np.float32)
        left -= len(talk) + len(silence)
        for block in (talk, silence):
            yield np.clip(block + _background(len(block), generator), -1.0, 1.0)


def _background(length: int, generator: np.random.Generator) -> Sound:
    """A fan on both sides, and now and then the manager's keyboard."""
    noise = np.stack([_fan(length, generator), _fan(length, generator)], axis=1)
    if generator.random() < TYPING:
        noise[:, 0] += _keys(length, generator)
    return noise


def _fan(length: int, generator: np.random.Generator) -> Sound:
    """Noise that falls 6 dB per octave above 200 Hz, with the hum of the blades."""
    size = 1 << max(1, length).bit_length()
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    spectrum = np.fft.rfft(generator.normal(size=size)) * np.minimum(
        1.0, 200 / np.maximum(frequencies, 1.0)
    )
    noise = np.fft.irfft(spectrum, size)
    noise /= np.sqrt(np.square(noise).mean())
    turning = 2 * np.pi * BLADES_HZ * np.arange(length) / RATE
    hum = sum(np.sin(n * turning) / n for n in (1, 2, 3))
    level = 10 ** (generator.uniform(*FAN_DBFS) / 20)
    return np.asarray(level * (noise[:length] + 0.5 * hum), np.float32)


def _keys(length: int, generator: np.random.Generator) -> Sound:
    """Clicks: short noise without its low part that dies away, at irregular times."""
    sound = np.zeros(length, np.float32)
    size = round(KEY_S * RATE)
    dying = np.exp(-6 * np.arange(size) / size)
    for _ in range(generator.poisson(KEYS_PER_S * length / RATE)):
        click = np.diff(generator.normal(size=size + 1)) * dying * generator.uniform(0.005, 0.03)
        begin = int(generator.integers(0, max(1, length - size)))
        sound[begin : begin + size] += click[: length - begin].astype(np.float32)
    return sound


if __name__ == "__main__":
    main()
