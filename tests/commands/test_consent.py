"""Nothing starts without a clear yes, in either language."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from live_coach.commands.live import _agreed


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("answer", "agreed"),
    [
        ("y", True),
        ("Yes", True),
        ("j", True),
        ("ja", True),
        ("n", False),
        ("", False),
        ("ok", False),
    ],
)
def test_only_a_clear_yes_counts(language: str, answer: str, agreed: bool) -> None:
    with CliRunner().isolation(input=f"{answer}\n"):
        assert _agreed(language) is agreed
