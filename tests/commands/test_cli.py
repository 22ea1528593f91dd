"""The command line as a whole: help, exit codes, and errors in one sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from live_coach import __version__
from live_coach.cli import cli


def _commands(
    command: click.Command, *names: str
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield names, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if (child := command.get_command(context, name)) is not None:
                yield from _commands(child, *names, name)


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "live_coach", *arguments],
        capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_every_command_explains_itself_with_one_example(name: str) -> None:
    whole = cli.get_command(click.Context(cli), name)
    assert whole is not None
    for names, command in _commands(whole, name):
        call = " ".join(("live-coach", *names))
        assert command.help, call
        assert command.epilog is not None, call
        assert command.epilog.startswith("Example: "), call
        assert call in command.epilog
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help, (call, parameter.name)


def test_help_lists_every_command_and_no_other() -> None:
    done = _run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    listed = done.stdout.partition("Commands:")[2]
    for name in cli.list_commands(click.Context(cli)):
        assert f"\n  {name} " in listed


def test_the_version_is_told() -> None:
    assert _run("--version").stdout.strip().endswith(__version__)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("config", "nonsense"),
        ("config", "show", "--nonsense"),
        ("doctor", "nonsense"),
        ("--nonsense",),
        ("progress", "--nonsense"),
        ("bench", "--quick"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(arguments: tuple[str, ...]) -> None:
    done = _run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("live-coach: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_hears_no_complaint() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "live_coach", "config", "show"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait(30)
    assert errors == b""


def test_what_nobody_foresaw_is_told_without_its_words() -> None:
    code = (
        "from live_coach import cli, settings\n"
        "def fail(): raise RuntimeError('the secret words')\n"
        "settings.load = fail\n"
        "import sys; sys.argv = ['live-coach', 'config', 'show']\n"
        "cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "RuntimeError" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
