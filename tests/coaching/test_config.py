"""Numbers, words and their two languages fit together."""

from __future__ import annotations

import re
import tomllib

import pytest

from live_coach import paths
from live_coach.coaching import config, markers, wording
from live_coach.coaching.markers import LANGUAGES, Markers
from live_coach.coaching.rules import CLASSES, RULES
from live_coach.errors import SettingsError


@pytest.mark.parametrize("preset", config.presets())
def test_every_preset_loads(preset: str) -> None:
    numbers = config.load(preset)
    assert numbers.share.leave < numbers.share.soft < numbers.share.firm
    assert numbers.long.soft_s < numbers.long.firm_s


def test_presets_are_the_four_kinds_of_conversation() -> None:
    assert config.presets() == ("coaching", "onboarding", "one-on-one", "performance")
    assert not config.load("onboarding").ask.on


def test_unknown_names_are_refused() -> None:
    with pytest.raises(SettingsError, match="no preset “holiday”"):
        config.load("holiday")
    tree = config.load().model_dump()
    for changed in (tree | {"shout": {"on": True}}, tree | {"ask": tree["ask"] | {"often": 1}}):
        with pytest.raises(SettingsError, match="Extra inputs"):
            config.parse(changed, "a file")
    with pytest.raises(SettingsError, match=r"gate\.frequency"):
        config.parse(tree | {"gate": tree["gate"] | {"frequency": 3}}, "a file")


def test_every_rule_has_numbers_and_words_in_both_languages() -> None:
    numbers = config.load()
    assert RULES.keys() <= CLASSES.keys()
    for kind in CLASSES:
        assert hasattr(numbers, kind)
        for language in LANGUAGES:
            assert kind in wording.load(language)


def test_nudges_are_at_most_four_words_and_never_loud() -> None:
    english, dutch = wording.load("en"), wording.load("nl")
    assert english.keys() == dutch.keys() == CLASSES.keys()
    for kind in english:
        assert (english[kind].detail is None) == (dutch[kind].detail is None)
        assert re.findall(r"{\w+}", english[kind].text) == re.findall(r"{\w+}", dutch[kind].text)
        for said in (english[kind], dutch[kind]):
            assert 1 <= len(said.text.split()) <= 4
            assert "!" not in said.text


def test_both_languages_have_the_same_groups_of_markers() -> None:
    def groups(language: str) -> dict[str, set[tuple[int, str | None]]]:
        found: dict[str, set[tuple[int, str | None]]] = {}
        for path in (paths.shipped("config") / "language" / language).glob("*.toml"):
            if path.stem in ("words", "nudges"):
                continue
            for group, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
                if isinstance(entries, list):  # a table holds words of this language only
                    found[group] = {(e.get("tier", 1), e.get("form")) for e in entries}
        return found

    assert groups("en") == groups("nl")


def test_a_marker_must_begin_with_a_word() -> None:
    words = tomllib.loads(
        (paths.shipped("config") / "language" / "en" / "words.toml").read_text(encoding="utf-8")
    )
    for bad in ("* should", "[you]", "… go", "<nobody> goes", "you [...] go"):
        with pytest.raises((ValueError, KeyError)):
            Markers("en", {"advice": [{"markers": [bad]}]}, words)


@pytest.mark.parametrize(
    ("marker", "text", "found"),
    [
        ("you should", "well you should go", (1, 3)),
        ("you [really|just] should", "you really should", (0, 3)),
        ("you … go", "you may then go", (0, 4)),
        ("you … go", "you a b c d e f go", None),
        ("^ go on", "please go on", (1, 3)),
        ("^ go on", "they go on", None),
        ("go on $", "go on please", None),
        ("go ~on", "go on", None),
        ("go ~on", "go off", (0, 1)),
        ("don't|never go", "you do not go", (1, 4)),
        ("you've * it", "you have seen it", (0, 4)),
    ],
)
def test_the_marker_language(marker: str, text: str, found: tuple[int, int] | None) -> None:
    words = tomllib.loads(
        (paths.shipped("config") / "language" / "en" / "words.toml").read_text(encoding="utf-8")
    )
    one = Markers("en", {"advice": [{"markers": [marker]}]}, words)
    hits = one.find(one.reading.take_apart(text.split()))
    assert [(h.start, h.end) for h in hits] == ([found] if found else [])


def test_markers_are_loaded_once() -> None:
    assert markers.load("en") is markers.load("en")
