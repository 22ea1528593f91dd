"""RealtimeSTT, with its realtime text switched on; one model for the realtime and for the final text.

Its voice activity detector comes from the silero-vad package, as a file that onnxruntime reads (its default asks torch.hub,
which asks the network). Stable is the part that its own stabiliser calls stable; final is the text of a finished recording.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from live_coach.bench.peers.host import Host

DISTRIBUTION = "RealtimeSTT"
REQUIREMENTS = (
    "colorama",
    "ctranslate2",
    "faster-whisper",
    "halo",
    "numpy",
    "scipy",
    "soundfile",
    "torch==2.13.0",
    "webrtcvad-wheels",
    "websocket-client",
    "websockets",
)
ALONE = ("RealtimeSTT==1.1.2", "silero-vad==6.2.3")

_LAST_WORDS_S = 8.0


def listen(host: Host, model: str, language: str) -> None:
    """Feed it and show its realtime text behind the texts of finished recordings."""
    from RealtimeSTT import AudioToTextRecorder

    finished: list[str] = []
    idle = threading.Event()

    def whole(text: str) -> str:
        return " ".join([*finished, text.strip()]).strip()

    def updated(event: Any) -> None:
        idle.clear()
        host.show(whole(event.display_text), whole(event.stable_text), whole(""))

    def ended(text: str) -> None:
        finished.append(text.strip())
        host.show(whole(""), whole(""), whole(""))
        idle.set()

    recorder = AudioToTextRecorder(
        model=model,
        realtime_model_type=model,
        language=language,
        device="cpu",
        compute_type="int8",
        use_microphone=False,
        spinner=False,
        no_log_file=True,
        enable_realtime_transcription=True,
        on_realtime_text_stabilization_update=updated,
        silero_backend="raw_onnx",
    )

    def read() -> None:
        while True:
            ended(recorder.text())

    threading.Thread(target=read, daemon=True).start()
    for block in host.blocks():
        recorder.feed_audio(block)
    idle.wait(_LAST_WORDS_S)
    recorder.shutdown()
