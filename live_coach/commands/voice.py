"""`live-coach voice`: the manager's own voice, for talks with one microphone in the room."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from live_coach.commands.voice_words import to_read, words
from live_coach.errors import LiveCoachError, WrongUsage

if TYPE_CHECKING:
    from live_coach.audio.source import Source
    from live_coach.session import Wording
    from live_coach.settings import Settings
    from live_coach.speech.enrolment import EnrolledVoice, Refusal

_LONGEST_S = 60.0
"""Nobody is listened to for longer: it is 30 seconds of reading, or something is wrong."""


@click.group(
    "voice",
    invoke_without_command=True,
    epilog="Example: live-coach voice enrol   ·   without a subcommand: whether a voice is enrolled.",
)
@click.pass_context
def command(context: click.Context) -> None:
    """Enrol your voice, so that you are told apart with one microphone in the room."""
    if context.invoked_subcommand is None:
        context.invoke(status)


@command.command("status", epilog="Example: live-coach voice status")
def status() -> None:
    """Say whether a voice is enrolled, since when, and where it is kept."""
    from live_coach.speech import enrolled

    settings, language = _settings(None)
    say = words(language)
    path = enrolled.path_in(_directory(settings))
    voice = enrolled.load(path.parent)
    if voice is None:
        click.echo(say["none"])
        return
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone().date()
    click.echo(say["enrolled"].format(day=day, seconds=_seconds(voice.spoken), path=path))


@command.command(
    "enrol", epilog="Example: live-coach voice enrol   ·   live-coach voice enrol --from me.wav"
)
@click.option("--mic", metavar="NAME", help="Your microphone, as `live-coach devices` prints it.")
@click.option(
    "--from",
    "recording",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="Listen to a recording of you alone instead.",
)
@click.option(
    "--manager",
    type=click.Choice(["left", "right", "mono"]),
    help="Which channel of the recording is you. Default: mono, all of it.",
)
@click.option("--language", type=click.Choice(["en", "nl"]), help="Language of what you read.")
def enrol(
    mic: str | None,
    recording: Path | None,
    manager: Literal["left", "right", "mono"] | None,
    language: Literal["en", "nl"] | None,
) -> None:
    """Read half a minute aloud, alone. What your voice is like is kept; its sound is not.

    Only the manager enrols, never the coachee. A voice that was enrolled before is replaced.
    """
    if recording is not None and mic is not None:
        raise click.UsageError("--mic and --from exclude each other")
    if manager is not None and recording is None:
        raise click.UsageError("--manager goes with --from FILE")

    from live_coach.speech import enrolled
    from live_coach.speech.enrolment import Refusal

    settings, wording = _settings(language)
    say = words(wording)
    weights = _weights()
    if recording is None:
        heard = _listen(settings, weights, _invited(settings, mic, wording), wording)
    else:
        from live_coach.audio.recording import open_recording

        source = open_recording(recording, manager=manager or "mono", block=_block(settings))
        heard = _listen(settings, weights, source, None)
    if isinstance(heard, Refusal):
        raise _refused(heard, wording)
    path = enrolled.save(_directory(settings), heard)
    click.echo(say["done"].format(seconds=_seconds(heard.spoken), path=path))


@command.command("delete", epilog="Example: live-coach voice delete")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(yes: bool) -> None:
    """Forget the enrolled voice."""
    from live_coach.speech import enrolled

    settings, wording = _settings(None)
    say = words(wording)
    if not yes:
        if not sys.stdin.isatty():
            raise WrongUsage(say["nobody"], hint=say["nobody_hint"])
        answer = str(click.prompt(say["sure"], default="", show_default=False, err=True))
        if answer.strip().lower() not in {"y", "yes", "j", "ja"}:
            return
    there = enrolled.delete(_directory(settings))
    click.echo(say["deleted"] if there else say["none"], err=True)


def _weights() -> Path:
    """The speaker model's file. Raises ModelError where it is not installed, before anybody reads."""
    from live_coach.speech.voiceprint import WEIGHTS
    from live_coach.transcript.weights import find

    return find("voice", "auto", purpose="voice").directory / WEIGHTS


def _invited(settings: Settings, mic: str | None, wording: Wording) -> Source:
    """Show what to read; the microphone, open once the person is ready."""
    from live_coach.session import live_source

    say = words(wording)
    chosen = settings.audio.model_copy(update={"call": "none", "mic": mic or settings.audio.mic})
    click.echo(f"{to_read(wording, shutil.get_terminal_size().columns)}\n", err=True)
    if sys.stdin.isatty():
        click.prompt(say["ready"], default="", show_default=False, prompt_suffix="", err=True)
    return live_source(chosen, wording)(
        lambda health: click.echo(health.sentence, err=True), lambda _levels: None
    )


def _listen(
    settings: Settings, weights: Path, source: Source, progress: Wording | None
) -> EnrolledVoice | Refusal:
    """Hear a source until there is enough speech; `progress` is the language to tell how much that is."""
    from live_coach.flow.messages import Channel, to_samples
    from live_coach.speech.detectors import new_detector
    from live_coach.speech.enrolment import WANTED, Enrolment
    from live_coach.speech.voiceprint import Voiceprinter

    channel = Channel.ROOM if Channel.ROOM in source.channels else Channel.MANAGER
    enrolment = Enrolment(
        Voiceprinter(weights),
        new_detector(settings.speech.detector),
        settings.speech,
        channel,
    )
    try:
        with _shown(progress) as show:
            for frame in source.frames():
                if frame.channel is channel:
                    enrolment.process(frame)
                    show(enrolment.spoken)
                    late = progress is not None and frame.span.end >= to_samples(_LONGEST_S)
                    if enrolment.spoken >= WANTED or late:
                        break
    finally:
        source.stop()
    return enrolment.result()


@contextmanager
def _shown(language: Wording | None) -> Iterator[_Shown]:
    """How much speech was heard, on a terminal."""
    shown = _Shown(language if language and sys.stderr.isatty() else None)
    try:
        yield shown
    finally:
        shown.end()


class _Shown:
    """Writes one line over and over, once for each second of speech."""

    def __init__(self, language: Wording | None) -> None:
        self._language = language
        self._last = -1

    def __call__(self, spoken: int) -> None:
        seconds = _seconds(spoken)
        if self._language is None or seconds == self._last:
            return
        self._last = seconds
        line = words(self._language)["progress"].format(seconds=seconds)
        click.echo(f"\r{line} ", nl=False, err=True)

    def end(self) -> None:
        if self._last >= 0:
            click.echo(err=True)


def _settings(language: Wording | None) -> tuple[Settings, Wording]:
    from live_coach.commands.conduct import wording
    from live_coach.settings import load

    settings = load({"screen.language": language}).settings
    return settings, wording(settings, settings.conversation.language)


def _directory(settings: Settings) -> Path:
    from live_coach.archive.database import directory_of

    return directory_of(settings.archive)


def _block(settings: Settings) -> int:
    from live_coach.flow.messages import to_samples

    return to_samples(settings.audio.block_ms / 1000)


def _seconds(samples: int) -> int:
    from live_coach.flow.messages import to_seconds

    return int(to_seconds(samples))


def _refused(reason: Refusal, language: Wording) -> LiveCoachError:
    say = words(language)
    return LiveCoachError(say[reason.value], hint=say[f"{reason.value}_hint"])
