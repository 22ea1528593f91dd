"""The `live-coach` command: one subcommand per thing a person does, imported only when it is used."""

from __future__ import annotations

import atexit
import io
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

import click

from live_coach import __version__
from live_coach.commands.speaking import Spoken
from live_coach.errors import LiveCoachError
from live_coach.sentences import Sentence

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_LOST_CTRL_C_S = 0.05
_COMMANDS = {
    "live": "Coach a conversation that is happening now (the default).",
    "demo": "Watch the coach at work on a bundled conversation.",
    "replay": "Run the coach over a recording.",
    "label": "Label the coaching language of a written conversation.",
    "devices": "List microphones and what can be heard of a call.",
    "doctor": "Check this computer and say what to mend.",
    "models": "List, fetch, import and verify speech models.",
    "voice": "Enrol your voice, to be told apart with one microphone in the room.",
    "sessions": "List, show, export and delete kept conversations.",
    "progress": "Show your own course across conversations.",
    "bench": "Measure how late text is, how right, and what it costs.",
    "config": "Show every setting and where its value comes from.",
}


class _LazyGroup(click.Group):
    """Knows every command by name and imports the one that is called: `--help` stays instant."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        return cast("click.Command", import_module(f"live_coach.commands.{name}").command)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if not args or (first.startswith("-") and first not in {"--help", "-h", "--version"}):
            args = ["live", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: live-coach demo   ·   `live-coach COMMAND --help` shows one example each.",
)
@click.version_option(__version__, prog_name="live-coach")
def cli() -> None:
    """Ask, don't tell: discreet live coaching for one-on-ones, in English and Dutch, wholly local."""


def main() -> NoReturn:
    """Run a command. Exit 0 on success, 2 on wrong usage, 1 on a failure: one sentence, no stack trace."""
    _prepare_streams()
    _leave_no_core()
    if hasattr(signal, "SIGBREAK"):  # Windows: Ctrl-Break is a Ctrl-C
        signal.signal(signal.SIGBREAK, signal.default_int_handler)
    atexit.register(_let_go_of_output)
    sys.unraisablehook = _unraisable
    output = sys.stdout
    spoken = Spoken()
    try:
        _require_a_folder()
        code = cli.main(standalone_mode=False, obj=spoken)
    except SystemExit as left:
        # click leaves so, with a wrapped output, when whoever read it is gone: that is no failure.
        raise SystemExit(left.code if sys.stdout is output else 0) from None
    except click.exceptions.Abort:
        _fail(Sentence("stopped").told(spoken.language), 1)
    except click.ClickException as error:
        _fail(_one_sentence(error), 2)
    except LiveCoachError as error:
        _fail(error.told(spoken.language), error.exit_code)
    except KeyboardInterrupt:
        _fail(Sentence("stopped").told(spoken.language), 1)
    except Exception as error:  # noqa: BLE001  the last border: a person never sees a stack trace
        from live_coach import logs

        _fail(logs.unforeseen(error).told(spoken.language), 1)
    raise SystemExit(code if isinstance(code, int) else 0)


def _prepare_streams() -> None:
    """Standard streams speak UTF-8; one that is closed becomes the null device, so that no file gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115  for good
            setattr(sys, name, nowhere)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _leave_no_core() -> None:
    """A crash, of a native library too, must not write the memory, and with it what was said, to the disk.

    Holds for the processes that this one starts. On Windows such dumps are the system's alone to write.
    """
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def _let_go_of_output() -> None:
    """Give up what cannot be written: Python would try again at its very end, complain and exit with 120."""
    output = sys.__stdout__
    if output is None:
        return
    try:
        output.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())


def _require_a_folder() -> None:
    """Raises LiveCoachError where the current folder has been removed: native libraries would end the program."""
    try:
        Path.cwd()
    except OSError:
        raise LiveCoachError(
            "The folder that you are in is gone.", hint="Change to another one (cd) and try again."
        ) from None


def _unraisable(what: UnraisableHookArgs) -> None:
    """A Ctrl-C that came where Python cannot raise it (it would go on, with a stack trace) comes again."""
    if not isinstance(what.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(what)
        return
    import _thread
    import threading

    again = threading.Timer(_LOST_CTRL_C_S, _thread.interrupt_main)
    again.daemon = True
    again.start()


def _one_sentence(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "live-coach"
    return f"{error.format_message().rstrip('.')}. See `{command} --help`."


def _fail(sentence: str, code: int) -> NoReturn:
    click.echo(f"live-coach: {_printable(sentence)}", err=True)
    raise SystemExit(code)


def _printable(text: str) -> str:
    """On one line, with what would steer a terminal (in a file's name, say) shown as its code."""
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in whole)
