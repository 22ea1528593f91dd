"""The classifier beside the rules: what it adds, what it may not overrule, and what it costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from live_coach.coaching import classifier
from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.classifier import Bounds, Label, Linear
from live_coach.coaching.joining import ALL_KINDS
from live_coach.coaching.markers import Language
from live_coach.errors import SettingsError
from live_coach.flow.messages import Kind, Speaker
from tests.coaching.telling import M, acts, kinds

LANGUAGES = ("en", "nl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_classifier_survives_writing_and_reading(language: Language, tmp_path: Path) -> None:
    shipped = classifier.load(language)
    classifier.write(tmp_path / "acts.npz", shipped)
    again = classifier.read(tmp_path / "acts.npz")
    for speaker in (Speaker.MANAGER, Speaker.COACHEE):
        assert again[speaker].bounds == shipped[speaker].bounds
        assert again[speaker].vocabulary == shipped[speaker].vocabulary
        np.testing.assert_array_equal(again[speaker].weights, shipped[speaker].weights)


@pytest.mark.parametrize("language", LANGUAGES)
def test_weights_are_small_enough_to_ship(language: Language) -> None:
    assert classifier.weights_file(language).stat().st_size < 1_000_000


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "acts.npz"
    path.write_bytes(b"not weights")
    with pytest.raises(SettingsError, match="cannot be used"):
        classifier.read(path)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the clinic closes at five and the nurse leaves earlier"),
        ("nl", "de klant krijgt het pakket dinsdag en de factuur volgt later"),
    ],
)
def test_telling_without_a_marker_is_heard(language: Language, text: str) -> None:
    assert Kind.INFORMATION not in kinds(text, language, classifier=None)
    assert Kind.INFORMATION in kinds(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "So you should call her tomorrow."), ("nl", "Je moet haar morgen bellen.")],
)
def test_confidence_is_a_probability_where_the_classifier_speaks(
    language: Language, text: str
) -> None:
    told = next(act for act in acts(text, language) if act.kind is Kind.ADVICE)
    assert told.probability is not None
    assert 0 < told.confidence == told.probability < 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "you want to do it your own way and that matters to you"),
        ("nl", "dat is veel voor je geweest"),
        ("nl", "alles komt op jou neer"),
    ],
)
def test_a_reflection_is_added_only_once_the_coachee_spoke(language: Language, text: str) -> None:
    heard = "it is hard" if language == "en" else "ik vind het werk zwaar en ik slaap slecht"
    assert Kind.REFLECTION not in kinds(text, language, classifier=None, heard=heard)
    assert Kind.REFLECTION in kinds(text, language, heard=heard)
    assert Kind.REFLECTION not in kinds(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "What would you like to do? And is it the same for you?"),
        ("en", "You do that every week then, more or less."),
        ("nl", "Wat zou je willen doen? En is het voor jou ook zo?"),
        ("nl", "Dat doe je dan elke week, min of meer."),
    ],
)
def test_sentence_marks_leave_questions_to_the_rules(language: Language, text: str) -> None:
    asking = ALL_KINDS["ask"]
    assert kinds(text, language) & asking == kinds(text, language, classifier=None) & asking


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_utterance_of_nobody_known_gets_no_act(language: Language) -> None:
    assert kinds("you should je moet", language, Speaker.UNKNOWN) == {Kind.OTHER}


@pytest.mark.parametrize("language", LANGUAGES)
def test_silence_between_changes_nothing(language: Language) -> None:
    """An empty final revision of a piece is passed over, whoever spoke."""
    said = "en wat wil je nu" if language == "nl" else "and what do you want now"
    plain, with_empty = Context(), Context()
    finder = ActFinder(language)
    finder.read(Speaker.COACHEE, ["ik", "wil", "i", "want"], plain)
    finder.read(Speaker.COACHEE, ["ik", "wil", "i", "want"], with_empty)
    with_empty_before = list(with_empty.turns)
    finder.read(Speaker.COACHEE, [], with_empty)
    assert list(with_empty.turns) == with_empty_before
    one = finder.read(Speaker.MANAGER, said.split(), plain)
    other = finder.read(Speaker.MANAGER, said.split(), with_empty)
    assert one == other


@pytest.mark.parametrize(("telling", "informs"), [(3.0, True), (-3.0, False)])
def test_without_telling_there_is_no_information(telling: float, informs: bool) -> None:
    labels: tuple[Label, ...] = ("tell", "advice", "information")
    manager = Linear(
        labels,
        {},
        np.zeros((0, 3), np.float32),
        np.array([telling, -3.0, 3.0], np.float32),
        dict.fromkeys(labels, (Bounds(0.5, 0.5, 1.0), Bounds(0.5, 0.5, 1.0))),
    )
    finder = ActFinder("en", classifier={M: manager})
    found = finder.read(M, ["The", "bus", "leaves", "at", "nine."], Context())
    assert (Kind.INFORMATION in {act.kind for act in found}) is informs
