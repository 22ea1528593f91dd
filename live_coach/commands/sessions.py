"""`live-coach sessions`: list, show, export, correct and delete kept conversations."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from live_coach import settings as all_settings
from live_coach.archive import sessions, sound
from live_coach.archive.database import directory_of
from live_coach.archive.redaction import listed
from live_coach.archive.stored import SessionLine, StoredSession
from live_coach.commands import remembered_card
from live_coach.commands.private_file import open_private
from live_coach.commands.tidy import tidy
from live_coach.errors import LiveCoachError, WrongUsage
from live_coach.flow.messages import RATE
from live_coach.reports.phrases import clock, local_time
from live_coach.reports.render import check_format, for_coachee, render
from live_coach.reports.summary import summarise, without_text

_COACHEE = "coachee"
_FORMAT_HELP = """What to write; `coachee` is a page to give away: only the goal and the confirmed plan, as
Markdown, or as HTML into a FILE.html."""


@click.group(
    "sessions",
    invoke_without_command=True,
    epilog="Example: live-coach sessions show last   ·   an ID may be its beginning; without a subcommand: the list.",
)
@click.pass_context
def command(context: click.Context) -> None:
    """List, show, export and delete kept conversations."""
    if context.invoked_subcommand is None:
        context.invoke(list_)


@command.command("list", epilog="Example: live-coach sessions list")
def list_() -> None:
    """List kept conversations, the oldest first."""
    directory = _archive()
    lines = sessions.list_sessions(directory)
    if not lines:
        _say("No conversation is kept yet; `live-coach live` keeps one.")
        return
    width = max(len(line.id) for line in lines)
    with_sound = sound.kept(directory)
    for line in lines:
        mark = "  sound kept" if line.id in with_sound else ""
        click.echo(f"{_one_line(line, width)}{mark}")


@command.command("show", epilog="Example: live-coach sessions show last")
@click.argument("session", metavar="[ID]", default=sessions.LAST)
def show(session: str) -> None:
    """Show the summary of a conversation; without ID of the last one."""
    directory = _archive()
    text = _summary(directory, session, "md")
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        click.echo(text, nl=False)
    _tell_of_sound(directory, sessions.resolve(directory, session))


@command.command(
    "export", epilog="Example: live-coach sessions export last --format html --output talk.html"
)
@click.argument("session", metavar="ID")
@click.option(
    "--format", "form", metavar="md|html|json|csv|coachee", default="md", help=_FORMAT_HELP
)
@click.option("--numbers", is_flag=True, help="Leave out everything that was typed or said.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it, readable by you only; standard output by default.",
)
def export(session: str, form: str, numbers: bool, output: Path | None) -> None:
    """Write the summary of a conversation to a file or to standard output."""
    if form == _COACHEE:
        if numbers:
            raise WrongUsage(
                "A page for the coachee has no numbers.", hint="Leave out --numbers, or choose csv."
            )
        page = output is not None and output.suffix.lower() in {".html", ".htm"}
        stored = sessions.load(_archive(), session)
        text = for_coachee(summarise(stored), _language(stored), page=page)
    else:
        text = _summary(_archive(), session, check_format(form), numbers=numbers)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write_private(output, text)
        _say(f"Written to {output}.")


@command.command(
    "plan", epilog="Example: live-coach sessions plan last 'I call three customers on Friday'"
)
@click.argument("session", metavar="ID")
@click.argument("sentences", nargs=-1, metavar="[SENTENCE]…")
@click.option("--none", "nothing", is_flag=True, help="Remove the plan.")
def plan(session: str, sentences: tuple[str, ...], nothing: bool) -> None:
    """Show the coachee's plan as it was confirmed, or put these sentences in its place, for good."""
    if sentences and nothing:
        raise click.UsageError("--none removes the plan: give no sentences with it")
    directory = _archive()
    if sentences or nothing:
        names = listed(all_settings.load().settings.archive)
        sessions.confirm_plan(directory, session, sentences, names=names)
    for sentence in sessions.load(directory, session).plan:
        click.echo(sentence)


@command.command("delete", epilog="Example: live-coach sessions delete last")
@click.argument("session", metavar="ID", required=False)
@click.option("--all", "everything", is_flag=True, help="Every conversation.")
@click.option("--audio", is_flag=True, help="Only its sound, where that was kept.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(session: str | None, everything: bool, audio: bool, yes: bool) -> None:
    """Delete a conversation, or all of them, for good."""
    if (session is None) != everything:
        raise click.UsageError("Missing argument: say which, either an ID or --all.")
    directory = _archive()
    if audio:
        whole_id = None if session is None else sessions.resolve(directory, session)
        _confirm(f"the sound of {whole_id or 'every conversation'}", yes)
        count = sessions.delete_sound(directory, whole_id)
        _say(f"The sound of {count} conversation{'' if count == 1 else 's'} is deleted for good.")
        return
    if session is None:
        _confirm("every conversation", yes)
        remembered_card.forget()
        _say(f"{sessions.delete_all(directory)} conversations are deleted for good.")
        return
    whole_id = sessions.resolve(directory, session)
    _confirm(whole_id, yes)
    remembered_card.forget()
    sessions.delete(directory, whole_id)
    _say(f"Conversation {whole_id} is deleted for good.")


def _confirm(what: str, yes: bool) -> None:
    """Ask whether it may go. Raises WrongUsage where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise WrongUsage(
            f"Nobody can be asked whether {what} may go.", hint="Say --yes to delete it."
        )
    click.confirm(f"Delete {what} for good?", abort=True, err=True)


def _archive() -> Path:
    """The archive's directory, after bringing in what a crash left behind and letting old sound expire."""
    archive = all_settings.load().settings.archive
    directory = directory_of(archive)
    tidy(directory, archive, only_sound=True)
    return directory


def _tell_of_sound(directory: Path, session: str) -> None:
    path = sound.kept(directory).get(session)
    if path is None:
        return
    last = sound.last_day(session, all_settings.load().settings.archive.keep_audio_days)
    until = f" until {last}" if last else ""
    _say(
        f"The sound of both is kept too{until}, {path.stat().st_size / 1e6:.1f} MB in {path};"
        f" `live-coach sessions delete {session} --audio` deletes it alone."
    )


def _summary(directory: Path, session: str, form: str, *, numbers: bool = False) -> str:
    stored = sessions.load(directory, session)
    summary = without_text(summarise(stored)) if numbers else summarise(stored)
    return render(summary, form, _language(stored))


def _language(stored: StoredSession) -> str:
    """The language that is set for the screen, else the one of the conversation."""
    wanted = all_settings.load().settings.screen.language
    return stored.language if wanted == "auto" else wanted


def _one_line(line: SessionLine, width: int) -> str:
    length = "–" if line.duration is None else clock(line.duration / RATE)
    end = line.end_reason or "running"
    cells = [
        *(f"{line.id:{width}}", local_time(line.started_at), f"{length:>7}", f"{line.language:4}"),
        *(f"{line.kind:6}", f"{end:11}", line.coachee),
    ]
    return "  ".join(cells).rstrip()


def _write_private(path: Path, text: str) -> None:
    try:
        with open_private(path) as file:
            file.write(text)
    except OSError as error:
        raise LiveCoachError(
            f"{path} cannot be written: {error.strerror}.", hint="Choose another --output."
        ) from None


def _say(sentence: str) -> None:
    click.echo(f"live-coach: {sentence}", err=True)
