"""What `ask` would do with other numbers: python benchmarks/nudge_sweep.py PATH… --gold tests/gold --save FILE.json.

PATH, --language, --least, --weights and --folds are as for benchmarks/nudges.py. Around the shipped numbers one is
changed at a time (SWEPT); all other rules are off. For each setting: directive nudges per ten minutes in good and in
poor conversations and how many had one, nudges per hour over all, and precision over the tuning half of --gold in
both languages (occasions, as in benchmarks/nudges.py). Beside FILE.json goes a drawing, FILE.svg: precision against
nudges per hour, and poor conversations that were nudged against good ones. Ticks are 0.48 s apart, so that it takes minutes
and not hours; a nudge comes up to that much later. Needs matplotlib.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from nudges import DIRECTIVE, chosen, options, right, without_limits
from talks import Recalled, Talk, play, read, unseen

from live_coach.coaching import config
from live_coach.coaching.config import NudgeConfig
from live_coach.flow.messages import to_samples

SWEPT: Mapping[str, Sequence[float]] = {
    "hits": (1.0, 1.5, 2.0, 2.5, 3.0),
    "least": (0.0, 0.3, 0.6, 1.0),
    "window_s": (90.0, 120.0, 180.0, 240.0, 300.0),
    "part": (0.0, 0.1, 0.15, 0.2, 0.3),
    "early_s": (0.0, 300.0),
}
_TICK = to_samples(0.48)
_LANGUAGES: tuple[Literal["en", "nl"], ...] = ("en", "nl")
Read = Sequence[tuple[Talk, Recalled]]


def settings(shipped: NudgeConfig) -> Iterator[tuple[str, float, NudgeConfig]]:
    """Name, value and numbers of each setting, the shipped one first."""
    tree = {
        name: section | ({"on": name == "ask"} if "on" in section else {})
        for name, section in shipped.model_dump().items()
    }
    yield "shipped", 0.0, config.parse(tree, "sweep")
    for name, values in SWEPT.items():
        for value in values:
            if value != tree["ask"][name]:
                changed = tree | {"ask": tree["ask"] | {name: value}}
                yield name, value, config.parse(changed, "sweep")


def measure(annotated: Read, gold: Read, numbers: NudgeConfig) -> dict[str, Any]:
    """What one setting does."""
    result: dict[str, Any] = {}
    nudges, seconds = 0, 0.0
    for quality in ("good", "poor"):
        some = [pair for pair in annotated if pair[0].quality == quality]
        times = [len(_directive(talk, finder, numbers)) for talk, finder in some]
        length = sum(talk.seconds for talk, _ in some)
        nudges, seconds = nudges + sum(times), seconds + length
        result[quality] = {
            "conversations": len(some),
            "nudged": sum(map(bool, times)),
            "per_10_minutes": round(600 * sum(times) / length, 3) if length else None,
        }
    lifted = without_limits(numbers)
    verdicts = [
        verdict
        for talk, finder in gold
        for nudge in _directive(talk, finder, lifted)
        if (verdict := right(nudge, talk)) is not None
    ]
    return result | {
        "per_hour": round(3600 * nudges / seconds, 2) if seconds else None,
        "right": sum(verdicts),
        "judged": len(verdicts),
        "precision": round(sum(verdicts) / len(verdicts), 3) if verdicts else None,
    }


def _directive(talk: Talk, finder: Recalled, numbers: NudgeConfig) -> list[Any]:
    finder.again()
    played = play(talk, numbers, finder, _TICK)
    return [nudge for nudge in played.nudges if nudge.kind in DIRECTIVE]


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
    asked = parser.parse_args()
    talks = chosen(asked)
    finders = unseen(talks, asked.weights)
    annotated = [(talk, finders[talk.name]) for talk in talks]
    gold = [
        (talk, Recalled(language))
        for language in _LANGUAGES
        for talk in read(asked.gold / language, language)
    ]
    rows = []
    for name, value, numbers in settings(config.load(asked.preset)):
        rows.append({"number": name, "value": value} | measure(annotated, gold, numbers))
        print(json.dumps(rows[-1]), flush=True)
    if asked.save:
        asked.save.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        draw(rows, asked.save.with_suffix(".svg"))


if __name__ == "__main__":
    main()
