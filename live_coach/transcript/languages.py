"""Which language a speaker speaks: given, or found out in the first seconds and then held.

What is held is found out anew when the words come out improbable for long: that is how Whisper
writes down one language as if it were another.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from live_coach.flow.messages import RATE, Speaker

_CLEAR = 0.8
_ENOUGH = 3 * RATE
"""As much speech, clearly in one language, settles a speaker's language."""

_ENOUGH_UNCLEAR = 10 * RATE
"""After as much speech the language of most of it does."""

_DOUBTFUL = -0.55
"""A log probability per token below this, over `_ENOUGH_TO_DOUBT` of speech, and the language is found out
anew. With base, Dutch read as Dutch had -0.12 to -0.48, English as English -0.04 to -0.33; Dutch read as
English -0.56 to -1.0, and English as Dutch -0.56 to -1.1 where it came out as Dutch at all."""

_ENOUGH_TO_DOUBT, _MOST_TO_DOUBT = 8 * RATE, 32 * RATE


@dataclass(slots=True)
class _Speech:
    """What is known of one speaker. `read`: the length and log probability of the runs last read."""

    settled: str | None = None
    heard: Counter[str] = field(default_factory=Counter)
    clear: Counter[str] = field(default_factory=Counter)
    read: deque[tuple[int, float]] = field(default_factory=deque)
    before: str | None = None
    enough_to_doubt: int = _ENOUGH_TO_DOUBT


class Languages:
    """The language of each speaker, where it is not given."""

    def __init__(self, given: str) -> None:
        """`given` is a language, or "auto"."""
        self._given = None if given == "auto" else given
        self._of = {speaker: _Speech() for speaker in Speaker}

    def of(self, speaker: Speaker) -> str | None:
        """The language to decode in; None while it must still be found out."""
        return self._given or self._of[speaker].settled

    def heard(
        self,
        speaker: Speaker,
        language: str,
        probability: float,
        length: int,
        *,
        log_probability: float,
    ) -> None:
        """`length` samples of speech were read in this language, which it so probably is.

        `log_probability` is that of the text, per token.
        """
        speech = self._of[speaker]
        if speech.settled is None:
            _find_out(speech, language, probability, length)
        else:
            _doubt(speech, length, log_probability)


def _find_out(speech: _Speech, language: str, probability: float, length: int) -> None:
    speech.heard[language] += length
    if probability >= _CLEAR:
        speech.clear[language] += length
    if speech.clear[language] >= _ENOUGH:
        _settle(speech, language)
    elif speech.heard.total() >= _ENOUGH_UNCLEAR:
        _settle(speech, speech.heard.most_common(1)[0][0])


def _settle(speech: _Speech, language: str) -> None:
    """Hold this language. Doubt that changed nothing was about the sound: the next takes twice as long."""
    if language == speech.before:
        speech.enough_to_doubt = min(2 * speech.enough_to_doubt, _MOST_TO_DOUBT)
    else:
        speech.enough_to_doubt = _ENOUGH_TO_DOUBT
    speech.settled = speech.before = language
    speech.read.clear()


def _doubt(speech: _Speech, length: int, log_probability: float) -> None:
    """Let go of the language when the last so many seconds came out too improbable."""
    speech.read.append((length, log_probability))
    total = sum(one for one, _ in speech.read)
    while total - speech.read[0][0] >= speech.enough_to_doubt:
        total -= speech.read.popleft()[0]
    mean = sum(one * probability for one, probability in speech.read) / total
    if total >= speech.enough_to_doubt and mean < _DOUBTFUL:
        speech.settled = None
        speech.heard.clear()
        speech.clear.clear()
