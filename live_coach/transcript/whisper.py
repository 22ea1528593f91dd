"""Whisper on CTranslate2, for short runs of speech: small audio context, no timestamps, no prompt."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from live_coach.errors import ModelError
from live_coach.flow.messages import RATE, Samples
from live_coach.sentences import Sentence
from live_coach.transcript import card
from live_coach.transcript.engine import Confirmed, Decoded, DecodeRequest, HeardWord
from live_coach.transcript.loops import loop, repetition

_FRAME = RATE // 100
"""Samples in a mel frame."""

_WHOLE_CONTEXT = 3000
"""Mel frames that Whisper was trained on: 30 s."""

_QUICK_CONTEXT = 750
"""Mel frames that are enough for a greedy decode of a short run. With 750 instead of 1000, Dutch words
(base) were stable after 0.99 instead of 1.33 s, English ones (tiny.en) after 0.36 instead of 0.39 for less
work (medians of 75 and 118 s). With 600, of 60 Dutch words that were told to be heard again 54 were, with 650 60
of 64, with 750 62 of 63 (base, 14 turns); with 400 and 500 a word in twenty came later as well."""

_MARGIN = 100
"""Mel frames of silence after the speech, at least: with less, Whisper runs on."""

_SILENCE = 2.0
"""How far below the loudest place a log-mel spectrogram of Whisper is cut off: 8 / 4."""

_TOKENS_PER_SECOND, _TOKENS_MORE = 9, 8
"""No person says more; a decode that does has run away."""

_DOUBTFUL_SPEECH, _DOUBTFUL_TEXT = 0.4, -1.5
"""Where speech is doubtful and the text unlikely, nobody spoke: what was no speech had 0.48 to 0.57 and
-1.9 to -2.6, an “Um.” that was said 0.32 and -1.6."""

_CAPTIONS = [["music"], ["muziek"], ["applause"], ["applaus"], ["laughter"], ["gelach"]]
"""What subtitles say of sounds. As a run of speech of its own it is nothing that people say."""

_MOST_TERM_TOKENS = 100
"""About fifty names; a longer prompt costs time and draws attention away from the sound."""

_USUAL_TOKENS = 16

_SHAPES_KEPT = "4"
"""The convolutions of the two usual contexts. oneDNN keeps what it made for each length of sound, 1,024 of
them: from the 22nd to the 88th decode of 1 to 12 s the process grew by 79 MB, with four kept by 14 (tiny.en),
and the processor had no more to do (16.9 instead of 17.8 s for 66 decodes)."""

_ALIGNMENT_STEP = RATE // 50
"""Samples between two places where a token can be put."""

_LIKELY = 0.35
"""A token of the text before that is this probable is heard again: of 318 English words that became stable so
the next reading had 313 (tiny.en), of 159 Dutch ones 138 (base). Words on which two readings agree are in the
third for 99 and 81 % (14 turns of each demo, read every 0.4 s). At 0.25: 320 of 326 and 161 of 192; at 0.5: 286
of 287 and 102 of 114."""
_AFTER_A_WORD = ".,?!…"
_LEAST_FRAMES = 2
"""Where words are is not asked: so little of the sound is aligned (36 instead of 64 ms for 38 tokens, base)."""

_OWN_LANGUAGES = ("en", "nl")

_CLEAR = 0.8
"""A language this probable is believed. English was found at 0.83 to 1; Dutch anywhere, so that below
this the text decides: which language gives the likelier one."""


@dataclass(frozen=True, slots=True)
class WhisperOptions:
    """How the model is run: the settings of the same names."""

    device: str = "auto"
    threads: int = 1
    context_s: float = 10.0
    no_speech_probability: float = 0.6


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word and the tokens that it is made of."""

    text: str
    tokens: list[int]


class WhisperEngine:
    """A Whisper model in this process. Not for two threads at a time."""

    restarts = 0
    slowdown = 1.0

    def __init__(self, directory: Path, options: WhisperOptions) -> None:
        """Load the model in `directory` (CTranslate2 format, with tokenizer.json).

        `device` says where it runs, cuda or cpu; `card_refused`, where `auto` found a card and could
        not use it, why. Raises ModelError when it cannot be loaded. Opens no connection.
        """
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _SHAPES_KEPT)
        self._options = options
        self._tokenizers: dict[str, Any] = {}
        self.card_refused = ""
        *_, last = tries = card.devices(options.device)
        for self.device in tries:
            try:
                self._load(directory)
            except Exception as error:  # both libraries raise what they like
                if self.device == last:
                    raise _not_loaded(directory, self.device, error) from error
                self.card_refused = str(error)
            else:
                return

    def _load(self, directory: Path) -> None:
        import ctranslate2
        import tokenizers
        from faster_whisper.feature_extractor import FeatureExtractor

        on_card = self.device == "cuda"
        if on_card:
            card.open_cublas()
        self._as_view = ctranslate2.StorageView.from_array
        self._model = ctranslate2.models.Whisper(
            str(directory),
            device=self.device,
            compute_type="float16" if on_card else "int8",
            inter_threads=1,
            intra_threads=self._options.threads,
        )
        self._words = tokenizers.Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._mel = FeatureExtractor(feature_size=self._model.n_mels)
        if on_card:
            self.rehearse()  # the libraries of the card are opened at the first decode

    def decode(self, request: DecodeRequest, confirmed: Confirmed | None = None) -> Decoded:
        """Hear one run of speech; see DecodeRequest and Engine. What is beyond 30 s is not heard.

        In a short context the model may say things twice. Where it seems to, the sound is heard
        again in the whole 30 s of context, or, for a greedy decode, the text ends before the
        repetition.
        """
        least = round(100 * self._options.context_s)
        if request.beam_size == 1 and not request.word_times:
            least = min(least, _QUICK_CONTEXT)
        context = max(len(request.samples) // _FRAME + _MARGIN, least)
        decoded = self._hear(request, min(context, _WHOLE_CONTEXT), confirmed)
        end = repetition(_texts(decoded))
        if end is not None and request.beam_size > 1:
            decoded = self._hear(request, _WHOLE_CONTEXT)
            end = loop(_texts(decoded))
        return replace(decoded, words=decoded.words[:end])

    def rehearse(self) -> None:
        """Read four seconds of noise as sixteen tokens: what a decode usually takes, whatever is said."""
        noise = np.random.default_rng(0).normal(0, 0.05, 4 * RATE).astype(np.float32)
        encoded = self._encode(noise, round(100 * self._options.context_s))
        tokenizer = self._tokenizer("en")
        self._model.generate(
            encoded,
            [[*tokenizer.sot_sequence, tokenizer.no_timestamps]],
            beam_size=1,
            max_length=2 * _USUAL_TOKENS,
            suppress_tokens=[-1, tokenizer.eot],
        )

    def close(self) -> None:
        """Unload the model."""
        self._model.unload_model()

    def _hear(
        self, request: DecodeRequest, context: int, confirmed: Confirmed | None = None
    ) -> Decoded:
        encoded = self._encode(request.samples, context)
        languages = self._languages(encoded, request.language)
        if confirmed is not None and request.draft and len(languages) == 1:
            confirmed(self._standing(encoded, next(iter(languages)), request))
        most = round(len(request.samples) / RATE * _TOKENS_PER_SECOND) + _TOKENS_MORE
        texts = {
            language: self._generate(encoded, language, request, most)
            for language in _candidates(languages)
        }
        language, heard = max(texts.items(), key=lambda text: text[1].scores[0])
        tokenizer = self._tokenizer(language)
        tokens = [token for token in heard.sequences_ids[0] if token < tokenizer.eot]
        pieces = _pieces(tokenizer, tokens)
        if self._is_no_speech(heard) or not _says_something(pieces):
            words: tuple[HeardWord, ...] = ()
        elif request.word_times:
            words = self._aligned(encoded, tokenizer, pieces, len(request.samples))
        else:
            words = _spread(pieces, len(request.samples), np.exp(heard.scores[0]))
        return Decoded(words, language, languages, heard.no_speech_prob, heard.scores[0])

    def _standing(self, encoded: Any, language: str, request: DecodeRequest) -> int:
        """How many leading words of the draft stand: those that are stable, and those after them that
        are likely in this sound. One pass over all, where saying them again takes one pass each."""
        tokenizer = self._tokenizer(language)
        tokens: list[int] = []
        begins, ends = [], []
        for word in request.draft:
            begins.append(len(tokens))
            ends.append(len(tokens) + len(tokenizer.encode(" " + word.rstrip(_AFTER_A_WORD))))
            tokens += tokenizer.encode(" " + word)
        found = self._model.align(encoded, tokenizer.sot_sequence, [tokens], _LEAST_FRAMES)[0]
        stand = begins[request.stable] if request.stable < len(begins) else len(tokens)
        while stand < len(tokens) and found.text_token_probs[stand] > _LIKELY:
            stand += 1
        return max(request.stable, sum(end <= stand for end in ends))

    def _is_no_speech(self, heard: Any) -> bool:
        doubtful = heard.no_speech_prob > _DOUBTFUL_SPEECH and heard.scores[0] < _DOUBTFUL_TEXT
        return bool(doubtful or heard.no_speech_prob > self._options.no_speech_probability)

    def _generate(self, encoded: Any, language: str, request: DecodeRequest, most: int) -> Any:
        """The terms stand where Whisper expects what was said before: so it comes to know their spelling."""
        tokenizer = self._tokenizer(language)
        before = []
        if request.terms:
            spelt = tokenizer.encode(" " + ", ".join(request.terms))
            before = [tokenizer.sot_prev, *spelt[:_MOST_TERM_TOKENS]]
        return self._model.generate(
            encoded,
            [[*before, *tokenizer.sot_sequence, tokenizer.no_timestamps]],
            beam_size=request.beam_size,
            max_length=2 * most + len(before),  # CTranslate2 generates at most half of 2 × most
            return_scores=True,
            return_no_speech_prob=True,
        )[0]

    def _encode(self, samples: Samples, context: int) -> Any:
        """The encoder's output for this sound, followed by silence up to `context` mel frames."""
        mel = self._mel(samples[: _WHOLE_CONTEXT * _FRAME])[:, :context]
        padded = np.full((1, len(mel), context), mel.max() - _SILENCE, np.float32)
        padded[0, :, : mel.shape[1]] = mel
        return self._model.encode(self._as_view(padded), to_cpu=False)

    def _languages(self, encoded: Any, given: str | None) -> dict[str, float]:
        if not self._model.is_multilingual:
            return {"en": 1.0}
        if given is not None:
            return {given: 1.0}
        return {token[2:-2]: p for token, p in self._model.detect_language(encoded)[0]}

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._words, self._model.is_multilingual, task="transcribe", language=language
            )
        return self._tokenizers[language]

    def _aligned(
        self, encoded: Any, tokenizer: Any, pieces: Sequence[_Piece], length: int
    ) -> tuple[HeardWord, ...]:
        """Words where the decoder's cross-attention puts them (to 20 ms, as the model can)."""
        tokens = [token for piece in pieces for token in piece.tokens]
        frames = min(length // _FRAME, _WHOLE_CONTEXT)
        found = self._model.align(encoded, tokenizer.sot_sequence, [tokens], frames)[0]
        places: dict[int, int] = {}
        for token, place in found.alignments:
            places.setdefault(token, place * _ALIGNMENT_STEP)
        words, first, end = [], 0, 0
        for piece in pieces:
            after = first + len(piece.tokens)
            start = max(end, places.get(first, end))
            end = min(max(start, places.get(after, length)), length)
            probability = float(np.mean(found.text_token_probs[first:after]))
            words.append(HeardWord(piece.text, min(start, end), end, probability))
            first = after
        return tuple(words)


def _not_loaded(directory: Path, device: str, error: Exception) -> ModelError:
    if device == "cpu":
        kind = type(error).__name__
        return ModelError(Sentence("model.not_loaded", directory=directory, kind=kind))
    return ModelError(Sentence("model.not_on_card", directory=directory, reason=error))


def _pieces(tokenizer: Any, tokens: list[int]) -> list[_Piece]:
    """Words with their punctuation: what has no space before it belongs to the word before."""
    pieces: list[_Piece] = []
    for text, own in zip(*tokenizer.split_to_word_tokens(tokens), strict=True):
        begins = text.startswith(" ") and any(character.isalnum() for character in text)
        if pieces and not begins:
            last = pieces.pop()
            pieces.append(_Piece(last.text + text.strip(), last.tokens + own))
        else:
            pieces.append(_Piece(text.strip(), own))
    return pieces


def _says_something(pieces: Sequence[_Piece]) -> bool:
    plain = ["".join(filter(str.isalnum, piece.text)).lower() for piece in pieces]
    return any(plain) and plain not in _CAPTIONS


def _spread(pieces: Sequence[_Piece], length: int, probability: float) -> tuple[HeardWord, ...]:
    """Words spread over the sound by their number of letters, all with the same probability."""
    letters = np.cumsum([0, *(len(piece.text) for piece in pieces)])
    places = [int(place) for place in letters * length // letters[-1]]
    return tuple(
        HeardWord(piece.text, start, end, float(probability))
        for piece, start, end in zip(pieces, places[:-1], places[1:], strict=True)
    )


def _texts(decoded: Decoded) -> list[str]:
    return [word.text for word in decoded.words]


def _candidates(languages: dict[str, float]) -> tuple[str, ...]:
    """The languages to try: the one that is clear, or all of our own."""
    best = max(languages, key=languages.__getitem__)
    return (best,) if languages[best] >= _CLEAR else _OWN_LANGUAGES
