"""What a goal says already of the five things that make it S-M-A-R-T: a hint while typing, never a gate."""

from __future__ import annotations

import re
from dataclasses import dataclass

from live_coach.coaching import markers
from live_coach.coaching.markers import Hit, Language

_LONGEST = 500
"""Characters of a goal that are looked at."""
_WHEN = re.compile(r"\b(?:\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,2}/\d{1,2}|\d{1,2}:\d{2}|20\d\d)\b")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")


@dataclass(frozen=True, slots=True)
class Smart:
    """Which of Specific, Measurable, Attainable, Relevant and Time-bound a text shows by its words.

    The five are of Doran, “There's a S.M.A.R.T. way to write management's goals and objectives”
    (Management Review 70, 1981), with attainable for his assignable: the coachee's own doing.
    """

    specific: bool = False
    measurable: bool = False
    attainable: bool = False
    relevant: bool = False
    time_bound: bool = False

    def ticks(self) -> tuple[tuple[str, bool], ...]:
        """Each letter with whether its tick is lit, in the order of the word."""
        return (
            ("S", self.specific),
            ("M", self.measurable),
            ("A", self.attainable),
            ("R", self.relevant),
            ("T", self.time_bound),
        )


def smart(goal: str, language: Language) -> Smart:
    """What the words of a goal show; nothing for an empty one. Any text will do.

    Specific: a verb of doing, and what it is done to. Measurable: a number that is not a date, or
    something that can be counted or seen. Attainable: an action of the speaker's own. Relevant: a
    reason. Time-bound: a date, a day, a term or a rhythm. The words stand in
    config/language/*/goal.toml. It is a hint: it knows words, not whether they make sense.
    """
    known = markers.load(language, "goal")
    text = known.reading.take_apart(_plain(goal[:_LONGEST]).split())
    hits = known.find(text)
    when = _covered(hits, "time")
    said = {hit.group for hit in hits}
    verbs = _covered(hits, "verb")
    spare = when | verbs | _covered(hits, "number") | _covered(hits, "own")
    objects = [token for at, token in enumerate(text.tokens) if at not in spare]
    return Smart(
        specific=bool(verbs) and bool(known.content(objects) - known.content(known.lists["vague"])),
        measurable="measure" in said or bool(_covered(hits, "number") - when),
        attainable="own" in said,
        relevant="reason" in said,
        time_bound="time" in said,
    )


def _plain(goal: str) -> str:
    """The goal as the markers know it: `00` for a date, a year or a time of day, `0` for other numbers."""
    parts = re.split(r"(\s+)", goal.replace("%", " percent"))
    return "".join(
        _WHEN.sub("00", part) if _WHEN.search(part) else _NUMBER.sub("0", part) for part in parts
    )


def _covered(hits: list[Hit], group: str) -> set[int]:
    return {at for hit in hits if hit.group == group for at in range(hit.start, hit.end)}
