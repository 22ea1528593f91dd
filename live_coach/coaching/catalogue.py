"""Every nudge in one table, from the configuration: docs/nudges.md holds it, and a test compares.

    python -m live_coach.coaching.catalogue docs/nudges.md

puts the present table in the place of the one that stands there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from live_coach.coaching import config, wording
from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.rules import CLASSES

_HEAD = "| kind | English | Nederlands | class | on | when |\n|---|---|---|---|---|---|"
_OFF = "nowhere"
_WHEN = {
    "ask": "advice (tier 1 counts 1, weaker advice its probability) for {hits:g} within {window_s:g} s, and"
    " at least {part:.0%} of the manager's utterances there; in the first {early_s:g} s for 1, while the"
    " coachee has voiced no idea. A tip with leave within the budget, and what the coachee said first, do"
    " not count",
    "handback": "the alarm of `ask` again after one was shown, and no idea of the coachee since: a question"
    " to say aloud",
    "permit": "the alarm of `ask` after the tips with leave were spent",
    "disguised": "the alarm of `ask` where all of its evidence is advice with a question mark; where this kind is off,"
    " such an alarm is silent",
    "tipused": "a tip with leave, within the budget",
    "assume": "the coachee's thoughts or wishes told to them and not asked ({hits} in {window_s:g} s), with"
    " advice in the same time",
    "judge": "a verdict on the coachee or their work ({hits} in {window_s:g} s), with advice in the same time",
    "long": "{soft_s:g} s on the floor, with advice of tier 1 in it and more telling than asking;"
    " {firm_s:g} s unless as much was asked or given back, then also in mid-sentence",
    "share": "more than {soft:.0%} (firm: {firm:.0%}) of the last five minutes for {sustain_s:g} s, with more"
    " telling than asking in them; again only after it fell below {leave:.0%}",
    "open": "{closed} closed questions in a row within {window_s:g} s, each answered in less than"
    " {short_answer_s:g} s",
    "one": "{questions} questions without an answer in between",
    "leading": "a question that wants agreement ({hits} in {window_s:g} s), with advice in the same time",
    "reflect": "{questions} questions within {window_s:g} s, each answered, and nothing given back",
    "deeper": "the coachee told much ({subject_words} words of content), and the question after it shares"
    " none of them",
    "cut": "{times} interruptions within {window_s:g} s; “mhm” is none",
    "miracle": "the coachee is at a loss and {wait_s:g} s of silence follow, or nobody answers the manager's"
    " question for {silence_s:g} and then {silence_wait_s:g} s more",
    "scale": "the moment of `miracle`, where the coachee spoke of vague progress or of being of two minds"
    " in the last {window_s:g} s",
    "exception": "the moment of `miracle`, where for {talk_s:g} s nobody spoke of anything but the problem and the manager did not advise",
    "sustain": "the coachee speaks against it {times} times within {window_s:g} s in which the manager"
    " advised",
    "contract": "after {after_s:g} s (until {until_s:g} s) no goal on the card, none named, and no subject"
    " asked for; once",
    "expect": "after {after_s:g} s (until {until_s:g} s) a goal, but not both have said what they expect;"
    " once",
    "goal": "for {away_s:g} s nobody came near the goal, by its words and those said together with them",
    "frame": "the manager set a limit of the organisation, which is no telling; once",
    "wantdo": "in the last {part:.0%} of the agreed length: wanting {preparatory} times, doing never",
    "time": "{left_s:g} s of the agreed length are left",
    "close": "{left_s:g} s of the agreed length are left",
    "good_question": "an open question that the coachee answered for {answer_s:g} s",
    "good_silence": "3 s of silence held after a question, and an answer of {answer_s:g} s",
    "own": "the first idea of the coachee's own, after a question and no advice within {window_s:g} s; once",
    "lean": "no more than {share:.0%} of the last five minutes, with an idea of the coachee in them, and no"
    " silence of both for {silent_s:g} s; once",
}


def table() -> str:
    """The table in Markdown, with the numbers of the preset `coaching`."""
    english, dutch, numbers = wording.load("en"), wording.load("nl"), config.load()
    presets = {name: config.load(name) for name in config.presets()}
    rows = [
        f"| `{kind}` | {english[kind].text} | {dutch[kind].text} | {of_class} | {_where(kind, presets)} |"
        f" {_when(kind, numbers)} |"
        for kind, of_class in CLASSES.items()
    ]
    return "\n".join([_HEAD, *rows])


def replaced(page: str) -> str:
    """A page with the present table in the place of its own. Raises ValueError if it has none."""
    lines = page.splitlines()
    rows = [n for n, line in enumerate(lines) if line.startswith("|")]
    if not rows:
        raise ValueError("the page has no table")
    return "\n".join([*lines[: rows[0]], table(), *lines[rows[-1] + 1 :], ""])


def _when(kind: str, numbers: NudgeConfig) -> str:
    filled = _WHEN[kind].format(**getattr(numbers, kind).model_dump())
    return filled.replace("%", " %")


def _where(kind: str, presets: dict[str, NudgeConfig]) -> str:
    """In which presets a kind is on."""
    on = [name for name, numbers in presets.items() if getattr(numbers, kind).on]
    if len(on) == len(presets):
        return "everywhere"
    return ", ".join(on) if on else _OFF


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.write_text(replaced(place.read_text(encoding="utf-8")), encoding="utf-8")
