"""What `ask` would do with other numbers, and with numbers that were chosen on other conversations:

    python benchmarks/nudge_sweep.py PATH… --weights FOLDER --folds 5 --least 3.5 --gold tests/gold --save FILE.json

PATH, --language, --least, --weights and --folds are as for benchmarks/nudges.py. Around the shipped numbers one is
changed at a time (SWEPT); all other rules are as shipped. For each setting: directive nudges per ten minutes in good and in
poor conversations and how many had one, nudges per hour over all, and precision over the tuning half of --gold in
both languages (occasions, as in benchmarks/nudges.py; the shipped weights have been trained on that half).

`shipped`: how often nudges of each kind came with the shipped numbers, as benchmarks/nudges.py has it.
`cross_validated`: the same, but for each fold the setting is chosen on the conversations of the other folds, and only then is the fold
looked at. Of the settings with no more than MOST_IN_GOOD directive nudges per ten minutes of good conversations and a part of
LEAST_SILENT of them without a corrective nudge, that one is taken which gives most directive nudges in poor ones
(the first of equals, and the shipped setting is first; where none is so quiet, the one with the fewest in good ones).
The weights never saw the conversations that they read, but they have seen those of other folds, also while the setting was chosen.

Beside FILE.json goes a drawing, FILE.svg: precision against nudges per hour, and poor conversations that were nudged
against good ones. Ticks are 0.96 s apart, so that it takes minutes and not hours; a nudge comes up to that much
later. --jobs conversations are played at a time. Needs matplotlib.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nudges import DIRECTIVE, chosen, frequency, options, right, without_limits
from talks import FOLDS, Played, Recalled, Talk, play, read, unseen

from live_coach.coaching import config
from live_coach.coaching.config import NudgeConfig
from live_coach.flow.messages import NudgeClass, to_samples

SWEPT: Mapping[str, Sequence[float]] = {
    "hits": (1.0, 1.5, 2.0, 3.0),
    "least": (0.3, 0.6, 1.0),
    "window_s": (90.0, 180.0, 300.0),
    "part": (0.0, 0.15, 0.3),
    "early_s": (0.0, 300.0),
}
MOST_IN_GOOD, LEAST_SILENT = 0.15, 0.92
_TICK = to_samples(0.96)
_LANGUAGES: tuple[Literal["en", "nl"], ...] = ("en", "nl")
Read = Sequence[tuple[Talk, Recalled]]
Setting = tuple[str, float, NudgeConfig]


def settings(shipped: NudgeConfig) -> Iterator[Setting]:
    """Name, value and numbers of each setting, the shipped one first."""
    tree = shipped.model_dump()
    yield "shipped", 0.0, shipped
    for name, values in SWEPT.items():
        for value in values:
            if value != tree["ask"][name]:
                changed = tree | {"ask": tree["ask"] | {name: value}}
                yield name, value, config.parse(changed, "sweep")


@dataclass(frozen=True, slots=True)
class Tried:
    """What one setting did: in each conversation, and whether it was right in those of gold."""

    name: str
    value: float
    played: Mapping[str, Played]
    verdicts: Sequence[bool]

    def row(self) -> dict[str, Any]:
        """Its line of the table."""
        result: dict[str, Any] = {"number": self.name, "value": self.value}
        for quality in ("good", "poor"):
            some = [each for each in self.played.values() if each.talk.quality == quality]
            result[quality] = {
                "conversations": len(some),
                "nudged": sum(bool(_directive(each)) for each in some),
                "per_10_minutes": round(_per_10_minutes(some), 3),
            }
        nudges = sum(map(_directive, self.played.values()))
        hours = sum(each.talk.seconds for each in self.played.values()) / 3600
        judged = len(self.verdicts)
        return result | {
            "per_hour": round(nudges / hours, 2) if hours else None,
            "right": sum(self.verdicts),
            "judged": judged,
            "precision": round(sum(self.verdicts) / judged, 3) if judged else None,
        }


def tried(annotated: Read, gold: Read, numbers: Sequence[Setting], jobs: int) -> list[Tried]:
    """Play every conversation with each of these numbers, so many conversations at a time."""
    lifted = [(name, value, without_limits(one)) for name, value, one in numbers]
    _TASKS[:] = [*((*pair, numbers) for pair in annotated), *((*pair, lifted) for pair in gold)]
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        played = pool.map(_play, range(len(_TASKS)), chunksize=1)
    of_gold = played[len(annotated) :]
    return [
        Tried(
            name,
            value,
            {one[at].talk.name: one[at] for one in played[: len(annotated)]},
            [
                verdict
                for one in of_gold
                for nudge in one[at].nudges
                if nudge.kind in DIRECTIVE and (verdict := right(nudge, one[at].talk)) is not None
            ],
        )
        for at, (name, value, _) in enumerate(numbers)
    ]


_TASKS: list[tuple[Talk, Recalled, Sequence[Setting]]] = []
"""What is to be played: a process that is made finds it here."""


def _play(at: int) -> list[Played]:
    talk, finder, numbers = _TASKS[at]
    played = []
    for _, _, one in numbers:
        finder.again()
        played.append(play(talk, one, finder, _TICK))
    return played


def _directive(played: Played) -> int:
    return sum(nudge.kind in DIRECTIVE for nudge in played.nudges)


def _per_10_minutes(some: Sequence[Played]) -> float:
    seconds = sum(each.talk.seconds for each in some)
    return 600 * sum(map(_directive, some)) / seconds if seconds else 0.0


def choose(found: Sequence[Tried], names: set[str]) -> Tried:
    """The best setting by these conversations alone."""

    def merit(one: Tried) -> tuple[bool, float]:
        some = [each for name, each in one.played.items() if name in names]
        good = [each for each in some if each.talk.quality == "good"]
        silent = [
            each
            for each in good
            if not any(nudge.nudge_class is NudgeClass.CORRECTIVE for nudge in each.nudges)
        ]
        in_good = _per_10_minutes(good)
        quiet = in_good <= MOST_IN_GOOD and len(silent) >= LEAST_SILENT * len(good)
        poor = [each for each in some if each.talk.quality == "poor"]
        return quiet, _per_10_minutes(poor) if quiet else -in_good

    return max(found, key=merit)


def cross_validated(found: Sequence[Tried], folds: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Each fold with the setting that was chosen on the others."""
    names = set(found[0].played)
    chosen_ones, played = [], []
    for fold in folds.values():
        held = names & set(fold)
        best = choose(found, names - held)
        chosen_ones.append({"number": best.name, "value": best.value, "conversations": len(held)})
        played += [best.played[name] for name in sorted(held)]
    return {"chosen": chosen_ones, "frequency": frequency(played)}


def draw(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Two panels, a line for each number that was changed, the shipped setting ringed."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "live_coach"}):
        figure = Figure(figsize=(9, 4), layout="constrained")
        left, right_panel = figure.subplots(1, 2)
        shipped = rows[0]
        for name in SWEPT:
            some = [*(row for row in rows if row["number"] == name), shipped]
            for panel, (x, y) in ((left, _precision_of), (right_panel, _nudged_of)):
                panel.plot(
                    *zip(*sorted((x(row), y(row)) for row in some), strict=True), ".-", label=name
                )
        for panel, (x, y) in ((left, _precision_of), (right_panel, _nudged_of)):
            panel.plot(
                x(shipped), y(shipped), "o", ms=11, mfc="none", color="black", label="shipped"
            )
            panel.grid(alpha=0.3)
        left.set(xlabel="nudges per hour", ylabel="precision (gold, %)", ylim=(0, 103))
        right_panel.set(xlabel="good conversations nudged (%)", ylabel="poor ones nudged (%)")
        right_panel.set(ylim=(0, 103))
        right_panel.legend(loc="lower right", frameon=False)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(path, format="svg", metadata=nothing)


def _part(row: Mapping[str, Any], quality: str) -> float:
    return 100.0 * float(row[quality]["nudged"]) / max(1, row[quality]["conversations"])


_precision_of = (
    lambda row: float(row["per_hour"] or 0),
    lambda row: 100.0 * float(row["precision"] or 0),
)
_nudged_of = (lambda row: _part(row, "good"), lambda row: _part(row, "poor"))


def main() -> None:
    """Sweep, print a line for each setting, and keep figures and drawing."""
    parser = options(__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    asked = parser.parse_args()
    talks = chosen(asked)
    finders = unseen(talks, asked.weights)
    annotated = [(talk, finders[talk.name]) for talk in talks]
    gold = [
        (talk, Recalled(language))
        for language in _LANGUAGES
        for talk in read(asked.gold / language, language)
    ]
    numbers = list(settings(config.load(asked.preset)))
    found = tried(annotated, gold, numbers, asked.jobs)
    for one in found:
        print(json.dumps(one.row()))
    result: dict[str, Any] = {
        "settings": [one.row() for one in found],
        "shipped": frequency(list(found[0].played.values())),
    }
    if asked.weights is not None:
        folds = json.loads((asked.weights / FOLDS).read_text(encoding="utf-8"))
        result["cross_validated"] = cross_validated(found, folds)
        print(json.dumps(result["cross_validated"], indent=1))
    if asked.save:
        asked.save.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        draw(result["settings"], asked.save.with_suffix(".svg"))


if __name__ == "__main__":
    main()
