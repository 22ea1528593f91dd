"""`live-coach config`: every setting, its value and where the value came from."""

from __future__ import annotations

import click


@click.group(invoke_without_command=True, epilog="Example: live-coach config show")
@click.pass_context
def command(context: click.Context) -> None:
    """Show every setting and where its value comes from."""
    if context.invoked_subcommand is None:
        context.invoke(show)


@command.command(epilog="Example: live-coach config show > all-settings.toml")
def show() -> None:
    """Print each setting as a line of TOML, with the place its value came from.

    Copy lines into your own file (`live-coach config path`) and change them there.
    """
    import tomlkit

    from live_coach import settings

    loaded = settings.load()
    sections = loaded.settings.model_dump()
    lines = {
        f"{section}.{name} = {tomlkit.item(value).as_string()}": loaded.origin[f"{section}.{name}"]
        for section, values in sections.items()
        for name, value in values.items()
    }
    width = max(map(len, lines))
    for line, origin in lines.items():
        click.echo(f"{line:<{width}}  # {origin}")


@command.command(epilog='Example: nano "$(live-coach config path)"')
def path() -> None:
    """Print where your own settings file is, or would be."""
    from live_coach import paths

    own = paths.user_settings()
    click.echo(own)
    if not own.exists():
        click.echo("It does not exist yet: all settings have their defaults.", err=True)
