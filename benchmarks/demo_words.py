"""Word error rate of plain Whisper on the demo conversations, per voice: what the recordings allow.

    python benchmarks/demo_words.py LANGUAGE MODEL_DIR... [--in DIR] [--show]

Each channel is decoded twice with faster-whisper (int8, beam 1): turn by turn at the times of the script, and as a whole with
its voice activity filter. The pipeline's own figures come from a replay, not from here.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from live_coach.bench.word_errors import errors, words

DEMOS = Path(__file__).resolve().parent.parent / "live_coach" / "demo"
RATE = 16_000
MARGIN = 0.2


def by_turn(
    model: Any, sound: NDArray[np.float32], turns: list[dict[str, Any]], language: str
) -> list[str]:
    """The text of each turn, decoded on its own with MARGIN seconds around it."""
    heard = []
    for turn in turns:
        start = max(0, round((turn["start"] - MARGIN) * RATE))
        piece = sound[start : round((turn["end"] + MARGIN) * RATE)]
        heard.append(transcribed(model, piece, language, vad_filter=False))
    return heard


def transcribed(model: Any, sound: NDArray[np.float32], language: str, *, vad_filter: bool) -> str:
    """The text of mono sound at 16 kHz."""
    segments, _ = model.transcribe(
        sound,
        language=language,
        beam_size=1,
        vad_filter=vad_filter,
        condition_on_previous_text=False,
    )
    return " ".join(segment.text for segment in segments)


def main() -> None:
    """Print one line per model and voice."""
    from faster_whisper import WhisperModel

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", choices=["en", "nl"])
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--in", dest="directory", type=Path, default=DEMOS)
    parser.add_argument("--show", action="store_true", help="print the turns with errors")
    told = parser.parse_args()
    script = json.loads((told.directory / f"{told.language}.json").read_text(encoding="utf-8"))
    sound, rate = soundfile.read(told.directory / f"{told.language}.opus", dtype="float32")
    sound = soxr.resample(sound, rate, RATE)
    for directory in told.models:
        model = WhisperModel(str(directory), device="cpu", compute_type="int8", cpu_threads=2)
        for channel, speaker in enumerate(script["channels"]):
            turns = [turn for turn in script["turns"] if turn["speaker"] == speaker]
            one = sound[:, channel].copy()
            heard = by_turn(model, one, turns, told.language)
            said = [words(turn["text"], told.language) for turn in turns]
            wrong = [
                errors(turn, words(text, told.language))
                for turn, text in zip(said, heard, strict=True)
            ]
            count = sum(len(turn) for turn in said)
            whole = words(transcribed(model, one, told.language, vad_filter=True), told.language)
            at_once = errors([word for turn in said for word in turn], whole)
            print(
                f"{told.language} {directory.name:8} {speaker} {script['voices'][speaker]['voice']:10}"
                f" {count:4} words  turn by turn {sum(wrong) / count:6.1%}  whole {at_once / count:6.1%}",
                flush=True,
            )
            if told.show:
                for turn, text, bad in zip(turns, heard, wrong, strict=True):
                    if bad:
                        print(
                            f"   {bad:2} {turn['start']:6.1f} {turn['text']}\n             {text}"
                        )


if __name__ == "__main__":
    main()
