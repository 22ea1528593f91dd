"""Documentation names only what exists."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from live_coach.cli import cli
from tests.rules.repository import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_FOLDERS = ("live_coach", "tests", "benchmarks", "config", "models", "docs", ".ci", "requirements")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert not [target for target in local if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_folders_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"`([\w./*-]+)`", page.read_text(encoding="utf-8"))
    paths = {name for name in named if name.startswith(tuple(f"{each}/" for each in _FOLDERS))}
    assert not {path for path in paths if not list(ROOT.glob(path.rstrip("/")))}


def test_the_architecture_page_walks_through_every_room() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / "live_coach").glob("*/__init__.py")]
    assert not [room for room in rooms if f"`live_coach/{room}/" not in page and room != "commands"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^    |\$ |bin/)live-coach ([a-z]+)", text, re.MULTILINE))
    assert named <= set(cli.list_commands(click.Context(cli)))


def test_the_readme_names_the_two_commands_and_every_other_one() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    named = set(re.findall(r"\bmake ([a-z]+)", text))
    assert {"demo", "test"} <= named <= targets
