"""LocalAgreement-2: the words on which two successive decodes of a growing run agree are stable.

After Macháček, Dabre & Bojar, "Turning Whisper into Real-Time Transcription System" (2023).
"""

from __future__ import annotations

from collections.abc import Sequence


def agreed(before: Sequence[str], now: Sequence[str]) -> int:
    """How many leading words are the same in both, whatever their case and punctuation."""
    count = 0
    for earlier, later in zip(before, now, strict=False):
        if _plain(earlier) != _plain(later):
            break
        count += 1
    return count


def _plain(word: str) -> str:
    return "".join(character for character in word.lower() if character.isalnum())
