"""The pictures of the README are real, small, and ask nothing of a network or of installed fonts."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from benchmarks.svg import picture
from tests.rules.repository import ROOT

PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.svg"))
NAMES = {
    f"{what}-{language}" for what in ("live", "summary", "half-minute") for language in ("en", "nl")
}
MOST_BYTES = 400_000
SVG = "{http://www.w3.org/2000/svg}"


def complaints(svg: str) -> list[str]:
    """What in an SVG would make a viewer fetch or run anything, or is no SVG."""
    found = re.findall(
        r"@font-face|@import|https?://[^\s\"')]+|url\((?!#)[^)]*\)|<script|<image|href=|foreignObject",
        svg,
    )
    return [one for one in found if one != "http://www.w3.org/2000/svg"]


def test_there_is_one_of_each_in_both_languages_and_the_readme_shows_it() -> None:
    assert {path.stem for path in PICTURES} == NAMES
    readme = (ROOT / "README.md").read_text("utf-8")
    for path in PICTURES:
        assert f"](docs/pictures/{path.name})" in readme


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_they_fetch_nothing_and_are_small(path: Path) -> None:
    svg = path.read_text("utf-8")
    assert not complaints(svg)
    assert "monospace" in svg
    assert len(svg.encode()) < MOST_BYTES
    assert ET.fromstring(svg).tag == f"{SVG}svg"


@pytest.mark.parametrize(
    "bad", ["@font-face {src: x}", "http://localhost/a.woff2", "url(x.woff)", "<script>"]
)
def test_what_would_be_fetched_is_found(bad: str) -> None:
    assert complaints(f'<svg xmlns="http://www.w3.org/2000/svg">{bad}</svg>')


@pytest.mark.parametrize("language", ["en", "nl"])
def test_half_a_minute_moves_and_stands_still_for_who_wants_no_motion(language: str) -> None:
    [path] = [one for one in PICTURES if one.stem == f"half-minute-{language}"]
    svg = path.read_text("utf-8")
    assert set(re.findall(r"animation: p\d+ (\S+) step-end infinite", svg)) == {"30s"}
    assert "prefers-reduced-motion: reduce" in svg


def test_each_shows_the_nudge_that_it_is_about() -> None:
    nudges = {
        "half-minute-en": "Ask, don't tell",
        "half-minute-nl": "Vragen, niet zenden",
        "live-en": "Miracle question?",
        "live-nl": "Wondervraag?",
    }
    for name, nudge in nudges.items():
        shown = (ROOT / "docs" / "pictures" / f"{name}.svg").read_text("utf-8")
        assert nudge in "".join(ET.fromstring(shown).itertext()).replace("\xa0", " ")


class _Two(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("one", id="word")
        yield Static("stays")


async def test_what_stays_is_there_once_and_what_changes_moves() -> None:
    app = _Two()
    async with app.run_test(size=(20, 3)) as pilot:
        shots = [app.export_screenshot()]
        app.query_one("#word", Static).update("two")
        await pilot.pause()
        shots.append(app.export_screenshot())
    svg = picture(shots, poster=1, seconds=2)
    assert complaints(shots[0])
    assert not complaints(svg)
    assert svg.count("stays") == 1
    rules = dict(re.findall(r"\.(p\d+) \{visibility: (\w+);", svg))
    shown = {
        words: name
        for name, words in re.findall(r'<g class="p (p\d+)">.*?>(one|two)<', svg, re.DOTALL)
    }
    assert (rules[shown["one"]], rules[shown["two"]]) == ("hidden", "visible")
    assert "animation: p" in svg
    assert " 4s step-end" in svg
