"""The child process that owns one sound device: it copies what PortAudio gives onto its standard output.

A device that hangs, crashes or prints to the terminal does so in here, where the supervisor can
kill it. It ends when its standard input closes, so it never outlives its parent.

`python -m live_coach.audio.capture_worker --list` prints PortAudio's input devices as JSON, on Windows
also the outputs that can be heard; `--loopback` opens one of those.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import queue
import signal
import threading
import time
from typing import Any, BinaryIO

from live_coach.audio import wire

_WANTED_RATE = 16_000
_QUEUE_SECONDS = 10.0
"""A worker that was frozen gets all that the sound server kept for it in one burst, faster than it can be written."""


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--list", action="store_true")
    arguments.add_argument("--loopback", action="store_true")
    arguments.add_argument("--device", default="pulse")
    arguments.add_argument("--block-ms", type=int, default=20)
    given = arguments.parse_args()
    # Libraries that print on descriptor 1 must not reach the pipe.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    if given.list:
        out.write(json.dumps(_listed()).encode())
        return
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if given.loopback:
        from live_coach.audio import loopback

        code = loopback.capture(
            lambda message: _write(out, message), given.device, _WANTED_RATE, given.block_ms
        )
        _write(out, wire.Failed(code))
    else:
        _write(out, _capture(out, given.device, given.block_ms))
    os._exit(1)


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(0)


def _listed() -> list[dict[str, Any]] | None:
    """What can be listened to; None when the PortAudio library is not there."""
    inputs = _inputs()
    if inputs is None or platform.system() != "Windows":
        return inputs
    from live_coach.audio import loopback

    return [*inputs, *loopback.outputs()]


def _inputs() -> list[dict[str, Any]] | None:
    """Input devices; None when the PortAudio library is not there."""
    try:
        import sounddevice
    except OSError:
        return None
    default = sounddevice.default.device[0]
    apis = [api["name"] for api in sounddevice.query_hostapis()]
    return [
        {
            "index": device["index"],
            "name": device["name"],
            "api": apis[device["hostapi"]],
            "default": device["index"] == default,
        }
        for device in sounddevice.query_devices()
        if device["max_input_channels"] > 0
    ]


def _capture(out: BinaryIO, wanted: str, block_ms: int) -> wire.Failed:
    """Copy the device's sound to `out` until it ends; returns why it could not go on."""
    inputs = _inputs()
    if inputs is None:
        return wire.Failed("no_portaudio")
    index = next((each["index"] for each in inputs if wanted in _names(each)), None)
    if index is None:
        return wire.Failed("no_device")
    import sounddevice

    native = round(sounddevice.query_devices(index)["default_samplerate"])
    blocks: queue.Queue[wire.Block | None] = queue.Queue(round(_QUEUE_SECONDS * 1000 / block_ms))
    for rate in dict.fromkeys((_WANTED_RATE, native)):
        try:
            stream = _open(sounddevice, index, rate, block_ms, blocks)
        except sounddevice.PortAudioError:
            continue
        _write(out, wire.Opened(rate, wanted))
        while (block := blocks.get()) is not None:
            _write(out, block)
        del stream  # it lived up to here; closing it could hang, and this process ends anyway
        return wire.Failed("ended")
    return wire.Failed("refused")


def _names(device: dict[str, Any]) -> tuple[str, str]:
    return device["name"], f"{device['name']}, {device['api']}"


def _open(
    sounddevice: Any, index: int, rate: int, block_ms: int, blocks: queue.Queue[wire.Block | None]
) -> Any:
    """Open and start the stream; its callback copies and returns, and drops what finds no room."""
    captured = 0

    def on_block(data: Any, frames: int, _times: Any, _flags: Any) -> None:
        nonlocal captured
        block = wire.Block(time.monotonic_ns(), captured, bytes(data))
        captured += frames
        if not blocks.full():
            blocks.put_nowait(block)

    def on_end() -> None:
        if not blocks.full():
            blocks.put_nowait(None)
        else:
            os._exit(1)

    stream = sounddevice.RawInputStream(
        device=index,
        samplerate=rate,
        channels=1,
        dtype="int16",
        blocksize=rate * block_ms // 1000,
        latency="high",
        callback=on_block,
        finished_callback=on_end,
    )
    try:
        stream.start()
    except sounddevice.PortAudioError:
        stream.close()
        raise
    return stream


def _write(out: BinaryIO, message: wire.Message) -> None:
    """All of it: an unbuffered pipe may take a part. A reader that is gone ends this process."""
    data = memoryview(wire.encode(message))
    try:
        while data:
            data = data[out.write(data) :]
    except OSError:
        os._exit(0)


if __name__ == "__main__":
    # Ctrl-C and, on Windows, Ctrl-Break are the parent's to handle.
    for number in {signal.SIGINT, getattr(signal, "SIGBREAK", signal.SIGINT)}:
        signal.signal(number, signal.SIG_IGN)
    main()
