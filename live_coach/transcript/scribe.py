"""The scribe: runs of speech in, utterances out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live_coach.flow.messages import Span, Speaker, SpeechSegment, Stage, Utterance, Word
from live_coach.logs import logger
from live_coach.transcript.agreement import agreed
from live_coach.transcript.engine import Confirmed, Decoded, DecodeRequest, Engine, EngineLost
from live_coach.transcript.languages import Languages

if TYPE_CHECKING:
    from live_coach.settings import TranscriptSettings


@dataclass(frozen=True, slots=True)
class _Draft:
    """What was last read of a run that still grows, and how many texts of it went out.

    `whole` is there when that was read as a final is: it is the final's text if that has this `span`.
    """

    told: Utterance
    revisions: int
    span: Span
    whole: Decoded | None

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word.text for word in self.told.words)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """All words, where some of them are not stable yet."""
        return self.words if len(self.words) > self.told.stable else ()


class Scribe:
    """A stage from SpeechSegment to Utterance.

    A growing segment gives a PARTIAL (or nothing, when nothing is heard in it yet). Each segment
    that has ended gives exactly one FINAL, or UNTRANSCRIBED when the engine is lost twice over it.
    Finals do not depend on which partials were read before. A settled segment is read with the care
    of a final, so that the final, if the run does end there, costs nothing more.

    `process` is `hear`, which takes its time, and then `tell`, which does not: two threads may hear
    at once, when one has the growing segments and the other all careful ones; telling is for one at a time.
    """

    def __init__(
        self,
        engine: Engine,
        settings: TranscriptSettings,
        language: str,
        *,
        quick: Engine | None = None,
        terms: tuple[str, ...] = (),
    ) -> None:
        """`language` of the talk: en, nl, or auto to find out for each speaker.

        Growing segments that are not settled are read by the `quick` engine, where there is one;
        finals know the `terms`.
        """
        self._engine = engine
        self._quick = quick or engine
        self._beam_size = settings.beam_size
        self._terms = terms
        self._languages = Languages(language)
        self._drafts: dict[int, _Draft] = {}
        self._last_final: dict[Speaker, int] = {}

    def process(self, segment: SpeechSegment) -> list[Utterance]:
        """Read one segment."""
        return self.tell(segment, self.hear(segment))

    def flush(self) -> list[Utterance]:
        """Nothing is held back."""
        return []

    def hear(self, segment: SpeechSegment, confirmed: Confirmed | None = None) -> Decoded | None:
        """What is said in a segment; None: the engine was lost over it.

        `confirmed` is told in between how many words of the text before are in it; see `confirm`.
        """
        if segment.end is None:
            return self._decode(segment, confirmed)
        draft = self._drafts.get(segment.id)
        if draft and draft.whole and draft.span == segment.span:
            return draft.whole
        decoded = self._decode(segment)
        if decoded is None:
            logger.warning("decode of run %d lost, trying again", segment.id)
            decoded = self._decode(segment)
        return decoded

    def tell(self, segment: SpeechSegment, decoded: Decoded | None) -> list[Utterance]:
        """The utterances that follow from what was heard."""
        if segment.end is None:
            return self._partial(segment, decoded) if decoded else []
        if decoded is None:
            logger.warning("decode of run %d lost again, given up", segment.id)
            return [self.untranscribed(segment)]
        return [self._final(segment, decoded)]

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

    def _partial(self, segment: SpeechSegment, decoded: Decoded) -> list[Utterance]:
        before = self._drafts.get(segment.id)
        if self._is_behind(segment, before):
            return []
        texts = [word.text for word in decoded.words]
        revision = before.revisions if before else 0
        worth_telling = bool(texts or revision)
        stable = agreed(before.words, texts, before.told.stable) if before else 0
        utterance = replace(
            _utterance(segment, decoded, Stage.PARTIAL), revision=revision, stable=stable
        )
        whole = decoded if segment.settled else None
        self._drafts[segment.id] = _Draft(utterance, revision + worth_telling, segment.span, whole)
        return [utterance] if worth_telling else []

    def confirm(self, segment: SpeechSegment, count: int) -> list[Utterance]:
        """The same text again, when so many of its words are in the sound that is being read and fewer
        were stable."""
        draft = self._drafts.get(segment.id)
        if draft is None or count <= draft.told.stable or self._is_behind(segment, draft):
            return []
        told = replace(draft.told, revision=draft.revisions, stable=count)
        self._drafts[segment.id] = replace(draft, told=told, revisions=draft.revisions + 1)
        return [told]

    def _is_behind(self, segment: SpeechSegment, draft: _Draft | None) -> bool:
        """Something newer of the same speaker was told while this was heard."""
        if segment.id <= self._last_final.get(segment.speaker, 0):
            return True
        return draft is not None and draft.span.end > segment.span.end

    def _final(self, segment: SpeechSegment, decoded: Decoded) -> Utterance:
        if decoded.words:
            self._languages.heard(
                segment.speaker,
                decoded.language,
                decoded.languages[decoded.language],
                segment.span.length,
                log_probability=decoded.average_log_probability,
            )
        draft = self._drafts.pop(segment.id, None)
        for speaker in {
            segment.speaker,
            Speaker.UNKNOWN,
        }:  # while it grew it may not have been known
            last = self._last_final.get(speaker, 0)
            self._last_final[speaker] = max(last, segment.id)
        utterance = _utterance(segment, decoded, Stage.FINAL)
        revision = draft.revisions if draft else 0
        return replace(utterance, revision=revision, stable=len(utterance.words))

    def _decode(self, segment: SpeechSegment, confirmed: Confirmed | None = None) -> Decoded | None:
        """With a beam and the times of words, or greedily."""
        careful = segment.end is not None or segment.settled
        draft = self._drafts.get(segment.id) if confirmed else None
        request = DecodeRequest(
            segment.samples,
            self._languages.of(segment.speaker),
            self._beam_size if careful else 1,
            careful,
            self._terms if careful else (),
            draft.unsettled if draft else (),
            draft.told.stable if draft else 0,
        )
        try:
            return (self._engine if careful else self._quick).decode(request, confirmed)
        except EngineLost:
            return None


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
