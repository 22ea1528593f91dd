"""docs/nudges.md tells of the nudges that exist, in their words."""

from __future__ import annotations

from pathlib import Path

from live_coach.coaching import wording
from live_coach.coaching.rules import RULES

PAGE = Path(__file__).parents[2] / "docs" / "nudges.md"


def test_the_table_holds_every_nudge_with_its_words() -> None:
    rows = [
        line.split("|")[1:4]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    told = {kind.strip(" `"): (en.strip(), nl.strip()) for kind, en, nl in rows}
    english, dutch = wording.load("en"), wording.load("nl")
    assert told == {kind: (english[kind].text, dutch[kind].text) for kind in RULES}
