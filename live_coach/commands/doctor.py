"""`live-coach doctor`: what this computer has and lacks for a conversation."""

from __future__ import annotations

import click

from live_coach.errors import LiveCoachError


@click.command(epilog="Example: live-coach doctor")
def command() -> None:
    """Check this computer and say what to mend.

    OK is fine, -- could be better, !! must be mended before a conversation can be held. Exit code 0
    when it can, else 1.
    """
    from live_coach.commands import checks

    missing = []
    for finding in checks.examine(lambda sentence: click.echo(sentence, err=True)):
        click.echo(f"{finding.state}  {finding.subject:<13} {finding.sentence}")
        if finding.hint:
            click.echo(f"{'':<17} → {finding.hint}")
        if finding.state is checks.State.BAD:
            missing.append(finding.subject)
    if missing:
        raise LiveCoachError(
            f"A conversation cannot be held yet: see {', '.join(missing)}.",
            hint="`live-coach demo` needs no microphone.",
        )
