"""How well speech acts are heard: precision, recall and F1 on labelled conversations.

    python benchmarks/acts.py FILE-OR-FOLDER… [--language nl] [--folds 5] [--guards] [--rules] [--held-back]

Each file holds labelled utterances as JSON lines (as tests/gold, or with `labels_common`), measured as
written and live-like (lower case, no marks, one word in ten dropped). --folds trains anew for each
fold of conversations and judges it by what was trained on the others (and on our own conversations);
--predictions FOLDER keeps what was found, a line for each utterance, as `live-coach label` prints it.
--guards takes each guard away in turn and counts what is then heard as advice, rightly or not, hard
negatives beside the conversations included (best with --rules, as the classifier has learnt from
the guards). --rules leaves the classifier out. A file of tests/gold that is
held back is named and left out, unless --held-back says otherwise; of a folder, hard_negatives.jsonl is
no conversation and is passed over. The intervals are 95 %, over
resampled conversations. Needs scipy for --folds.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from train_acts import LABELS, Example, live_like, own, parts, read, seen, train, truth

from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.classifier import Classifier, Label
from live_coach.coaching.guards import GUARDS
from live_coach.coaching.joining import ALL_KINDS
from live_coach.flow.messages import Kind, Speaker

_DRAWS = 200
_SEED = 20
_ADVISING = frozenset({Kind.ADVICE, Kind.DISGUISED_ADVICE})
Row = Mapping[str, Any]
Outcome = tuple[str, Label, bool, bool]


def as_manager(row: Row) -> dict[str, Any]:
    """A row whose speaker is one of two: who is no coachee speaks as a manager."""
    return {**row, "speaker": "coachee" if row["speaker"] == "coachee" else "manager"}


def rows_of(path: Path, *, held_back: bool) -> list[dict[str, Any]]:
    """The rows of a file to measure on; says so where a held-back file is left out."""
    rows = read(path, held_back=held_back)
    if not rows:
        print(f"left out, held back: {path}", file=sys.stderr)
    return rows


def find(rows: Sequence[Row], finder: ActFinder, *, noisy: bool) -> tuple[list[Any], list[float]]:
    """The acts of every row, and how long each took, in ms."""
    rng, found, took = random.Random(_SEED), [], []
    for _, conversation in groupby(rows, key=lambda row: row["conversation"]):
        context = Context()
        for row in conversation:
            text = live_like(row["text"], 0.1, rng) if noisy else row["text"]
            began = perf_counter()
            found.append(finder.read(Speaker(row["speaker"]), text.split(), context))
            took.append((perf_counter() - began) * 1000)
    return found, took


def outcomes(rows: Sequence[Row], found: Sequence[Any]) -> Iterator[Outcome]:
    """Conversation, label, wanted and found, for each label that is known of a row."""
    for row, acts in zip(rows, found, strict=True):
        kinds = {act.kind for act in acts}
        for label, wanted in truth(row).items():
            yield str(row["conversation"]), label, wanted, bool(kinds & ALL_KINDS[label])


def scores(all_outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Per label: how many, precision, recall, F1 and its interval."""
    table = {}
    for label in [label for labels in LABELS.values() for label in labels]:
        counts: dict[str, Any] = defaultdict(lambda: np.zeros(3))
        for name, of, wanted, was in all_outcomes:
            if of == label:
                counts[name] += (wanted and was, was, wanted)
        total = sum(counts.values(), np.zeros(3))
        if not total[2]:
            continue
        groups, rng = list(counts.values()), random.Random(7)
        draws = sorted(_f1(sum(rng.choices(groups, k=len(groups)))) for _ in range(_DRAWS))
        table[label] = {
            "positives": int(total[2]),
            "precision": round(float(total[0] / max(1, total[1])), 3),
            "recall": round(float(total[0] / total[2]), 3),
            "f1": round(_f1(total), 3),
            "interval": [round(draws[4], 3), round(draws[194], 3)],
        }
    return table


def _f1(counts: Any) -> float:
    hits, found, wanted = counts
    return float(2 * hits / max(1, found + wanted))


def folds(rows: Sequence[Row], language: Any, number: int) -> Iterator[tuple[set[str], Classifier]]:
    """Conversations, and the classifier that has seen none of them."""
    names = {str(row["conversation"]) for row in rows}
    examples: list[Example] = seen(rows, language)
    ours = [e for e in seen(own(language), language) if e.conversation not in names]
    for held in parts(names, number):
        yield held, train([e for e in examples if e.conversation not in held] + ours, language)


def measure(rows: Sequence[Row], asked: argparse.Namespace, name: str) -> dict[str, Any]:
    """As written and live-like, with the shipped classifier or out of fold."""
    parts: list[tuple[set[str], Any]] = [
        ({str(row["conversation"]) for row in rows}, None if asked.rules else "shipped")
    ]
    if asked.folds:
        parts = list(folds(rows, asked.language, asked.folds))
    result: dict[str, Any] = {}
    for noisy in (False, True):
        all_outcomes: list[Outcome] = []
        lines, took = [], []
        for held, model in parts:
            some = [row for row in rows if str(row["conversation"]) in held]
            found, times = find(some, ActFinder(asked.language, classifier=model), noisy=noisy)
            all_outcomes += outcomes(some, found)
            took += times
            lines += [_line(row, acts) for row, acts in zip(some, found, strict=True)]
        how = "live_like" if noisy else "written"
        result[how] = scores(all_outcomes)
        result[how + "_ms_p95"] = round(float(np.percentile(took, 95)), 2)
        if asked.predictions:
            asked.predictions.mkdir(parents=True, exist_ok=True)
            (asked.predictions / f"{name}-{how}.jsonl").write_text("\n".join(lines) + "\n")
    return result


def _line(row: Row, acts: Sequence[Any]) -> str:
    kinds = [{"kind": act.kind, "confidence": round(act.confidence, 3)} for act in acts]
    return json.dumps({"conversation": row["conversation"], "turn": row["turn"], "acts": kinds})


def guards(
    rows: Sequence[Row], negatives: Sequence[Row], asked: argparse.Namespace
) -> dict[str, Any]:
    """Advice, open or disguised, with every guard and with each one taken away: precision and recall
    over the manager's utterances and the hard negatives (some of which do advise, to be told from those
    that do not), of any tier and of tier 1; and how many that advise nothing are heard as advice, of
    all and of this guard's own."""
    model: Any = None if asked.rules else "shipped"
    labels = _labels()
    said = [row for row in (*rows, *negatives) if row["speaker"] == "manager"]
    wanted = np.array([_advises(row["acts"], 3) for row in said])
    tricky = np.array(["guard" in row for row in said]) & ~wanted
    table: dict[str, Any] = {}
    for gone in (None, *GUARDS):
        names = [name for name in GUARDS if name != gone]
        finder = ActFinder(asked.language, guards=names, classifier=model)
        acts = find(rows, finder, noisy=False)[0]
        for given, some in groupby(negatives, key=lambda row: row.get("given")):
            finder = ActFinder(
                asked.language, frames=(given or "",), guards=names, classifier=model
            )
            acts += find(list(some), finder, noisy=False)[0]
        own = tricky & np.array([row.get("guard") == labels.get(gone or "") for row in said])
        entry: dict[str, Any] = {}
        for most, tier in ((3, "any_tier"), (1, "tier_1")):
            was = np.array(
                [
                    _advises(found, most)
                    for row, found in zip((*rows, *negatives), acts, strict=True)
                    if row["speaker"] == "manager"
                ]
            )
            right = int((wanted & was).sum())
            entry[tier] = {
                "precision": round(right / max(1, int(was.sum())), 3),
                "recall": round(right / max(1, int(wanted.sum())), 3),
                "negatives_heard": int((tricky & was).sum()),
                "own_heard": int((own & was).sum()),
                "own": int(own.sum()),
            }
        table[gone or "all"] = entry
    return table


def _labels() -> dict[str, str]:
    """The label that hard negatives call each guard by: the first word of its docstring."""
    return {name: (guard.__doc__ or "").split(".")[0] for name, guard in GUARDS.items()}


def _advises(acts: Sequence[Any], most: int) -> bool:
    """Is there advice up to this tier? Of labels every tier is 1."""
    return any(
        (act["kind"] if isinstance(act, Mapping) else act.kind) in _ADVISING
        and (1 if isinstance(act, Mapping) else act.tier) <= most
        for act in acts
    )


def hard_negatives(folder: Path, *, held_back: bool) -> list[dict[str, Any]]:
    """The hard negatives of a folder, each a conversation of its own with what was said before it;
    G14 is left out: what was asked for is advice."""
    path = folder / "hard_negatives.jsonl"
    rows = []
    for number, line in enumerate(path.read_text().splitlines() if path.exists() else []):
        row = json.loads(line)
        if row["guard"] != "G14" and (held_back or row["half"] == "tuning"):
            rows += [{**said, "conversation": number, "turn": -1} for said in row["before"]]
            rows.append({**row, "conversation": number, "turn": number})
    return rows


def main() -> None:
    """Measure and print, and keep it if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--language", choices=["en", "nl"], default="en")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--guards", action="store_true")
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--held-back", action="store_true", help="measure that half of gold too")
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--save", type=Path)
    asked = parser.parse_args()
    report: dict[str, Any] = {}
    for path in asked.paths:
        files = sorted(path.glob("[!h]*.jsonl")) if path.is_dir() else [path]
        rows = [
            as_manager(row) for file in files for row in rows_of(file, held_back=asked.held_back)
        ]
        if not rows:
            continue
        report[path.stem] = measure(rows, asked, path.stem)
        if asked.guards:
            tricky = hard_negatives(path, held_back=asked.held_back)
            report[path.stem]["guards"] = guards(rows, tricky, asked)
    print(json.dumps(report, indent=1))
    if asked.save:
        asked.save.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
