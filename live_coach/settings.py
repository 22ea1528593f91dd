"""One typed tree of settings: command line > environment > the person's file > config/defaults.toml."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from live_coach import paths
from live_coach.errors import SettingsError

_PREFIX = "LIVE_COACH_"
_NOT_SETTINGS = {"LIVE_COACH_CONFIG"}
_HOUR_S = 3600
_CENTURY_DAYS = 36_500


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ConversationSettings(_Section):
    language: Literal["en", "nl", "auto"]
    preset: str


class ScreenSettings(_Section):
    language: Literal["en", "nl", "auto"]
    density: Literal["full", "calm", "line"]
    colour: bool


class AudioSettings(_Section):
    mic: str
    call: str
    block_ms: int = Field(ge=10, le=200)
    start_deadline_s: float = Field(gt=0, le=_HOUR_S)
    watchdog_s: float = Field(gt=0, le=_HOUR_S)
    muted_after_s: float = Field(gt=0, le=_HOUR_S)
    faint_after_s: float = Field(gt=0, le=_HOUR_S)
    silent_call_after_s: float = Field(gt=0, le=_HOUR_S)


class SpeechSettings(_Section):
    detector: Literal["silero", "webrtc"]
    onset_probability: float = Field(gt=0, lt=1)
    offset_probability: float = Field(gt=0, lt=1)
    onset_ms: int = Field(ge=0, le=1000)
    endpoint_ms: int = Field(ge=100, le=3000)
    max_run_s: float = Field(ge=2, le=28)
    pre_roll_ms: int = Field(ge=0, le=1000)


class TranscriptSettings(_Section):
    model: str
    device: Literal["cpu", "cuda", "auto"]
    threads: int = Field(ge=1, le=64)
    partial_model: str
    beam_size: int = Field(ge=1, le=10)
    partial_step_s: float = Field(ge=0, le=10)
    context_s: float = Field(ge=1, le=30)
    no_speech_probability: float = Field(ge=0, le=1)
    start_deadline_s: float = Field(gt=0, le=_HOUR_S)
    decode_deadline_s: float = Field(gt=0, le=_HOUR_S)
    memory_limit_mb: int = Field(ge=0, le=1_000_000)


class ArchiveSettings(_Section):
    directory: str
    keep_transcript: bool
    keep_days: int = Field(ge=0, le=_CENTURY_DAYS)
    keep_audio_days: int = Field(ge=0, le=_CENTURY_DAYS)
    redact_names: bool
    names: tuple[str, ...]

    @field_validator("names", mode="before")
    @classmethod
    def _separated_by_commas(cls, value: object) -> object:
        """An environment variable is one text."""
        return tuple(value.split(",")) if isinstance(value, str) else value


class LogSettings(_Section):
    level: Literal["debug", "info", "warning", "error"]


class Settings(_Section):
    """Every setting; `config/defaults.toml` says what each means."""

    conversation: ConversationSettings
    screen: ScreenSettings
    audio: AudioSettings
    speech: SpeechSettings
    transcript: TranscriptSettings
    archive: ArchiveSettings
    log: LogSettings


@dataclass(frozen=True)
class LoadedSettings:
    """The settings, and for each dotted name the place that its value came from."""

    settings: Settings
    origin: Mapping[str, str]


def load(options: Mapping[str, Any] | None = None) -> LoadedSettings:
    """Read all sources, the strongest last.

    `options` are dotted names given on the command line; None values are left out.
    Raises SettingsError for an unknown name or a value that does not fit, naming its source.
    """
    layers = [("defaults", _flatten(_read_toml(paths.shipped("config") / "defaults.toml")))]
    known = layers[0][1].keys()
    own = paths.user_settings()
    layers.append((str(own), _flatten(_read_toml(own, optional=True))))
    layers.append(("environment", _environment()))
    given = {name: value for name, value in (options or {}).items() if value is not None}
    layers.append(("command line", given))

    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for source, layer in layers:
        for name, value in layer.items():
            if name not in known:
                raise SettingsError(
                    f"“{name}” ({source}) is not a setting.",
                    hint="See `live-coach config show` for all of them.",
                )
            values[name] = value
            origin[name] = source
    try:
        return LoadedSettings(Settings.model_validate(_nest(values)), origin)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"“{name}” ({origin.get(name, 'settings')}) cannot be {values.get(name)!r}: {first['msg']}.",
            hint="See config/defaults.toml for what it may be.",
        ) from None


def _read_toml(path: Path, *, optional: bool = False) -> dict[str, Any]:
    try:
        if optional and not path.exists():
            return {}
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} is not valid TOML: {error}.", hint="Mend or remove it."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}.",
            hint="Make it readable, or name another in LIVE_COACH_CONFIG.",
        ) from None


def _environment() -> dict[str, Any]:
    """LIVE_COACH_AUDIO__MIC=x gives `audio.mic`."""
    return {
        name.removeprefix(_PREFIX).lower().replace("__", "."): value
        for name, value in os.environ.items()
        if name.startswith(_PREFIX) and name not in _NOT_SETTINGS
    }


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *sections, leaf = name.split(".")
        node = tree
        for section in sections:
            node = node.setdefault(section, {})
        node[leaf] = value
    return tree
