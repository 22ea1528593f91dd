"""What is built for people who install with pip: everything the program needs, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.rules.repository import ROOT, tracked

_BESIDE_THE_PACKAGE = {"config": "live_coach/config", "models": "live_coach/models"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def _place_in_the_wheel(path: Path) -> str | None:
    first, *rest = path.parts
    if first == "live_coach":
        return path.as_posix()
    return "/".join([_BESIDE_THE_PACKAGE[first], *rest]) if first in _BESIDE_THE_PACKAGE else None


def test_everything_the_program_reads_is_in_it(wheel: zipfile.ZipFile) -> None:
    wanted = {place for path in tracked() if (place := _place_in_the_wheel(path))}
    assert {"live_coach/config/defaults.toml", "live_coach/models/manifest.toml"} <= wanted
    assert wanted <= set(wheel.namelist())


def test_nothing_else_is_in_it(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"live_coach"}
    assert not [name for name in wheel.namelist() if name.endswith((".pyc", ".bin"))]


def test_it_names_its_command_its_licence_and_its_pythons(wheel: zipfile.ZipFile) -> None:
    (about,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    text = wheel.read(about).decode()
    assert "License-Expression: MIT" in text
    assert "Requires-Python: <3.14,>=3.11" in text
    assert "Provides-Extra: english" in text
    assert "Provides-Extra: dutch" in text
    entry_points = wheel.read(about.replace("METADATA", "entry_points.txt")).decode()
    assert "live-coach = live_coach.cli:main" in entry_points
    assert [name for name in wheel.namelist() if name.endswith("licenses/LICENSE")]
