"""Speech that begins at known samples: short pieces of the bundled conversation between quiet stretches.

A development tool for benchmarks/talk_bar.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

PLAYED_RATE = 48_000
"""Samples per second of the virtual devices: what is played needs no resampling."""
LOUD = 0.02
"""The first sample above this (-34 dBFS) is the onset; what lies between pieces stays far below."""
QUIET_S = 0.5
"""An onset has so much before it without a loud sample."""
DEMO = Path(__file__).resolve().parent.parent / "live_coach" / "demo"
PIECE_S = 0.9
LEAD_S = 2.0
ROOM_DBFS = -62.0
"""Root mean square of the noise under everything: a microphone is never exactly silent."""
SHARP_S, SHARP_DBFS = 0.064, -30.0
"""A piece counts as a sharp onset when its first 64 ms are at least so loud (root mean square)."""

Sound = npt.NDArray[np.float32]


def write(path: Path, language: str, count: int, gap_s: tuple[float, float], seed: int = 0) -> None:
    """Write `count` onsets, one channel at PLAYED_RATE, with silences between these two lengths."""
    pieces = _pieces(language)
    generator = np.random.default_rng(seed)
    blocks = [np.zeros(round(LEAD_S * PLAYED_RATE), np.float32)]
    for n in range(count):
        gap = np.zeros(round(generator.uniform(*gap_s) * PLAYED_RATE), np.float32)
        blocks += [pieces[n % len(pieces)], gap]
    sound = np.concatenate(blocks)
    sound += generator.normal(scale=10 ** (ROOM_DBFS / 20), size=len(sound)).astype(np.float32)
    soundfile.write(path, sound, PLAYED_RATE, subtype="PCM_16")


def find(sound: Sound, rate: int) -> list[int]:
    """The samples at which speech begins: loud ones after a stretch without any."""
    loud = np.flatnonzero(np.abs(sound) > LOUD)
    before = np.diff(loud, prepend=-rate)
    return [int(at) for at in loud[before > QUIET_S * rate]]


def _pieces(language: str) -> list[Sound]:
    """Where the manager begins after a silence, cut at the first loud sample, if that is a sharp onset."""
    both, rate = soundfile.read(DEMO / f"{language}.opus", dtype="float32", always_2d=True)
    sound = soxr.resample(both[:, 0], rate, PLAYED_RATE)
    turns: list[dict[str, Any]] = json.loads((DEMO / f"{language}.json").read_text("utf-8"))[
        "turns"
    ]
    pieces, quiet_from = [], -1.0
    for turn in (turn for turn in turns if turn["speaker"] == "manager"):
        if turn["start"] - quiet_from > QUIET_S and turn["end"] - turn["start"] > PIECE_S + 0.2:
            around = sound[round((turn["start"] - 0.1) * PLAYED_RATE) :]
            begin = int(np.argmax(np.abs(around) > LOUD))
            piece = around[begin : begin + round(PIECE_S * PLAYED_RATE)].copy()
            if _loudness(piece[: round(SHARP_S * PLAYED_RATE)]) >= SHARP_DBFS:
                fade = PLAYED_RATE // 20
                piece[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
                pieces.append(piece)
        quiet_from = turn["end"]
    return pieces


def _loudness(sound: Sound) -> float:
    return float(10 * np.log10(np.square(sound).mean() + 1e-12))
