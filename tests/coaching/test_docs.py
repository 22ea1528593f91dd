"""docs/nudges.md tells of the nudges that exist, in their words and with their numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from live_coach.coaching.catalogue import replaced

PAGE = Path(__file__).parents[2] / "docs" / "nudges.md"


def test_the_table_is_the_one_that_the_configuration_makes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == replaced(page), "run: python -m live_coach.coaching.catalogue docs/nudges.md"


def test_another_number_makes_another_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page != (stale := page.replace("45 s on the floor", "46 s on the floor"))
    assert replaced(stale) == page


def test_a_page_without_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table"):
        replaced("# Nudges\n")
