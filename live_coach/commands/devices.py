"""`live-coach devices`: what can be listened to, under the names that --mic and --call take."""

from __future__ import annotations

import sys

import click

_FOR = {"mic": "--mic", "call": "--call"}


@click.command("devices", epilog="Example: live-coach devices   ·   live-coach devices --test")
@click.option("--test", is_flag=True, help="Listen for ten seconds and say whether both are heard.")
@click.option("--mic", metavar="NAME", help="With --test: the microphone.")
@click.option("--call", metavar="NAME", help="With --test: where the call is heard, or none.")
def command(test: bool, mic: str | None, call: str | None) -> None:
    """List microphones and what can be heard of a call, the defaults marked with a star.

    With --test, exit code 1 says that one side was not heard.
    """
    if test:
        sys.exit(0 if _both_heard(mic, call) else 1)
    if mic or call:
        raise click.UsageError("--mic and --call go with --test")
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


def _both_heard(mic: str | None, call: str | None) -> bool:
    from live_coach.audio.remembered import choose_devices
    from live_coach.commands.conduct import wording
    from live_coach.commands.sound_test import listen
    from live_coach.settings import load

    settings = load({"audio.mic": mic, "audio.call": call}).settings
    chosen = choose_devices(settings.audio)
    return listen(
        chosen.mic,
        chosen.call,
        settings.audio,
        wording(settings, settings.conversation.language),
        redraw=sys.stdout.isatty(),
    )
