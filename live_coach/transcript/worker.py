"""An engine in a process of its own: a decode that hangs or crashes takes nothing else with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from live_coach.errors import ModelError
from live_coach.logs import logger
from live_coach.sentences import Sentence
from live_coach.transcript import wire
from live_coach.transcript.engine import Confirmed, Decoded, DecodeRequest, EngineLost, HeardWord
from live_coach.transcript.whisper import WhisperOptions

if TYPE_CHECKING:
    from live_coach.settings import TranscriptSettings

_START = "import sys; sys.path.append(sys.argv[1]); from live_coach.transcript.engine_child import main; main()"
"""Python finds the package beside the one that runs now, and nothing in the working directory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How many seconds four seconds of speech take on this device, cuda or cpu.

    `card_refused`: why a card that is there is not used; empty, where there is none or it is.
    """

    seconds: float
    device: str
    card_refused: str = ""


class EngineProcess:
    """A WhisperEngine in a supervised worker process.

    The process is started at once and loads the model while the caller goes on. It is killed when
    it misses a deadline or fails, and started again for the next decode. One decode at a time;
    close() may come from any thread.
    """

    def __init__(self, directory: Path, settings: TranscriptSettings) -> None:
        """Start loading the model in `directory`; `wait_until_ready` says whether that worked."""
        self.restarts = 0
        self.slowdown = 1.0
        self._directory = directory
        self._settings = settings
        self._lock = threading.Lock()
        self._decoding = threading.Lock()
        self._closed = False
        self._ready = False
        self._device, self._card_refused = "", ""
        self._process: subprocess.Popen[bytes] | None = self._spawn()

    @property
    def pid(self) -> int | None:
        """The worker's process id; None while there is none."""
        process = self._process
        return process.pid if process else None

    def wait_until_ready(self) -> None:
        """Wait for the model. Raises ModelError when it cannot be loaded, EngineLost when the worker
        died or did not come up within the start deadline."""
        with self._decoding:
            self._get_ready()

    def reading(self) -> Reading:
        """How fast this machine reads now, and with what. Raises as wait_until_ready."""
        with self._decoding:
            self._get_ready()
            answer = self._await_answer(self._settings.decode_deadline_s, {"rehearse": True})
        return Reading(float(answer["reading_s"]), self._device, self._card_refused)

    def decode(self, request: DecodeRequest, confirmed: Confirmed | None = None) -> Decoded:
        """See Engine. Raises EngineLost also after close()."""
        order = {
            "language": request.language,
            "beam_size": request.beam_size,
            "word_times": request.word_times,
            "terms": request.terms,
            "draft": request.draft if confirmed else (),
            "stable": request.stable,
        }
        sound = np.ascontiguousarray(request.samples, np.float32).tobytes()
        with self._decoding:
            try:
                self._get_ready()
            except ModelError as error:
                raise EngineLost(error.said) from error
            answer = self._await_answer(self._settings.decode_deadline_s, order, sound)
            if confirmed is not None and "confirmed" in answer:
                confirmed(answer["confirmed"])
                answer = self._await_answer(self._settings.decode_deadline_s)
        if "failed" in answer:
            self._kill()
            raise EngineLost(Sentence("worker.failed", kind=answer["failed"]))
        self.slowdown = answer.pop("slowdown")
        words = tuple(HeardWord(**word) for word in answer.pop("words"))
        return Decoded(words=words, **answer)

    def close(self) -> None:
        """Kill the worker, whatever it is doing, and wait until it is gone."""
        with self._lock:
            self._closed = True
        self._kill()

    def _get_ready(self) -> None:
        """Start the worker where there is none, and wait until it has loaded its model."""
        with self._lock:
            if self._closed:
                raise EngineLost(Sentence("worker.closed"))
            if self._process is None:
                self.restarts += 1
                logger.warning("transcription worker started again (%d)", self.restarts)
                self._process = self._spawn()
        if self._ready:
            return
        answer = self._await_answer(self._settings.start_deadline_s)
        if "failed" in answer:
            self._kill()
            raise ModelError(Sentence(answer["failed"], **answer["values"]))
        self._device, self._card_refused = answer["device"], answer["card_refused"]
        self._ready = True

    def _await_answer(
        self, deadline_s: float, order: dict[str, Any] | None = None, sound: bytes = b""
    ) -> dict[str, Any]:
        """Send an order, if there is one, and wait. Killing the worker at the deadline ends both."""
        process = self._process
        if process is None:
            raise EngineLost(Sentence("worker.closed"))
        with _killed_after(deadline_s, process):
            try:
                if order is not None:
                    wire.send(cast("BinaryIO", process.stdin), order, sound)
                answer, _ = wire.receive(cast("BinaryIO", process.stdout))
            except (EOFError, OSError, ValueError) as error:
                self._kill()
                raise EngineLost(Sentence("worker.lost")) from error
        return answer

    def _spawn(self) -> subprocess.Popen[bytes]:
        """Start the worker and tell it what to load."""
        settings = self._settings
        options = WhisperOptions(
            device=settings.device,
            threads=settings.threads,
            context_s=settings.context_s,
            no_speech_probability=settings.no_speech_probability,
        )
        order = {
            "directory": str(self._directory),
            "memory_limit_mb": settings.memory_limit_mb,
            "options": asdict(options),
        }
        package = Path(__file__).resolve().parents[2]
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, str(package)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C at the terminal is the program's affair
            env={
                **os.environ,
                "HF_HUB_OFFLINE": "1",
                # Left to itself the encoder keeps two cores busy and is no sooner done (measured:
                # 125 instead of 66 ms of processor time in 65 ms).
                "OMP_NUM_THREADS": str(settings.threads),
            },
        )
        with suppress(OSError):  # one that died at once is found when its answer is awaited
            wire.send(cast("BinaryIO", process.stdin), order)
        return process

    def _kill(self) -> None:
        with self._lock:
            process, self._process = self._process, None
            self._ready = False
            if process is None:
                return
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                cast("BinaryIO", pipe).close()


@contextmanager
def _killed_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[None]:
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
