"""From the end of what the manager says to the nudge, live: python benchmarks/turn_to_nudge.py [--save FILE.json].

For each language a talk is put together from pieces of the bundled demo: a turn in which the manager advises, silence,
a short turn of the coachee, silence, OCCASIONS times over. The program replays it in real time, as it would hear a
conversation, with the limits of the gate lifted (benchmarks/nudges.py says which), so that each turn of advice is an occasion. Reported are

- `turn_to_nudge_s`: from the end of the turn, as the talk was put together, to when the message with the nudge
  leaves; the screen is painted within 0.1 s after it. The breakpoint, 0.7 s of silence, is part of it;
- `own_s`: the part of it that comes after the moment that the nudge is given for (its `at`): recogniser, coach, queues;
- `occasions` with and `missed` without a nudge, and those that came `early`, at a pause within the turn;
- `coach_ms`: for the same words with a recogniser that needs no time, the processor time that the coach needed for the
  utterance before a nudge and for the message on which it gave the nudge, together.

Percentiles by the nearest rank. Anything else that wants the processor shows in the first two: run it on a quiet computer.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
from nudges import DIRECTIVE, without_limits

from live_coach.bench import program
from live_coach.bench.bench import bundled
from live_coach.bench.figures import percentile
from live_coach.bench.machine import machine, today
from live_coach.coaching import config
from live_coach.coaching.coach import Coach
from live_coach.coaching.markers import LANGUAGES, Language
from live_coach.coaching.script import Line, messages
from live_coach.flow.messages import Nudge, Speaker, Utterance, to_samples

OCCASIONS = 36
LONGEST_TELL_S, LONGEST_ANSWER_S = 8.0, 3.0
BEFORE_ANSWER_S, AFTER_ANSWER_S = 1.6, 0.7
_EDGE_S = 0.05
_SIDES = {"manager": 0, "coachee": 1}
Sound = npt.NDArray[np.float32]
"""Shaped (samples, 2): manager and coachee."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the demo (`cut`, seconds there) and where it stands in the talk, in seconds."""

    speaker: str
    text: str
    cut: tuple[float, float]
    start: float

    @property
    def end(self) -> float:
        return self.start + self.cut[1] - self.cut[0]


def talk(script: dict[str, Any]) -> list[Turn]:
    """Advice and short answers in turns; the advice is where the script expects `ask`."""
    expected = next(e for e in script["expect"] if e["nudge"] == "ask" and e["shown"])
    spoken = [(t, t["end"] - t["start"]) for t in script["turns"] if not t["backchannel"]]
    tells = [
        t
        for t, length in spoken
        if t["speaker"] == "manager"
        and expected["from"] <= t["start"] < expected["to"]
        and length <= LONGEST_TELL_S
    ]
    answers = [
        t for t, length in spoken if t["speaker"] == "coachee" and length <= LONGEST_ANSWER_S
    ]
    turns, at = [], AFTER_ANSWER_S
    for number in range(OCCASIONS):
        for some, pause in ((tells, BEFORE_ANSWER_S), (answers, AFTER_ANSWER_S)):
            one = some[number % len(some)]
            turns.append(Turn(one["speaker"], one["text"], (one["start"], one["end"]), at))
            at = turns[-1].end + pause
    return turns


def put_together(turns: Sequence[Turn], script: dict[str, Any], demo: Sound, rate: int) -> Sound:
    """The sound of the talk; between the turns is the noise of the demo's longest silence."""
    ordered = sorted(script["turns"], key=lambda turn: turn["start"])
    quiet = max(pairwise(ordered), key=lambda pair: pair[1]["start"] - pair[0]["end"])
    noise = demo[round((quiet[0]["end"] + 1) * rate) : round((quiet[1]["start"] - 1) * rate)]
    length = round((turns[-1].end + 3) * rate)
    sound = np.tile(noise, (length // len(noise) + 1, 1))[:length]
    for turn in turns:
        begin, end = (
            round((edge + by) * rate)
            for edge, by in zip(turn.cut, (-_EDGE_S, _EDGE_S), strict=True)
        )
        at, side = round((turn.start - _EDGE_S) * rate), _SIDES[turn.speaker]
        sound[at : at + end - begin, side] = demo[begin:end, side]
    return sound


def live(turns: Sequence[Turn], lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of a message stream."""
    told = [line for line in lines if line["type"] == "nudge" and line["kind"] in DIRECTIVE]
    tells = [turn for turn in turns if turn.speaker == "manager"]
    nexts = [turn.start for turn in tells[1:]] + [float("inf")]
    late, own, early, missed = [], [], 0, 0
    for turn, following in zip(tells, nexts, strict=True):
        here = [line for line in told if turn.start < line["emitted"] < following]
        if not here:
            missed += 1
        elif here[0]["emitted"] < turn.end:
            early += 1
        else:
            late.append(here[0]["emitted"] - turn.end)
            own.append(here[0]["emitted"] - here[0]["at"])
    return {
        "occasions": len(tells),
        "missed": missed,
        "early": early,
        "turn_to_nudge_s": _percentiles(late),
        "own_s": _percentiles(own),
    }


def coach_ms(turns: Sequence[Turn], language: Language) -> dict[str, float | None]:
    """What the coach needs for the same words."""
    return _percentiles(list(_coach_ms(turns, language)))


def _coach_ms(turns: Sequence[Turn], language: Language) -> Iterator[float]:
    coach = Coach(language, without_limits(config.load()), wording=language)
    lines = [
        Line(Speaker(turn.speaker), turn.text, to_samples(turn.start), to_samples(turn.end))
        for turn in turns
    ]
    read = 0.0
    for message in messages(lines, language):
        began = time.thread_time()
        given = [i for i in coach.process(message) if isinstance(i, Nudge) and i.kind in DIRECTIVE]
        took = (time.thread_time() - began) * 1000
        if isinstance(message, Utterance):
            read = took
        if given:
            yield read + took


def _percentiles(values: Sequence[float]) -> dict[str, float | None]:
    told = {f"p{part}": percentile(values, part) for part in (50, 95, 100)}
    return {"number": len(values)} | {n: v and round(v, 3) for n, v in told.items()}


def measure(language: Language) -> dict[str, Any]:
    """One language, in real time."""
    recording, reference = bundled(language)
    script = json.loads(reference.read_text(encoding="utf-8"))
    demo, rate = soundfile.read(recording, dtype="float32", always_2d=True)
    turns = talk(script)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "talk.flac"
        soundfile.write(path, put_together(turns, script, demo, rate), rate)
        heard = program.watched(
            [sys.executable, __file__, "--listen", str(path), "--language", language]
        )
    return {
        "model": heard.lines[0]["model"],
        "seconds": heard.lines[-1]["duration"],
        "cpu_s_per_s": round(heard.cpu_s / heard.lines[-1]["duration"], 2),
        **live(turns, heard.lines),
        "coach_ms": coach_ms(turns, language),
    }


def listen(path: Path, language: str) -> None:
    """The program on a recording in real time, with the limits of its gate lifted."""
    from live_coach import cli, session

    shipped = session.load_nudges
    session.load_nudges = lambda preset: without_limits(shipped(preset))
    sys.argv = [
        *("live-coach", "replay", str(path), "--manager", "left", "--language", language),
        *("--speed", "real", "--jsonl", "-"),
    ]
    cli.main()


def main() -> None:
    """Measure, print, and keep it if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--language", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--listen", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--save", type=Path)
    asked = parser.parse_args()
    if asked.listen:
        listen(asked.listen, asked.language[0])
        return
    result: dict[str, Any] = {"date": today(), "machine": machine()}
    for language in asked.language:
        result[language] = measure(language)
        print(json.dumps({language: result[language]}), flush=True)
        if asked.save:
            asked.save.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
