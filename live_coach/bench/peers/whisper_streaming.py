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


def listen(host: Host, model: str, language: str) -> None:
    """Feed it and show what it has, after each of its decodes."""
    import numpy as np
    from whisper_streaming import ASRProcessor, AudioReceiver, Backend, OutputSender, TimeTrimming
    from whisper_streaming.backend import (
        FasterWhisperFeatureExtractorConfig,
        FasterWhisperModelConfig,
        FasterWhisperTranscribeConfig,
    )

    class Microphone(AudioReceiver):  # type: ignore[misc]
        """Gives all that has come, at least a second, when it is asked for."""

        def __init__(self) -> None:
            super().__init__()
            self.blocks: queue.Queue[bytes | None] = queue.Queue()

        def _do_receive(self) -> Any:
            sound = b""
            while len(sound) < _CHUNK_S * 32_000 or not self.queue.empty():
                block = self.blocks.get()
                if block is None:
                    return None
                sound += block
            return np.frombuffer(sound, np.int16).astype(np.float32) / 32768

        def _do_close(self) -> None:
            pass

    class Nowhere(OutputSender):  # type: ignore[misc]
        def _do_output(self, data: Any) -> None:
            pass

        def _do_close(self) -> None:
            pass

    class Processor(ASRProcessor):  # type: ignore[misc]
        """Shows confirmed and unconfirmed words after every decode."""

        confirmed = ""

        def _process(self, audio: Any) -> Any:
            new = super()._process(audio)
            self.confirmed += new.word if new else ""
            rest = "".join(word.word for word in self._transcription_buffer.transcriptions_in_limbo)
            host.show(self.confirmed + rest, self.confirmed, self.confirmed)
            return new

    microphone = Microphone()
    processor = Processor(
        Processor.ProcessorConfig(
            sampling_rate=16_000,
            prompt_size=_PROMPT,
            audio_receiver_timeout=5.0,
            audio_trimming=TimeTrimming(seconds=_BUFFER_S),
            language=language,
        ),
        microphone,
        Nowhere(),
        Backend.FASTER_WHISPER,
        FasterWhisperModelConfig(model, device="cpu", compute_type="int8"),
        FasterWhisperTranscribeConfig(),
        FasterWhisperFeatureExtractorConfig(),
    )
    working = threading.Thread(target=processor.run, daemon=True)
    working.start()
    for block in host.blocks():
        microphone.blocks.put(block)
    microphone.blocks.put(None)
    working.join()
    rest = "".join(word.word for word in processor._transcription_buffer.transcriptions_in_limbo)
    whole = processor.confirmed + rest
    host.show(whole, whole, whole)
