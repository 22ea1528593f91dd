"""What holds for every test: a home of its own, no setting of the person who runs it, no network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests import needs as _needs  # noqa: F401  reads LIVE_COACH_REQUIRE_ALL before it is hidden below

_FOLDERS = {
    "HOME": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}


@pytest.fixture(scope="session", autouse=True)
def own_home() -> Iterator[Path]:
    """A home that is empty at the start and gone at the end; programs started by tests have it too."""
    with (
        TemporaryDirectory(prefix="live-coach-", ignore_cleanup_errors=True) as home,
        pytest.MonkeyPatch.context() as patch,
    ):
        own = [name for name in os.environ if name.startswith("LIVE_COACH_")]
        for name in [*own, "PYTHONUNBUFFERED"]:  # the latter hides errors of writing at the end
            patch.delenv(name, raising=False)
        for name, folder in _FOLDERS.items():
            patch.setenv(name, str(Path(home, folder)))
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield Path(home)


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in its own hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on a sound server measure times: no two of them run at once."""
    for item in items:
        if item.nodeid.startswith("tests/device/"):
            item.add_marker(pytest.mark.xdist_group("sound"))
