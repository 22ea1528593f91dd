"""Labelled conversations as the coach hears them, and weights that never saw them.

A file holds JSON lines, a conversation after the other. A line is an utterance: `conversation`, `turn`,
`speaker` (`coachee`; anybody else speaks as the manager) and `text`, in order; `start` and `end` in seconds,
or nothing: then 150 words a minute and 0.3 s between two. Of what quality a conversation is stands in
`quality` (good, mixed, poor) or `mi_quality` (high, low), on any of its lines or on a header, which is a line
without `turn`. What an utterance does stands in `acts` (as in tests/gold) or `labels_common`, or nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from live_coach.coaching import classifier
from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.coach import Coach
from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.found import Found
from live_coach.coaching.markers import Language
from live_coach.coaching.script import Line, messages
from live_coach.flow.messages import Kind, Nudge, Speaker, to_samples

_WORDS_PER_S = 2.5
_BETWEEN_S = 0.3
_QUALITY = {"high": "good", "low": "poor"}
_KINDS: Mapping[str, tuple[Kind, ...]] = {
    "tell_advice": (Kind.ADVICE,),
    "tell_command": (Kind.ADVICE,),
    "tell_information": (Kind.INFORMATION,),
    "ask_open": (Kind.OPEN_QUESTION,),
    "ask_closed": (Kind.CLOSED_QUESTION,),
    "ask_leading": (Kind.LEADING_QUESTION,),
    "directive_as_question": (Kind.DISGUISED_ADVICE,),
    "reflect": (Kind.REFLECTION,),
    "affirm": (Kind.AFFIRMATION,),
    "judge": (Kind.JUDGEMENT,),
    "change": (Kind.PREPARATORY,),
    "sustain": (Kind.SUSTAIN,),
}
FOLDS = "folds.json"
"""In a folder of weights: which conversations each file never saw."""
Finders = Callable[[Language], ActFinder]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation; `truth` has what each line does, None where nobody said."""

    name: str
    language: Language
    quality: str | None
    lines: tuple[Line, ...]
    truth: tuple[frozenset[Kind] | None, ...]

    @property
    def seconds(self) -> float:
        return max(line.end for line in self.lines) / to_samples(1)


def read(path: Path, language: Language, *, held_back: bool = False) -> list[Talk]:
    """The conversations of a file, or of those in a folder; of tests/gold that half which may be
    tuned on, unless the other is asked for: then that half only."""
    files = sorted(path.glob("[!h]*.jsonl")) if path.is_dir() else [path]
    rows = [
        json.loads(line)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    talks = []
    for name, some in groupby(rows, key=lambda row: str(row["conversation"])):
        talk = list(some)
        if any(row.get("half", "tuning") != "tuning" for row in talk) is held_back:
            talks.append(_talk(name, language, talk))
    return talks


def _talk(name: str, language: Language, rows: Sequence[Mapping[str, Any]]) -> Talk:
    said = [row for row in rows if "turn" in row]
    found = (row.get("quality") or row.get("mi_quality") for row in rows)
    quality = next(filter(None, found), None)
    clock, lines = 0.0, []
    for row in said:
        start = float(row.get("start", clock))
        end = float(row.get("end", start + max(1, len(row["text"].split())) / _WORDS_PER_S))
        clock = end + _BETWEEN_S
        speaker = Speaker.COACHEE if row["speaker"] == "coachee" else Speaker.MANAGER
        lines.append(Line(speaker, row["text"], to_samples(start), to_samples(end)))
    return Talk(
        name,
        language,
        quality and _QUALITY.get(quality, quality),
        tuple(lines),
        tuple(map(_truth, said)),
    )


def _truth(row: Mapping[str, Any]) -> frozenset[Kind] | None:
    if "acts" in row:
        return frozenset(Kind(act["kind"]) for act in row["acts"])
    if "labels_common" not in row:
        return None
    return frozenset(kind for label in row["labels_common"] for kind in _KINDS.get(label, ()))


class Recalled(ActFinder):
    """Reads a conversation once; played again, it says the same without reading."""

    def __init__(self, language: Language, **options: Any) -> None:
        super().__init__(language, **options)
        self._found: list[list[Found]] = []
        self._at = 0

    def again(self) -> None:
        """The conversation begins anew."""
        self._at = 0

    def read(self, speaker: Speaker, words: Sequence[str], context: Context) -> list[Found]:
        if self._at == len(self._found):
            self._found.append(super().read(speaker, words, context))
        self._at += 1
        return self._found[self._at - 1]


@dataclass(frozen=True, slots=True)
class Played:
    """What a conversation brought: nudges, and how many occasions grew old."""

    talk: Talk
    nudges: tuple[Nudge, ...]
    stale: int


def play(talk: Talk, numbers: NudgeConfig, finder: ActFinder, tick: int | None = None) -> Played:
    """The nudges of a conversation without an agreed length."""
    coach = Coach(talk.language, numbers, wording=talk.language, finder=lambda _: finder)
    spaced = {} if tick is None else {"tick": tick}
    insights = [
        insight
        for message in messages(talk.lines, talk.language, **spaced)
        for insight in coach.process(message)
        if isinstance(insight, Nudge)
    ]
    insights += [insight for insight in coach.flush() if isinstance(insight, Nudge)]
    return Played(talk, tuple(insights), coach.stale)


def unseen(talks: Iterable[Talk], folder: Path | None) -> dict[str, Recalled]:
    """What reads each conversation: the weights in `folder` that never saw it, or the shipped ones."""
    if folder is None:
        return {talk.name: Recalled(talk.language) for talk in talks}
    held = json.loads((folder / FOLDS).read_text(encoding="utf-8"))
    weights = {name: classifier.read(folder / name) for name in held}
    of = {talk: weights[name] for name, names in held.items() for talk in names}
    return {talk.name: Recalled(talk.language, classifier=of[talk.name]) for talk in talks}


def train(paths: Iterable[Path], language: Language, number: int, folder: Path) -> None:
    """Weights for each fold of conversations, and which those are, as `benchmarks/acts.py --folds` has
    them. Needs scipy."""
    from acts import as_manager, folds
    from train_acts import read as rows_of

    rows = [as_manager(row) for path in paths for row in rows_of(path)]
    folder.mkdir(parents=True, exist_ok=True)
    held = {}
    for at, (names, model) in enumerate(folds(rows, language, number)):
        classifier.write(folder / f"{at}.npz", model)
        held[f"{at}.npz"] = sorted(names)
    (folder / FOLDS).write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
