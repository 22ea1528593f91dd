"""How much sound a recording promises, for those formats whose reader is silent about a missing end."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import soundfile

_LONGEST_OGG_PAGE = 65_307
_STREAMED = 0x7FFF_0000
"""A data size from here on was written by a program that did not know the length."""

_SHORT_DATA = re.compile(r"^data : (\d+) \(should be (\d+)\)", re.MULTILINE)


def promised_frames(path: Path, file: soundfile.SoundFile) -> int:
    """Frames that the file says it holds, at its own rate; more than `file.frames` if its end is missing."""
    frames: int = file.frames
    if file.format in {"WAV", "WAVEX", "RF64"}:
        return max(frames, _wav(file.extra_info, frames))
    if file.format == "OGG":
        return max(frames, _ogg(path, file.subtype, frames))
    return frames


def _wav(description: str, frames: int) -> int:
    """libsndfile cuts the data chunk to the file's size and notes both sizes."""
    sizes = _SHORT_DATA.search(description)
    if sizes is None:
        return frames
    promised, present = int(sizes[1]), int(sizes[2])
    if promised >= _STREAMED or promised <= present:
        return frames
    return promised * frames // present if present else 1


def _ogg(path: Path, subtype: str, frames: int) -> int:
    """The last page's position is the length (RFC 3533); a page cut short is the sign of a lost end."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LONGEST_OGG_PAGE))
        tail = file.read()
    start = tail.rfind(b"OggS")
    page = tail[start:]
    if start < 0 or len(page) < 27:
        return frames + 1
    lacing = page[27 : 27 + page[26]]
    if len(page) < 27 + page[26] + sum(lacing):
        return frames + 1
    # Opus counts at 48 kHz whatever the file's rate (RFC 7845) and its reader bridges holes itself.
    position: int = struct.unpack_from("<q", page, 6)[0]
    return position if subtype == "VORBIS" else frames
