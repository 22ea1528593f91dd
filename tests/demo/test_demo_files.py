"""The bundled conversations are what their references say: lengths, overlaps, noise, turns and words."""

from __future__ import annotations

import itertools
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

import live_coach

DEMOS = Path(live_coach.__file__).parent / "demo"
FRAME_S = 0.02
# A pause for breath inside a sentence belongs to its turn.
BREATH_S = 0.6
TURN_EDGE_S = 0.25


@dataclass(frozen=True)
class Demo:
    language: str
    told: dict[str, Any]
    script: dict[str, Any]
    power: np.ndarray  # per channel and frame of FRAME_S

    def turns(self, speaker: str | None = None) -> list[dict[str, Any]]:
        return [turn for turn in self.told["turns"] if speaker in {None, turn["speaker"]}]

    def speaking(self, channel: int) -> np.ndarray:
        """Frames with speech energy: well above the noise between the turns."""
        quiet = self.power[channel][self.silent(channel)]
        return self.power[channel] > 4 * np.median(quiet)

    def silent(self, channel: int) -> np.ndarray:
        """Frames at least half a second away from every turn of this channel."""
        silent = np.ones(self.power.shape[1], bool)
        for turn in self.turns(self.told["channels"][channel]):
            silent[frames(turn["start"] - 0.5) : frames(turn["end"] + 0.5)] = False
        return silent


def frames(seconds: float) -> int:
    return max(0, round(seconds / FRAME_S))


@pytest.fixture(scope="module", params=["en", "nl"])
def demo(request: pytest.FixtureRequest) -> Demo:
    language = request.param
    told = json.loads((DEMOS / f"{language}.json").read_text(encoding="utf-8"))
    script = tomllib.loads((DEMOS / f"{language}.toml").read_text(encoding="utf-8"))
    sound, rate = soundfile.read(DEMOS / f"{language}.opus", dtype="float32")
    assert rate == told["rate"]
    size = round(rate * FRAME_S)
    whole = sound[: len(sound) // size * size].T.reshape(sound.shape[1], -1, size)
    return Demo(language, told, script, np.square(whole).mean(axis=2))


def test_small_stereo_and_five_to_six_minutes(demo: Demo) -> None:
    path = DEMOS / f"{demo.language}.opus"
    info = soundfile.info(path)
    assert path.stat().st_size <= 3_000_000
    assert (info.channels, info.subtype) == (2, "OPUS")
    assert 300 <= info.duration <= 360
    assert info.duration == pytest.approx(demo.told["duration"], abs=0.05)


def test_reference_is_the_script_that_was_spoken(demo: Demo) -> None:
    written = sorted((turn["speaker"], turn["text"]) for turn in demo.script["turns"])
    assert sorted((turn["speaker"], turn["text"]) for turn in demo.turns()) == written
    assert demo.told["language"] == demo.script["language"] == demo.language
    assert demo.told["channels"] == ["manager", "coachee"]


def test_turns_are_in_order_and_nobody_speaks_twice_at_once(demo: Demo) -> None:
    assert all(turn["start"] < turn["end"] <= demo.told["duration"] for turn in demo.turns())
    starts = [turn["start"] for turn in demo.turns()]
    assert starts == sorted(starts)
    for speaker in demo.told["channels"]:
        for before, after in itertools.pairwise(demo.turns(speaker)):
            assert before["end"] <= after["start"]


def test_at_least_three_true_overlaps(demo: Demo) -> None:
    floor = [turn for turn in demo.turns() if not turn["backchannel"]]
    overlaps = [
        before["end"] - after["start"]
        for before, after in itertools.pairwise(floor)
        if before["speaker"] != after["speaker"]
    ]
    assert sum(overlap > 0.3 for overlap in overlaps) >= 3


def test_back_channels_from_both_inside_the_turn_of_the_other(demo: Demo) -> None:
    nods = [turn for turn in demo.turns() if turn["backchannel"]]
    assert {turn["speaker"] for turn in nods} == {"manager", "coachee"}
    assert len(nods) >= 5
    for nod in nods:
        assert any(
            turn["speaker"] != nod["speaker"]
            and turn["start"] < nod["start"]
            and nod["end"] < turn["end"]
            for turn in demo.turns()
        )


def test_silences_are_held(demo: Demo) -> None:
    floor = [turn for turn in demo.turns() if not turn["backchannel"]]
    gaps = [after["start"] - before["end"] for before, after in itertools.pairwise(floor)]
    assert sum(3.0 <= gap <= 5.5 for gap in gaps) >= 3
    assert sum(gap >= 8.0 for gap in gaps) == 1
    assert sum(0.2 <= gap <= 1.5 for gap in gaps) >= len(gaps) / 2


def test_room_noise_lies_twenty_decibels_under_the_speech(demo: Demo) -> None:
    for channel in range(2):
        noise = demo.power[channel][demo.silent(channel)].mean()
        power = demo.power[channel]
        speech = power[power > power.max() * 10**-2.5].mean() - noise
        assert 10 * np.log10(speech / noise) == pytest.approx(20.0, abs=1.0)


def test_turns_lie_where_their_channel_has_sound(demo: Demo) -> None:
    for channel, speaker in enumerate(demo.told["channels"]):
        heard = np.flatnonzero(demo.speaking(channel)) * FRAME_S
        covered = total = 0.0
        for turn in demo.turns(speaker):
            inside = heard[(heard >= turn["start"] - FRAME_S) & (heard < turn["end"])]
            assert inside[0] - turn["start"] <= TURN_EDGE_S, turn["text"]
            assert turn["end"] - inside[-1] <= TURN_EDGE_S + FRAME_S, turn["text"]
            gaps = np.diff(inside)
            covered += float(gaps[gaps <= BREATH_S].sum()) + FRAME_S
            total += turn["end"] - turn["start"]
        assert covered / total >= 0.9


def test_a_channel_is_quiet_outside_its_turns(demo: Demo) -> None:
    for channel in range(2):
        assert demo.speaking(channel)[demo.silent(channel)].mean() < 0.01


def test_words_are_the_text_in_order_and_inside_their_turn(demo: Demo) -> None:
    assert demo.told["word_times"]
    for turn in demo.turns():
        words = turn["words"]
        assert [word["text"] for word in words] == turn["text"].split()
        edges = [edge for word in words for edge in (word["start"], word["end"])]
        assert edges == sorted(edges)
        assert turn["start"] <= edges[0]
        assert edges[-1] <= turn["end"]


def test_words_lie_where_there_is_sound(demo: Demo) -> None:
    for channel, speaker in enumerate(demo.told["channels"]):
        speaking = demo.speaking(channel)
        words = [word for turn in demo.turns(speaker) for word in turn["words"]]
        heard = [
            speaking[
                frames(word["start"]) : max(frames(word["end"]), frames(word["start"]) + 1)
            ].any()
            for word in words
        ]
        assert np.mean(heard) >= 0.95


def test_the_manager_tells_first_and_gives_room_later(demo: Demo) -> None:
    ask = next(wish for wish in demo.told["expect"] if wish["nudge"] == "ask" and wish["shown"])
    spoken = dict.fromkeys(demo.told["channels"], 0.0)
    telling = dict.fromkeys(demo.told["channels"], 0.0)
    before = dict.fromkeys(demo.told["channels"], 0.0)
    for turn in demo.turns():
        length = turn["end"] - turn["start"]
        spoken[turn["speaker"]] += length
        if turn["start"] < ask["from"]:
            before[turn["speaker"]] += length
        elif turn["start"] < ask["to"]:
            telling[turn["speaker"]] += length
    assert ask["from"] >= 85
    assert min(before.values()) >= 20
    assert telling["manager"] / sum(telling.values()) > 0.6
    assert 0.40 <= spoken["manager"] / sum(spoken.values()) <= 0.48


def test_expectations_lie_inside_the_conversation(demo: Demo) -> None:
    nudges = {(wish["nudge"], wish["shown"]) for wish in demo.told["expect"]}
    assert {("ask", True), ("ask", False)} <= nudges
    assert all(
        0 < wish["from"] < wish["to"] <= demo.told["duration"] for wish in demo.told["expect"]
    )
