"""Summaries in words: the same in both languages, safe in Markdown, and without a grade."""

from __future__ import annotations

import csv
import io
import json
import re
import string
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import live_coach.reports.render as render_module
from live_coach.archive.record import KEPT_METRICS
from live_coach.archive.stored import StoredAct, StoredEvidence, StoredSession
from live_coach.errors import WrongUsage
from live_coach.flow.messages import RATE, Form, HealthState, Kind, NudgeClass
from live_coach.reports.ownership import Ownership
from live_coach.reports.phrases import bars, clock, plain
from live_coach.reports.render import FORMATS, MOST_ON_PAPER, check_format, format_of, render
from live_coach.reports.summary import SharePoint, summarise, without_text
from live_coach.reports.waits import Waits
from tests.archive.conversation import CANARY, QUOTE, collected

WORDS = Path(render_module.__file__).parent / "words"
PLAIN = summarise(collected(40))
WITH_TEXT = summarise(collected(2, keep_transcript=True))


def table(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8"))


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_both_languages_say_the_same_things_with_the_same_numbers() -> None:
    english, dutch = (
        {
            (section, name): fields(phrase)
            for section, names in table(one).items()
            for name, phrase in names.items()
        }
        for one in ("en", "nl")
    )
    assert english == dutch


def test_every_state_metric_and_advice_has_words() -> None:
    assert set(table("en")["states"]) == {state.value for state in HealthState} - {"ok"}
    assert set(table("en")["metrics"]) == KEPT_METRICS
    source = (Path(render_module.__file__).parent / "next_try.py").read_text(encoding="utf-8")
    used = set(re.findall(r'(?:NextTry|_at_most)\(\s*"(\w+)"', source))
    assert set(table("en")["next_try"]) == used


@pytest.mark.parametrize(
    ("language", "title", "advice"),
    [
        ("en", "# Looking back at", "Before giving an answer"),
        ("nl", "# Terugblik op", "Vraag voor een eigen"),
    ],
)
def test_markdown_tells_it_in_the_language_asked_for(
    language: str, title: str, advice: str
) -> None:
    text = render(PLAIN, "md", language)
    assert text.startswith(title)
    assert advice in text
    assert f"| 0:09 | Ask, don't tell | “{QUOTE}” | " in text
    assert "67 %" in text
    assert "| 4:00 | 2:00 |" in text
    assert text.endswith("\n")
    assert "\n\n\n" not in text


@pytest.mark.parametrize(("language", "words"), [("en", "a suggestion"), ("nl", "een suggestie")])
def test_of_a_suggestion_it_is_told_that_there_was_one(language: str, words: str) -> None:
    stored = collected(2)
    hidden = replace(
        stored.nudges[1],
        kind="suggestion",
        nudge_class=NudgeClass.SUGGESTION,
        text="",
        because=(),
    )
    told = summarise(replace(stored, nudges=(stored.nudges[0], hidden)))
    assert f"| 0:19 | {words} |  |" in render(told, "md", language)
    assert f"<td>{words}</td><td></td>" in render(told, "html", language)


def test_every_class_of_nudges_has_words() -> None:
    assert set(table("en")["classes"]) == {one.value for one in NudgeClass}


def test_an_unknown_language_is_told_in_english() -> None:
    assert render(PLAIN, "md", "auto") == render(PLAIN, "md", "en")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_grade_and_no_blame(language: str) -> None:
    every = " ".join(
        phrase for names in table(language).values() for phrase in names.values()
    ).lower()
    for word in (
        "score",
        "grade",
        "cijfer van",
        "too much",
        "te veel",
        "bad",
        "slecht",
        "fail ",
        "wrong ",
        "fout",
        "should",
        "moet",
        "!",
    ):
        assert word not in every.replace("could not keep up", ""), word


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_of_the_coachee_but_speaking_time(form: str) -> None:
    assert CANARY not in render(PLAIN, form, "en")


def test_text_is_shown_only_where_it_was_kept() -> None:
    assert f"**The other** {CANARY}" in render(WITH_TEXT, "md", "en")
    assert json.loads(render(WITH_TEXT, "json", "en"))["transcript"][0] == {
        "start": 0.0,
        "speaker": "manager",
        "text": QUOTE,
    }
    assert "transcript" not in json.loads(render(PLAIN, "json", "en"))


def test_json_uses_the_names_of_the_message_stream() -> None:
    report = json.loads(render(PLAIN, "json", "nl"))
    assert report["schema"] == 1
    assert report["session"]["id"] == "2026-07-01-abcd"
    assert report["talk_share"] == 0.667
    assert report["questions"] == {"open": 2, "closed": 1}
    assert report["telling"] == {"tip": 40, "solution": 0, "assumption": 0, "judgement": 0}
    assert report["tip_budget"] == {"spent": 0, "with_leave": 0, "of": 1}
    assert report["nudges"][0]["class"] == "corrective"
    assert report["nudges"][0]["because"][0]["quote"] == QUOTE
    assert report["next_try"]["id"] == "ask_first"
    assert report["next_try"]["target"] == 20


@pytest.mark.parametrize("language", ["en", "nl"])
def test_whatever_is_unsure_is_said(language: str) -> None:
    stored = replace(collected(0), end_reason="recovered", dropped=2, untranscribed=3)
    text = render(summarise(stored), "md", language)
    for kind in ("recovered", "one_voice"):
        assert table(language)["caveats"][kind] in text
    assert text.partition(f"## {table(language)['titles']['caveats']}\n")[2].count("\n- ") == 4


def test_a_number_is_a_reason_where_there_is_no_quote() -> None:
    because = StoredEvidence("share", None, "talk_share", 0.58, 0.55, 300.0, "")
    stored = collected(1)
    nudge = replace(stored.nudges[0], because=(because,))
    text = render(summarise(replace(stored, nudges=(nudge,))), "md", "en")
    assert "| Ask, don't tell | your part was 58 % |" in text


def test_the_goal_and_quotes_are_no_markup() -> None:
    stored = replace(collected(1), goal="# *sell* | <b>more</b>\n[x](y)", agreed_minutes=30.0)
    text = render(summarise(stored), "md", "en")
    assert r"The goal: \# \*sell\* \| \<b\>more\</b\> \[x\](y)" in text
    assert "30 were agreed" in text


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("stored", [collected(3), collected(3, keep_transcript=True)])
def test_numbers_come_without_a_word_that_was_typed_or_said(
    form: str, stored: StoredSession
) -> None:
    told = render(without_text(summarise(stored)), form, "en")
    for text in (CANARY, QUOTE, stored.goal):
        assert text in render(summarise(stored), "html", "en") or text == CANARY
        assert text not in told


def test_csv_has_the_same_names_for_every_conversation() -> None:
    rows = [
        list(csv.DictReader(io.StringIO(render(each, "csv", "nl"))))
        for each in (PLAIN, WITH_TEXT, summarise(collected(0)))
    ]
    assert [len(each) for each in rows] == [1, 1, 1]
    assert len({tuple(each[0]) for each in rows}) == 1
    assert rows[0][0]["talk_share"] == "0.667"
    assert rows[0][0]["telling.tip"] == "40"
    assert rows[0][0]["nudges"] == "40"
    assert rows[2][0]["talk_share"] == ""


def test_formats_are_named_by_files_and_checked() -> None:
    assert format_of(Path("a/b.MD")) == "md"
    assert format_of(Path("b.json")) == check_format("json")
    assert format_of(Path("b.html")) == "html"
    with pytest.raises(WrongUsage, match="not a format"):
        format_of(Path("b.pdf"))


def test_small_words() -> None:
    assert clock(725.9) == "12:05"
    assert plain("a  b\nc_d") == r"a b c\_d"
    points = tuple(SharePoint(0, 1, share) for share in (0.0, 0.5, 1.0, None))
    assert bars(points) == "▁▅█·"


@pytest.mark.parametrize(("language", "expected"), [("en", "1.5 seconds"), ("nl", "2,0 seconden")])
def test_wait_times_are_told_where_there_are_enough(language: str, expected: str) -> None:
    waited = replace(PLAIN, waits=Waits(1.5, 2.0))
    assert expected in render(waited, "md", language)
    unknown = render(replace(PLAIN, waits=Waits(None, None)), "md", language)
    assert expected not in unknown
    assert json.loads(render(waited, "json", language))["waits"] == {
        "after_question": 1.5,
        "after_answer": 2.0,
    }


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "The other's own plan"), ("nl", "Het eigen plan van de ander")],
)
def test_the_plan_is_told_in_the_words_that_were_confirmed(language: str, title: str) -> None:
    planned = summarise(replace(collected(3), plan=("I call <them> on *Monday*.",)))
    markdown = render(planned, "md", language)
    assert f"## {title}" in markdown
    assert r"“I call \<them\> on \*Monday\*.”" in markdown
    assert "<blockquote>I call &lt;them&gt; on *Monday*.</blockquote>" in render(
        planned, "html", language
    )
    assert json.loads(render(planned, "json", language))["plan"] == ["I call <them> on *Monday*."]
    for form in FORMATS:
        assert "Monday" not in render(without_text(planned), form, language)


NOTHING_PLANNED = {
    "en": "No plan was confirmed. A conversation may end so.",
    "nl": "Er is geen plan bevestigd. Zo mag een gesprek eindigen.",
}
WHEN = {"en": "Sentences that say when: 2 of 3.", "nl": "Zinnen die zeggen wanneer: 2 van de 3."}
PLANS = {
    "en": ("On Friday I call three clients.", "I want to listen more.", "I begin tomorrow."),
    "nl": ("Vrijdag bel ik drie klanten.", "Ik wil meer luisteren.", "Ik begin morgen."),
}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_who_found_what_and_whether_it_has_a_when(language: str) -> None:
    stored = replace(collected(3), language=language, plan=PLANS[language])
    last = stored.readings[-1]
    counts = replace(last.counts, tips=2, solutions=3, solutions_first=1)
    stored = replace(stored, readings=(*stored.readings[:-1], replace(last, counts=counts)))
    told = summarise(stored)
    for form in ("md", "html"):
        for summary in (told, without_text(told)):
            text = " ".join(render(summary, form, language).split())
            assert WHEN[language] in text
            assert {"en": "from you 5 times, 1 of them", "nl": "5 keer van jou, waarvan 1"}[
                language
            ] in text
    silent = without_text(replace(told, found=Ownership()))
    assert table(language)["found"]["not_told"] in render(silent, "md", language)
    report = json.loads(render(told, "json", language))
    assert report["solutions"] == {"manager": 5, "manager_first": 1, "plan": 3, "plan_when": 2}
    row = next(csv.DictReader(io.StringIO(render(told, "csv", language))))
    assert (row["solutions.plan"], row["solutions.plan_when"]) == ("3", "2")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_conversation_in_which_nothing_was_agreed_is_told_as_any_other(language: str) -> None:
    stored = replace(collected(20), goal="", manager_expects="", coachee_expects="")
    told = summarise(stored)
    for form in ("md", "html"):
        text = render(told, form, language)
        assert table(language)["facts"]["no_goal"] in text
        assert NOTHING_PLANNED[language] in text
    report = json.loads(render(told, "json", language))
    assert report["agreed"] == {"goal": False, "expectations": False}
    assert (report["solutions"]["plan"], report["solutions"]["plan_when"]) == (None, None)
    assert summarise(replace(stored, plan=("I call them on Friday.",))).next_try == told.next_try


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_goal_that_was_agreed_while_talking_is_told(language: str) -> None:
    stored = replace(collected(3), goal="")
    last = replace(stored.readings[-1], goal_agreed=True, expectations_agreed=True)
    told = summarise(replace(stored, readings=(*stored.readings, last)))
    for form in ("md", "html"):
        assert table(language)["facts"]["spoken_goal"] in render(told, form, language)
    assert json.loads(render(told, "json", language))["agreed"] == {
        "goal": True,
        "expectations": True,
    }
    row = next(csv.DictReader(io.StringIO(render(told, "csv", language))))
    assert row["agreed.goal"] == "1"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_came_after_the_nudges_is_told_together(language: str) -> None:
    def at(second: int, kind: Kind, form: Form | None = None) -> StoredAct:
        return StoredAct(second, kind, form, 1, second * RATE, 0.9)

    acts = (at(12, Kind.OPEN_QUESTION), at(22, Kind.ADVICE, Form.TIP), at(23, Kind.REFLECTION))
    told = summarise(replace(collected(4), acts=acts))
    said = table(language)["nudges"]["after_all"].format(asked=1, told=1, count=4)
    assert [one.next and one.next.kind for one in told.nudges] == ["open", "tip", None, None]
    for form in ("md", "html"):
        assert said in render(told, form, language)


def test_where_nobody_looked_whether_a_goal_was_agreed_it_is_not_known() -> None:
    stored = replace(collected(0), goal="", manager_expects="", readings=())
    report = json.loads(render(summarise(stored), "json", "en"))
    assert report["agreed"] == {"goal": None, "expectations": None}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_many_nudges_and_much_text_are_put_together_on_paper(language: str) -> None:
    stored = collected(MOST_ON_PAPER + 1)
    page = render(summarise(stored), "html", language)
    assert '<table class="screen">' in page
    assert f"<li>{MOST_ON_PAPER + 1} × Ask, don&#39;t tell: 0:09, 0:19," in page
    few = render(summarise(collected(MOST_ON_PAPER)), "html", language)
    assert 'class="paper' not in few
    assert "<body>" in few
    assert '<body class="dense">' in render(
        summarise(replace(stored, goal="goal " * 300)), "html", language
    )
