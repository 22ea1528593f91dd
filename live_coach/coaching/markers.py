"""Markers: short word patterns, written as people say them, in config/language/*/*.toml.

How to write one: words as spoken, and

    a|b          either word (contractions may be used: don't|didn't)
    [a|b]        may be there
    <name>       any word of a class in words.toml
    …            at most five words, within the sentence
    * [*]        exactly one word, at most one word
    ^ …          at the beginning of a clause
    … $ [$]      at the end of the sentence, preferably at the end
    ~a|b         followed by none of these words

Markers are matched on whole words, after the same normalisation as the text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from live_coach import paths
from live_coach.coaching.text import Reading, Text
from live_coach.errors import SettingsError
from live_coach.flow.messages import Form

Language = Literal["en", "nl"]
LANGUAGES: tuple[Language, ...] = ("en", "nl")
_GAP = 5
_STEM = 5
_ANY = ""


@dataclass(frozen=True, slots=True)
class _Word:
    any_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Choice:
    sequences: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Skip:
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class _NotNext:
    none_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class _AtEnd:
    optional: bool


_Element = _Word | _Choice | _Skip | _NotNext | _AtEnd
_SIGNS: Mapping[str, _Element] = {
    "…": _Skip(0, _GAP),
    "*": _Skip(1, 1),
    "[*]": _Skip(0, 1),
    "$": _AtEnd(optional=False),
    "[$]": _AtEnd(optional=True),
}


@dataclass(frozen=True, slots=True)
class _Pattern:
    elements: tuple[_Element, ...]
    at_start: bool
    group: str
    tier: int
    form: Form | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A marker found in a half-open range of tokens."""

    group: str
    start: int
    end: int
    tier: int
    form: Form | None


class Markers:
    """All markers of a language, found in one pass over a text."""

    def __init__(
        self, language: Language, groups: Mapping[str, Any], words: Mapping[str, Any]
    ) -> None:
        self.language = language
        self.reading = _reading(words)
        self.classes = {
            name: frozenset(t for word in members for t in self.reading.normalise(word))
            for name, members in words["classes"].items()
        }
        self.lists = {
            name: frozenset(t for word in members for t in self.reading.normalise(word))
            for name, members in words["lists"].items()
        }
        self._by_opening: dict[tuple[str, str], list[_Pattern]] = {}
        for group, entries in groups.items():
            for entry in entries:
                self._add(group, entry)

    def content(self, tokens: Iterable[str]) -> set[str]:
        """What the words are about: words that carry meaning by themselves, cut to a crude stem."""
        skip = self.lists["stop_words"]
        return {t[:_STEM] for t in tokens if len(t) > 2 and t not in skip}

    def find(self, text: Text) -> list[Hit]:
        """Every marker in the text, in order of where it begins; the longest of each group there."""
        hits: list[Hit] = []
        for sentence in text.sentences:
            for start in range(sentence.start, sentence.end):
                best: dict[tuple[str, int, Form | None], int] = {}
                for pattern in self._candidates(text.tokens, start, sentence.end):
                    if pattern.at_start and start not in text.starts:
                        continue
                    end = _match(pattern.elements, text.tokens, start, sentence.end)
                    if end is not None:
                        key = (pattern.group, pattern.tier, pattern.form)
                        best[key] = max(end, best.get(key, 0))
                hits.extend(
                    Hit(g, start, end, t, f) for (g, t, f), end in sorted(best.items(), key=str)
                )
        return hits

    def _candidates(self, tokens: tuple[str, ...], at: int, end: int) -> Iterator[_Pattern]:
        first = tokens[at]
        yield from self._by_opening.get((first, _ANY), ())
        if at + 1 < end:
            yield from self._by_opening.get((first, tokens[at + 1]), ())

    def _add(self, group: str, entry: Mapping[str, Any]) -> None:
        form = Form(entry["form"]) if "form" in entry else None
        for marker in entry["markers"]:
            parts = marker.split()
            at_start = parts[0] == "^"
            try:
                elements = tuple(self._element(part) for part in parts[at_start:])
            except (KeyError, ValueError) as error:
                raise ValueError(f"marker “{marker}” ({group}): {error}") from None
            openings = _openings(elements)
            if not openings:
                raise ValueError(f"marker “{marker}” ({group}) must begin with a word")
            pattern = _Pattern(elements, at_start, group, int(entry.get("tier", 1)), form)
            for opening in openings:
                self._by_opening.setdefault(opening, []).append(pattern)

    def _element(self, part: str) -> _Element:
        if part in _SIGNS:
            return _SIGNS[part]
        if part.startswith("~"):
            return _NotNext(frozenset(tokens[0] for tokens in self._sequences(part[1:])))
        sequences = self._sequences(part.strip("[]"))
        if part.startswith("["):
            return _Choice((*sequences, ()))
        if all(len(tokens) == 1 for tokens in sequences):
            return _Word(frozenset(tokens[0] for tokens in sequences))
        return _Choice(sequences)

    def _sequences(self, part: str) -> tuple[tuple[str, ...], ...]:
        """The alternatives of one part, longest first, so that the longest is tried first."""
        found: set[tuple[str, ...]] = set()
        for word in part.split("|"):
            if word.startswith("<"):
                found |= {(member,) for member in self.classes[word.strip("<>")]}
            else:
                tokens = self.reading.normalise(word)
                if not tokens:
                    raise ValueError(f"“{word}” has no letters")
                found.add(tokens)
        return tuple(sorted(found, key=lambda tokens: (-len(tokens), tokens)))


_APART = frozenset(("goal", "agreeing"))
"""Files of markers that are read apart from those of the talk."""
_NO_MARKERS = frozenset(("nudges", "words"))


@cache
def load(language: Language, subject: Literal["talk", "goal", "agreeing"] = "talk") -> Markers:
    """The markers of a language for what is said, for a goal as it is typed, or for what is agreed.

    Raises SettingsError for a file that cannot be used.
    """
    folder = paths.shipped("config") / "language" / language
    words = _read(folder / "words.toml")
    groups: dict[str, Any] = {}
    for path in sorted(folder.glob("*.toml")):
        of_talk = path.stem not in _APART | _NO_MARKERS
        if path.stem == subject or (of_talk and subject == "talk"):
            groups |= _read(path)
    own = {"classes": groups.pop("classes", {}), "lists": groups.pop("lists", {})}
    try:
        words |= {name: words[name] | own[name] for name in own}
        return Markers(language, groups, words)
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError(
            f"The markers in {folder} cannot be used: {error}.", hint="Restore the shipped files."
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read: {error}.", hint="Restore the shipped file."
        ) from None


def _reading(words: Mapping[str, Any]) -> Reading:
    def pairs(name: str) -> dict[str, tuple[str, ...]]:
        return {short: tuple(long.split()) for short, long in words[name].items()}

    return Reading(
        expansions=pairs("expansions"),
        endings=pairs("endings"),
        openers=frozenset(words["openers"]),
        joiners=frozenset(words["joiners"]),
    )


def _openings(elements: tuple[_Element, ...]) -> set[tuple[str, str]]:
    """The first two words that a match can have, _ANY for a second word that is not known; none if
    the first is not known."""
    firsts = _next_words(elements)
    if firsts is None:
        return set()
    openings = set()
    for first, rest in firsts:
        seconds = _next_words(rest)
        if seconds is None:
            openings.add((first, _ANY))
        else:
            openings |= {(first, second) for second, _ in seconds}
    return openings


def _next_words(
    elements: tuple[_Element, ...],
) -> list[tuple[str, tuple[_Element, ...]]] | None:
    """Each word that can come next, with what must follow it; None if any word or none can."""
    if not elements:
        return None
    element, rest = elements[0], elements[1:]
    if isinstance(element, _Word):
        return [(word, rest) for word in sorted(element.any_of)]
    if not isinstance(element, _Choice):
        return None
    found: list[tuple[str, tuple[_Element, ...]]] = []
    for tokens in element.sequences:
        if tokens:
            left = tuple(_Word(frozenset({token})) for token in tokens[1:])
            found.append((tokens[0], (*left, *rest)))
    if () in element.sequences:
        following = _next_words(rest)
        if following is None:
            return None
        found += following
    return found


def _match(
    elements: tuple[_Element, ...], tokens: tuple[str, ...], at: int, end: int
) -> int | None:
    """Where the match that begins at `at` ends, with the shortest gaps; None if there is none."""
    for position, element in enumerate(elements):
        if isinstance(element, _Word):
            if at >= end or tokens[at] not in element.any_of:
                return None
            at += 1
        elif isinstance(element, _NotNext):
            if at < end and tokens[at] in element.none_of:
                return None
        elif isinstance(element, _AtEnd):
            if at != end and not element.optional:
                return None
        else:
            rest = elements[position + 1 :]
            for taken in _ways(element, tokens, at, end):
                found = _match(rest, tokens, at + taken, end)
                if found is not None:
                    return found
            return None
    return at


def _ways(element: _Choice | _Skip, tokens: tuple[str, ...], at: int, end: int) -> Iterator[int]:
    """How many tokens the element may take from here."""
    if isinstance(element, _Skip):
        yield from range(element.least, min(element.most, end - at) + 1)
        return
    for sequence in element.sequences:
        if at + len(sequence) <= end and tokens[at : at + len(sequence)] == sequence:
            yield len(sequence)
