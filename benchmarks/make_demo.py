"""Speak the bundled demo conversations again from their scripts.

    python benchmarks/make_demo.py KOKORO_DIR LANGUAGE OUT_DIR

A development tool: its output (LANGUAGE.opus and LANGUAGE.json) is part of the package, nobody needs it to use the program.
It reads `live_coach/demo/LANGUAGE.toml`, speaks every turn with Kokoro-82M v1.0 (the fp32 ONNX export, named
`kokoro-fp32.onnx`, and the voices as `NAME.bin`, both as the model's authors publish them), and puts the turns on one
timeline: manager left, coachee right, overlaps and silences as the script asks. Each channel gets a short room and noise 20 dB
below its speech. Everything random has a fixed seed, so a second run gives the same samples.

Needs `pip install kokoro-onnx onnx onnxruntime soundfile` (kokoro-onnx for the phonemes) and about a minute of one core per
minute of conversation.
"""

from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from kokoro_voices import RATE, Kokoro, Samples, Spoken

SCRIPTS = Path(__file__).resolve().parent.parent / "live_coach" / "demo"
CHANNELS = ("manager", "coachee")
SPEECH_RMS = 10 ** (-26 / 20)
NOISE_BELOW_SPEECH_DB = 20.0
ROOM_SECONDS = 0.18
ROOM_LEVEL_DB = -17.0
LEAD_IN = 1.0
LEAD_OUT = 1.5
# libsndfile spreads 6 to 256 kbit/s per channel over 1 to 0: this is about 29 kbit/s each.
OPUS_COMPRESSION = 0.908
WORD_TIMES = "the phoneme durations of the speech model, cut to where the sound has energy"


@dataclass(frozen=True, slots=True)
class Placed:
    """One turn of the script on the timeline; `start` and `end` in samples: where one hears it."""

    speaker: str
    text: str
    backchannel: bool
    key: str | None
    start: int
    spoken: Spoken

    @property
    def end(self) -> int:
        """One past its last sample that one hears."""
        return self.start + self.spoken.end - self.spoken.start


def place(script: dict[str, Any], voices: Kokoro) -> list[Placed]:
    """Speak every turn and set its start: after the floor turn before it, or inside it (back-channels)."""
    placed: list[Placed] = []
    floor: Placed | None = None
    for turn in script["turns"]:
        own = script["voices"][turn["speaker"]]
        spoken = voices.speak(
            turn["text"], own["voice"], own["phonemes"], turn.get("speed", own["speed"])
        )
        backchannel = bool(turn.get("backchannel", False))
        if floor is None:
            start = round(LEAD_IN * RATE)
        elif backchannel:
            start = floor.start + round(turn["at"] * (floor.end - floor.start))
        else:
            start = floor.end + round(turn["gap"] * RATE)
        here = Placed(turn["speaker"], turn["text"], backchannel, turn.get("id"), start, spoken)
        if not backchannel:
            floor = here
        placed.append(here)
    return sorted(placed, key=lambda turn: turn.start)


def check(placed: list[Placed]) -> None:
    """Nobody can say two things at once."""
    for speaker in CHANNELS:
        for before, after in pairwise(turn for turn in placed if turn.speaker == speaker):
            if after.start < before.end:
                raise SystemExit(f"{speaker} speaks twice at once: {before.text!r}, {after.text!r}")


def mix(placed: list[Placed], seed: int) -> Samples:
    """The conversation as float32 (samples, 2) at 24 kHz: speech, a little room, noise."""
    length = max(turn.end for turn in placed) + round(LEAD_OUT * RATE)
    generator = np.random.default_rng(seed)
    channels = []
    for speaker in CHANNELS:
        dry = np.zeros(length, np.float64)
        for turn in placed:
            if turn.speaker == speaker:
                begin = turn.start - turn.spoken.start
                dry[begin : begin + len(turn.spoken.samples)] += turn.spoken.samples
        wet = dry + _room(dry, generator)
        wet *= SPEECH_RMS / _speech_rms(wet)
        channels.append(wet + _noise(length, generator))
    both = np.stack(channels, axis=1)
    peak = float(np.abs(both).max())
    if peak > 0.98:
        raise SystemExit(f"the mix clips at {peak:.2f}: lower SPEECH_RMS")
    return both.astype(np.float32)


def _speech_rms(channel: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Root mean square over the 20 ms frames within 25 dB of the loudest (noise lies lower)."""
    frame = RATE // 50
    power = np.square(channel[: len(channel) // frame * frame].reshape(-1, frame)).mean(axis=1)
    return float(np.sqrt(power[power > power.max() * 10**-2.5].mean()))


def _room(
    dry: np.ndarray[Any, np.dtype[np.float64]], generator: np.random.Generator
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Late reflections of a small furnished room: noise that dies away (-60 dB) within ROOM_SECONDS."""
    taps = round(ROOM_SECONDS * RATE)
    tail = generator.normal(size=taps) * 10 ** (-3 * np.arange(taps) / taps)
    tail[: round(0.004 * RATE)] = 0.0
    tail *= 10 ** (ROOM_LEVEL_DB / 20) / np.sqrt(np.square(tail).sum())
    size = 1 << (len(dry) + taps).bit_length()
    late = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(tail, size), size)
    return np.asarray(late[: len(dry)], np.float64)


def _noise(length: int, generator: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Room noise, falling 3 dB per octave above 80 Hz, NOISE_BELOW_SPEECH_DB under the speech."""
    spectrum = np.fft.rfft(generator.normal(size=length))
    frequencies = np.fft.rfftfreq(length, 1 / RATE)
    spectrum *= np.where(frequencies < 80, 0.0, np.sqrt(80 / np.maximum(frequencies, 80)))
    noise = np.fft.irfft(spectrum, length)
    level = SPEECH_RMS * 10 ** (-NOISE_BELOW_SPEECH_DB / 20)
    return np.asarray(noise * (level / np.sqrt(np.square(noise).mean())), np.float64)


def reference(script: dict[str, Any], placed: list[Placed], length: int) -> dict[str, Any]:
    """What was said when, in seconds from the first sample."""
    starts = {turn.key: turn.start / RATE for turn in placed if turn.key is not None}
    return {
        "language": script["language"],
        "title": script["title"],
        "rate": RATE,
        "duration": round(length / RATE, 3),
        "channels": list(CHANNELS),
        "voices": script["voices"],
        "noise_below_speech_db": NOISE_BELOW_SPEECH_DB,
        "word_times": WORD_TIMES,
        "turns": [_turn(turn) for turn in placed],
        "expect": [
            {
                **wish,
                "from": round(starts[wish["from"]], 3),
                "to": round(starts[wish["to"]], 3),
            }
            for wish in script["expect"]
        ],
    }


def _turn(turn: Placed) -> dict[str, Any]:
    begin = turn.start / RATE
    return {
        "speaker": turn.speaker,
        "start": round(begin, 3),
        "end": round(turn.end / RATE, 3),
        "text": turn.text,
        "backchannel": turn.backchannel,
        "words": [
            {
                "text": word.text,
                "start": round(begin + word.start, 3),
                "end": round(begin + word.end, 3),
            }
            for word in turn.spoken.words
        ],
    }


def main(arguments: list[str]) -> None:
    """Write LANGUAGE.opus and LANGUAGE.json."""
    import soundfile

    if len(arguments) != 3:
        raise SystemExit(__doc__)
    directory, language, out = Path(arguments[0]), arguments[1], Path(arguments[2])
    script = tomllib.loads((SCRIPTS / f"{language}.toml").read_text(encoding="utf-8"))
    placed = place(script, Kokoro(directory))
    check(placed)
    sound = mix(placed, seed=sum(language.encode()))
    out.mkdir(parents=True, exist_ok=True)
    soundfile.write(
        out / f"{language}.opus",
        sound,
        RATE,
        format="OGG",
        subtype="OPUS",
        compression_level=OPUS_COMPRESSION,
    )
    told = json.dumps(reference(script, placed, len(sound)), ensure_ascii=False, indent=1)
    (out / f"{language}.json").write_text(told + "\n", encoding="utf-8")
    print(f"{language}: {len(sound) / RATE:.1f} s, {len(placed)} turns")


if __name__ == "__main__":
    main(sys.argv[1:])
