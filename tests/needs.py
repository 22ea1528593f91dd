"""Components that a test may need. Missing: skipped with the reason, or failed with LIVE_COACH_REQUIRE_ALL=1."""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRE_ALL = os.environ.get("LIVE_COACH_REQUIRE_ALL") == "1"


def missing(component: str, how: str) -> None:
    """End this test because a component is not there; `how` tells where to get it."""
    reason = f"{component} is not here; {how}"
    if REQUIRE_ALL:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def program(name: str, package: str) -> str:
    """The path of a program that a Debian package brings."""
    path = shutil.which(name)
    if path is None:
        missing(name, f"apt-get install {package}")
    assert path is not None
    return path
