"""`live-coach devices`: what can be listened to, under the names that --mic and --call take."""

from __future__ import annotations

import click

_FOR = {"mic": "--mic", "call": "--call"}


@click.command("devices", epilog="Example: live-coach devices")
def command() -> None:
    """List microphones and what can be heard of a call, the defaults marked with a star."""
    from live_coach.audio import devices

    rows = [("NAME", "FOR", "DEFAULT", "DESCRIPTION")]
    rows += [
        (device.name, _FOR[device.kind], "*" if device.is_default else "", device.description)
        for device in devices.list_devices()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[3]]).rstrip())
