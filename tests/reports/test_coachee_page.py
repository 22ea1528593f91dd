"""What the coachee may be given: the goal and the confirmed plan, and nothing that was measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from live_coach.archive import sessions
from live_coach.cli import cli
from live_coach.reports.render import for_coachee
from live_coach.reports.summary import summarise
from tests.archive.conversation import CANARY, QUOTE, collected
from tests.commands.test_sessions import Archive
from tests.reports.test_page import Page

STORED = replace(
    collected(3, keep_transcript=True), goal="Sell *more*", plan=("I call <them> on Monday.",)
)


@pytest.mark.parametrize(
    ("language", "whole"),
    [
        (
            "en",
            (
                "# Our conversation of 2026-07-01\n\n## The goal\n\nSell \\*more\\*\n\n"
                "## Your own plan\n\n- “I call \\<them\\> on Monday.”\n"
            ),
        ),
        (
            "nl",
            (
                "# Ons gesprek van 2026-07-01\n\n## Het doel\n\nSell \\*more\\*\n\n"
                "## Je eigen plan\n\n- “I call \\<them\\> on Monday.”\n"
            ),
        ),
    ],
)
def test_it_is_the_goal_and_the_plan_and_nothing_else(language: str, whole: str) -> None:
    assert for_coachee(summarise(STORED), language) == whole


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_has_the_same_and_is_no_markup(language: str) -> None:
    text = for_coachee(summarise(STORED), language, page=True)
    Page(text)
    assert "<blockquote>I call &lt;them&gt; on Monday.</blockquote>" in text
    assert "<p>Sell *more*</p>" in text
    body = text.partition("<body>")[2]
    for other in (CANARY, QUOTE, "tiny.en", "<table", "<svg", "%", "A.", "honesty", "discounts"):
        assert other not in body


@pytest.mark.parametrize("page", [False, True])
def test_nothing_that_was_measured_changes_it(page: bool) -> None:
    bare = replace(
        collected(0), goal=STORED.goal, plan=STORED.plan, utterances=(), acts=(), nudges=()
    )
    assert for_coachee(summarise(bare), "en", page=page) == for_coachee(
        summarise(STORED), "en", page=page
    )


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "No plan was noted."), ("nl", "Er is geen plan opgeschreven.")],
)
def test_without_goal_and_plan_it_says_so(language: str, sentence: str) -> None:
    text = for_coachee(summarise(replace(STORED, goal="", plan=())), language)
    assert sentence in text
    assert text.count("##") == 1


def test_the_command_writes_markdown_or_by_its_name_a_page(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.keep("2026-07-01-abcd")
    sessions.confirm_plan(archive.directory, "last", ["I call them."])

    def export(*more: str) -> tuple[int, str]:
        arguments = ["sessions", "export", "last", "--format", "coachee", *more]
        done = CliRunner().invoke(cli, arguments, env=archive.environment())
        return done.exit_code, done.stdout

    code, text = export()
    assert code == 0
    assert text.endswith("- “I call them.”\n")
    for name, start in (("plan.html", "<!doctype html>"), ("plan.md", "# Our conversation")):
        assert export("--output", str(tmp_path / name)) == (0, "")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert export("--numbers") == (1, "")
