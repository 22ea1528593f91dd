"""Which microphones there are, and where a call can be heard."""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Literal

from live_coach.audio import pulse
from live_coach.errors import AudioError
from live_coach.sentences import Sentence

Kind = Literal["mic", "call"]

_APT = "sudo apt-get install libportaudio2 libasound2-plugins pulseaudio-utils"
_LOOPBACKS = ("blackhole", "loopback", "soundflower", "cable output", "stereo mix", "monitor of")
"""Inputs that carry what the computer plays, by what their names hold."""
_LOOPBACK_API = "loopback"
_LIST_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Device:
    """Something that can be listened to.

    `name` is what --mic and --call take. `kind` is what it is for: `mic`, or `call` for what the
    computer plays. `system` is `pulse` (also PipeWire), `portaudio`, or `loopback` for an output that
    is heard through SoundCard.
    """

    name: str
    kind: Kind
    description: str
    is_default: bool
    system: Literal["pulse", "portaudio", "loopback"]


def list_devices() -> list[Device]:
    """All devices, microphones first and defaults first among their kind.

    Raises AudioError when sound cannot be captured here, saying what is missing.
    """
    found = _pulse_devices() if sys.platform == "linux" else None
    if found is None:
        found = _portaudio_devices()
    if not found:
        raise AudioError(Sentence("device.none"))
    return sorted(
        found, key=lambda device: (device.kind != "mic", not device.is_default, device.name)
    )


def choose(kind: Kind, wanted: str = "") -> Device:
    """The device of that name, or the default of its kind when the name is empty.

    A name may be given in any case, or be the description. Raises AudioError, naming the nearest.
    """
    devices = list_devices()
    if not wanted:
        return _default(kind, devices)
    folded = wanted.casefold()
    for matches in (
        [device for device in devices if device.name == wanted],
        [device for device in devices if folded in _folded_names(device)],
    ):
        if matches:
            return min(matches, key=lambda device: device.kind != kind)
    raise unknown(kind, wanted, devices)


def _folded_names(device: Device) -> tuple[str, str]:
    return device.name.casefold(), device.description.casefold()


def unknown(kind: Kind, wanted: str, there: list[Device]) -> AudioError:
    """The error for a name that none of the devices has."""
    names = [device.name for device in there if device.kind == kind]
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.4) or names[:5]
    there_is = ", ".join(near) or Sentence("device.nothing")
    return AudioError(Sentence(f"device.unknown_{kind}", name=wanted, near=there_is))


def missing_portaudio() -> AudioError:
    """The error for a Linux without the PortAudio library."""
    return AudioError(Sentence("device.no_portaudio", apt=_APT))


def missing_pulse_plugin() -> AudioError:
    """The error for a PortAudio that cannot reach the sound server."""
    return AudioError(Sentence("device.no_pulse_plugin", apt=_APT))


def portaudio_inputs() -> list[dict[str, Any]]:
    """PortAudio's inputs (index, name, api, default), asked in a child process; on Windows also
    outputs that can be heard, whose api is `loopback`.

    Raises AudioError when the library is missing or does not answer.
    """
    command = [sys.executable, "-m", "live_coach.audio.capture_worker", "--list"]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIST_PATIENCE_S,
            check=True,
        )
        found: list[dict[str, Any]] | None = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        raise AudioError(Sentence("device.system_hangs")) from None
    if found is None:
        raise missing_portaudio()
    return found


def _pulse_devices() -> list[Device] | None:
    """None where there is no sound server, so that PortAudio is to be asked."""
    if not pulse.has_pactl():
        if pulse.is_expected():
            raise AudioError(Sentence("device.no_pactl", apt=_APT))
        return None
    try:
        sources, (default_source, default_sink) = pulse.sources(), pulse.defaults()
    except pulse.PulseHung:
        raise AudioError(Sentence("device.server_hangs")) from None
    except pulse.PulseError:
        return None
    return [
        Device(
            name=source.name,
            kind="call" if source.monitors else "mic",
            description=source.description,
            is_default=(
                source.monitors == default_sink
                if source.monitors
                else source.name == default_source
            ),
            system="pulse",
        )
        for source in sources
    ]


def _portaudio_devices() -> list[Device]:
    inputs = portaudio_inputs()
    if sys.platform == "linux" and not inputs:
        raise AudioError(Sentence("device.no_server"))
    heard = [each for each in inputs if each["api"] == _LOOPBACK_API]
    inputs = [each for each in inputs if each["api"] != _LOOPBACK_API]
    # Windows shows every device once per host API; WASAPI is the one with whole names.
    wasapi = [each for each in inputs if each["api"] == "Windows WASAPI"]
    return [_portaudio_device(each) for each in [*heard, *(wasapi or inputs)]]


def _portaudio_device(told: dict[str, Any]) -> Device:
    is_output = told["api"] == _LOOPBACK_API
    carries_output = is_output or any(part in told["name"].casefold() for part in _LOOPBACKS)
    return Device(
        name=told["name"],
        kind="call" if carries_output else "mic",
        description=f"{told['name']} ({told['api']})",
        is_default=bool(told["default"]),
        system="loopback" if is_output else "portaudio",
    )


def _default(kind: Kind, devices: list[Device]) -> Device:
    """The system's default; failing that, the only sensible guess is the first of its kind."""
    of_kind = [device for device in devices if device.kind == kind]
    if of_kind:
        return of_kind[0]
    if kind == "mic":
        raise AudioError(Sentence("device.no_mic"))
    known = sys.platform in {"darwin", "win32"}
    how = Sentence(f"device.how_{sys.platform if known else 'linux'}")
    raise AudioError(Sentence("device.no_call", how=how))
