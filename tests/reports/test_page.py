"""The page of a conversation: whole, on its own, and readable by everybody."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import live_coach.reports.render as render_module
from live_coach.archive.stored import StoredAct
from live_coach.flow.messages import RATE, Form, Kind, Pause, Span, Speaker
from live_coach.reports.chart import LEFT, RIGHT, WIDTH, chart
from live_coach.reports.render import render
from live_coach.reports.summary import summarise
from tests.archive.conversation import collected

ACTS = tuple(
    StoredAct(100 + n, kind, form, 1, n * RATE, 0.9)
    for n, (kind, form) in enumerate(
        [
            (Kind.OPEN_QUESTION, None),
            (Kind.CLOSED_QUESTION, None),
            (Kind.REFLECTION, None),
            (Kind.ADVICE, Form.TIP),
            (Kind.ADVICE, Form.SOLUTION),
            (Kind.ASSUMPTION, None),
            (Kind.JUDGEMENT, None),
        ]
    )
)
SILENCES = tuple(
    Pause(Span(at * RATE, (at + 4) * RATE), Speaker.MANAGER, Speaker.COACHEE) for at in (1, 20)
)
EVERYTHING = replace(collected(3, keep_transcript=True), acts=ACTS, pauses=SILENCES)
STORED = {"everything": EVERYTHING, "nothing": replace(collected(0), duration=0)}
ALONE = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track"}


class Page(HTMLParser):
    """Elements as they open, with their text; an error for one that is not closed in its place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if tag not in ALONE:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


@pytest.fixture(params=[(name, language) for name in STORED for language in ("en", "nl")])
def text(request: pytest.FixtureRequest) -> str:
    name, language = request.param
    return render(summarise(STORED[name]), "html", language)


def test_it_is_whole_and_says_its_language(text: str) -> None:
    page = Page(text)
    assert text.startswith("<!doctype html>\n")
    assert page.of("html")[0]["lang"] in {"en", "nl"}
    for landmark in ("header", "main", "footer"):
        assert len(page.of(landmark)) == 1
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [a["aria-labelledby"] for _, a, _ in page.elements if a.get("aria-labelledby")]
    assert {one for each in named for one in (each or "").split()} <= set(ids)


def test_headings_go_down_one_step_at_a_time(text: str) -> None:
    levels = [int(tag[1]) for tag, _, _ in Page(text).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_it_fetches_nothing_and_runs_nothing(text: str) -> None:
    page = Page(text)
    assert set(re.findall(r"\w+://[^\s\"<]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\(|@import|javascript:", text)
    for _, attributes, _ in page.elements:
        assert not {"src", "href", "srcset", "data", "action"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    assert not page.of("script")
    assert "default-src 'none'" in str(page.of("meta"))


def test_every_drawing_has_a_name_and_every_table_says_what_its_cells_are(text: str) -> None:
    page = Page(text)
    for attributes in page.of("svg"):
        assert attributes["role"] == "img"
        assert attributes["aria-labelledby"]
    titles = [1 for tag, _, within in page.elements if tag == "title" and "svg" in within]
    assert len(titles) >= len(page.of("svg"))
    assert page.of("desc")
    assert all(attributes.get("scope") in {"row", "col"} for attributes in page.of("th"))


def test_text_stands_out_from_its_ground() -> None:
    """WCAG 2.1, success criterion 1.4.3: 4.5 to 1; for shapes 3 to 1, or an outline (1.4.11)."""
    css = (Path(render_module.__file__).parent / "templates" / "page.css").read_text("utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))
    assert set(re.findall(r"#[0-9a-f]{3,6}", css)) == set(colours.values())
    for ground in ("paper", "tint"):
        for ink in ("ink", "quiet"):
            assert contrast(colours[ink], colours[ground]) >= 4.5
    assert contrast(colours["paper"], colours["you"]) >= 4.5
    assert contrast(colours["you"], colours["other"]) >= 2
    assert re.search(r"\.other \{[^}]*stroke: var\(--ink\)", css)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_was_typed_is_no_markup() -> None:
    goal = '<script>alert("1")</script> & <b>more</b>'
    text = render(summarise(replace(EVERYTHING, goal=goal)), "html", "en")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    Page(text)


def test_everything_stands_in_the_drawing_at_its_time() -> None:
    drawn = chart(summarise(EVERYTHING))
    assert [sign.kind for sign in drawn.signs] == [
        *("open", "closed", "reflection", "tip", "solution", "assumption", "judgement"),
        *("nudge", "nudge", "nudge"),
        *("mark", "mark", "mark"),
    ]
    assert drawn.signs[0].x == LEFT
    assert drawn.signs[-1].x == round(LEFT + 29 / 30 * (RIGHT - LEFT), 1)
    assert all(LEFT <= sign.x <= RIGHT < WIDTH and 0 < sign.y < drawn.axis for sign in drawn.signs)
    assert drawn.manager.count("M") == drawn.coachee.count("M") == 3
    assert drawn.asked.count("M") == drawn.quiet.count("M") == 1
    assert list(drawn.lanes) == [
        *("manager", "coachee", "asked", "reflection", "told", "silences", "nudges", "marks")
    ]


def test_a_lane_without_anything_in_it_is_not_drawn() -> None:
    everything, nothing = chart(summarise(EVERYTHING)), chart(summarise(STORED["nothing"]))
    assert list(nothing.lanes) == ["manager", "coachee"]
    for acts, gone in ((ACTS[:2], {"reflection", "told"}), (ACTS[2:3], {"asked", "told"})):
        some = chart(summarise(replace(EVERYTHING, acts=acts)))
        assert everything.lanes.keys() - some.lanes.keys() == gone
        assert nothing.height < some.height < everything.height
        assert all(sign.y < some.axis < some.height for sign in some.signs)
    told = {name: render(summarise(STORED[name]), "html", "nl") for name in STORED}
    for label in ("Zenden", "Teruggeven", "Stiltes"):
        assert [f">{label}</text>" in told[name] for name in STORED] == [True, False], label


def test_an_hour_has_few_enough_lines_to_be_read() -> None:
    drawn = chart(summarise(replace(EVERYTHING, duration=3600 * RATE)))
    assert [tick.at for tick in drawn.ticks] == list(range(0, 3601, 600))
