"""Which model, and where: a directory, the model folders, or an installed package. Opens no connection.

Weights packages are never imported: their data files are found through the installer's records and
verified before use.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from live_coach import paths
from live_coach.errors import ModelError
from live_coach.sentences import Sentence, because
from live_coach.transcript import fingerprint, install, manifest, structure
from live_coach.transcript.manifest import ModelEntry, PackageSource, Purpose

_ALL = ("en", "nl")


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is on this computer.

    `languages` are those of live-coach that it may be used for; `multilingual` says that its
    vocabulary has language tokens; `verified`, that every file has the bytes of the manifest;
    `source`, where it was found: `directory`, `models`, `cache` or the name of a package.
    """

    name: str
    directory: Path
    languages: tuple[str, ...]
    multilingual: bool
    verified: bool
    source: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a known model lies: each file as its parts, and the directory if they lie there whole."""

    source: str
    files: Mapping[str, tuple[Path, ...]]
    directory: Path | None

    def __str__(self) -> str:
        return str(self.directory) if self.directory else f"package {self.source}"


def _quiet(_sentence: Sentence) -> None:
    """Say nothing."""


def find(
    name: str,
    language: str,
    *,
    purpose: Purpose = "transcribe",
    say: Callable[[Sentence], None] = _quiet,
) -> Model:
    """The model of this name or directory, or with `auto` the best installed one for the language.

    `language` is en, nl or auto. `say` is told in a sentence what takes long. Raises ModelError
    when the model is missing or damaged, or does not know the language: the hint is the command
    that helps.
    """
    order = manifest.load().choice.order(language)
    if name == "auto":
        return _best(order, language, say)
    model = _in_directory(Path(name).expanduser()) if _is_directory(name) else _named(name, say)
    entry = manifest.load().get(model.name)
    if entry is not None and entry.purpose != purpose:
        raise ModelError(Sentence("model.other_purpose", name=name, purpose=entry.purpose))
    if language != "auto" and language not in model.languages:
        raise ModelError(
            Sentence(
                "model.other_language",
                name=name,
                known=_spoken(model.languages),
                language=Sentence(f"language.{language}"),
                how=how_to_get(language),
            )
        )
    return model


def present(language: str) -> list[str]:
    """Names of the known models on this computer for the language (en, nl or auto), the best first.

    Nothing is verified or joined yet.
    """
    known = manifest.load()
    names = known.choice.order(language)
    return [name for name in names if next(places(known.known(name)), None) is not None]


def places(entry: ModelEntry) -> Iterator[Place]:
    """Everywhere on this computer where this model lies, the strongest first; nothing is verified."""
    beside, *_ = paths.model_directories()
    for folder in paths.model_directories():
        directory = folder / entry.name
        if directory.is_dir():
            source = "models" if folder == beside else "cache"
            yield Place(source, {name: (directory / name,) for name in entry.files}, directory)
    if entry.package and (files := packaged(entry.package)):
        yield Place(entry.package.names()[0], files, _whole_directory(files))


def unknown_directories() -> list[Path]:
    """Imported models that the manifest does not know."""
    return [
        directory
        for folder in paths.model_directories()
        if folder.is_dir()
        for directory in sorted(folder.iterdir())
        if directory.is_dir()
        and manifest.is_file_name(directory.name)
        and manifest.load().get(directory.name) is None
    ]


def packaged(source: PackageSource) -> dict[str, tuple[Path, ...]]:
    """The files of a model inside installed packages, by path; empty when a part is not there."""
    try:
        installed = [distribution(name) for name in source.names()]
    except PackageNotFoundError:
        return {}
    files: dict[str, tuple[Path, ...]] = {}
    for name, members in source.members.items():
        parts = [
            next((path for path in candidates if path.is_file()), None)
            for candidates in (
                [Path(str(package.locate_file(member))) for package in installed]
                for member in members
            )
        ]
        if None in parts:
            return {}
        files[name] = tuple(part for part in parts if part is not None)
    return files


def verify(entry: ModelEntry, place: Place, *, afresh: bool = False) -> None:
    """Compare every file of a place with the manifest; `afresh` reads all of it, whatever is remembered.

    Raises ModelError with one sentence for the first file that is wrong.
    """
    try:
        for name, parts in place.files.items():
            absent = [part for part in parts if not part.is_file()]
            if absent:
                missing = Sentence("model.file_missing", file=absent[0].name)
                raise _damaged(entry, place, missing)
            file = entry.files[name]
            size = sum(part.stat().st_size for part in parts)
            digest = ""
            if size == file.size:
                remember = len(parts) == 1 and not afresh
                digest = (
                    fingerprint.remembered_sha256(parts[0])
                    if remember
                    else fingerprint.sha256(parts)
                )
            if wrong := install.fault(name, file, digest, size):
                raise _damaged(entry, place, wrong)
    except OSError as error:
        raise ModelError(
            Sentence("model.unreadable", name=entry.name, place=place, reason=because(error))
        ) from None


def how_to_get(language: str) -> Sentence:
    """The commands that bring a model for this language (en, nl or auto)."""
    return Sentence("model.get_en" if language == "en" else "model.get_nl")


def _best(order: tuple[str, ...], language: str, say: Callable[[Sentence], None]) -> Model:
    known = manifest.load()
    for name in order:
        if model := _installed(known.known(name), say):
            return model
    if language != "auto":
        raise ModelError(
            Sentence(
                "model.none_knows",
                language=Sentence(f"language.{language}"),
                how=how_to_get(language),
            )
        )
    for name in known.choice.en:
        if model := _installed(known.known(name), say):
            say(Sentence("model.only_english", how=how_to_get("nl")))
            return model
    raise ModelError(Sentence("model.none", how=how_to_get("auto")))


def _installed(entry: ModelEntry, say: Callable[[Sentence], None]) -> Model | None:
    place = next(places(entry), None)
    if place is None:
        return None
    verify(entry, place)
    directory = place.directory
    if directory is None:
        megabytes = f"{entry.size / 1e6:.0f}"
        say(Sentence("model.joining", name=entry.name, megabytes=megabytes))
        directory = install.built(
            paths.model_cache(),
            entry.name,
            entry.size,
            lambda folder: install.join(place.files, folder),
            lambda folder: install.verify(folder, entry),
        )
    return Model(entry.name, directory, entry.languages, entry.multilingual, True, place.source)


def _named(name: str, say: Callable[[Sentence], None]) -> Model:
    entry = manifest.load().get(name)
    if entry is None:
        for folder in paths.model_directories():
            if manifest.is_file_name(name) and (folder / name).is_dir():
                return _in_directory(folder / name)
        entry = manifest.load().known(name)
    model = _installed(entry, say)
    if model is None:
        raise ModelError(Sentence("model.not_installed", name=name, how=how_to_install(entry)))
    return model


def how_to_install(entry: ModelEntry) -> Sentence:
    """The commands that bring this model."""
    if entry.package and entry.package.extra:
        extra = entry.package.extra
        return Sentence("model.get_or_install", name=entry.name, extra=extra)
    return Sentence("model.get", name=entry.name)


def _is_directory(name: str) -> bool:
    """A path is meant: it has a separator or begins like one, or it is a folder and no model's name."""
    if os.sep in name or (os.altsep and os.altsep in name) or name.startswith((".", "~")):
        return True
    return Path(name).is_dir() and manifest.load().get(name) is None


def _in_directory(directory: Path) -> Model:
    """A directory that a person points to: its structure is checked, its bytes compared with known ones."""
    multilingual = structure.check(directory)
    entry = same_bytes(directory)
    if entry is not None:
        return Model(entry.name, directory, entry.languages, entry.multilingual, True, "directory")
    languages = _ALL if multilingual else ("en",)
    return Model(directory.resolve().name, directory, languages, multilingual, False, "directory")


def same_bytes(directory: Path) -> ModelEntry | None:
    """The known model whose files lie here byte for byte, whatever the directory is called. Raises OSError."""
    for entry in manifest.load().model:
        files = {name: (directory / name,) for name in entry.files}
        sizes_fit = all(
            parts[0].is_file() and parts[0].stat().st_size == entry.files[name].size
            for name, parts in files.items()
        )
        if sizes_fit and all(
            fingerprint.remembered_sha256(parts[0]) in entry.files[name].sha256
            for name, parts in files.items()
        ):
            return entry
    return None


def _whole_directory(files: Mapping[str, tuple[Path, ...]]) -> Path | None:
    """The directory that holds all files whole under their own names, if there is one."""
    first = next(iter(files.values()))[0].parent
    fits = all(parts == (first / name,) for name, parts in files.items())
    return first if fits else None


def _damaged(entry: ModelEntry, place: Place, wrong: Sentence) -> ModelError:
    perhaps_own = place.source in {"models", "cache"}
    key = "model.damaged_own" if perhaps_own else "model.damaged"
    return ModelError(Sentence(key, name=entry.name, place=place, wrong=wrong))


def _spoken(languages: tuple[str, ...]) -> Sentence:
    return Sentence(f"language.{languages[0] if len(languages) == 1 else 'both'}")
