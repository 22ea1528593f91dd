"""Both languages say everything."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from live_coach import coaching
from live_coach.coaching.rules import CLASSES
from live_coach.flow.messages import HealthState
from live_coach.screen.words import WORDS, Words


def sentences(words: Words) -> dict[str, str]:
    flat: dict[str, str] = {}
    for field in fields(words):
        value = getattr(words, field.name)
        if isinstance(value, str):
            flat[field.name] = value
        else:
            flat |= {f"{field.name} {key}": sentence for key, sentence in value.items()}
    return flat


def test_every_sentence_stands_in_both_languages_with_the_same_blanks() -> None:
    english, dutch = sentences(WORDS["en"]), sentences(WORDS["nl"])
    assert english.keys() == dutch.keys()
    for name, sentence in english.items():
        assert sentence.strip(), name
        assert dutch[name].strip(), name
        assert sorted(re.findall(r"{\w+}", sentence)) == sorted(re.findall(r"{\w+}", dutch[name]))


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("stream", ["mic", "call"])
def test_every_trouble_of_a_device_has_words_that_fit_a_small_window(
    language: str, stream: str
) -> None:
    told_as_they_come = {HealthState.OTHER_OUTPUT, HealthState.MOVED}
    """Their sentences name a device."""
    for state in set(HealthState) - told_as_they_come - {HealthState.OK}:
        assert WORDS[language].troubles[stream, state]


def test_every_number_that_a_rule_gives_as_its_reason_has_a_name() -> None:
    rules = Path(coaching.__file__).parent.rglob("*.py")
    named = {
        name for rule in rules for name in re.findall(r'metric="(\w+)"', rule.read_text("utf-8"))
    }
    assert named
    for language in WORDS.values():
        assert named <= language.metrics.keys()


def test_every_rule_has_a_name_in_the_language_of_the_screen() -> None:
    for language in WORDS.values():
        assert language.rules.keys() == CLASSES.keys()


def test_no_sentence_shouts() -> None:
    for language in WORDS.values():
        assert not [text for text in sentences(language).values() if "!" in text]
