"""What the repository holds and what it must never hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.rules.repository import ROOT, text_of, tracked

LARGEST = 4 * 1024 * 1024
HOSTS = {
    "example.com",
    "huggingface.co",
    "keepachangelog.com",
    "semver.org",
    "docs.pytest.org",
    "w3.org",
}
"""Addresses that files may name (that of w3.org is the name of SVG, which nobody fetches); registries
and mirrors are never among them."""
_FOLDERS_OF_A_MACHINE = r"(?<![\w.~}])/(?:home|root|Users|work|mnt|srv)/"
PINNED = ("runtime", "english", "dutch", "build", "bench", "test", "develop")


def _texts() -> list[tuple[Path, str]]:
    own = Path(__file__).relative_to(ROOT)
    texts = [(path, text_of(path)) for path in tracked() if path != own]
    return [(path, text) for path, text in texts if text is not None]


def _matches(pattern: str) -> set[str]:
    return {
        f"{path}: {match.group()}"
        for path, text in _texts()
        for match in re.finditer(pattern, text)
    }


def test_no_file_is_too_large_to_clone() -> None:
    assert not {path for path in tracked() if (ROOT / path).stat().st_size > LARGEST}


def test_no_path_of_somebodys_machine() -> None:
    assert not _matches(_FOLDERS_OF_A_MACHINE)


def test_no_address_of_a_registry() -> None:
    found = {
        (str(path), host)
        for path, text in _texts()
        for host in re.findall(r"https?://(?:[^@/\s]+@)?([\w.-]+\.[a-z]{2,})", text)
        if host.removeprefix("www.") not in HOSTS
    }
    assert not found
    assert not _matches(r"(?m)^\s*--?(?:extra-)?(?:index-url|find-links|trusted-host|i|f)\b.*")


def test_nothing_is_left_undone() -> None:
    assert not _matches(r"\b(?:TODO|FIXME|XXX)\b|raise NotImplementedError")


@pytest.mark.parametrize("name", PINNED)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    joined = text.replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and line.lstrip()[0] != "#"]
    assert lines
    for line in lines:
        assert re.match(
            r"[a-z0-9._-]+(\[[a-z0-9,-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line
        ), line


def test_pins_fulfil_what_the_project_asks_for() -> None:
    """`make` is for Linux without a card: what is only for other computers is not pinned."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {"runtime": project["dependencies"], **project["optional-dependencies"]}
    for name, requirements in asked.items():
        pins = ROOT / "requirements" / f"{name}.txt"
        text = pins.read_text(encoding="utf-8") if pins.is_file() else ""
        pinned = set(re.findall(r"(?m)^([a-z0-9._-]+)==", text))
        here = [each for each in requirements if "sys_platform" not in each]
        wanted = {re.split(r"[<>=!~\[; ]", each)[0].lower() for each in here}
        assert wanted <= pinned, name


def test_packages_that_two_files_pin_have_one_version() -> None:
    versions: dict[str, set[str]] = {}
    for name in PINNED:
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        for package, version in re.findall(r"(?m)^([a-z0-9._-]+)==(\S+)", text):
            versions.setdefault(package, set()).add(version)
    assert not {package: found for package, found in versions.items() if len(found) > 1}


def test_every_runtime_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?m)^\| `([\w-]+)` \|", reasons))
    assert {re.split(r"[<>=!~\[; ]", each)[0] for each in project["dependencies"]} == named


def test_scripts_can_be_run() -> None:
    for script in (ROOT / ".ci").iterdir():
        assert script.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
        assert script.stat().st_mode & 0o111


def test_the_gate_installs_every_program_that_a_test_asks_for() -> None:
    asked = {
        package
        for path in tracked()
        if path.parts[0] == "tests" and path.suffix == ".py"
        for package in re.findall(r'needs\.program\(\s*"[^"]+",\s*"([^"]+)"', text_of(path) or "")
    }
    installed = (ROOT / ".ci" / "packages").read_text(encoding="utf-8")
    assert asked
    assert not {package for package in asked if not re.search(rf"\b{package}\b", installed)}
