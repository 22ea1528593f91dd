"""How late text is: a recording in real time through the live path, against the times of its words.

    python benchmarks/latency.py TALK.wav --words WORDS.json [--language en] [--model NAME] [--runs 3]
    python benchmarks/latency.py TALK.opus --script SCRIPT.json --manager left …

WORDS.json: {"words": [[word, start, end], …]} for one channel; SCRIPT.json: the format of
live_coach/demo/*.json (turns with words, per speaker). Every run is a process of its own:
`live-coach replay --speed real --jsonl`, watched from outside.

Told are, each as p50/p95/p99 in seconds: from a word's end to the first text that has it in its
place; to the first text in which it is stable (two decodes agreed, or final); from the end of a run
of speech to its final text; from the onset of speech to the message about it. Further the word error
rate of the finals (normaliser: benchmarks/word_errors.py), CPU seconds per second of the whole
process tree, its peak memory (proportional set size), and what was dropped.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import psutil
from word_errors import errors, words

_SLACK_S = 0.4
"""A reference word belongs to an utterance that covers its middle, give or take so much."""


@dataclass(frozen=True)
class Reference:
    """A word that was said: in its plain form, by whom, and when it ended in seconds."""

    word: str
    speaker: str
    start: float
    end: float


@dataclass
class Watched:
    """What a process tree used."""

    cpu_s: float = 0.0
    peak_mb: float = 0.0
    _seen: dict[int, float] = field(default_factory=dict)

    def follow(self, program: subprocess.Popen[str]) -> None:
        """Sample until the program ends."""
        root = psutil.Process(program.pid)
        while program.poll() is None:
            memory = 0
            try:
                tree = [root, *root.children(recursive=True)]
            except psutil.NoSuchProcess:
                break
            for process in tree:
                try:
                    used = process.cpu_times()
                    self._seen[process.pid] = used.user + used.system
                    memory += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak_mb = max(self.peak_mb, memory / 1e6)
            self.cpu_s = sum(self._seen.values())
            time.sleep(0.1)


def main() -> None:
    """Run, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recording", type=Path)
    reference = parser.add_mutually_exclusive_group(required=True)
    reference.add_argument("--words", type=Path)
    reference.add_argument("--script", type=Path)
    parser.add_argument("--manager", default="mono")
    parser.add_argument("--language", default="en")
    parser.add_argument("--model", default="auto")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--output", type=Path, help="write the results as JSON")
    told = parser.parse_args()
    said = _from_script(told.script, told.language) if told.script else _from_words(told)
    runs = [measure(told, said) for _ in range(told.runs)]
    median = {
        name: statistics.median(run[name] for run in runs if run[name] is not None)
        for name in runs[0]
    }
    result = {
        "recording": told.recording.name,
        "model": told.model,
        "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, {platform.system()}",
        "date": time.strftime("%Y-%m-%d"),
        "runs": runs,
        "median": median,
    }
    for name, value in median.items():
        print(f"{name:28} {value:9.3f}")
    if told.output:
        told.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measure(told: argparse.Namespace, said: list[Reference]) -> dict[str, float | None]:
    """One run of the program over the recording."""
    with tempfile.TemporaryDirectory() as folder:
        lines_file = Path(folder, "lines")
        program = subprocess.Popen(
            [
                *(sys.executable, "-m", "live_coach", "replay", str(told.recording)),
                *("--manager", told.manager, "--language", told.language, "--model", told.model),
                *("--speed", "real", "--jsonl", str(lines_file)),
            ],
            text=True,
        )
        watched = Watched()
        watcher = threading.Thread(target=watched.follow, args=[program])
        watcher.start()
        if program.wait():
            sys.exit(1)
        watcher.join()
        lines = [json.loads(line) for line in lines_file.read_text(encoding="utf-8").splitlines()]
    return _figures(lines, said, told.language) | {
        "cpu_s_per_s": watched.cpu_s / lines[-1]["duration"],
        "peak_memory_mb": watched.peak_mb,
        "dropped": lines[-1]["dropped"],
        "untranscribed": lines[-1]["untranscribed"],
    }


def _figures(
    lines: list[dict[str, Any]], said: list[Reference], language: str
) -> dict[str, float | None]:
    utterances = [line for line in lines if line["type"] == "utterance"]
    finals = [line for line in utterances if line["stage"] == "final"]
    shown, stable = _first_times(utterances, finals, said, language)
    onsets = [line for line in lines if line["type"] == "speech" and line["event"] == "start"]
    figures: dict[str, float | None] = {}
    for name, delays in (
        ("word_to_shown", shown),
        ("word_to_stable", stable),
        ("end_to_final", [line["emitted"] - line["end"] for line in finals]),
        ("onset_to_message", [line["emitted"] - line["at"] for line in onsets]),
    ):
        figures |= {f"{name}_p{p}": _percentile(delays, p) for p in (50, 95, 99)}
    wrong = 0
    for speaker in {one.speaker for one in said}:
        own = sorted(
            (line for line in finals if line["speaker"] == speaker), key=lambda line: line["start"]
        )
        heard = words(" ".join(line["text"] for line in own), language)
        wrong += errors([one.word for one in said if one.speaker == speaker], heard)
    figures["word_error_rate"] = wrong / len(said)
    figures["words_never_shown"] = len(said) - len(shown)
    return figures


def _first_times(
    utterances: list[dict[str, Any]],
    finals: list[dict[str, Any]],
    said: list[Reference],
    language: str,
) -> tuple[list[float], list[float]]:
    """For each word that was ever right: how long after its end it was first shown, first stable."""
    covered = {line["id"]: _covered(line, said) for line in finals}
    first: dict[int, float] = {}
    settled: dict[int, float] = {}
    for line in utterances:
        places = covered.get(line["id"], [])
        heard = [
            (plain, n) for n, w in enumerate(line["words"]) for plain in words(w["text"], language)
        ]
        matcher = SequenceMatcher(
            None, [said[n].word for n in places], [plain for plain, _ in heard], autojunk=False
        )
        for block in matcher.get_matching_blocks():
            for k in range(block.size):
                place = places[block.a + k]
                first.setdefault(place, line["emitted"])
                if line["stage"] == "final" or heard[block.b + k][1] < line["stable"]:
                    settled.setdefault(place, line["emitted"])
    return (
        [max(0.0, at - said[n].end) for n, at in first.items()],
        [max(0.0, at - said[n].end) for n, at in settled.items()],
    )


def _covered(line: dict[str, Any], said: list[Reference]) -> list[int]:
    return [
        n
        for n, one in enumerate(said)
        if one.speaker == line["speaker"]
        and line["start"] - _SLACK_S <= (one.start + one.end) / 2 <= line["end"] + _SLACK_S
    ]


def _from_words(told: argparse.Namespace) -> list[Reference]:
    found = json.loads(told.words.read_text(encoding="utf-8"))["words"]
    speaker = "unknown" if told.manager == "mono" else "manager"
    return [
        Reference(plain, speaker, start, end)
        for word, start, end in found
        for plain in words(word, told.language)
    ]


def _from_script(path: Path, language: str) -> list[Reference]:
    turns = json.loads(path.read_text(encoding="utf-8"))["turns"]
    return [
        Reference(plain, turn["speaker"], word["start"], word["end"])
        for turn in turns
        for word in turn["words"]
        for plain in words(word["text"], language)
    ]


def _percentile(values: list[float], percent: int) -> float | None:
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


if __name__ == "__main__":
    main()
