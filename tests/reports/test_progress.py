"""Progress across conversations: the manager's own range, and no change told by a single one."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from click.testing import CliRunner

from live_coach.archive import sessions
from live_coach.archive.keeper import Keeper
from live_coach.cli import cli
from live_coach.flow.messages import RATE, Counts, MetricSnapshot, SessionEnded, TalkShare
from live_coach.reports.progress import MEASURES, progress, trend
from live_coach.reports.progress_text import as_json, as_text, sparkline
from live_coach.reports.summary import summarise
from tests.archive.conversation import CANARY, DEFAULT, collected, started
from tests.commands.test_sessions import Archive

TALK = Counts(open_questions=4, closed_questions=4, reflections=4, silences_held=2)


def keep(directory: Path, day: int, *, tips: int = 5, minutes: int = 20, share: float = 0.5) -> str:
    """A conversation in the archive that ended; its id."""
    session = f"2026-07-{day:02}-abcd"
    end = minutes * 60 * RATE
    counts = Counts(**{**{name: getattr(TALK, name) for name in Counts.__slots__}, "tips": tips})
    keeper = Keeper(directory, DEFAULT)
    keeper.begin(started(session, f"2026-07-{day:02}T10:00:00Z"))
    reading = MetricSnapshot(end, end, TalkShare(share, share), frozenset(), 0, 30 * RATE, counts)
    keeper.receive(reading, end)
    keeper.close(SessionEnded("quit", end, dropped=0, untranscribed=0))
    return session


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def run(archive: Archive, *arguments: str, language: str = "en") -> str:
    environment = archive.environment(LIVE_COACH_SCREEN__LANGUAGE=language)
    done = CliRunner().invoke(cli, ["progress", *arguments], env=environment)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_a_change_is_told_when_the_last_three_all_lie_outside() -> None:
    first = (3.0, 5.0, 4.0, 4.0, 3.5)
    assert trend((*first, 2.0, 2.5, 1.0)).change == "lower"
    assert trend((*first, 6.0, 5.5, 7.0)).change == "higher"
    assert trend((*first, 2.0, 2.5, 3.0)).change is None
    assert trend((*first, 2.0, 6.0, 1.0)).change is None
    assert (trend(first).low, trend(first).high) == (3.0, 5.0)
    assert trend((*first, None, 2.0, 2.5, None, 1.0)).change == "lower"
    assert trend(first[:4]).low is None
    assert trend((*first[:4], None, 1.0)).low == 1.0


def test_by_chance_a_change_is_told_once_in_28() -> None:
    told = [trend(values).change is not None for values in permutations(map(float, range(8)))]
    assert sum(told) * 28 == len(told)


@pytest.mark.parametrize("extra", [0, 1, 2])
def test_before_the_eighth_nothing_can_have_changed(extra: int) -> None:
    assert trend((3.0, 5.0, 4.0, 4.0, 3.5, *[0.0] * extra)).change is None


@pytest.mark.parametrize("language", ["en", "nl"])
def test_fewer_than_five_are_too_early(archive: Archive, language: str) -> None:
    for day in range(1, 5):
        keep(archive.directory, day)
    keep(archive.directory, 6, minutes=2)
    text = run(archive, language=language)
    assert text.startswith({"en": "It is too early", "nl": "Het is nog te vroeg"}[language])
    assert ": 4." in text
    assert len(text.splitlines()) == 1
    keep(archive.directory, 7)
    assert len(run(archive, language=language).splitlines()) > len(MEASURES)


def test_an_empty_archive_is_too_early_and_stays_away(archive: Archive) -> None:
    text = run(archive)
    assert text.startswith("It is too early to tell")
    assert text.endswith(": 0.\n")
    assert json.loads(run(archive, "--json"))["too_early"] is True
    assert not archive.directory.exists()


@pytest.mark.parametrize(
    ("language", "row", "head"),
    [
        ("en", "2.5–3.5  1 0.5 0  ", "over 8 conversations"),
        ("nl", "2,5–3,5  1 0,5 0  ", "over 8 gesprekken"),
    ],
)
def test_the_table_shows_range_last_three_and_course(
    archive: Archive, language: str, row: str, head: str
) -> None:
    for day, tips in enumerate((5, 6, 7, 5, 6, 2, 1, 0), start=1):
        keep(archive.directory, day, tips=tips)
    text = run(archive, language=language)
    lines = text.splitlines()
    assert head in lines[0]
    told = next(line for line in lines if "10 minut" in line)
    assert " ".join(row.split()) in " ".join(told.split())
    assert "▆▇█▆▇▃▂▁" in told
    assert told.endswith({"en": "lower", "nl": "lager"}[language])
    same = [line for line in lines if line.endswith({"en": " no", "nl": " nee"}[language])]
    assert len(same) == len(MEASURES) - 1
    assert "28" in text


def test_json_has_every_value(archive: Archive) -> None:
    ids = [
        keep(archive.directory, day, tips=tips, share=share)
        for day, (tips, share) in enumerate(((4, 0.5), (2, 0.4), (2, 0.6)), start=1)
    ]
    report = json.loads(run(archive, "--json"))
    assert [one["id"] for one in report["conversations"]] == ids
    assert set(report["measures"]) == set(MEASURES)
    assert report["measures"]["directives_per_10_min"]["values"] == [2.0, 1.0, 1.0]
    assert report["measures"]["silences_held_per_10_min"]["values"] == [1.0, 1.0, 1.0]
    assert report["measures"]["reflections_per_question"]["values"] == [0.5, 0.5, 0.5]
    assert report["measures"]["talk_share"] == {
        "values": [0.5, 0.4, 0.6],
        "low": None,
        "high": None,
        "change": None,
    }
    assert report["agreed"] is None


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Last agreed, on 2026-07-02 with A.:"),
        ("nl", "Laatst afgesproken, op 2026-07-02 met A.:"),
    ],
)
def test_what_was_agreed_comes_only_from_confirmed_sentences(
    archive: Archive, language: str, line: str
) -> None:
    for day in (1, 2, 3):
        keep(archive.directory, day)
    assert "“" not in run(archive, language=language)
    sessions.confirm_plan(archive.directory, "2026-07-01", ["An older plan."])
    sessions.confirm_plan(archive.directory, "2026-07-02", ["I call them on Monday."])
    text = run(archive, language=language)
    assert f"{line}\n  “I call them on Monday.”\n" in text
    assert "older" not in text


@pytest.mark.parametrize("language", ["en", "nl"])
def test_many_conversations_fit_a_terminal(language: str) -> None:
    summary = replace(summarise(collected(18)), duration=600.0)
    text = as_text(progress([summary] * 300), language)
    table = text.split("\n\n")[1]
    assert max(map(len, table.splitlines())) <= 100


def test_a_conversation_that_still_runs_does_not_count(archive: Archive) -> None:
    for day in range(1, 4):
        keep(archive.directory, day)
    keeper = Keeper(archive.directory, DEFAULT)
    keeper.begin(started("2026-07-09-abcd", "2026-07-09T10:00:00Z"))
    try:
        assert len(sessions.list_sessions(archive.directory)) == 4
        assert len(list(sessions.load_all(archive.directory))) == 3
    finally:
        keeper.close(SessionEnded("quit", 0, dropped=0, untranscribed=0))


def test_of_the_coachee_nothing_is_followed(archive: Archive) -> None:
    archive.keep("2026-07-01-abcd", "2026-07-02-abcd")
    told = progress([summarise(one) for one in sessions.load_all(archive.directory)])
    for text in (as_json(told), as_text(told, "en")):
        assert CANARY not in text
        assert "Sell more" not in text


def test_bars_lie_between_the_lowest_and_the_highest() -> None:
    assert sparkline((0.0, 5.0, None, 10.0)) == "▁▅·█"
    assert sparkline((2.0, 2.0)) == "▅▅"
    assert sparkline(()) == ""
