"""Is this directory a Whisper model for CTranslate2, whole and readable? No engine is needed to tell."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import BinaryIO

from live_coach.errors import ModelError
from live_coach.sentences import Sentence, because

# Whisper's own rule: an English-only vocabulary has 51,864 entries, a multilingual one more.
_MULTILINGUAL_FROM = 51_865
_VOCABULARIES = ("vocabulary.txt", "vocabulary.json")
NEEDED = ("model.bin", "config.json", "tokenizer.json")
_SPECIFICATION = b"WhisperSpec"
_BINARY_VERSIONS = range(4, 7)


def check(directory: Path) -> bool:
    """Check the files of a model directory; True when its vocabulary knows several languages.

    Raises ModelError with a sentence that names what is missing, cut short or of another kind.
    """
    if not directory.is_dir():
        raise ModelError(Sentence("model.no_directory", directory=directory))
    missing = [name for name in NEEDED if not (directory / name).is_file()]
    vocabulary = next(
        (path for path in map(directory.joinpath, _VOCABULARIES) if path.is_file()), None
    )
    if missing or vocabulary is None:
        what = missing[0] if missing else "vocabulary.txt or vocabulary.json"
        raise ModelError(Sentence("model.part_missing", directory=directory, what=what))
    try:
        _check_json(directory / "config.json")
        _check_json(directory / "tokenizer.json")
        _check_weights(directory / "model.bin")
        return _vocabulary_size(vocabulary) >= _MULTILINGUAL_FROM
    except OSError as error:
        raise ModelError(
            Sentence("model.directory_unreadable", directory=directory, reason=because(error))
        ) from None


def _check_json(path: Path) -> None:
    try:
        json.loads(path.read_bytes())
    except ValueError:
        raise ModelError(Sentence("model.bad_json", path=path)) from None


def _vocabulary_size(path: Path) -> int:
    if path.suffix == ".txt":
        with path.open("rb") as lines:
            return sum(1 for _ in lines)
    try:
        return len(json.loads(path.read_bytes()))
    except (ValueError, TypeError):
        raise ModelError(Sentence("model.bad_json", path=path)) from None


def _check_weights(path: Path) -> None:
    """Walk through a CTranslate2 file without reading the numbers: kind, and length to the last byte.

    The format is that of CTranslate2's `model.cc` (binary versions 4 to 6): version, name and
    revision of the specification, then for each variable name, shape, type, length and bytes,
    then the aliases.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        try:
            if _number(file, "<I") not in _BINARY_VERSIONS or _name(file) != _SPECIFICATION:
                raise ModelError(Sentence("model.other_format", path=path))
            _number(file, "<I")
            for _ in range(_number(file, "<I")):
                _skip_variable(file, size)
            for _ in range(_number(file, "<I")):
                _name(file)
                _name(file)
        except (struct.error, EOFError):
            raise ModelError(Sentence("model.cut_short", path=path, size=f"{size:,}")) from None


def _number(file: BinaryIO, form: str) -> int:
    return int(struct.unpack(form, file.read(struct.calcsize(form)))[0])


def _name(file: BinaryIO) -> bytes:
    length = _number(file, "<H")
    name = file.read(length)
    if len(name) != length:
        raise EOFError
    return name.rstrip(b"\0")


def _skip_variable(file: BinaryIO, size: int) -> None:
    _name(file)
    rank = _number(file, "<B")
    for _ in range(rank):
        _number(file, "<I")
    _number(file, "<B")
    length = _number(file, "<I")
    if file.tell() + length > size:
        raise EOFError
    file.seek(length, 1)
