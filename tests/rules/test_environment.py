"""`make` in a fresh clone: what is said where something is missing. `.ci/run` runs what happens where nothing is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.repository import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="make and bash are for Linux")

_NEEDED = ("bash", "sh", "env", "make", "cksum", "cat", "dirname", "awk", "grep", "rm", "mkdir")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What `make` reads of a clone, without an environment."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in (".ci", "requirements"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder for PATH with little in it: a test adds what its computer has."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in _NEEDED:
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    _program(folder, "id", "echo 1000")
    _program(folder, "df", "echo header; echo disk 9 9 9000000 1 /")
    _program(folder, "apt-get", "echo apt-get must not run >&2; exit 9")
    _program(folder, "dpkg-query", "exit 1")
    return folder


def _program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def _python_without_venv(folder: Path, place: Path) -> None:
    """The running Python, but with the module missing that Debian keeps in a package of its own."""
    place.mkdir()
    (place / "ensurepip.py").write_text("raise ImportError\n", encoding="utf-8")
    _program(folder, "python3", f'PYTHONPATH="{place}" exec "{sys.executable}" "$@"')


def _make(clone: Path, programs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [programs / "make", *arguments],
        cwd=clone, env={"PATH": str(programs), "HOME": str(clone)},
        capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def test_help_needs_nothing(clone: Path, programs: Path) -> None:
    done = _make(clone, programs)
    assert done.returncode == 0
    assert "make demo" in done.stdout
    assert "make test" in done.stdout


def test_no_python(clone: Path, programs: Path) -> None:
    done = _make(clone, programs, "demo", "HEADLESS=1")
    assert done.returncode != 0
    assert "Python 3.11, 3.12 or 3.13 is needed; python3 is not here." in done.stderr
    assert "sudo apt-get install python3 python3-venv" in done.stderr


@pytest.mark.parametrize("version", ["3.10", "3.14"])
def test_another_python(clone: Path, programs: Path, version: str) -> None:
    _program(programs, "python3", f"echo {version}")
    done = _make(clone, programs, "demo", "HEADLESS=1")
    assert done.returncode != 0
    assert f"python3 is {version}." in done.stderr
    assert "PYTHON=" in done.stderr


def test_a_python_without_venv_is_told_with_the_line_that_helps(
    clone: Path, programs: Path, tmp_path: Path
) -> None:
    _python_without_venv(programs, tmp_path / "site")
    done = _make(clone, programs, "demo", "HEADLESS=1")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.returncode != 0
    assert "apt-get install" in done.stderr
    assert f"python{version}-venv" in done.stderr
    assert "SUDO=1" in done.stderr
    assert "must not run" not in done.stderr
    assert not (clone / ".venv").exists()


def test_with_sudo_1_the_line_is_run(clone: Path, programs: Path, tmp_path: Path) -> None:
    _python_without_venv(programs, tmp_path / "site")
    ran = tmp_path / "ran"
    _program(programs, "sudo", f'echo "$@" >> "{ran}"')
    _make(clone, programs, "demo", "HEADLESS=1", "SUDO=1")
    update, install = ran.read_text(encoding="utf-8").splitlines()
    assert update.startswith("apt-get update")
    assert "apt-get install" in install
    assert install.endswith("-venv")


def test_no_room_on_the_disk(clone: Path, programs: Path) -> None:
    (programs / "python3").symlink_to(sys.executable)
    _program(programs, "df", "echo header; echo disk 9 9 500000 1 /")
    done = _make(clone, programs, "demo", "HEADLESS=1")
    assert done.returncode != 0
    assert "The disk has 488 MB free here; the environment needs 2000 MB." in done.stderr
    assert not (clone / ".venv").exists()


def test_a_demo_in_no_such_language(clone: Path, programs: Path) -> None:
    done = _make(clone, programs, "demo", "DEMO=fr")
    assert done.returncode != 0
    assert "en or nl" in done.stderr


def test_a_demo_without_a_terminal_says_how(clone: Path, programs: Path) -> None:
    done = _make(clone, programs, "demo")
    assert done.returncode != 0
    assert "make demo HEADLESS=1" in done.stderr
