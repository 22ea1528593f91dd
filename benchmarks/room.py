"""The bundled conversations in a simulated room, and how much of their speech is told of the right person.

A development tool for benchmarks/attribution.py and for tests.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

import live_coach
from live_coach.conversation.talk_share import TalkTime
from live_coach.flow.messages import (
    RATE,
    AudioFrame,
    Channel,
    Samples,
    Span,
    Speaker,
    SpeechEnded,
    SpeechStarted,
    VoiceMessage,
    to_samples,
)
from live_coach.speech.ear import Ear

DEMO = Path(live_coach.__file__).parent / "demo"
PEOPLE = (Speaker.MANAGER, Speaker.COACHEE)
JOINED_S = 0.4
"""Words of a turn with no more than this between them are one run of speech, as for the ear."""
DIRECT = 0.5
"""The part of an echo's energy that comes straight from the loudspeaker; the rest is the room."""
BLOCK_S = 0.1

Flags = npt.NDArray[np.bool_]
"""One truth per sample."""
Run = tuple[Speaker, Span]
"""A run of speech that was heard, and of whom."""


@dataclass(frozen=True)
class Conversation:
    """Both channels, and for each person the samples at which they speak by the script."""

    sound: dict[Speaker, Samples]
    said: dict[Speaker, Flags]


@dataclass(frozen=True)
class Score:
    """What became of the speech; per cent of all speaking time by the script, but for the last two.

    `error` is speech that was missed, taken for the other's, or counted for somebody besides who
    speaks (as the diarisation error rate counts it); `unknown` was told of nobody. `in_silence` is what was
    counted while nobody speaks. `both_kept`: of the time in which both speak, the per cent told of both.
    `talk_share_error` is in points: the manager's part of the talk as the program counts it, minus by the script.
    """

    error: float
    unknown: float
    in_silence: float
    both_kept: float
    talk_share_error: float

    def rounded(self) -> dict[str, float]:
        return {name: round(value, 2) for name, value in asdict(self).items()}


def conversation(language: str, end_s: float | None = None) -> Conversation:
    """A demo, or the first part of it; no turn should be cut by its end."""
    whole = _demo(language)
    end = None if end_s is None else to_samples(end_s)
    return Conversation(
        {person: sound[:end] for person, sound in whole.sound.items()},
        {person: flags[:end] for person, flags in whole.said.items()},
    )


@cache
def _demo(language: str) -> Conversation:
    both, rate = soundfile.read(DEMO / f"{language}.opus", dtype="float32", always_2d=True)
    both = soxr.resample(both, rate, RATE).astype(np.float32)
    script = json.loads((DEMO / f"{language}.json").read_text(encoding="utf-8"))
    said = {person: np.zeros(len(both), np.bool_) for person in PEOPLE}
    for turn in script["turns"]:
        spoken_to = -JOINED_S
        for word in turn["words"]:
            joined = word["start"] - spoken_to <= JOINED_S
            begin = spoken_to if joined else word["start"]
            said[Speaker(turn["speaker"])][to_samples(begin) : to_samples(word["end"])] = True
            spoken_to = word["end"]
    return Conversation({person: both[:, n].copy() for n, person in enumerate(PEOPLE)}, said)


def room(rt60_s: float, delay_s: float, seed: int) -> Samples:
    """An impulse response: a direct sound after the delay, then noise that decays by 60 dB in `rt60_s`."""
    length = to_samples(rt60_s)
    tail = np.random.default_rng(seed).standard_normal(length) * 10 ** (
        -3 * np.arange(length) / length
    )
    tail *= np.sqrt((1 - DIRECT) / np.square(tail).sum())
    tail[0] = np.sqrt(DIRECT)
    return np.concatenate((np.zeros(to_samples(delay_s)), tail)).astype(np.float32)


def in_room(sound: Samples, response: Samples) -> Samples:
    """The sound as it is heard there, of the same length."""
    size = 1 << (len(sound) + len(response)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.fft.irfft(spectrum, size)[: len(sound)].astype(np.float32)


def with_call(
    talk: Conversation,
    below_db: float,
    *,
    rt60_s: float = 0.3,
    delay_s: float = 0.08,
    seed: int = 5,
) -> Samples:
    """The microphone while the call is on loudspeakers.

    The call's speech has this level below that of the manager's speech, both as root mean square over
    the samples at which the person speaks.
    """
    echo = in_room(talk.sound[Speaker.COACHEE], room(rt60_s, delay_s, seed))
    microphone = talk.sound[Speaker.MANAGER]
    late = np.roll(talk.said[Speaker.COACHEE], to_samples(delay_s))
    level = _level(microphone[talk.said[Speaker.MANAGER]]) / _level(echo[late])
    return microphone + np.float32(level * 10 ** (-below_db / 20)) * echo


def hear(ear: Ear, sound: dict[Channel, Samples], block_s: float = BLOCK_S) -> list[VoiceMessage]:
    """Everything the ear says of these channels, which have one length."""
    length, step = len(next(iter(sound.values()))), to_samples(block_s)
    messages: list[VoiceMessage] = []
    for at in range(0, length, step):
        span = Span(at, min(at + step, length))
        for channel, samples in sound.items():
            messages += ear.process(AudioFrame(channel, span, samples[span.start : span.end]))
    return messages + ear.flush()


def runs(messages: Iterable[VoiceMessage]) -> list[Run]:
    """The runs of speech, in order of their end."""
    began: dict[int, int] = {}
    found = []
    for message in messages:
        if isinstance(message, SpeechStarted):
            began[message.id] = message.at
        elif isinstance(message, SpeechEnded):
            found.append((message.speaker, Span(began[message.id], message.at)))
    return found


def score(talk: Conversation, heard_runs: Iterable[Run]) -> Score:
    """Compare, sample by sample, what was heard with what the script has."""
    heard_runs = list(heard_runs)
    heard = {person: np.zeros(len(talk.said[Speaker.MANAGER]), np.bool_) for person in Speaker}
    for speaker, span in heard_runs:
        heard[speaker][span.start : span.end] = True
    speaking = np.sum([talk.said[person] for person in PEOPLE], axis=0)
    told = np.sum([heard[person] for person in PEOPLE], axis=0)
    right = np.sum([talk.said[person] & heard[person] for person in PEOPLE], axis=0)
    unknown = heard[Speaker.UNKNOWN] & (told < speaking)
    wrong = (np.maximum(speaking, told + unknown) - right - unknown)[speaking > 0]
    percent = 100 / speaking.sum()
    both = talk.said[Speaker.MANAGER] & talk.said[Speaker.COACHEE]
    return Score(
        error=float(wrong.sum() * percent),
        unknown=float(unknown.sum() * percent),
        in_silence=float(told[speaking == 0].sum() * percent),
        both_kept=float(100 * (right[both] == 2).mean()) if both.any() else 100.0,
        talk_share_error=_counted_share(heard_runs) - _share(talk.said),
    )


def _counted_share(heard_runs: Iterable[Run]) -> float:
    """The manager's part of the talk in per cent, by what counts it in a conversation."""
    talk = TalkTime()
    edges = [
        edge
        for speaker, span in heard_runs
        for edge in ((span.end, False, speaker), (span.start, True, speaker))
    ]
    now = 0
    for now, begins, speaker in sorted(edges):
        (talk.start if begins else talk.end)(speaker, now)
    manager, coachee = (talk.spoken(person, now) for person in PEOPLE)
    return 100 * manager / max(1, manager + coachee)


def _share(spoken: dict[Speaker, Flags]) -> float:
    manager, coachee = (int(spoken[person].sum()) for person in PEOPLE)
    return 100 * manager / max(1, manager + coachee)


def _level(sound: Samples) -> float:
    return float(np.sqrt(np.square(sound).mean()))
