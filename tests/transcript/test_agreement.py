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


@given(texts, texts, texts)
def test_a_common_beginning_is_always_found(start: list[str], one: list[str], other: list[str]):
    assert (
        len(start) <= agreed(start + one, start + other) <= len(start) + min(len(one), len(other))
    )


@given(texts, texts)
def test_the_order_of_the_two_does_not_matter(one: list[str], other: list[str]):
    assert agreed(one, other) == agreed(other, one)
