"""Which devices a conversation uses: those that are named, else those of last time, else the defaults."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live_coach import logs, paths
from live_coach.audio import devices
from live_coach.audio.devices import Device, Kind

if TYPE_CHECKING:
    from live_coach.settings import AudioSettings

SYSTEM_DEFAULT = "default"
"""The name that means the system's own choice, whatever was used last time."""
NO_CALL = "none"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a conversation listens to; without a call both people are in one room."""

    mic: Device
    call: Device | None


def choose_devices(settings: AudioSettings) -> Chosen:
    """The devices that the settings name; where they name none, those remembered that are there.

    Raises AudioError for a name that is not there, and where there is nothing to listen to.
    """
    return Chosen(
        choose_device("mic", settings.mic),
        None if settings.call == NO_CALL else choose_device("call", settings.call),
    )


def choose_device(kind: Kind, wanted: str) -> Device:
    """One side of choose_devices, under the name that the settings have for it. Raises AudioError."""
    if wanted not in {"", SYSTEM_DEFAULT}:
        return devices.choose(kind, wanted)
    last = "" if wanted else _read().get(kind)
    # On Windows a microphone and an output may share a name: that of the right kind comes last and counts.
    found = sorted(devices.list_devices(), key=lambda one: one.kind == kind) if last else []
    there = {device.name: device for device in found}
    return there[last] if last in there else devices.choose(kind)


def remember(named: dict[Kind, str], used: Chosen) -> None:
    """Keep the devices that were `named` and could be used; `default` forgets what was kept.

    A talk without a call changes nothing about the call. A folder that cannot be written is only logged.
    """
    before = _read()
    kept = dict(before)
    both: tuple[tuple[Kind, Device | None], ...] = (("mic", used.mic), ("call", used.call))
    for kind, device in both:
        name = named.get(kind, "")
        if name == SYSTEM_DEFAULT:
            kept.pop(kind, None)
        elif name and device is not None:
            kept[kind] = device.name
    if kept == before:
        return
    try:
        paths.replace_private(paths.remembered_devices(), json.dumps(kept))
    except OSError as error:
        logs.logger.warning("the devices could not be remembered: %s", error.strerror)


def _read() -> dict[str, str]:
    """What was kept, by kind; nothing where there is no file, or none of ours."""
    try:
        kept = json.loads(paths.remembered_devices().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {
        kind: name
        for kind, name in kept.items()
        if kind in {"mic", "call"} and isinstance(name, str)
    }
