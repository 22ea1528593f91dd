"""Both languages say the same things."""

from __future__ import annotations

import pytest

from live_coach.flow import health


def test_both_languages_have_every_sentence() -> None:
    english, dutch = health._SENTENCES["en"], health._SENTENCES["nl"]
    assert english.keys() == dutch.keys()
    for code, text in english.items():
        for blank in ("{seconds}", "{stream}", "{name}"):
            assert (blank in text) == (blank in dutch[code])


@pytest.mark.parametrize("stream", ["mic", "call"])
@pytest.mark.parametrize(("language", "number"), [("en", "1.3 s"), ("nl", "1,3 s")])
def test_seconds_are_written_as_the_language_does(stream: str, language: str, number: str) -> None:
    text = health.sentence("back", language, stream=stream, seconds=1.26)
    assert number in text
    assert text.endswith(".")
    assert "{" not in text
