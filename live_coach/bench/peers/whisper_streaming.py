"""whisper_streaming (LocalAgreement): the package of that name, a rewrite of UFAL's script by another author.

UFAL's own file is in no registry. As in its default, sound goes in as soon as a second of it has come and the model is free;
sound older than 15 s is cut (the other way to trim is not finished in this package). Words that are not confirmed yet, which
the package keeps to itself, are taken as shown.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from live_coach.bench.peers.host import Host

DISTRIBUTION = "whisper-streaming"
REQUIREMENTS = ("ctranslate2", "faster-whisper", "numpy")
ALONE = ("whisper-streaming==0.1.0", "opus-fast-mosestokenizer==0.0.8.11")

_CHUNK_S = 1.0
_BUFFER_S = 15.0
_PROMPT = 200
_END_S = 5.0
"""Without sound for so long, it takes the end to have come."""


def listen(host: Host, model: str, language: str) -> None:
    """Feed it and show what it has, after each of its decodes."""
    blocks: queue.Queue[bytes | None] = queue.Queue()
    processor = _processor(host, blocks, model, language)
    working = threading.Thread(target=processor.run, daemon=True)
    working.start()
    for block in host.blocks():
        blocks.put(block)
    blocks.put(None)
    working.join()
    processor.show(settled=True)


def _processor(host: Host, blocks: queue.Queue[bytes | None], model: str, language: str) -> Any:
    from whisper_streaming import ASRProcessor, Backend, OutputSender, TimeTrimming
    from whisper_streaming.backend import (
        FasterWhisperFeatureExtractorConfig,
        FasterWhisperModelConfig,
        FasterWhisperTranscribeConfig,
    )

    class Processor(ASRProcessor):  # type: ignore[misc]
        """Shows confirmed and unconfirmed words after every decode."""

        confirmed = ""

        def _process(self, audio: Any) -> Any:
            new = super()._process(audio)
            self.confirmed += new.word if new else ""
            self.show()
            return new

        def show(self, *, settled: bool = False) -> None:
            open_words = self._transcription_buffer.transcriptions_in_limbo
            whole = self.confirmed + "".join(word.word for word in open_words)
            sure = whole if settled else self.confirmed
            host.show(whole, sure, sure)

    class Nowhere(OutputSender):  # type: ignore[misc]
        def _do_output(self, data: Any) -> None:
            pass

        def _do_close(self) -> None:
            pass

    return Processor(
        Processor.ProcessorConfig(
            sampling_rate=16_000,
            prompt_size=_PROMPT,
            audio_receiver_timeout=_END_S,
            audio_trimming=TimeTrimming(seconds=_BUFFER_S),
            language=language,
        ),
        _microphone(blocks),
        Nowhere(),
        Backend.FASTER_WHISPER,
        FasterWhisperModelConfig(model, device="cpu", compute_type="int8"),
        FasterWhisperTranscribeConfig(),
        FasterWhisperFeatureExtractorConfig(),
    )


def _microphone(blocks: queue.Queue[bytes | None]) -> Any:
    import numpy as np
    from whisper_streaming import AudioReceiver

    class Microphone(AudioReceiver):  # type: ignore[misc]
        """Gives all that has come, at least a second, when it is asked for."""

        def _do_receive(self) -> Any:
            sound = b""
            while len(sound) < _CHUNK_S * 32_000 or not self.queue.empty():
                block = blocks.get()
                if block is None:
                    return None
                sound += block
            return np.frombuffer(sound, np.int16).astype(np.float32) / 32768

        def _do_close(self) -> None:
            pass

    return Microphone()
