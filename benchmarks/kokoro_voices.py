"""Speech with Kokoro-82M, and when each word of it was spoken.

The model (v1.0, fp32 ONNX, Apache-2.0; the fp16 build gives NaN with Dutch) is one folder: `kokoro-fp32.onnx` and the
voices as `NAME.bin` (float32, n × 1 × 256). Phonemes come from espeak through the package `kokoro-onnx`.

The model computes how long every phoneme lasts. That tensor is not among its outputs, so the graph is given one output more;
word times are sums of it, not guesses from a recogniser.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 24_000
DURATIONS = "/encoder/Clip_output_0"
SAMPLES_PER_STEP = 600
# Quieter than this under the loudest moment, the noise of the room hides it.
HEARD_DB = -32.0
PAUSES = set(".,!?;:—… ")
LANGUAGES = {"en-us", "en-gb", "nl"}
# Dutch is none of Kokoro's languages. Some sounds fall out of the word (ɵ, as in "dus") or blur with others (v and ʋ); these
# neighbours gave the fewest word errors with Whisper base, and sound like a light accent.
DUTCH_NEIGHBOURS = {"v": "f", "ʋ": "v", "ɣ": "x", "ɵ": "œ", "ʌʊ": "aʊ", "ɛɪ": "æɪ"}

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the script spells it, punctuation included; times in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """Mono speech at 24 kHz. Samples `start` to `end` are what one hears in a room; before and after it only fades.

    Words count from the sample `start`.
    """

    samples: Samples
    start: int
    end: int
    words: tuple[Word, ...]


class Kokoro:
    """The text-to-speech model of one folder. The same text always gives the same samples."""

    def __init__(self, directory: Path) -> None:
        import onnx
        import onnxruntime
        from kokoro_onnx.tokenizer import Tokenizer

        model = onnx.load(str(directory / "kokoro-fp32.onnx"))
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info(DURATIONS))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session: Any = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer()
        self._directory = directory

    def speak(self, text: str, voice: str, language: str, speed: float) -> Spoken:
        """Speak `text` (at most about 60 words) with a voice of the folder; `language` is one of LANGUAGES."""
        phonemes = self._phonemes(text, language)
        ids = self._tokenizer.tokenize(phonemes)
        styles = np.fromfile(self._directory / f"{voice}.bin", np.float32).reshape(-1, 1, 256)
        wave, durations = self._session.run(
            ["waveform", DURATIONS],
            {
                "input_ids": np.array([[0, *ids, 0]], np.int64),
                "style": styles[len(ids)].reshape(1, 256),
                "speed": np.array([speed], np.float32),
            },
        )
        samples = np.asarray(wave, np.float32).reshape(-1)
        lasts = np.asarray(durations, np.float64).reshape(-1) * SAMPLES_PER_STEP / RATE
        words = _word_times(text.split(), phonemes, np.cumsum(lasts))
        return _trimmed(samples, words)

    def _phonemes(self, text: str, language: str) -> str:
        import phonemizer

        if language not in LANGUAGES:
            raise ValueError(f"no phonemes for {language}")
        phonemes: str = phonemizer.phonemize(
            text, language, preserve_punctuation=True, with_stress=True
        )
        if language == "nl":
            phonemes = re.sub(
                "|".join(DUTCH_NEIGHBOURS), lambda found: DUTCH_NEIGHBOURS[found[0]], phonemes
            )
        return "".join(sound for sound in phonemes if sound in self._tokenizer.vocab).strip()


def _word_times(words: list[str], phonemes: str, ends: NDArray[np.float64]) -> list[Word]:
    """Times of `words` in the untrimmed wave. `ends[i + 1]` is where phoneme i ends; `ends[0]` is the lead-in."""
    groups = [
        (start, start + len(part))
        for start, part in _parts(phonemes)
        if any(sound not in PAUSES for sound in part)
    ]
    times: list[Word] = []
    for word_span, group_span in _matched([len(word) for word in words], groups):
        first, last = groups[group_span[0]][0], groups[group_span[1] - 1][1]
        while phonemes[last - 1] in PAUSES:
            last -= 1
        edges = _shared(words[slice(*word_span)], float(ends[first]), float(ends[last]))
        times += [
            Word(word, start, end)
            for word, (start, end) in zip(words[slice(*word_span)], edges, strict=True)
        ]
    return times


def _parts(phonemes: str) -> list[tuple[int, str]]:
    """The space-separated parts of `phonemes` with their offsets."""
    offsets = itertools.accumulate((len(part) + 1 for part in phonemes.split(" ")), initial=0)
    return list(zip(offsets, phonemes.split(" "), strict=False))


def _shared(words: list[str], start: float, end: float) -> list[tuple[float, float]]:
    """Words that the phonemes run together share the time by their letters."""
    shares = np.cumsum([0, *(len(word) for word in words)]) / sum(len(word) for word in words)
    edges = start + shares * (end - start)
    return list(itertools.pairwise(float(edge) for edge in edges))


def _matched(
    letters: list[int], groups: list[tuple[int, int]]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Which words belong to which phoneme groups, in order: one to one, or up to four to one either way.

    Espeak runs function words together ("of the") and spells out numbers; the cheapest path compares lengths.
    """
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    steps = [(1, 1), *((1, n) for n in (2, 3, 4)), *((n, 1) for n in (2, 3, 4))]
    for at in itertools.product(range(len(letters) + 1), range(len(groups) + 1)):
        if at not in best:
            continue
        for step in steps:
            to = (at[0] + step[0], at[1] + step[1])
            if to[0] > len(letters) or to[1] > len(groups):
                continue
            written = sum(letters[at[0] : to[0]])
            sounded = sum(end - start for start, end in groups[at[1] : to[1]])
            cost = best[at][0] + abs(written - sounded) + 2.0 * (max(step) - 1)
            if to not in best or cost < best[to][0]:
                best[to] = (cost, at)
    path = [(len(letters), len(groups))]
    while path[-1] != (0, 0):
        path.append(best[path[-1]][1])
    path.reverse()
    return [((a[0], b[0]), (a[1], b[1])) for a, b in itertools.pairwise(path)]


def _trimmed(samples: Samples, words: list[Word]) -> Spoken:
    """Mark where the speech rises above HEARD_DB under its loudest 10 ms, and words with it."""
    frame = RATE // 100
    power = np.square(samples[: len(samples) // frame * frame].reshape(-1, frame)).mean(axis=1)
    heard = np.flatnonzero(power > power.max() * 10 ** (HEARD_DB / 10))
    first, last = int(heard[0]), int(heard[-1]) + 1

    def moved(word: Word) -> Word:
        """Without the silence that the model counts to the sounds before a pause."""
        inside = heard[(heard >= word.start * 100 - 1) & (heard < word.end * 100)]
        start, end = word.start, word.end
        if inside.size:
            start, end = max(start, inside[0] / 100), min(end, (inside[-1] + 1) / 100)
        start, end = (min(max(edge, first / 100), last / 100) for edge in (start, end))
        return Word(word.text, start - first / 100, end - first / 100)

    return Spoken(samples, first * frame, last * frame, tuple(moved(word) for word in words))
