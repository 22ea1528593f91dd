"""Make talks of two people each, for benchmarks/one_microphone.py, with voices that the demos do not have.

    python benchmarks/pairs.py KOKORO_DIR OUT_DIR [--language en nl]

KOKORO_DIR is as for benchmarks/make_demo.py, and so is what must be installed, with soxr. Each talk is one stereo file, a
person on each channel: turns of the demo's script, one after the other with 0.4 to 1.2 s between them, each person
speaking about a minute. Everything random has a fixed seed.
"""

from __future__ import annotations

import argparse
import tomllib
from itertools import zip_longest
from pathlib import Path

import numpy as np
import soundfile
import soxr
from kokoro_voices import RATE, Kokoro, Samples

SCRIPTS = Path(__file__).resolve().parent.parent / "live_coach" / "demo"
VOICES = {
    "am_fenrir": ("en-us", 0),
    "bm_george": ("en-gb", 3),
    "af_bella": ("en-us", 6),
    "af_heart": ("en-us", 9),
    "if_sara": ("nl", 0),
    "im_nicola": ("nl", 3),
    "am_onyx": ("nl", 6),
}
"""The phonemes of each, and the turn of the script with which it begins."""
PAIRS = {
    "en": (("am_fenrir", "bm_george"), ("af_bella", "af_heart"), ("bm_george", "af_heart")),
    "nl": (("if_sara", "im_nicola"), ("im_nicola", "am_onyx")),
}
SPEEDS = {"en": 1.0, "nl": 0.9}
SPOKEN_S = 62
LONGEST_TURN = 45
"""Words: Kokoro speaks about 60 at once."""
STORED_RATE = 16_000


def turns(kokoro: Kokoro, voice: str, language: str) -> list[Samples]:
    """About a minute of turns of the script."""
    phonemes, begin = VOICES[voice]
    script = tomllib.loads((SCRIPTS / f"{language}.toml").read_text(encoding="utf-8"))["turns"]
    texts = [each["text"] for each in script if len(each["text"].split()) <= LONGEST_TURN]
    said: list[Samples] = []
    for text in texts[begin:] + texts[:begin]:
        if sum(map(len, said)) >= SPOKEN_S * RATE:
            break
        spoken = kokoro.speak(text, voice, phonemes, SPEEDS[language])
        said.append(spoken.samples[spoken.start : spoken.end])
    return said


def talk(one: list[Samples], other: list[Samples]) -> Samples:
    """Both in turns, shaped (samples, 2)."""
    chance = np.random.default_rng(6)
    parts: list[Samples] = []
    for pair in zip_longest(one, other):
        for side, said in enumerate(pair):
            if said is not None:
                part = np.zeros((len(said) + round(chance.uniform(0.4, 1.2) * RATE), 2), np.float32)
                part[: len(said), side] = said
                parts.append(part)
    return np.concatenate(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kokoro", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--language", nargs="+", default=sorted(PAIRS), choices=sorted(PAIRS))
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    kokoro = Kokoro(chosen.kokoro)
    for language in chosen.language:
        voices = dict.fromkeys(voice for pair in PAIRS[language] for voice in pair)
        said = {voice: turns(kokoro, voice, language) for voice in voices}
        for one, other in PAIRS[language]:
            sound = soxr.resample(talk(said[one], said[other]), RATE, STORED_RATE)
            path = chosen.output / f"{language}-{one}-{other}.flac"
            soundfile.write(path, sound, STORED_RATE)
            print(path, flush=True)


if __name__ == "__main__":
    main()
