"""LocalAgreement-2: the words on which two successive decodes of a growing run agree are stable.

After Macháček, Dabre & Bojar, "Turning Whisper into Real-Time Transcription System" (2023), who never
read stable words again. Here the whole run is read each time, so a word that was stable may change:
that takes nothing from the words after it on which both decodes agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher


def agreed(before: Sequence[str], now: Sequence[str], stable: int = 0) -> int:
    """How many leading words of `now` are stable, when the first `stable` of `before` were.

    Words are the same whatever their case and punctuation.
    """
    earlier, later = _plain(before), _plain(now)
    pairs = enumerate(zip(earlier, later, strict=False))
    same = next((n for n, (one, other) in pairs if one != other), min(len(earlier), len(later)))
    count = same
    if same < stable:
        matcher = SequenceMatcher(None, earlier[same:], later[same:], autojunk=False)
        for one, other, length in matcher.get_matching_blocks():
            if length and same + one < stable:
                count = same + other + length
    return count


def _plain(words: Sequence[str]) -> list[str]:
    return [
        "".join(character for character in word.lower() if character.isalnum()) for word in words
    ]
