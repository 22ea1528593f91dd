"""How much of the speech is told of the right person? Both bundled conversations, by mode and condition.

    python benchmarks/attribution.py [--language en nl] [--call MANAGER COACHEE TURNS NAME] [--output DIR]

Two channels: microphone and call through the ear as in a conversation, with nothing of the call in the
microphone (a headset) and with the call on loudspeakers: its speech 15 or 6 dB below the manager's, after
80 ms, in a simulated room with a reverberation time of 0.3 s (benchmarks/room.py).

With --call also of a telephone call: a recording of each side, and who spoke when, as JSON ({"turns": [{"speaker", "start",
"end"}]}, seconds), where NAME is the manager. The turns hold their pauses, so that of it only the talk share has a bar.

Told is, for each mode, condition and language, what `room.Score` says, by the times of the script's
words, and `cpu`: hearing's part of a core, in per cent of the sound's length. attribution.json has it all.
The exit status is 1 when a bar does not hold: per cent of the speech with an error, and points of talk share.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import room
import soundfile
import soxr
from room import Conversation

from live_coach import settings
from live_coach.bench.machine import machine, today
from live_coach.flow.messages import RATE, Channel, Samples, Speaker, to_samples
from live_coach.speech.detectors import new_detector
from live_coach.speech.ear import Ear
from live_coach.speech.echo import EchoGate

LANGUAGES = ("en", "nl")
ECHOES_DB = (15.0, 6.0)


@dataclass(frozen=True)
class Case:
    """One way of hearing under one condition: the channels, and a fresh ear for them.

    `most_error` and `most_share_error` are bars; None: there is none.
    """

    mode: str
    condition: str
    sound: Callable[[Conversation], dict[Channel, Samples]]
    ear: Callable[[], Ear]
    most_error: float | None
    most_share_error: float | None = None


def cases() -> Iterator[Case]:
    """Every row of the table."""
    yield Case("two channels", "headset", _headset, _two_channels, 3.0, 2.0)
    for below_db in ECHOES_DB:
        loudspeakers = f"call on loudspeakers, {below_db:.0f} dB below"
        yield Case("two channels", loudspeakers, _loudspeakers(below_db), _two_channels, 5.0)


def _headset(talk: Conversation) -> dict[Channel, Samples]:
    return {
        Channel.MANAGER: talk.sound[Speaker.MANAGER],
        Channel.COACHEE: talk.sound[Speaker.COACHEE],
    }


def _loudspeakers(below_db: float) -> Callable[[Conversation], dict[Channel, Samples]]:
    return lambda talk: _headset(talk) | {Channel.MANAGER: room.with_call(talk, below_db)}


def _call(manager: str, coachee: str, turns: str, name: str) -> Conversation:
    """A call from the files of --call."""
    sides = [soundfile.read(each, dtype="float32") for each in (manager, coachee)]
    sound = [soxr.resample(samples, rate, RATE).astype(np.float32) for samples, rate in sides]
    said = {person: np.zeros(len(sound[0]), np.bool_) for person in room.PEOPLE}
    for turn in json.loads(Path(turns).read_text(encoding="utf-8"))["turns"]:
        person = Speaker.MANAGER if turn["speaker"] == name else Speaker.COACHEE
        said[person][to_samples(turn["start"]) : to_samples(turn["end"])] = True
    return Conversation(dict(zip(room.PEOPLE, sound, strict=True)), said)


def _two_channels() -> Ear:
    chosen = settings.load().settings.speech
    return Ear(
        {Channel.MANAGER: Speaker.MANAGER, Channel.COACHEE: Speaker.COACHEE},
        lambda: new_detector(chosen.detector),
        chosen,
        partial_step_s=0,
        settled=False,
        echo_gate=EchoGate(new_detector(chosen.detector)),
    )


def main() -> None:
    """Run all cases, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--language", nargs="+", default=LANGUAGES, choices=LANGUAGES)
    parser.add_argument("--call", nargs=4, metavar=("MANAGER", "COACHEE", "TURNS", "NAME"))
    parser.add_argument("--output", type=Path, default=Path())
    told = parser.parse_args()
    told.output.mkdir(parents=True, exist_ok=True)
    rows = []
    for case in cases():
        for language in told.language:
            rows.append(_measure(case, room.conversation(language), language))
            _print(rows[-1])
    if told.call:
        case = Case("two channels", "telephone call", _headset, _two_channels, None, 3.0)
        rows.append(_measure(case, _call(*told.call), "call"))
        _print(rows[-1])
    holds = all(row["holds"] for row in rows)
    result = {"date": today(), "machine": machine(), "holds": holds, "rows": rows}
    (told.output / "attribution.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    sys.exit(0 if holds else 1)


def _measure(case: Case, talk: Conversation, language: str) -> dict[str, Any]:
    sound, ear = case.sound(talk), case.ear()
    began = time.process_time()
    messages = room.hear(ear, sound)
    spent = time.process_time() - began
    score = room.score(talk, room.runs(messages))
    share_holds = (
        case.most_share_error is None or abs(score.talk_share_error) <= case.most_share_error
    )
    seconds = len(talk.sound[Speaker.MANAGER]) / RATE
    return {
        "mode": case.mode,
        "condition": case.condition,
        "language": language,
        **score.rounded(),
        "speech_s": round(sum(int(said.sum()) for said in talk.said.values()) / RATE, 1),
        "cpu": round(100 * spent / seconds, 2),
        "bars": {"error": case.most_error, "talk_share_error": case.most_share_error},
        "holds": (case.most_error is None or score.error <= case.most_error) and share_holds,
    }


def _print(row: dict[str, Any]) -> None:
    print(
        f"{row['mode']}, {row['condition']}, {row['language']}: error {row['error']:.1f} %,"
        f" unknown {row['unknown']:.1f} %, talk share {row['talk_share_error']:+.1f} points,"
        f" both kept {row['both_kept']:.0f} %, cpu {row['cpu']:.1f} %"
        f"{'' if row['holds'] else '  ← too much'}",
        flush=True,
    )


if __name__ == "__main__":
    main()
