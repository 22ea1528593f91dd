"""Who speaks, with one microphone in the room: how much speech is given to the wrong person, and how much to nobody.

Run by hand, from the repository: python -m benchmarks.one_microphone TALK... [--room S] [--softer DB] [--output FILE]

Each TALK is a stereo recording with one person on each channel, both silent while the other speaks; either person is the
manager once, or the one on the channel that --manager says. benchmarks/pairs.py makes such talks with voices of Kokoro. They are played in a simulated room: a direct sound and a diffuse tail that falls by
60 dB in 0.3 or 0.5 s, as strong as the direct sound for the manager and twice as strong for the coachee, who sits further away;
noise 40 dB below. The manager is enrolled from the second half of the recording and recognised in the first. Truth is where
either side is heard on its own channel; moments in which both speak are left out.
"""

from __future__ import annotations

import argparse
import itertools
import json
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from live_coach import settings
from live_coach.bench.machine import machine, today
from live_coach.flow.messages import (
    RATE,
    AudioFrame,
    Channel,
    Samples,
    Span,
    Speaker,
    SpeakersLearnt,
    SpeechEnded,
    SpeechStarted,
    VoiceMessage,
)
from live_coach.speech.attribution import RoomEar
from live_coach.speech.detector import VoiceDetector
from live_coach.speech.detectors import new_detector, new_room_detector
from live_coach.speech.ear import Ear
from live_coach.speech.enrolment import WANTED, EnrolledVoice, Enrolment
from live_coach.speech.voiceprint import WEIGHTS, Voiceprinter
from live_coach.transcript.weights import find

ROOMS_S = (0.3, 0.5)
SOFTER_DB = (0.0, 6.0, 10.0, 15.0)
MOST = {"wrong": 12.0, "unknown": 10.0}
"""Per cent of the speech that was heard."""
COLUMNS = (
    "per cent of the speech that was heard: wrong, unknown, and both as told when a run ended, before the"
    " ear knew both voices (at_once); of all speech: not_heard;"
    " talk_share_error in points; manager is the channel of the one who is enrolled"
)
_BLOCK = 320
_STEP = RATE // 100
_PEOPLE = (Speaker.MANAGER, Speaker.COACHEE)


def read(path: Path) -> list[Samples]:
    """Both channels of a talk, at 16 kHz."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    both = np.asarray(soxr.resample(sound, rate, RATE), np.float32)
    if both.shape[1] != len(_PEOPLE):
        raise SystemExit(f"{path} is not stereo.")
    return [both[:, side].copy() for side in range(len(_PEOPLE))]


def in_room(sound: Samples, seconds: float, direct_to_diffuse_db: float, seed: int) -> Samples:
    """The sound as a microphone hears it in a room with this reverberation time; 0: mixed, without a room."""
    if not seconds:
        return sound
    chance = np.random.default_rng(seed)
    length = round(seconds * RATE)
    tail = chance.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    tail[: RATE // 400] = 0
    tail *= np.sqrt(10 ** (-direct_to_diffuse_db / 10) / np.sum(np.square(tail)))
    tail[0] = 1
    size = 1 << (len(sound) + length).bit_length()
    whole = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)
    return whole[: len(sound)].astype(np.float32)


def frames(sound: Samples) -> list[AudioFrame]:
    starts = range(0, len(sound) - _BLOCK, _BLOCK)
    return [
        AudioFrame(Channel.ROOM, Span(at, at + _BLOCK), sound[at : at + _BLOCK]) for at in starts
    ]


def enrol(sound: Samples, printer: Voiceprinter) -> EnrolledVoice:
    speech = settings.load().settings.speech
    enrolment = Enrolment(printer, new_detector("silero"), speech)
    for frame in frames(sound):
        enrolment.process(frame)
        if enrolment.spoken >= WANTED:
            break
    voice = enrolment.result()
    if not isinstance(voice, EnrolledVoice):
        raise SystemExit(f"The manager cannot be enrolled: {voice}.")
    return voice


def hear(ear: Ear | RoomEar, sound: Samples) -> list[VoiceMessage]:
    return [message for frame in frames(sound) for message in ear.process(frame)] + ear.flush()


def who(messages: list[VoiceMessage], steps: int, *, at_once: bool = False) -> NDArray[np.int8]:
    """Who speaks in each hundredth of a second: 0 manager, 1 coachee, 2 unknown, -1 nobody; `at_once`: as it
    was told when a run ended, before anything was learnt."""
    order = (*_PEOPLE, Speaker.UNKNOWN)
    said = np.full(steps, -1, np.int8)
    began: dict[int, int] = {}
    runs: dict[int, slice] = {}
    for message in messages:
        if isinstance(message, SpeechStarted):
            began[message.id] = message.at
        elif isinstance(message, SpeechEnded):
            runs[message.id] = slice(began[message.id] // _STEP, message.at // _STEP)
            said[runs[message.id]] = order.index(message.speaker)
        elif isinstance(message, SpeakersLearnt) and not at_once:
            for run in message.runs:
                said[runs[run.id]] = order.index(run.speaker)
    return said


def plain_ear(detector: VoiceDetector) -> Ear:
    speech = settings.load().settings.speech
    return Ear(
        {Channel.ROOM: Speaker.UNKNOWN},
        lambda: detector,
        speech,
        partial_step_s=0,
        settled=False,
    )


def truth_of(sides: list[Samples]) -> NDArray[np.int8]:
    """Who speaks in each hundredth of a second of the first half: 0 manager, 1 coachee, -1 nobody or both."""
    part = len(sides[0]) // 2
    one, other = (
        who(hear(plain_ear(new_detector("silero")), side[:part]), part // _STEP) >= 0
        for side in sides
    )
    return np.where(one & ~other, 0, np.where(other & ~one, 1, -1)).astype(np.int8)


def cell(
    sides: list[Samples],
    truth: NDArray[np.int8],
    room_s: float,
    softer_db: float,
    printer: Voiceprinter,
) -> dict[str, float]:
    """One room and one difference of level; the manager is the first of the sides."""
    part = len(sides[0]) // 2
    loudness = [np.sqrt(np.mean(np.square(side[np.abs(side) > 0.01]))) for side in sides]
    coachee = sides[1] * np.float32(loudness[0] / loudness[1] * 10 ** (-softer_db / 20))
    manager = in_room(sides[0], room_s, 0.0, 1)
    mixed = manager[:part] + in_room(coachee[:part], room_s, -3.0, 2)
    peak = np.float32(0.5 / np.abs(mixed).max())
    chance = np.random.default_rng(3)

    def noisy(sound: Samples) -> Samples:
        hiss = chance.standard_normal(len(sound)).astype(np.float32)
        return sound * peak + hiss * np.float32(0.1 * 10 ** (-40 / 20))

    voice = enrol(noisy(manager[part:]), printer)
    ear = RoomEar(plain_ear(new_room_detector("silero")), printer, voice.embedding)
    messages = hear(ear, noisy(mixed))
    said, at_once = who(messages, len(truth)), who(messages, len(truth), at_once=True)
    known = (truth >= 0) & (said >= 0)
    counted = np.count_nonzero(known)
    shares = [np.mean(one[(one == 0) | (one == 1)] == 0) for one in (truth, said)]

    def part_of(which: NDArray[np.bool_]) -> float:
        return round(100 * np.count_nonzero(known & which) / counted, 1)

    return {
        "room_s": room_s,
        "softer_db": softer_db,
        "speech_s": round(counted / 100, 1),
        "wrong": part_of((said < 2) & (said != truth)),
        "unknown": part_of(said == 2),
        "wrong_at_once": part_of((at_once < 2) & (at_once != truth)),
        "unknown_at_once": part_of(at_once == 2),
        "not_heard": round(100 * np.mean(said[truth >= 0] < 0), 1),
        "talk_share_error": round(100 * float(shares[1] - shares[0]), 1),
    }


def add(path: Path, found: dict[str, object]) -> None:
    """Put one more cell into the file, with where and when, and the bars that do not hold."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.exists() else []
    cells.append(found)
    result = {
        "date": today(),
        "machine": machine(),
        "columns": COLUMNS,
        "bars": MOST,
        "over": [one for one in cells if any(one[name] > most for name, most in MOST.items())],
        "cells": cells,
    }
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("talk", nargs="+", type=Path)
    parser.add_argument(
        "--room", type=float, action="append", help="reverberation, s; 0: none; may repeat"
    )
    parser.add_argument("--softer", type=float, action="append", help="coachee, dB; may repeat")
    parser.add_argument(
        "--manager", type=int, choices=(0, 1), help="the channel; else each in turn"
    )
    parser.add_argument("--output", type=Path, help="add the cells to those of this JSON file")
    chosen = parser.parse_args()
    directory = find("voice", "auto", purpose="voice").directory
    printer = Voiceprinter(directory / WEIGHTS)
    managers = range(len(_PEOPLE)) if chosen.manager is None else (chosen.manager,)
    for path, manager in itertools.product(chosen.talk, managers):
        sides = read(path)
        sides = [sides[manager], sides[1 - manager]]
        truth = truth_of(sides)
        for room_s, softer_db in itertools.product(
            chosen.room or ROOMS_S, chosen.softer or SOFTER_DB
        ):
            told = {"talk": path.stem, "manager": manager}
            found = told | cell(sides, truth, room_s, softer_db, printer)
            print(json.dumps(found), flush=True)
            if chosen.output:
                add(chosen.output, found)


if __name__ == "__main__":
    main()
