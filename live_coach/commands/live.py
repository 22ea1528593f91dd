"""`live-coach live`: the coach in a conversation that is happening now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from live_coach.commands.conversation_options import (
    Quantity,
    card_options,
    keep_audio_option,
    talk_options,
    term_option,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from live_coach.audio.remembered import Chosen
    from live_coach.commands.conduct import Outputs
    from live_coach.session import Card, Wording
    from live_coach.settings import AudioSettings, Settings

_USED = {
    "en": "Microphone: {mic}. Call: {call}.",
    "nl": "Microfoon: {mic}. Gesprek op afstand: {call}.",
}
_NO_CALL = {"en": "none, both people are in one room", "nl": "geen, beiden zitten in één kamer"}
_REFUSED = {"en": "Nothing was started.", "nl": "Er is niets gestart."}


@click.command(
    epilog="Example: live-coach live --language en --length 30 --goal 'two new customers by March'"
)
@click.option(
    "--mic",
    metavar="NAME",
    help="Your microphone, as `live-coach devices` prints it. Default: that of last time; `default`: the system's.",
)
@click.option(
    "--call",
    metavar="NAME",
    help="Where the call is heard, chosen likewise; none: both people in one room.",
)
@talk_options
@click.option(
    "--preset", metavar="NAME", help="Kind of talk: coaching, one-on-one, performance, onboarding."
)
@card_options
@term_option
@click.option(
    "--keep-transcript/--no-keep-transcript",
    default=None,
    help="Keep the text of both people too. Default: as set in archive.keep_transcript (no).",
)
@keep_audio_option
@click.option("--headless", is_flag=True, help="Without a screen, for programs.")
@click.option("--jsonl", metavar="FILE|-", help="Write the message stream, one JSON object a line.")
@click.option("--seconds", type=Quantity(min=1), help="End after so many seconds.")
@click.option(
    "--consent", type=click.Choice(["given"]), help="The other person has agreed already."
)
def command(
    mic: str | None,
    call: str | None,
    language: str | None,
    model: str | None,
    preset: str | None,
    terms: tuple[str, ...],
    keep_transcript: bool | None,
    keep_audio: bool,
    headless: bool,
    jsonl: str | None,
    seconds: float | None,
    consent: str | None,
    **typed: Any,
) -> None:
    """Coach a conversation that is happening now."""
    _check(headless, consent, seconds, jsonl)

    from live_coach.audio.remembered import choose_devices
    from live_coach.commands.agree import agree
    from live_coach.commands.conduct import Outputs, json_lines, wording
    from live_coach.commands.ready import languages_at_hand, make_ready
    from live_coach.commands.speaking import speak
    from live_coach.settings import load

    options = {
        "conversation.language": language,
        "conversation.preset": preset,
        "transcript.model": model,
        "audio.mic": mic,
        "audio.call": call,
        "archive.keep_transcript": keep_transcript,
    }
    settings = load(options).settings
    speak(words := wording(settings, settings.conversation.language))
    files = [Path(jsonl)] if jsonl and jsonl != "-" else []
    make_ready(settings, language=words, screen=not headless, save=True, outputs=files)
    languages = languages_at_hand(settings)
    choose_devices(settings.audio)
    agreed = agree(
        settings,
        options,
        typed,
        languages=languages,
        screen=not headless,
        consent=consent,
        keep_audio=keep_audio,
    )
    if agreed is None:
        click.echo(_REFUSED[words])
        return
    settings = load(options | agreed.settings).settings
    speak(wording(settings, settings.conversation.language))
    with json_lines(jsonl) as lines:
        outputs = Outputs(jsonl=lines, screen=not headless, save=True, seconds=seconds)
        _hold(settings, agreed.card(terms), outputs, _remember(mic, call), keep_audio=keep_audio)


def _hold(
    settings: Settings,
    card: Card,
    outputs: Outputs,
    on_heard: Callable[[Chosen], None],
    *,
    keep_audio: bool,
) -> None:
    """The conversation, from the choice of models and devices to its end. Raises LiveCoachError."""
    from live_coach.commands.conduct import conduct, models_for, own_voice, wording
    from live_coach.session import Plan, live_source

    partials = outputs.jsonl is not None
    chosen, talk = models_for(settings, live=True, partials=partials)
    audio = _told(settings.audio, words := wording(settings, talk))
    plan = Plan(
        kind="live",
        open_source=live_source(audio, words, on_heard=on_heard),
        model=chosen.model,
        quick=chosen.quick,
        voice=own_voice(settings, words, needed=audio.call == "none"),
        language=talk,
        wording=words,
        settings=settings,
        card=card,
        partials=partials,
        keep_audio=keep_audio,
    )
    conduct(plan, outputs)


def _check(headless: bool, consent: str | None, seconds: float | None, jsonl: str | None) -> None:
    """Raises UsageError for options that do not go together."""
    if headless and not consent:
        raise click.UsageError("without a screen, say --consent given once the other has agreed")
    if seconds is not None and not headless:
        raise click.UsageError("--seconds goes with --headless")
    if jsonl == "-" and not headless:
        raise click.UsageError("the screen needs the terminal for itself: write --jsonl to a file")


def _told(settings: AudioSettings, language: Wording) -> AudioSettings:
    """The settings with the devices that will be used, after saying which. Raises AudioError."""
    from live_coach.audio.remembered import NO_CALL, choose_devices

    chosen = choose_devices(settings)
    call = chosen.call.description if chosen.call else _NO_CALL[language]
    click.echo(_USED[language].format(mic=chosen.mic.description, call=call), err=True)
    names = {"mic": chosen.mic.name, "call": chosen.call.name if chosen.call else NO_CALL}
    return settings.model_copy(update=names)


def _remember(mic: str | None, call: str | None) -> Callable[[Chosen], None]:
    """Keeps the devices that these options named, once they are heard."""
    from live_coach.audio.remembered import remember

    return lambda used: remember({"mic": mic or "", "call": call or ""}, used)
