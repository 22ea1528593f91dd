"""Which words two decodes agree on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from live_coach.transcript.agreement import agreed

texts = st.lists(st.text("abC,.' ", max_size=4), max_size=8)


def test_words_are_the_same_whatever_their_case_and_punctuation():
    assert agreed(["I", "think", "you", "should"], ["i", "think,", "You", "could"]) == 3


def test_a_word_that_is_still_being_spoken_is_not_stable():
    assert agreed(["so", "what"], ["so", "whatever", "you"]) == 1


def test_nothing_agrees_with_nothing():
    assert agreed([], ["well"]) == agreed(["well"], []) == 0


def test_a_stable_word_that_changes_takes_nothing_from_the_words_after_it():
    before = ["oh", "hello", "I", "did", "not", "know"]
    now = ["Hello", "I", "did", "not", "know", "you"]
    assert agreed(before, now) == 0
    assert agreed(before, now, stable=4) == 5
    assert agreed(["a", "b", "c", "d", "e"], ["a", "x", "y", "c", "d", "f"], stable=3) == 5


def test_where_a_word_that_is_not_stable_changes_agreement_ends():
    assert agreed(["a", "b", "c", "d"], ["a", "x", "c", "d"], stable=1) == 1


@given(texts, texts, st.integers(0, 9))
def test_stable_words_never_make_fewer_words_agree(one: list[str], other: list[str], stable: int):
    assert agreed(one, other) <= agreed(one, other, stable) <= len(other)


@given(texts, texts, texts)
def test_a_common_beginning_is_always_found(start: list[str], one: list[str], other: list[str]):
    assert (
        len(start) <= agreed(start + one, start + other) <= len(start) + min(len(one), len(other))
    )


@given(texts, texts)
def test_the_order_of_the_two_does_not_matter(one: list[str], other: list[str]):
    assert agreed(one, other) == agreed(other, one)
