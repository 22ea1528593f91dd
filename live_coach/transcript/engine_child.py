"""The worker process: one Whisper model behind a pipe. It sees no network, no screen, no terminal.

It ends with its parent, even one that was killed: a thread of its own waits for the end of the pipe.
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from live_coach.errors import ModelError
from live_coach.sentences import Sentence
from live_coach.transcript import wire
from live_coach.transcript.engine import DecodeRequest
from live_coach.transcript.whisper import WhisperEngine, WhisperOptions

_LONG_S = 0.3
"""A try that took longer is not repeated: nobody should wait for it."""

_LEAST_MEMORY_MB = 4000

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h

_OWN_PAGES_FROM = 2 << 20
_KEPT_FOR_NEXT = 8 << 20
"""Blocks from so many bytes get pages of their own, given back when they are freed; of what is freed among smaller
ones so much is kept. The C library of GNU raises both bounds to the largest block it has seen freed, so that one run
read in Whisper's whole context left the worker larger for good: tiny.en at 212 MB, base at 274. With these bounds they
stay at 181 and 219, as fast as before; with 1 MB kept decodes took a tenth longer, with 64 nothing was won."""

Requests = queue.SimpleQueue[tuple[dict[str, Any], bytes]]


def main() -> None:
    """Load the model that the first message names, then decode until the parent goes."""
    for number in {signal.SIGINT, getattr(signal, "SIGBREAK", signal.SIGINT)}:
        signal.signal(number, signal.SIG_IGN)
    answers = _keep_stdout_for_answers()
    requests: Requests = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()

    give_back_large_blocks()
    order, _ = requests.get()
    directory = Path(order["directory"])
    _limit_memory(order["memory_limit_mb"] or memory_needed_mb(directory))
    try:
        engine = WhisperEngine(directory, WhisperOptions(**order["options"]))
    except ModelError as error:
        unsaid = Sentence("worker.failed", kind=type(error).__name__)
        said = error.said if isinstance(error.said, Sentence) else unsaid
        values = {name: str(value) for name, value in said.values.items()}
        wire.send(answers, {"failed": said.key, "values": values})
        return
    engine.rehearse()  # the first decode is the slowest: nobody should wait for it
    wire.send(answers, {"device": engine.device, "card_refused": engine.card_refused})
    while True:
        order, sound = requests.get()
        if "rehearse" in order:
            wire.send(answers, {"reading_s": _reading_s(engine)})
        else:
            _answer(engine, order, sound, answers)


def _reading_s(engine: WhisperEngine) -> float:
    """How long this machine takes to read four seconds of speech now."""
    tries = []
    for _ in range(3):
        began = time.monotonic()
        engine.rehearse()
        tries.append(time.monotonic() - began)
        if tries[-1] > _LONG_S:
            break
    return min(tries)


def _answer(engine: WhisperEngine, order: dict[str, Any], sound: bytes, answers: BinaryIO) -> None:
    request = DecodeRequest(np.frombuffer(sound, np.float32), **order)
    began, worked = time.monotonic(), time.process_time()
    try:
        decoded = engine.decode(request, lambda count: wire.send(answers, {"confirmed": count}))
    except Exception as error:  # noqa: BLE001  the border of the process: the parent decides
        wire.send(answers, {"failed": type(error).__name__})
        return
    took, worked = time.monotonic() - began, time.process_time() - worked
    slowdown = max(1.0, took / worked) if engine.device == "cpu" and worked else 1.0
    wire.send(answers, {**asdict(decoded), "slowdown": slowdown})


def _listen(pipe: BinaryIO, requests: Requests) -> None:
    """Take requests even while a decode runs, so that the end of the parent is seen at once."""
    try:
        while True:
            requests.put(wire.receive(pipe))
    except (EOFError, OSError):
        os._exit(0)


def _keep_stdout_for_answers() -> BinaryIO:
    """Libraries may print: what they print goes where errors go, and never among the answers."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def memory_needed_mb(directory: Path) -> int:
    """What the model in `directory` may take, in MB: to become int8 it is held as float32 too.

    Networks of the sizes of tiny, medium and large-v3 loaded with 4.0, 4.0 and 3.4 times the size of
    their files (float16), and not with 2.7, 3.5 and 2.7 times.
    """
    weights = directory / "model.bin"
    size_mb = weights.stat().st_size >> 20 if weights.is_file() else 0
    return max(_LEAST_MEMORY_MB, 4 * size_mb)


def give_back_large_blocks() -> None:
    """From now on memory of large blocks goes back to the system when freed. Only the C library of GNU has to be told."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _OWN_PAGES_FROM)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_FOR_NEXT)


def _limit_memory(megabytes: int) -> None:
    """More memory than this is refused to the process. Systems without such limits do not refuse."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))


if __name__ == "__main__":
    main()
