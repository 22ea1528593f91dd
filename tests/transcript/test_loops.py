"""What people say twice, and what only a model does."""

from __future__ import annotations

import pytest

from live_coach.transcript.loops import loop, repetition


@pytest.mark.parametrize(
    "text",
    [
        "No, no, no. That is not what I said.",
        "I don't know, I don't know what to do.",
        "Ask not what your country can do for you, ask what you can do for your country.",
        "Ja ja ja, dat is goed, dat is goed.",
        "",
    ],
)
def test_people_repeat_themselves(text: str):
    assert repetition(text.split()) is None
    assert loop(text.split()) is None


def test_the_same_four_words_twice_are_suspicious():
    words = ("Could you spell that for me? " * 2).split()
    assert repetition(words) == 6


def test_a_phrase_again_and_again_ends_after_the_first():
    words = ("We went home. " + "and then we sat " * 5).split()
    start = loop(words)
    assert start is not None
    assert words[:start] == ["We", "went", "home.", "and", "then", "we", "sat"]


def test_one_word_again_and_again_ends_after_the_first():
    assert loop(["Well,", *["you"] * 20]) == 2
