"""`live-coach devices --test`: ten seconds of both sides, with meters, then what was heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from live_coach.audio.devices import Device
from live_coach.audio.hearing_check import HearingCheck, Verdict
from live_coach.flow.messages import RATE, Channel, Health, Levels

if TYPE_CHECKING:
    from live_coach.session import Wording
    from live_coach.settings import AudioSettings

_LASTS_S = 10
_METER_FROM_DBFS, _METER_CELLS = -60.0, 20
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "mic": "Microphone",
        "call": "Call",
        "guide": "For ten seconds: speak, and let something of the call be heard (a voice, a video).",
        "guide_mic": "For ten seconds: speak.",
        "heard": "{side}: heard.",
        "clipping": "{side}: heard, but too loud and distorted. Turn it down.",
        "no_voice": "{side}: it works, but nobody spoke into it. Speak, or choose another with {option}.",
        "faint": "{side}: so faint that nobody can be heard. Turn it up, or choose another with {option}.",
        "muted": "{side}: no sound at all. Unmute it, allow the terminal to listen, or choose another with {option}.",
        "muted_call": "{side}: nothing was heard. Play something; if you hear it yourself, choose another with {option}.",
        "lost": "{side}: it went away. Plug it in again, or choose another with {option}.",
        "wrong_source": "{side}: the system gave the sound of another device. Choose one that stays with {option}.",
    },
    "nl": {
        "mic": "Microfoon",
        "call": "Gesprek op afstand",
        "guide": "Tien seconden lang: spreek, en laat iets van het gesprek op afstand horen (een stem, een video).",
        "guide_mic": "Tien seconden lang: spreek.",
        "heard": "{side}: te horen.",
        "clipping": "{side}: te horen, maar te luid en vervormd. Zet het zachter.",
        "no_voice": "{side}: werkt, maar niemand sprak erin. Spreek, of kies een andere met {option}.",
        "faint": "{side}: zo zacht dat niemand te horen is. Zet het harder, of kies een andere met {option}.",
        "muted": "{side}: helemaal geen geluid. Hef het dempen op, geef de terminal toestemming, of kies een andere met {option}.",
        "muted_call": "{side}: er was niets te horen. Speel iets af; hoor je het zelf wel, kies dan een andere met {option}.",
        "lost": "{side}: viel weg. Steek de stekker er weer in, of kies een andere met {option}.",
        "wrong_source": "{side}: het systeem gaf het geluid van een ander apparaat. Kies er met {option} een die blijft.",
    },
}


def listen(
    mic: Device, call: Device | None, settings: AudioSettings, language: Wording, *, redraw: bool
) -> bool:
    """Ten seconds of both sides; tells each how it came out. True when every side was heard.

    `redraw`: the meters stay in their place, as a terminal can; else they are a line per second.
    Raises AudioError when a device cannot be opened.
    """
    from live_coach.audio.capture import LiveSource

    words = _WORDS[language]
    sides = {Channel.ROOM if call is None else Channel.MANAGER: (HearingCheck("mic"), mic)}
    if call is not None:
        sides[Channel.COACHEE] = (HearingCheck("call"), call)
    for check, device in sides.values():
        click.echo(f"{words[check.stream]}: {device.name} ({device.description})")
    click.echo(words["guide" if call else "guide_mic"])
    checks = {channel: check for channel, (check, _) in sides.items()}
    meters = _Meters({channel: words[check.stream] for channel, check in checks.items()}, redraw)

    def note(health: Health) -> None:
        for check in checks.values():
            check.note(health)

    source = LiveSource(
        mic=mic,
        call=call,
        settings=settings,
        on_health=note,
        on_levels=meters.show,
        language=language,
    )
    try:
        for frame in source.frames():
            if frame.span.end > _LASTS_S * RATE:
                break
            checks[frame.channel].take(frame)
    finally:
        source.stop()
    meters.end()
    for check in checks.values():
        click.echo(_sentence(check, words))
    return all(check.verdict.is_heard for check in checks.values())


class _Meters:
    """The level of every side: in one line that is drawn over, or in a line per second."""

    def __init__(self, names: Mapping[Channel, str], redraw: bool) -> None:
        self._names = names
        self._redraw = redraw
        self._highest: dict[Channel, float] = {}
        self._told_s = 0

    def show(self, levels: Levels) -> None:
        """The peaks of a tenth of a second, in dBFS; a line per second shows the highest of them."""
        seconds = levels.at // RATE
        for channel, dbfs in levels.dbfs.items():
            self._highest[channel] = max(dbfs, self._highest.get(channel, dbfs))
        if self._redraw:
            click.echo(f"\r{self._line(_LASTS_S - seconds)}", nl=False)
            self._highest = {}
        elif self._told_s < seconds < _LASTS_S:
            self._told_s = seconds
            click.echo(self._line(seconds))
            self._highest = {}

    def end(self) -> None:
        """The last line; the one that is drawn over is left."""
        if self._redraw:
            click.echo()
        elif self._highest:
            click.echo(self._line(_LASTS_S))

    def _line(self, seconds: int) -> str:
        meters = (
            f"{self._names[channel]} {_meter(dbfs)} {max(dbfs, _METER_FROM_DBFS):4.0f} dB"
            for channel, dbfs in self._highest.items()
        )
        return "   ".join([f"{seconds:3} s", *meters])


def _meter(dbfs: float) -> str:
    share = 1 - max(dbfs, _METER_FROM_DBFS) / _METER_FROM_DBFS
    full = round(share * _METER_CELLS)
    return "#" * full + "." * (_METER_CELLS - full)


def _sentence(check: HearingCheck, words: Mapping[str, str]) -> str:
    verdict = check.verdict
    if verdict is Verdict.OTHER_OUTPUT:
        return f"{words['call']}: {check.told}"
    code = "muted_call" if verdict is Verdict.MUTED and check.stream == "call" else verdict.value
    return words[code].format(side=words[check.stream], option=f"--{check.stream}")
