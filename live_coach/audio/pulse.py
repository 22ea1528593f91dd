"""What a PulseAudio or PipeWire server says of itself, through `pactl`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PATIENCE_S = 2.0


class PulseError(Exception):
    """The server did not answer, or pactl did not."""


class PulseHung(PulseError):
    """The server is there and does not answer."""


@dataclass(frozen=True, slots=True)
class PulseSource:
    """A source; `monitors` is the sink that it listens to, empty for a microphone.

    `card` is the same for all sources of one headset or sound card; empty where it is not told.
    """

    index: int
    name: str
    description: str
    monitors: str
    card: str
    is_muted: bool


@dataclass(frozen=True, slots=True)
class PulseSink:
    """A sink: an output. `monitor` is the source on which it can be heard."""

    index: int
    description: str
    monitor: str


@dataclass(frozen=True, slots=True)
class Recording:
    """Something records a source; `process` is None for a part of the server itself."""

    source: int
    process: int | None


_CARD = ("api.bluez5.address", "bluez.path", "device.bus_path")
"""Properties by which sources of one device are known, of PipeWire, PulseAudio, and both."""


def has_pactl() -> bool:
    return shutil.which("pactl") is not None


def is_expected() -> bool:
    """Whether this computer seems to run a sound server, answering or not."""
    if sys.platform != "linux":
        return False
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(os.environ.get("PULSE_SERVER")) or (Path(runtime) / "pulse" / "native").exists()


def sources() -> list[PulseSource]:
    """All sources. Raises PulseError."""
    return [
        PulseSource(
            index=each["index"],
            name=each["name"],
            description=each.get("description") or each["name"],
            monitors=each.get("monitor_source") or "",
            card=_card(each.get("properties", {})),
            is_muted=bool(each.get("mute")),
        )
        for each in _ask("list", "sources")
    ]


def sinks() -> list[PulseSink]:
    """All sinks. Raises PulseError."""
    return [
        PulseSink(
            index=each["index"],
            description=each.get("description") or each["name"],
            monitor=each.get("monitor_source") or "",
        )
        for each in _ask("list", "sinks")
    ]


def played_sinks() -> set[int]:
    """The indexes of the sinks into which somebody plays now, and has not paused. Raises PulseError."""
    return {each["sink"] for each in _ask("list", "sink-inputs") if not each.get("corked")}


def defaults() -> tuple[str, str]:
    """The names of the default source and the default sink. Raises PulseError."""
    facts = _ask("info")
    return facts.get("default_source_name", ""), facts.get("default_sink_name", "")


def is_muted(source: str) -> bool:
    """Whether nothing comes of this source: itself muted, or the sink that it monitors. Raises PulseError."""
    named = [each for each in _ask("list", "sources") if each["name"] == source]
    named += [each for each in _ask("list", "sinks") if each.get("monitor_source") == source]
    return any(each["mute"] for each in named)


def recordings() -> list[Recording]:
    """Who records which source, by its index. Raises PulseError."""
    return [
        Recording(each["source"], int(process) if process else None)
        for each in _ask("list", "source-outputs")
        for process in [each.get("properties", {}).get("application.process.id")]
    ]


def _card(properties: dict[str, str]) -> str:
    return next((properties[key] for key in _CARD if properties.get(key)), "")


def _ask(*what: str) -> Any:
    # Without LC_ALL some versions write decimal commas into their JSON.
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    environment.pop("LANGUAGE", None)
    try:
        done = subprocess.run(
            ["pactl", "-f", "json", *what],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
        )
        return json.loads(done.stdout.decode(errors="replace"))
    except subprocess.TimeoutExpired:
        raise PulseHung from None
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise PulseError(type(error).__name__) from None
