"""How loud each side is before a conversation: levels, and nothing else of the sound."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from live_coach.audio.capture import LiveSource
from live_coach.audio.remembered import Chosen, choose_devices
from live_coach.flow.messages import Health, Levels

if TYPE_CHECKING:
    from live_coach.settings import AudioSettings

Tell = Callable[[Chosen | Levels | Health], None]


class LevelCheck:
    """Opens the devices of the coming conversation; the sound itself is dropped block by block.

    `language` (en, nl) is that of the health sentences.
    """

    def __init__(self, settings: AudioSettings, language: str) -> None:
        self._settings = settings
        self._language = language
        self._lock = threading.Lock()
        self._source: LiveSource | None = None
        self._stopped = False
        self._over = threading.Event()
        self._over.set()

    def run(self, tell: Tell) -> None:
        """Tell which devices there are, then their levels ten times a second and what is wrong, until stop().

        `tell` may be called from any thread. Raises AudioError where they cannot be opened.
        """
        chosen = choose_devices(self._settings)
        source = LiveSource(
            mic=chosen.mic,
            call=chosen.call,
            settings=self._settings,
            on_health=tell,
            on_levels=tell,
            language=self._language,
        )
        with self._lock:
            if self._stopped:
                return
            self._source = source
            self._over.clear()
        try:
            tell(chosen)
            for _ in source.frames():
                pass
        finally:
            self._over.set()

    def stop(self, patience_s: float = 2.0) -> None:
        """Close the devices; from any thread, at any time. Waits so many seconds until run() is over."""
        with self._lock:
            self._stopped = True
            source = self._source
        if source is not None:
            source.stop()
            self._over.wait(patience_s)
