"""The scribe: runs of speech in, utterances out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live_coach.flow.messages import Span, SpeechSegment, Stage, Utterance, Word
from live_coach.logs import logger
from live_coach.transcript.agreement import agreed
from live_coach.transcript.engine import Decoded, DecodeRequest, Engine, EngineLost
from live_coach.transcript.languages import Languages

if TYPE_CHECKING:
    from live_coach.settings import TranscriptSettings


@dataclass(frozen=True, slots=True)
class _Draft:
    """What was last read of a run that still grows, and how many texts of it went out.

    `whole` is there when that was read as a final is: it is the final's text if that has this `span`.
    """

    words: list[str]
    revisions: int
    span: Span
    whole: Decoded | None


class Scribe:
    """A stage from SpeechSegment to Utterance.

    A growing segment gives a PARTIAL (or nothing, when nothing is heard in it yet). Each segment
    that has ended gives exactly one FINAL, or UNTRANSCRIBED when the engine is lost twice over it.
    Finals do not depend on which partials were read before. A settled segment is read with the care
    of a final, so that the final, if the run does end there, costs nothing more.
    """

    def __init__(self, engine: Engine, settings: TranscriptSettings, language: str) -> None:
        """`language` of the talk: en, nl, or auto to find out for each speaker."""
        self._engine = engine
        self._beam_size = settings.beam_size
        self._languages = Languages(language)
        self._drafts: dict[int, _Draft] = {}

    def process(self, segment: SpeechSegment) -> list[Utterance]:
        """Read one segment."""
        return self._partial(segment) if segment.end is None else [self._final(segment)]

    def flush(self) -> list[Utterance]:
        """Nothing is held back."""
        return []

    def untranscribed(self, segment: SpeechSegment) -> Utterance:
        """What stands for a segment that is not read."""
        draft = self._drafts.get(segment.id)
        return Utterance(
            id=segment.id,
            span=segment.speech or segment.span,
            speaker=segment.speaker,
            stage=Stage.UNTRANSCRIBED,
            text="",
            revision=draft.revisions if draft else 0,
            confidence=segment.confidence,
        )

    def _partial(self, segment: SpeechSegment) -> list[Utterance]:
        try:
            decoded = self._decode(segment, careful=segment.settled)
        except EngineLost:
            return []
        texts = [word.text for word in decoded.words]
        before = self._drafts.get(segment.id)
        revision = before.revisions if before else 0
        worth_telling = bool(texts or revision)
        self._drafts[segment.id] = _Draft(
            texts,
            revision + worth_telling,
            segment.span,
            decoded if segment.settled else None,
        )
        if not worth_telling:
            return []
        stable = agreed(before.words, texts) if before else 0
        utterance = _utterance(segment, decoded, Stage.PARTIAL)
        return [replace(utterance, revision=revision, stable=stable)]

    def _final(self, segment: SpeechSegment) -> Utterance:
        draft = self._drafts.get(segment.id)
        if draft and draft.whole and draft.span == segment.span:
            decoded = draft.whole
        else:
            try:
                decoded = self._decode_or_try_again(segment)
            except EngineLost:
                logger.warning("decode of run %d lost again, given up", segment.id)
                return self.untranscribed(segment)
        if decoded.words:
            probability = decoded.languages[decoded.language]
            length = segment.span.length
            self._languages.heard(
                segment.speaker,
                decoded.language,
                probability,
                length,
                log_probability=decoded.average_log_probability,
            )
        self._drafts.pop(segment.id, None)
        utterance = _utterance(segment, decoded, Stage.FINAL)
        revision = draft.revisions if draft else 0
        return replace(utterance, revision=revision, stable=len(utterance.words))

    def _decode_or_try_again(self, segment: SpeechSegment) -> Decoded:
        try:
            return self._decode(segment, careful=True)
        except EngineLost:
            logger.warning("decode of run %d lost, trying again", segment.id)
            return self._decode(segment, careful=True)

    def _decode(self, segment: SpeechSegment, *, careful: bool) -> Decoded:
        """With a beam and the times of words, or greedily."""
        language = self._languages.of(segment.speaker)
        beam_size = self._beam_size if careful else 1
        return self._engine.decode(DecodeRequest(segment.samples, language, beam_size, careful))


def _utterance(segment: SpeechSegment, decoded: Decoded, stage: Stage) -> Utterance:
    """Words placed in the conversation, inside the run: not in the silence around it."""
    run = segment.speech or segment.span

    def place(sample: int) -> int:
        return min(max(segment.span.start + sample, run.start), run.end)

    return Utterance(
        id=segment.id,
        span=run,
        speaker=segment.speaker,
        stage=stage,
        text=decoded.text,
        words=tuple(
            Word(word.text, Span(place(word.start), place(word.end)), round(word.probability, 3))
            for word in decoded.words
        ),
        language=decoded.language,
        confidence=segment.confidence,
    )
