"""What was kept for looking back is told where it fits, and what the coachee said is told nowhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from live_coach.archive import sessions
from live_coach.archive.keeper import Keeper
from live_coach.flow.messages import (
    Evidence,
    Kind,
    Message,
    Nudge,
    NudgeClass,
    Speaker,
    SpeechAct,
    Utterance,
    Word,
)
from live_coach.reports.progress import progress
from live_coach.reports.progress_text import as_json as progress_json
from live_coach.reports.progress_text import as_text as progress_text
from live_coach.reports.render import FORMATS, for_coachee, render
from live_coach.reports.summary import summarise, without_text
from tests.archive.conversation import CANARY, DEFAULT, collected, ended, started, talk
from tests.reports.test_page import Page

STORED = collected(2)
CARD = ("A.", "honesty", "time", "no discounts", "two visits a week")
OTHER_WORDS = "I will phone all nine of them before Thursday, that is a promise"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            (
                "With: A.",
                "What you expected: honesty",
                "What the other expected: time",
                "What was given: no discounts; two visits a week",
                "## Moments you marked",
                "| What you did next | Again within a minute | Your thumb |",
                "| yes | up |",
                "| no | down |",
            ),
        ),
        (
            "nl",
            (
                "Met: A.",
                "Wat jij verwachtte: honesty",
                "Wat de ander verwachtte: time",
                "Wat vaststond: no discounts; two visits a week",
                "## Momenten die je markeerde",
                "| Wat je daarna deed | Weer binnen een minuut | Jouw duim |",
                "| ja | omhoog |",
                "| nee | omlaag |",
            ),
        ),
    ],
)
def test_card_marks_thumbs_and_what_came_again_are_told(
    language: str, lines: tuple[str, ...]
) -> None:
    markdown = render(summarise(STORED), "md", language)
    for line in (*lines, "0:09, 0:19"):
        assert line in markdown
    page = render(summarise(STORED), "html", language)
    Page(page)
    for line in lines:
        for cell in line.strip("|# ").split(" | "):
            assert cell in page


def test_where_nothing_is_known_there_are_no_columns_for_it() -> None:
    bare = replace(
        STORED,
        nudges=tuple(replace(nudge, good=None, heeded=None) for nudge in STORED.nudges),
        marks=(),
    )
    text = render(summarise(bare), "md", "en")
    for word in ("Again within", "Your thumb", "Moments you marked"):
        assert word not in text
    one = replace(bare, nudges=(bare.nudges[0], replace(bare.nudges[1], good=True)))
    text = render(summarise(one), "md", "en")
    assert "| – |\n" in text
    assert "| up |\n" in text
    assert "Again within" not in text


def test_programs_get_them_too() -> None:
    report = json.loads(render(summarise(STORED), "json", "en"))
    card = report["session"]
    typed = (card["coachee"], card["manager_expects"], card["coachee_expects"], *card["frames"])
    assert typed == CARD
    assert report["marks"] == [9.0, 19.0]
    assert [(one["good"], one["heeded"]) for one in report["nudges"]] == [
        (True, False),
        (False, True),
    ]
    row = next(csv.DictReader(io.StringIO(render(summarise(STORED), "csv", "en"))))
    assert row["marks"] == "2"


@pytest.mark.parametrize("form", FORMATS)
def test_numbers_come_without_the_card(form: str) -> None:
    typed = ("Anna B.", "utter candour", "more hours", "no rebates")
    stored = replace(
        STORED,
        coachee=typed[0],
        manager_expects=typed[1],
        coachee_expects=typed[2],
        frames=typed[3:],
    )
    told = render(without_text(summarise(stored)), form, "en")
    whole = render(summarise(stored), form, "en")
    for text in typed:
        assert text not in told
        assert form == "csv" or text in whole
    assert json.loads(render(without_text(summarise(stored)), "json", "en"))["marks"]


def said_otherwise(message: Message) -> Message:
    """The same message, had the coachee used other words to another effect."""
    if isinstance(message, Utterance) and message.speaker is Speaker.COACHEE:
        words = tuple(Word(one, message.span, 0.8) for one in OTHER_WORDS.split())
        return replace(message, text=OTHER_WORDS, words=words)
    if isinstance(message, SpeechAct) and message.speaker is Speaker.COACHEE:
        return replace(message, kind=Kind.COMMITMENT, tier=2, quote=OTHER_WORDS)
    if isinstance(message, Nudge) and message.nudge_class is NudgeClass.SUGGESTION:
        because = (Evidence("wantdo", metric="preparatory", value=3.0, threshold=2.0),)
        return replace(message, kind="wantdo", text="When exactly?", detail="x", because=because)
    if isinstance(message, Nudge):
        of_coachee = tuple(
            replace(one, quote=OTHER_WORDS) if one.quote == CANARY else one
            for one in message.because
        )
        return replace(message, because=of_coachee)
    return message


def with_suggestions(messages: Iterator[tuple[Message, int]]) -> Iterator[tuple[Message, int]]:
    """After each nudge another one, which the coachee's being at a loss gave reason to."""
    for message, at in messages:
        yield message, at
        if isinstance(message, Nudge):
            because = (Evidence("miracle", metric="silence", value=8.0, threshold=8.0),)
            suggested = replace(
                message,
                id=1000 + message.id,
                kind="miracle",
                nudge_class=NudgeClass.SUGGESTION,
                text="Miracle question?",
                because=because,
            )
            yield suggested, at


def exported(directory: Path, messages: Iterator[tuple[Message, int]]) -> dict[str, str]:
    keeper = Keeper(directory, DEFAULT)
    keeper.begin(started())
    for message, emitted in messages:
        keeper.receive(message, emitted)
    keeper.close(ended(3))
    assert b"iracle" not in b"".join(path.read_bytes() for path in directory.iterdir())
    sessions.confirm_plan(directory, "last", ["I call them on Friday."])
    summary = summarise(sessions.load(directory, "last"))
    forms = {form: render(summary, form, "en") for form in FORMATS}
    numbers = {f"{form} numbers": render(without_text(summary), form, "nl") for form in FORMATS}
    pages = {f"coachee {page}": for_coachee(summary, "en", page=page) for page in (False, True)}
    course = progress([summary])
    across = {"progress": progress_json(course), "progress text": progress_text(course, "nl")}
    return forms | numbers | pages | across


def test_two_talks_that_differ_in_what_the_coachee_said_export_the_same(tmp_path: Path) -> None:
    said = list(with_suggestions(talk(3)))
    one = exported(tmp_path / "one", iter(said))
    other = exported(tmp_path / "other", ((said_otherwise(message), at) for message, at in said))
    assert one == other
    assert {type(message) for message, _ in said if said_otherwise(message) != message} == {
        *(Utterance, SpeechAct, Nudge),
    }
    longer = exported(tmp_path / "longer", with_suggestions(talk(4)))
    assert all(longer[form] != one[form] for form in FORMATS)
