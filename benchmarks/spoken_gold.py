"""What the recogniser costs: gold conversations spoken, heard again, and scored against their written text.

    python benchmarks/spoken_gold.py KOKORO_DIR LANGUAGE FILE… [--model tiny.en] [--save RESULT.json]

Each file (as in tests/gold) is spoken with the voices of `benchmarks/make_demo.py`, manager left and coachee right,
GAP seconds between turns, in a small room with noise 20 dB below the speech. `live-coach replay --speed max` reads
it; every act that it finds goes to the turn of that speaker that its utterance overlaps most. The same turns are read
as text. Precision, recall and F1 of asking and telling, per turn of the manager, are printed for both.

Nothing that is spoken or heard is kept. Needs what `benchmarks/make_demo.py` needs, and takes about half a minute
of one core per minute of conversation.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from kokoro_voices import RATE, Kokoro
from make_demo import Placed, check, mix, place

from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.classifier import Label
from live_coach.coaching.joining import ALL_KINDS
from live_coach.coaching.markers import Language
from live_coach.flow.messages import Kind, Speaker

GAP = 0.6
MODELS: Mapping[Language, str] = {"en": "tiny.en", "nl": "base"}
VOICES: Mapping[Language, dict[str, Any]] = {
    "en": {
        "manager": {"voice": "am_michael", "phonemes": "en-us", "speed": 1.0},
        "coachee": {"voice": "bf_emma", "phonemes": "en-gb", "speed": 1.0},
    },
    "nl": {
        "manager": {"voice": "em_alex", "phonemes": "nl", "speed": 0.9},
        "coachee": {"voice": "if_sara", "phonemes": "nl", "speed": 0.9},
    },
}
LABELS: tuple[Label, ...] = ("ask", "tell")
_SEED = 20


def speak(rows: Sequence[Mapping[str, Any]], language: Language, voices: Kokoro) -> list[Placed]:
    """The turns of a conversation on one timeline."""
    turns = [
        {"speaker": row["speaker"], "text": row["text"], "gap": GAP, "id": str(row["turn"])}
        for row in rows
    ]
    placed = place({"voices": VOICES[language], "turns": turns}, voices)
    check(placed)
    return placed


def hear(placed: list[Placed], language: Language, model: str) -> list[dict[str, Any]]:
    """The message stream of `live-coach replay` over these turns."""
    import soundfile

    with tempfile.TemporaryDirectory() as folder:
        sound, stream = Path(folder) / "talk.wav", Path(folder) / "talk.jsonl"
        soundfile.write(sound, mix(placed, _SEED), RATE)
        how = ["--manager", "left", "--language", language, "--model", model, "--speed", "max"]
        program = [sys.executable, "-m", "live_coach", "replay", str(sound), *how]
        subprocess.run([*program, "--jsonl", str(stream)], check=True)
        return [json.loads(line) for line in stream.read_text().splitlines()]


def aligned(placed: Sequence[Placed], stream: Iterable[Mapping[str, Any]]) -> list[set[Kind]]:
    """The kinds that were heard in each turn: those of the utterances that overlap it most."""
    heard: list[set[Kind]] = [set() for _ in placed]
    turn_of: dict[Any, int] = {}
    for message in stream:
        if message["type"] == "utterance" and message["stage"] == "final":
            overlaps = [
                min(turn.end / RATE, message["end"]) - max(turn.start / RATE, message["start"])
                if turn.speaker == message["speaker"]
                else -1.0
                for turn in placed
            ]
            if max(overlaps) > 0:
                turn_of[message["id"]] = int(np.argmax(overlaps))
        elif message["type"] == "act" and message["utterance"] in turn_of:
            heard[turn_of[message["utterance"]]].add(Kind(message["kind"]))
    return heard


def read(rows: Sequence[Mapping[str, Any]], language: Language) -> list[set[Kind]]:
    """The kinds that are found in the written text of each turn."""
    finder, context = ActFinder(language), Context()
    return [
        {act.kind for act in finder.read(Speaker(row["speaker"]), row["text"].split(), context)}
        for row in rows
    ]


def scores(
    rows: Sequence[Mapping[str, Any]], found: Sequence[set[Kind]]
) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of each label over the manager's turns."""
    table = {}
    for label in LABELS:
        kinds = ALL_KINDS[label]
        pairs = [
            (bool(kinds & {act["kind"] for act in row["acts"]}), bool(kinds & was))
            for row, was in zip(rows, found, strict=True)
            if row["speaker"] == "manager"
        ]
        right = sum(wanted and was for wanted, was in pairs)
        wanted, was = (sum(column) for column in zip(*pairs, strict=True))
        table[str(label)] = {
            "positives": wanted,
            "precision": round(right / max(1, was), 3),
            "recall": round(right / max(1, wanted), 3),
            "f1": round(2 * right / max(1, wanted + was), 3),
        }
    return table


def main() -> None:
    """Speak, listen, score; print and keep if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kokoro", type=Path)
    parser.add_argument("language", choices=["en", "nl"])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--save", type=Path)
    asked = parser.parse_args()
    model = asked.model or MODELS[asked.language]
    voices = Kokoro(asked.kokoro)
    report: dict[str, Any] = {"language": asked.language, "model": model, "conversations": []}
    rows: list[Any] = []
    written: list[set[Kind]] = []
    spoken: list[set[Kind]] = []
    for path in asked.files:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        placed = speak(lines[1:], asked.language, voices)
        rows += lines[1:]
        written += read(lines[1:], asked.language)
        spoken += aligned(placed, hear(placed, asked.language, model))
        report["conversations"].append(path.stem)
        report |= {"written": scores(rows, written), "spoken": scores(rows, spoken)}
        print(json.dumps(report), flush=True)
        if asked.save:
            asked.save.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
