"""The gold conversations keep to their labelling guide (docs/labelling.md) and hold enough of each kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from live_coach.flow.messages import Form, Kind, Speaker

HERE = Path(__file__).parent
LANGUAGES = ("en", "nl")
HALVES = ("tuning", "held_back")
GUARDS = tuple(f"G{number}" for number in (*range(1, 18), 19))
WITH_ADVICE = {"G9", "G14", "G19"}
"""Guards whose hard negatives include advice, to be told from what is none (G14: all of it)."""

EMPLOYEE_KINDS = {
    Kind.COMMITMENT,
    Kind.PREPARATORY,
    Kind.SUSTAIN,
    Kind.STUCK,
    Kind.ASKS_ADVICE,
    Kind.OWN_IDEA,
}
MANAGER_KINDS = set(Kind) - EMPLOYEE_KINDS - {Kind.OTHER}
QUESTION_FORMS = {Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION}
ALWAYS_ASKED = {Kind.DISGUISED_ADVICE, Kind.LEADING_QUESTION, Kind.SOLUTION_FOCUSED}
DIRECTIVE = {Kind.ADVICE, Kind.DISGUISED_ADVICE, Kind.ASSUMPTION, Kind.JUDGEMENT}

LEAST_PER_HALF = dict.fromkeys(set(Kind) - {Kind.OTHER}, 10) | {
    Kind.ADVICE: 25,
    Kind.DISGUISED_ADVICE: 20,
    Kind.OPEN_QUESTION: 40,
    Kind.CLOSED_QUESTION: 40,
    Kind.REFLECTION: 30,
}

HEADER_CHOICES = {
    "quality": {"good", "mixed", "poor"},
    "register": {"formal", "informal"},
    "variety": {"nl-NL", "nl-BE", "en-GB", "en-US"},
    "text_like": {"written", "recogniser"},
    "half": set(HALVES),
}
UTTERANCE_KEYS = {"conversation", "turn", "speaker", "text", "acts"}

Line = dict[str, Any]


def read_lines(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@cache
def conversations(language: str) -> dict[str, tuple[Line, list[Line]]]:
    """File stem → header and utterances."""
    files = sorted((HERE / language).glob("[0-9][0-9]-*.jsonl"))
    read = {file.stem: read_lines(file) for file in files}
    return {stem: (lines[0], lines[1:]) for stem, lines in read.items()}


@cache
def hard_negatives(language: str) -> list[Line]:
    return read_lines(HERE / language / "hard_negatives.jsonl")


def utterances(language: str, half: str) -> Iterator[Line]:
    for header, lines in conversations(language).values():
        if header["half"] == half:
            yield from lines


def kinds(line: Line) -> list[Kind]:
    return [Kind(act["kind"]) for act in line["acts"]]


def check_acts(line: Line) -> None:
    """The rules of the guide that hold for every labelled utterance."""
    found = kinds(line)
    assert found, line
    assert len(set(found)) == len(found), f"a kind twice: {line}"
    assert Kind.OTHER not in found or len(found) == 1, f"other stands alone: {line}"
    foreign = EMPLOYEE_KINDS if line["speaker"] == "manager" else MANAGER_KINDS
    assert not foreign & set(found), f"a kind of the other speaker: {line}"
    assert not ALWAYS_ASKED & set(found) or QUESTION_FORMS & set(found), f"no form: {line}"
    for act in line["acts"]:
        assert set(act) == {"kind", "form"}, line
        if act["kind"] == Kind.ADVICE:
            assert Form(act["form"]), line
        else:
            assert act["form"] is None, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_varied_conversations(language: str) -> None:
    headers = [header for header, _ in conversations(language).values()]
    assert len(headers) >= 12
    assert len({header["conversation"] for header in headers}) == len(headers)
    assert len({header["setting"] for header in headers}) == len(headers)
    for key in ("quality", "register", "text_like"):
        assert {header[key] for header in headers} == HEADER_CHOICES[key]
    assert sum("sales" in header["setting"].lower() for header in headers) >= 3
    if language == "nl":
        assert sum(header["variety"] == "nl-BE" for header in headers) >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_and_halves(language: str) -> None:
    for stem, (header, _) in conversations(language).items():
        number = stem[:2]
        assert header["conversation"] == f"{language}-{number}"
        assert set(header) == {"conversation", "setting", *HEADER_CHOICES}
        for key, choices in HEADER_CHOICES.items():
            assert header[key] in choices, (stem, key)
        assert header["variety"].startswith(language)
        assert header["half"] == HALVES[int(number) % 2 == 0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_utterances_keep_the_format(language: str) -> None:
    for stem, (header, lines) in conversations(language).items():
        assert 25 <= len(lines) <= 46, stem
        assert [line["turn"] for line in lines] == list(range(1, len(lines) + 1)), stem
        for line in lines:
            assert set(line) == UTTERANCE_KEYS, line
            assert line["conversation"] == header["conversation"]
            assert line["speaker"] in {Speaker.MANAGER, Speaker.COACHEE}
            assert line["text"].strip() == line["text"] != ""
            check_acts(line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_as_from_a_recogniser_has_no_punctuation(language: str) -> None:
    for header, lines in conversations(language).values():
        if header["text_like"] == "recogniser":
            assert not [line["text"] for line in lines if set(line["text"]) & set(".,?!;:…")]


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_occurs_often_enough(language: str, half: str) -> None:
    counts = Counter(kind for line in utterances(language, half) for kind in kinds(line))
    short = {kind: counts[kind] for kind, least in LEAST_PER_HALF.items() if counts[kind] < least}
    assert not short


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_advice_occurs_in_both_halves(language: str) -> None:
    for half in HALVES:
        acts = (act for line in utterances(language, half) for act in line["acts"])
        assert {act["form"] for act in acts if act["form"]} == set(Form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_in_both_halves(language: str) -> None:
    """What was tuned on must not be met again when results are measured."""
    texts: dict[str, set[str]] = {half: set() for half in HALVES}
    for half in HALVES:
        texts[half] |= {line["text"].lower() for line in utterances(language, half)}
    for line in hard_negatives(language):
        texts[line["half"]].add(line["text"].lower())
    shared = texts["tuning"] & texts["held_back"]
    assert not {text for text in shared if len(text.split()) > 4}


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_negatives_cover_every_guard(language: str) -> None:
    lines = hard_negatives(language)
    per_guard = Counter(line["guard"] for line in lines)
    assert set(per_guard) == set(GUARDS)
    assert min(per_guard.values()) >= 15
    assert len({(line["guard"], line["text"]) for line in lines}) == len(lines)
    for guard in GUARDS:
        halves = Counter(line["half"] for line in lines if line["guard"] == guard)
        assert min(halves[half] for half in HALVES) >= 7, guard


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_negatives_are_not_directive(language: str) -> None:
    for line in hard_negatives(language):
        keys = {"guard", "speaker", "text", "before", "acts", "half"}
        assert set(line) - {"given"} == keys, line
        assert line["speaker"] == "manager"
        check_acts(line)
        for turn in line["before"]:
            assert set(turn) == {"speaker", "text"}
        if line["guard"] in WITH_ADVICE - {"G14"} and Kind.ADVICE in kinds(line):
            assert line["before"] or line["given"], line
        elif line["guard"] == "G14":  # asked for: advice by kind, and the guard weighs it
            assert Kind.ADVICE in kinds(line)
            assert line["before"][-1]["speaker"] == "coachee"
        else:
            assert not DIRECTIVE & set(kinds(line)), line
