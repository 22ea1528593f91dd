"""Spelling that does not count as a word error, and words that do."""

from __future__ import annotations

import pytest

from live_coach.bench.word_errors import errors, words


@pytest.mark.parametrize(
    ("language", "said", "heard"),
    [
        ("en", "eighteen thirteen", "1813"),
        ("en", "twenty-one", "21"),
        ("en", "I'm, um, okay", "i am OK."),
        ("en", "nineteen fifty", "1950"),
        ("nl", "eenentwintig", "21"),
        ("nl", "twintig tien", "2010"),
        ("nl", "Ik zie 't, eh, één keer", "ik zie het 1 keer"),
    ],
)
def test_the_same_thing_written_otherwise_is_no_error(language: str, said: str, heard: str):
    assert words(said, language) == words(heard, language)


def test_a_wrong_a_missing_and_an_added_word_are_an_error_each():
    said = words("what can you do for your country", "en")
    assert errors(said, words("what can we do your country today", "en")) == 3
    assert errors(said, []) == len(said) == 7
    assert words("1900 and 2005", "en") == ["1900", "and", "2005"]
