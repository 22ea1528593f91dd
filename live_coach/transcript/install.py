"""Putting a model into the cache whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from live_coach.errors import ModelError
from live_coach.sentences import Sentence, because
from live_coach.transcript import fingerprint
from live_coach.transcript.manifest import FileEntry, ModelEntry

_CHUNK = 1 << 20


@contextlib.contextmanager
def clear_disk_errors(what: str, where: Path) -> Iterator[None]:
    """Turn an OSError of the disk into a sentence: full, no permission, or whatever it was."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise ModelError(Sentence("model.no_room", what=what, where=where)) from None
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise ModelError(
                Sentence("model.cache_unwritable", where=where, reason=because(error))
            ) from None
        raise ModelError(
            Sentence("model.not_stored", what=what, where=where, reason=because(error))
        ) from None


def ensure_room(needed: int, what: str, where: Path) -> None:
    """Raise ModelError when the disk of `where` (which exists) has fewer than `needed` bytes free."""
    free = shutil.disk_usage(where).free
    if free < needed:
        sizes = {"needed": _megabytes(needed), "free": _megabytes(free)}
        raise ModelError(Sentence("model.little_room", what=what, where=where, **sizes))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def fault(name: str, entry: FileEntry, digest: str, size: int) -> Sentence | None:
    """What is wrong with a file of this size and sha256, if anything is."""
    if size != entry.size:
        key = "model.file_short" if size < entry.size else "model.file_long"
        return Sentence(key, file=name, size=f"{size:,}", wanted=f"{entry.size:,}")
    if digest not in entry.sha256:
        return Sentence("model.file_other", file=name, digest=digest[:12])
    return None


def built(
    root: Path, name: str, size: int, fill: Callable[[Path], None], check: Callable[[Path], object]
) -> Path:
    """Make `root/name`: `fill` writes into a neighbouring folder, `check` reads it, then it is renamed.

    `size` is the room it needs, in bytes. Raises ModelError; nothing is left behind then.
    """
    with clear_disk_errors(f"“{name}”", root):
        root.mkdir(parents=True, exist_ok=True)
        ensure_room(size, f"“{name}”", root)
        folder = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=root))
        try:
            fill(folder)
            check(folder)
            return publish(folder, root / name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def verify(folder: Path, model: ModelEntry) -> None:
    """Read every file that the manifest names. Raises ModelError for the first that is wrong."""
    for name, entry in model.files.items():
        path = folder / name
        if not path.is_file():
            wrong = Sentence("model.file_missing", file=name)
            raise ModelError(Sentence("model.not_whole", name=model.name, wrong=wrong))
        if found := fault(name, entry, fingerprint.sha256([path]), path.stat().st_size):
            raise ModelError(Sentence("model.refused", name=model.name, wrong=found))


def publish(folder: Path, target: Path) -> Path:
    """Rename a finished folder to its place in one step; what stood there before goes away. Raises OSError."""
    folder.chmod(0o755)
    if not target.exists():
        try:
            return folder.rename(target)
        except OSError:
            if not target.exists():
                raise
    old = Path(tempfile.mkdtemp(prefix=f".old-{target.name}-", dir=target.parent))
    target.rename(old / target.name)
    folder.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def join(files: Mapping[str, Sequence[Path]], folder: Path) -> None:
    """Write each file as its parts, one after the other. Raises OSError."""
    for name, parts in files.items():
        with (folder / name).open("wb") as whole:
            for part in parts:
                with part.open("rb") as piece:
                    shutil.copyfileobj(piece, whole, _CHUNK)
