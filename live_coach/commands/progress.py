"""`live-coach progress`: the manager's own course across kept conversations."""

from __future__ import annotations

import click

from live_coach import settings as all_settings
from live_coach.archive import sessions
from live_coach.archive.database import directory_of
from live_coach.archive.recovery import recover
from live_coach.reports.progress import progress
from live_coach.reports.progress_text import as_json, as_text
from live_coach.reports.summary import summarise


@click.command("progress", epilog="Example: live-coach progress")
@click.option("--json", "for_programs", is_flag=True, help="Every value, for programs.")
def command(for_programs: bool) -> None:
    """Show what you did across conversations, held against your own first five."""
    settings = all_settings.load().settings
    directory = directory_of(settings.archive)
    for sentence in recover(directory):
        click.echo(f"live-coach: {sentence}", err=True)
    ended = [summarise(one) for one in sessions.load_all(directory)]
    told = progress(ended)
    wanted = settings.screen.language
    spoken = ended[-1].language if ended else "en"
    text = as_json(told) if for_programs else as_text(told, spoken if wanted == "auto" else wanted)
    click.echo(text, nl=False)
