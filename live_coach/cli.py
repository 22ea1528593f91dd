"""The `live-coach` command: one subcommand per thing a person does, imported only when it is used."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn, cast

import click

from live_coach import __version__
from live_coach.errors import LiveCoachError

_COMMANDS = {
    "live": "Coach a conversation that is happening now (the default).",
    "demo": "Watch the coach at work on a bundled conversation.",
    "replay": "Run the coach over a recording.",
    "label": "Label the coaching language of a written conversation.",
    "devices": "List microphones and what can be heard of a call.",
    "doctor": "Check this computer and say what to mend.",
    "models": "List, fetch, import and verify speech models.",
    "sessions": "List, show, export and delete kept conversations.",
    "config": "Show every setting and where its value comes from.",
}
_NOT_YET = {
    "progress": "Progress across conversations is not built yet; `live-coach sessions list` shows what is kept.",
    "bench": "Benchmarks are not built yet; `live-coach replay --speed real --jsonl -` shows when each line came.",
}


class _LazyGroup(click.Group):
    """Knows every command by name and imports the one that is called: `--help` stays instant."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name in _NOT_YET:
            return click.Command(
                name,
                callback=lambda: _refuse(_NOT_YET[name]),
                hidden=True,
                context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
            )
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


def _refuse(sentence: str) -> NoReturn:
    click.echo(f"live-coach: {sentence}", err=True)
    raise SystemExit(2)


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
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        _fail("Stopped.", 1)
    except click.ClickException as error:
        _fail(_one_sentence(error), 2)
    except LiveCoachError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail("Stopped.", 1)
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:  # noqa: BLE001  the last border: a person never sees a stack trace
        from live_coach import logs

        logs.unexpected(error)
        _fail(f"Something unexpected went wrong ({type(error).__name__}).", 1, logs.where_to_look())
    raise SystemExit(code if isinstance(code, int) else 0)


def _one_sentence(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "live-coach"
    return f"{error.format_message().rstrip('.')}. See `{command} --help`."


def _fail(sentence: str, code: int, hint: str = "") -> NoReturn:
    click.echo(f"live-coach: {sentence} {hint}".rstrip(), err=True)
    raise SystemExit(code)
