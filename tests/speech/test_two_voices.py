"""Two voices told apart by what both are like in the conversation, with embeddings that are made."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from live_coach.flow.messages import Speaker, to_samples
from live_coach.speech.two_voices import TwoVoices
from live_coach.speech.voiceprint import SIZE, Embedding

LONG = to_samples(4)
WINDOWS = 5


class Voice:
    """Somebody whose windows are about 0.7 like what they are like together, as in a room."""

    def __init__(
        self, likeness: float = 0.0, other: Embedding | None = None, seed: int = 1
    ) -> None:
        """`likeness` is that of this voice to the `other`."""
        self._chance = np.random.default_rng(seed)
        self.centre = self._direction()
        if other is not None:
            self.centre -= (self.centre @ other) * other
            self.centre *= np.sqrt(1 - likeness**2) / np.linalg.norm(self.centre)
            self.centre += likeness * other

    def run(self, windows: int = WINDOWS) -> list[Embedding]:
        """What so many windows of one run are like: a third of what sets them apart they share."""
        shared = self._direction()
        return [self._window(shared) for _ in range(windows)]

    def _window(self, shared: Embedding) -> Embedding:
        vector = self.centre + 0.6 * shared + 0.8 * self._direction()
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def _direction(self) -> Embedding:
        vector = self._chance.standard_normal(SIZE).astype(np.float32)
        return vector / np.linalg.norm(vector)


MANAGER = Voice()
OTHER = {Speaker.MANAGER: Speaker.COACHEE, Speaker.COACHEE: Speaker.MANAGER}
ids = count(1)


def alike(seed: int = 2) -> Voice:
    """Somebody whom the enrolled voice alone takes for the manager."""
    return Voice(0.6, MANAGER.centre, seed)


def talk(voices: TwoVoices, *turns: Voice) -> list[int]:
    """They speak one after the other; the ids of their runs."""
    runs = [next(ids) for _ in turns]
    for run, turn in zip(runs, turns, strict=True):
        voices.add(run, turn.run())
    return runs


def test_as_long_as_one_voice_was_heard_the_enrolled_one_decides() -> None:
    voices = TwoVoices(MANAGER.centre)
    assert voices.above(MANAGER.run(), LONG) > 0.1
    assert voices.above(Voice(0.0, MANAGER.centre, 3).run(), LONG) < -0.1
    assert voices.above(alike().run(), LONG) > 0


def test_voices_that_are_alike_are_told_apart_by_the_second_run_of_each() -> None:
    voices, other = TwoVoices(MANAGER.centre), alike()
    talk(voices, MANAGER, other, MANAGER, other)
    assert min(voices.above(MANAGER.run(), LONG) for _ in range(20)) > 0.1
    assert max(voices.above(other.run(), LONG) for _ in range(20)) < -0.1


def test_the_other_may_speak_first() -> None:
    voices, other = TwoVoices(MANAGER.centre), alike()
    talk(voices, other, other, MANAGER, MANAGER)
    assert voices.above(other.run(), LONG) < -0.1
    assert voices.above(MANAGER.run(), LONG) > 0.1


def test_a_run_that_falls_short_of_the_manager_is_nobodys_until_there_are_two_voices() -> None:
    voices = TwoVoices(MANAGER.centre)
    talk(voices, MANAGER)
    assert voices.above(alike().run(), LONG) == 0
    assert voices.above(MANAGER.run(), LONG) > 0.1


@pytest.mark.parametrize("seed", range(5))
def test_one_person_who_speaks_long_stays_one_voice(seed: int) -> None:
    voices, one = TwoVoices(MANAGER.centre), Voice(1.0, MANAGER.centre, seed)
    for _ in range(40):
        talk(voices, one)
        assert voices.above(one.run(), LONG) > 0.05


def test_who_speaks_long_does_not_push_the_other_out() -> None:
    voices, other = TwoVoices(MANAGER.centre), alike()
    talk(voices, MANAGER, other, MANAGER, other, *[MANAGER] * 80)
    assert voices.above(other.run(), LONG) < -0.1
    assert voices.above(MANAGER.run(), LONG) > 0.1


def test_a_third_voice_is_not_the_managers_and_moves_neither_of_the_two() -> None:
    voices, other = TwoVoices(MANAGER.centre), alike()
    third = Voice(0.0, MANAGER.centre, 9)
    talk(voices, MANAGER, other, MANAGER, other)
    for _ in range(40):
        assert voices.above(third.run(), LONG) <= 0
        talk(voices, third)
    assert voices.above(other.run(), LONG) < -0.1
    assert voices.above(MANAGER.run(), LONG) > 0.1


def test_three_voices_from_the_beginning() -> None:
    voices, other, third = TwoVoices(MANAGER.centre), alike(), Voice(0.0, MANAGER.centre, 9)
    talk(voices, *[MANAGER, other, third] * 3)
    assert voices.above(other.run(), LONG) < -0.1
    assert voices.above(third.run(), LONG) < -0.1
    assert voices.above(MANAGER.run(), LONG) > 0.1


def test_the_manager_may_have_been_enrolled_with_another_microphone() -> None:
    elsewhere = Voice(0.55, MANAGER.centre, 4).centre
    voices, other = TwoVoices(elsewhere), alike()
    talk(voices, MANAGER, other, MANAGER, other)
    assert voices.above(other.run(), LONG) < -0.1
    assert voices.above(MANAGER.run(), LONG) > 0.1


def test_of_two_others_neither_is_the_manager() -> None:
    voices = TwoVoices(MANAGER.centre)
    one, two = Voice(0.05, MANAGER.centre, 5), Voice(0.0, MANAGER.centre, 6)
    talk(voices, *[one, two] * 3)
    assert voices.above(one.run(), LONG) < -0.05
    assert voices.above(two.run(), LONG) < -0.05


def test_runs_that_are_too_short_teach_nothing() -> None:
    voices, other = TwoVoices(MANAGER.centre), alike()
    talk(voices, MANAGER, MANAGER)
    for _ in range(5):
        voices.add(next(ids), other.run(1))
    assert voices.above(other.run(1), LONG) >= 0


def test_the_manager_says_that_the_only_voice_heard_is_the_others() -> None:
    voices, other = TwoVoices(MANAGER.centre), alike()
    runs = talk(voices, other, other)
    assert voices.above(other.run(), LONG) > 0
    voices.correct(dict.fromkeys(runs, Speaker.COACHEE))
    assert voices.above(other.run(), LONG) < -0.1
    assert voices.above(MANAGER.run(), LONG) > 0.1


def test_the_manager_says_that_a_voice_unlike_the_enrolled_one_is_theirs() -> None:
    ill = Voice(0.1, MANAGER.centre, 7)
    voices = TwoVoices(MANAGER.centre)
    runs = talk(voices, ill)
    assert voices.above(ill.run(), LONG) < 0
    voices.correct(dict.fromkeys(runs, Speaker.MANAGER))
    assert voices.above(ill.run(), LONG) > 0.05


def test_the_manager_says_that_two_known_voices_are_the_other_way_round() -> None:
    voices, other = TwoVoices(MANAGER.centre), alike()
    first, second, *later = talk(voices, MANAGER, other, MANAGER, other)
    told = {first: Speaker.COACHEE, later[0]: Speaker.COACHEE, second: Speaker.MANAGER}
    voices.correct(told)
    assert voices.above(other.run(), LONG) > 0.1
    assert voices.above(MANAGER.run(), LONG) < -0.1
    voices.correct({run: OTHER[who] for run, who in told.items()})
    assert voices.above(other.run(), LONG) < -0.1
