"""From an utterance to words that can be compared: lower case, contractions opened, sentences found.

Made for two kinds of text: written, with punctuation that means something, and heard, with none or
with what a recogniser guesses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[.?!…。？！]+[\"'”’)\]]*$")
_PIECES = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*['’`]?|['’`][^\W_]+")
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A half-open range of tokens, and the mark that it ended with and that tells something: `?`, `.`,
    `!` or nothing."""

    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class Text:
    """An utterance taken apart.

    `tokens` are normalised words; `word_of[i]` is the position in `words` that token i came from.
    `starts` are the tokens at which a clause may begin. `punctuated` tells whether the text has
    such marks at all: live text often has none. `heard`: the words are a recogniser's.
    """

    words: tuple[str, ...]
    tokens: tuple[str, ...]
    word_of: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    starts: frozenset[int]
    punctuated: bool
    heard: bool

    def words_between(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of word positions of a half-open range of tokens."""
        return self.word_of[start], self.word_of[end - 1] + 1

    def sentence_at(self, token: int) -> Sentence:
        """The sentence that this token stands in."""
        return next(s for s in self.sentences if s.start <= token < s.end)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a language needs to be taken apart: config/language/*/words.toml."""

    expansions: Mapping[str, tuple[str, ...]]
    """Whole words that stand for several: `gonna`, `zouje`."""
    endings: Mapping[str, tuple[str, ...]]
    """Contracted endings: `'re`, `n't`."""
    openers: frozenset[str]
    """Words before the real beginning of a clause: `so`, `well`, `nou`."""
    joiners: frozenset[str]
    """Words after which a clause may begin: `and`, `but`, `maar`."""

    def normalise(self, word: str) -> tuple[str, ...]:
        """The tokens of one written word; none if it has no letters or digits."""
        plain = unicodedata.normalize("NFKC", word[:_LONGEST_WORD]).lower()
        tokens: list[str] = []
        for piece in _PIECES.findall(plain):
            tokens.extend(self._open(piece.replace("’", "'").replace("`", "'")))
        return tuple(tokens)

    def _open(self, piece: str) -> tuple[str, ...]:
        if piece in self.expansions:
            return self.expansions[piece]
        for ending, tokens in self.endings.items():
            if piece.endswith(ending):
                before = piece.removesuffix(ending)
                return (*(self._open(before) if before else ()), *tokens)
        stripped = piece.strip("'")
        return self.expansions.get(stripped, (stripped,) if stripped else ())

    def take_apart(self, words: Sequence[str], *, heard: bool = False) -> Text:
        """Words as written or recognised, in order. Never raises, whatever they are.

        A word said twice in a row (“what what did”) counts once, at its last place. In `heard` text a
        full stop ends a sentence and tells nothing of it: a recogniser ends many questions with one.
        """
        tokens: list[str] = []
        word_of: list[int] = []
        sentences: list[Sentence] = []
        starts: set[int] = set()
        begin, fresh = 0, True
        for position, word in enumerate(words):
            spoken = self.normalise(word)
            if spoken and tuple(tokens[begin:][-len(spoken) :]) == spoken:
                word_of[-len(spoken) :] = [position] * len(spoken)
                spoken = ()
            for token in spoken:
                if len(tokens) > begin and tokens[-1] == token:
                    word_of[-1] = position
                    continue
                if fresh:
                    starts.add(len(tokens))
                fresh = (fresh and token in self.openers) or token in self.joiners
                tokens.append(token)
                word_of.append(position)
            mark = _SENTENCE_END.search(word)
            if mark and len(tokens) > begin:
                strongest = _strongest(mark.group())
                told = "" if heard and strongest != "?" else strongest
                sentences.append(Sentence(begin, len(tokens), told))
                begin = len(tokens)
            fresh = fresh or bool(mark) or word.endswith((",", ";", ":", "-", "–", "—"))
        if len(tokens) > begin:
            sentences.append(Sentence(begin, len(tokens), ""))
        return Text(
            tuple(words),
            tuple(tokens),
            tuple(word_of),
            tuple(sentences),
            frozenset(starts),
            any(sentence.mark for sentence in sentences),
            heard,
        )


def _strongest(mark: str) -> str:
    if "?" in mark or "？" in mark:
        return "?"
    return "!" if "!" in mark or "！" in mark else "."
