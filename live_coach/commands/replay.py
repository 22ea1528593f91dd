"""`live-coach replay`: the coach over a recording."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from live_coach.commands.conversation_options import keep_audio_option, talk_options, term_option

if TYPE_CHECKING:
    from live_coach.commands.conduct import Outputs
    from live_coach.settings import Settings

_RECORDING = click.Path(path_type=Path, readable=False)
"""Whether it can be read is found out where it is opened, and told there."""


@click.command(
    epilog="Example: live-coach replay talk.wav --manager left --language en --jsonl talk.jsonl"
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=_RECORDING)
@click.option(
    "--manager",
    type=click.Choice(["left", "right", "mono"]),
    help="Which channel is the manager; mono: both in one. Default: left of a stereo file.",
)
@click.option("--coachee", type=_RECORDING, help="The coachee in a file of its own.")
@talk_options
@term_option
@click.option(
    "--speed",
    type=click.Choice(["max", "real"]),
    help="As fast as possible, or paced like a live conversation. Default: max without a screen.",
)
@click.option("--jsonl", metavar="FILE|-", help="Write the message stream, one JSON object a line.")
@click.option(
    "--summary",
    "summaries",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Write a summary: FILE.md, .html, .json or .csv. May repeat.",
)
@click.option("--screen", is_flag=True, help="Show the live screen while it runs.")
@click.option("--save", is_flag=True, help="Keep the conversation in the archive.")
@keep_audio_option
def command(
    files: tuple[Path, ...],
    manager: Literal["left", "right", "mono"] | None,
    coachee: Path | None,
    language: str | None,
    model: str | None,
    terms: tuple[str, ...],
    speed: str | None,
    jsonl: str | None,
    summaries: tuple[Path, ...],
    screen: bool,
    save: bool,
    keep_audio: bool,
) -> None:
    """Run the coach over recordings: WAV, FLAC, OGG, Opus or MP3."""
    if len(files) > 1 and (coachee or summaries or screen):
        raise click.UsageError("--coachee, --summary and --screen take one recording at a time")
    if screen and (speed == "max" or jsonl == "-"):
        raise click.UsageError("--screen runs in real time and needs the terminal for itself")
    _check_sound(two_files=coachee is not None, manager=manager, save=save, keep_audio=keep_audio)
    _refuse_to_overwrite(
        recordings=[*files, *([coachee] if coachee else [])],
        outputs=[*summaries, *([Path(jsonl)] if jsonl else [])],
    )

    from live_coach.commands.conduct import Outputs, json_lines, wording
    from live_coach.commands.ready import make_ready
    from live_coach.commands.speaking import speak
    from live_coach.reports.render import format_of
    from live_coach.settings import load

    settings = load({"conversation.language": language, "transcript.model": model}).settings
    speak(words := wording(settings, settings.conversation.language))
    for path in summaries:
        format_of(path)
    make_ready(settings, language=words, screen=screen, save=save, outputs=summaries)
    with json_lines(jsonl) as lines:
        outputs = Outputs(
            jsonl=lines,
            summaries=summaries,
            screen=screen,
            plain=not (jsonl or summaries or screen),
            save=save,
            inline=not screen and speed != "real",
        )
        heard = _Heard(manager, coachee, terms, keep_audio)
        _conduct_all(settings, files, heard, outputs)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the options say of the recordings: whose channel is whose, names that may be said, and what is kept."""

    manager: Literal["left", "right", "mono"] | None
    coachee: Path | None
    terms: tuple[str, ...]
    keep_audio: bool


def _conduct_all(
    settings: Settings, files: Sequence[Path], heard: _Heard, outputs: Outputs
) -> None:
    """One conversation after the other, with the same models. Raises LiveCoachError."""
    from live_coach.commands.conduct import conduct, models_for, own_voice, wording
    from live_coach.session import Card, Plan, recorded

    partials = outputs.jsonl is not None
    chosen, talk = models_for(settings, live=not outputs.inline, partials=partials)
    words = wording(settings, talk)
    voice = own_voice(settings, words, needed=heard.manager == "mono")
    for path in files:
        plan = Plan(
            kind="replay",
            open_source=recorded(
                settings.audio, path, manager=heard.manager, coachee=heard.coachee
            ),
            model=chosen.model,
            quick=chosen.quick,
            voice=voice,
            language=talk,
            wording=words,
            settings=settings,
            card=Card(preset=settings.conversation.preset, terms=heard.terms),
            partials=partials,
            keep_audio=heard.keep_audio,
        )
        conduct(plan, outputs)


def _check_sound(*, two_files: bool, manager: str | None, save: bool, keep_audio: bool) -> None:
    """Raises click.UsageError for options that do not go together."""
    if two_files and manager:
        raise click.UsageError("--manager is for files with both people; --coachee has its own")
    if keep_audio and not save:
        raise click.UsageError("--keep-audio keeps sound in the archive: it goes with --save")


def _refuse_to_overwrite(*, recordings: Sequence[Path], outputs: Sequence[Path]) -> None:
    """Raises click.UsageError for an output that is one of the recordings."""
    for output, recording in product(outputs, recordings):
        with suppress(OSError):
            if output.samefile(recording):
                raise click.UsageError(f"“{output}” is the recording itself: write to another file")
