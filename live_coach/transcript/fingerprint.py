"""Sha256 of large files, remembered so that a start does not read them again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from live_coach import paths

_CHUNK = 1 << 20


def sha256(parts: Sequence[Path]) -> str:
    """The sha256 of these files, one after the other, as hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def remembered_sha256(path: Path) -> str:
    """The sha256 of a file that was read before, or read now and remembered.

    What is remembered holds while size, modification time (ns) and inode stay the same. Where the
    cache cannot be written the file is read each time. Raises OSError.
    """
    status = path.stat()
    stamp = [status.st_size, status.st_mtime_ns, status.st_ino]
    key = str(path.resolve())
    known = _read_stamps().get(key)
    if known is not None and known[:3] == stamp:
        return str(known[3])
    digest = sha256([path])
    with contextlib.suppress(OSError):
        _remember(key, [*stamp, digest])
    return digest


def _stamp_file() -> Path:
    return paths.model_cache() / "verified.json"


def _read_stamps() -> dict[str, list[int | str]]:
    try:
        stamps = json.loads(_stamp_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(stamps, dict):
        return {}
    return {
        key: value for key, value in stamps.items() if isinstance(value, list) and len(value) == 4
    }


def _remember(key: str, stamp: list[int | str]) -> None:
    stamps = {path: value for path, value in _read_stamps().items() if Path(path).exists()}
    stamps[key] = stamp
    target = _stamp_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".verified-", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(stamps, file)
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)
