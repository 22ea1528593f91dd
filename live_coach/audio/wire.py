"""What a capture worker writes on its pipe: a kind, a length, the payload. Needs nothing but the standard library."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import BinaryIO

_HEAD = struct.Struct("<cI")
_BLOCK = struct.Struct("<qQ")


@dataclass(frozen=True, slots=True)
class Opened:
    """The stream runs: its rate in frames per second and the device that was opened."""

    rate: int
    device: str


@dataclass(frozen=True, slots=True)
class Block:
    """Mono 16-bit little-endian sound. `index` is the number of frames captured before it, also of
    those that were dropped; `captured_ns` the monotonic time at which its last frame was there."""

    captured_ns: int
    index: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no sound (any more): `no_portaudio`, `no_device`, `refused` or `ended`."""

    code: str


Message = Opened | Block | Failed


def encode(message: Message) -> bytes:
    """The bytes of one message."""
    match message:
        case Opened():
            kind = b"O"
            payload = json.dumps({"rate": message.rate, "device": message.device}).encode()
        case Block():
            kind, payload = b"B", _BLOCK.pack(message.captured_ns, message.index) + message.pcm
        case Failed():
            kind, payload = b"F", message.code.encode()
    return _HEAD.pack(kind, len(payload)) + payload


def read(pipe: BinaryIO) -> Message | None:
    """The next message; None when the writer is gone, also in the middle of one."""
    head = _exactly(pipe, _HEAD.size)
    if head is None:
        return None
    kind, length = _HEAD.unpack(head)
    payload = _exactly(pipe, length)
    if payload is None:
        return None
    if kind == b"B":
        captured_ns, index = _BLOCK.unpack_from(payload)
        return Block(captured_ns, index, payload[_BLOCK.size :])
    if kind == b"O":
        facts = json.loads(payload)
        return Opened(facts["rate"], facts["device"])
    return Failed(payload.decode())


def _exactly(pipe: BinaryIO, length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        part = pipe.read(length - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)
