"""Word errors of a transcript against what was said, with spelling that does not count left out.

Before words are compared: lower case; no punctuation; accents off; contractions written out ("I'm"
as "i am"); numbers to ninety-nine as digits, whichever way they were written, and years as their
halves; sounds of hesitation dropped (Whisper leaves them out). The English rules are the part of
Whisper's own normaliser that conversation needs; for Dutch it has none.
"""

from __future__ import annotations

import re
import unicodedata

HESITATIONS = {
    "en": {"mm", "mhm", "hmm", "hm", "mmhmm", "uh", "um", "huh"},
    "nl": {"hm", "hmm", "mm", "mhm", "eh", "uh"},
}
SPELT = {
    "en": [
        (r"\bwon't\b", "will not"),
        (r"\bcan't\b", "can not"),
        (r"\bcannot\b", "can not"),
        (r"n't\b", " not"),
        (r"'re\b", " are"),
        (r"'ll\b", " will"),
        (r"'ve\b", " have"),
        (r"'m\b", " am"),
        (r"\b(it|that|what|there|he|she|who|here|let)'s\b", r"\1 is"),
        (r"'d\b", " would"),
        (r"\bok\b", "okay"),
    ],
    "nl": [
        (r"'s (morgens|avonds|middags)\b", r"s \1"),
        (r"'t\b", "het"),
        (r"'n\b", "een"),
        (r"\bok\b", "oke"),
    ],
}
UNITS = {
    "en": [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ],
    "nl": [
        "nul",
        "een",
        "twee",
        "drie",
        "vier",
        "vijf",
        "zes",
        "zeven",
        "acht",
        "negen",
        "tien",
        "elf",
        "twaalf",
        "dertien",
        "veertien",
        "vijftien",
        "zestien",
        "zeventien",
        "achttien",
        "negentien",
    ],
}
TENS = {
    "en": ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    "nl": ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"],
}


def words(text: str, language: str) -> list[str]:
    """The words of `text` that count, in their plain form; `language` is en or nl."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    for pattern, written in SPELT[language]:
        plain = re.sub(pattern, written, plain)
    plain = re.sub(r"(\d)[.:](\d)", r"\1 \2", plain.replace("'", ""))
    numbers = _numbers(language)
    found = re.findall(r"[a-z0-9]+", plain)
    kept = (numbers.get(word, word) for word in found if word not in HESITATIONS[language])
    return [part for word in kept for part in _as_spoken(word)]


def errors(said: list[str], heard: list[str]) -> int:
    """The fewest words to replace, drop or put in to get from `said` to `heard`."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, 1):
        diagonal, row[0] = row[0], count
        for at, other in enumerate(heard, 1):
            best = min(row[at] + 1, row[at - 1] + 1, diagonal + (word != other))
            diagonal, row[at] = row[at], best
    return row[-1]


def _as_spoken(word: str) -> list[str]:
    """The numbers in which a number is said: 1813 as 18 and 13, 21 as 20 and 1."""
    if re.fullmatch(r"1[1-9][1-9]\d|20[1-9]\d", word):
        return [*_as_spoken(word[:2]), *_as_spoken(word[2:])]
    if re.fullmatch(r"[2-9][1-9]", word):
        return [word[0] + "0", word[1]]
    return [word]


def _numbers(language: str) -> dict[str, str]:
    spelt = {word: str(number) for number, word in enumerate(UNITS[language])}
    spelt |= {word: str(ten * 10) for ten, word in enumerate(TENS[language], 2)}
    if language == "nl":
        for ten, round_number in enumerate(TENS["nl"], 2):
            for unit, word in enumerate(UNITS["nl"][1:10], 1):
                spelt[f"{word}en{round_number}"] = str(ten * 10 + unit)
    return spelt
