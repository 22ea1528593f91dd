"""Train the classifier of speech acts (live_coach/coaching/classifier.py): python benchmarks/train_acts.py.

    python benchmarks/train_acts.py en --data FOLDER/annomi.jsonl
    python benchmarks/train_acts.py nl --data FOLDER/annomi.jsonl

Writes config/language/LANGUAGE/acts.npz. Besides --data (labelled conversations as JSON lines, as
`live-coach label` reads them, with `labels_common`) it takes the tuning half of tests/gold and, where
there is one, benchmarks/training, of that language. Each utterance is seen three times: as written,
without capitals and marks, and so with one word in ten left out. Needs scipy,
which is in no requirements file, as only who trains needs it: `pip install scipy`.
The model card is docs/acts-model.md. The same data give the same weights.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from live_coach.coaching import classifier
from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.classifier import (
    SHAPE_WEIGHT,
    WORDS_WEIGHT,
    Bounds,
    Classifier,
    Label,
    Linear,
)
from live_coach.coaching.features import Features
from live_coach.coaching.joining import ALL_KINDS
from live_coach.coaching.markers import Language
from live_coach.flow.messages import Speaker

ROOT = Path(__file__).resolve().parent.parent
LABELS: Mapping[Speaker, tuple[Label, ...]] = {
    Speaker.MANAGER: ("ask", "open", "closed", "tell", "advice", "information", "reflect"),
    Speaker.COACHEE: ("change", "sustain"),
}
_COMMON: Mapping[Label, frozenset[str]] = {
    "ask": frozenset({"ask_open", "ask_closed", "ask"}),
    "open": frozenset({"ask_open"}),
    "closed": frozenset({"ask_closed"}),
    "tell": frozenset({"tell_advice", "tell_information", "tell_negotiation"}),
    "advice": frozenset({"tell_advice"}),
    "information": frozenset({"tell_information"}),
    "reflect": frozenset({"reflect"}),
    "change": frozenset({"change"}),
    "sustain": frozenset({"sustain"}),
}
RIDGE = 10.0
"""Weight of the squared weights, against the summed loss. Between 3 and 30 F1 hardly changes."""
CAREFUL: Mapping[Language, frozenset[Label]] = {"nl": frozenset({"advice"})}
"""Labels for which precision weighs more than recall: of Dutch advice there are few examples, and what only the
classifier takes for it is often none."""
SURE: Mapping[Language, frozenset[Label]] = {"nl": frozenset({"ask", "open", "closed"})}
"""Labels that the rules decide but for clear cases: in our Dutch examples every other utterance of a manager
asks, and on recorded talk, where one in nine does, the classifier alone finds many that are none."""
_SURE_RULED, _SURE_UNRULED = 0.2, 0.5
_LEAST = 6
_MOST = 25_000
_INNER = 4
_SEED = 20
_STEPS = 40
_FURTHEST = 30.0
_GRID = np.arange(0.04, 0.9, 0.02)
_PRECISE = 0.75
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Example:
    """An utterance as the classifier sees it, and which labels it has (a label that is not in
    `truth` is not known)."""

    conversation: str
    speaker: Speaker
    features: Features
    marked: bool
    ruled: frozenset[Label]
    truth: Mapping[Label, bool]


def read(path: Path, *, held_back: bool = False) -> list[dict[str, Any]]:
    """The rows of a file; a gold file without its header, and with nothing if it is held back and
    those are not asked for."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    if rows and "turn" not in rows[0]:
        return [] if rows[0].get("half") == "held_back" and not held_back else rows[1:]
    return rows


def own(language: Language) -> list[dict[str, Any]]:
    """Our own conversations that may be trained on."""
    folders = (ROOT / "tests" / "gold" / language, ROOT / "benchmarks" / "training" / language)
    return [
        row
        for folder in folders
        for path in sorted(folder.glob("[0-9]*.jsonl"))
        for row in read(path)
    ]


def live_like(text: str, dropped: float, rng: random.Random) -> str:
    """Lower case, without marks, and without this share of the words."""
    words = re.sub(r"[^\w\s']", " ", text.lower()).split()
    return " ".join([word for word in words if rng.random() >= dropped] or words)


def truth(row: Mapping[str, Any]) -> dict[Label, bool]:
    """Which labels a row has."""
    labels = LABELS[Speaker(row["speaker"])]
    if "acts" in row:
        kinds = {act["kind"] for act in row["acts"]}
        return {label: bool(kinds & ALL_KINDS[label]) for label in labels}
    common = set(row["labels_common"])
    return {
        label: bool(common & _COMMON[label])
        for label in labels
        if label not in ("open", "closed") or row.get("open_closed_reliable") is not False
    }


def examples(
    rows: Iterable[Mapping[str, Any]],
    language: Language,
    dropped: float | None = None,
    seed: int = 0,
) -> Iterator[Example]:
    """Each row with its features: as written, or live-like with this share of the words dropped."""
    finder, rng = ActFinder(language, classifier=None), random.Random(seed)
    for name, conversation in groupby(rows, key=lambda row: str(row["conversation"])):
        context = Context()
        for row in conversation:
            text = row["text"] if dropped is None else live_like(row["text"], dropped, rng)
            speaker = Speaker(row["speaker"])
            taken, _, found, features = finder.look(speaker, text.split(), context)
            kinds = {act.kind for act in found}
            ruled = frozenset(la for la in LABELS[speaker] if kinds & ALL_KINDS[la])
            yield Example(name, speaker, features, taken.punctuated, ruled, truth(row))


def seen(rows: Sequence[Mapping[str, Any]], language: Language) -> list[Example]:
    """Every utterance in the three ways that it is trained on."""
    return [
        *examples(rows, language),
        *examples(rows, language, 0.0, 1),
        *examples(rows, language, 0.1, 2),
    ]


def train(all_examples: Sequence[Example], language: Language) -> Classifier:
    """The classifier of these examples; bounds are chosen out of fold, by conversation."""
    return {speaker: _speaker(all_examples, speaker, language) for speaker in LABELS}


def parts(conversations: Iterable[str], number: int) -> list[set[str]]:
    """The conversations in so many parts, by chance but always the same."""
    names = sorted(set(conversations))
    random.Random(_SEED).shuffle(names)
    return [set(names[at::number]) for at in range(number)]


def _speaker(all_examples: Sequence[Example], speaker: Speaker, language: Language) -> Linear:
    own_examples = [example for example in all_examples if example.speaker is speaker]
    chances = np.zeros((len(own_examples), len(LABELS[speaker])))
    for held in parts((example.conversation for example in own_examples), _INNER):
        known = [example for example in own_examples if example.conversation not in held]
        fitted = _fit(known, speaker, {})
        for at, example in enumerate(own_examples):
            if example.conversation in held:
                chances[at] = list(fitted.probabilities(example.features).values())
    bounds = {
        label: (
            _bounds(own_examples, chances[:, at], label, language, marked=True),
            _bounds(own_examples, chances[:, at], label, language, marked=False),
        )
        for at, label in enumerate(LABELS[speaker])
    }
    return _fit(own_examples, speaker, bounds)


def _fit(
    own_examples: Sequence[Example], speaker: Speaker, bounds: Mapping[Label, tuple[Bounds, Bounds]]
) -> Linear:
    counted: Counter[str] = Counter()
    for example in own_examples:
        counted.update(example.features.words | example.features.shape)
    names = sorted(name for name, times in counted.items() if times >= _LEAST)
    vocabulary = {name: at for at, name in enumerate(names)}
    rarity = _rarity(np.array([counted[name] for name in names]), len(own_examples))
    labels = LABELS[speaker]
    known = np.array([[la in e.truth for la in labels] for e in own_examples])
    wanted = np.array([[e.truth.get(la, False) for la in labels] for e in own_examples])
    weights, bias = _regressions(_matrix(own_examples, vocabulary, rarity), wanted, known)
    return _pruned(Linear(labels, vocabulary, weights * rarity[:, None], bias, bounds), counted)


def _rarity(counts: Any, examples_: int) -> Any:
    """How much a feature moves: the logarithm of one in how many utterances has it, 1 on average,
    float32, one for each count. What nearly everybody says is trusted less."""
    rare = np.log1p(examples_ / (1 + counts))
    return (rare / rare.mean()).astype(np.float32)


def _regressions(matrix: csr_matrix, wanted: Any, known: Any) -> tuple[Any, Any]:
    """Weights, float32 (features, labels), and bias, float32 (labels,), of logistic regressions that
    share a matrix; `wanted` and `known` are bool, (examples, labels): what is not known has no loss."""
    turned = matrix.T.tocsr()
    signs, counts = np.where(wanted, 1.0, -1.0), known.astype(float)
    shape = (matrix.shape[1] + 1, wanted.shape[1])

    def loss(flat: Any) -> tuple[float, Any]:
        weights = flat.reshape(shape)
        margin = np.clip(signs * (matrix @ weights[:-1] + weights[-1]), -_FURTHEST, _FURTHEST)
        slope = -counts * signs / (1 + np.exp(margin))
        slopes = np.vstack([turned @ slope + RIDGE * weights[:-1], slope.sum(axis=0)])
        whole = (counts * np.logaddexp(0, -margin)).sum() + RIDGE / 2 * (weights[:-1] ** 2).sum()
        return float(whole), slopes.ravel()

    start = np.zeros(shape[0] * shape[1])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    weights = best.x.reshape(shape).astype(np.float32)
    return weights[:-1], weights[-1]


def _pruned(linear: Linear, counted: Mapping[str, int]) -> Linear:
    """Only the features that move most: weight times the root of how often they occur."""
    names = sorted(linear.vocabulary, key=linear.vocabulary.__getitem__)
    often = np.sqrt([counted[name] for name in names])
    order = np.argsort(-np.abs(linear.weights).max(axis=1) * often, kind="stable")
    kept = np.sort(order[:_MOST])
    weights = linear.weights[kept].astype(np.float16).astype(np.float32)
    vocabulary = {names[at]: position for position, at in enumerate(kept)}
    return Linear(linear.labels, vocabulary, weights, linear.bias, linear.bounds)


def _matrix(
    own_examples: Sequence[Example], vocabulary: Mapping[str, int], rarity: Any
) -> csr_matrix:
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for example in own_examples:
        words, shape = example.features.words, example.features.shape
        for names, value in (
            (words, WORDS_WEIGHT / np.sqrt(max(1, len(words)))),
            (shape, SHAPE_WEIGHT),
        ):
            known = sorted(vocabulary[name] for name in names if name in vocabulary)
            columns += known
            values += [value] * len(known)
        ends.append(len(columns))
    scaled = np.array(values, dtype=np.float32) * rarity[columns]
    return csr_matrix((scaled, columns, ends), shape=(len(own_examples), len(vocabulary)))


def _bounds(
    own_examples: Sequence[Example], chances: Any, label: Label, language: Language, *, marked: bool
) -> Bounds:
    """The pair of bounds with the best F (where several have it, the one that lets the classifier find
    most), and the one from which precision is high enough."""
    rows = [
        at
        for at, example in enumerate(own_examples)
        if label in example.truth and example.marked is marked
    ]
    chance = chances[rows]
    wanted = np.array([own_examples[at].truth[label] for at in rows], dtype=bool)
    ruled = np.array([label in own_examples[at].ruled for at in rows], dtype=bool)
    beta = 0.5 if label in CAREFUL.get(language, ()) else 1.0
    sure = label in SURE.get(language, ())
    _, low, high = max(
        (_f(wanted, chance >= np.where(ruled, low, high), beta), low, -high)
        for low in _GRID
        for high in _GRID
        if low <= high and (not sure or (low <= _SURE_RULED and high >= _SURE_UNRULED))
    )
    high = -high
    precise = next(
        (bound for bound in _GRID if bound >= high and _precise(wanted, chance >= bound)), 1.0
    )
    return Bounds(round(float(low), 3), round(float(high), 3), round(float(precise), 3))


def _f(wanted: Any, found: Any, beta: float) -> float:
    """The F measure: below 1, `beta` gives precision more weight than recall."""
    right = (1 + beta**2) * (wanted & found).sum()
    return float(right / max(1, beta**2 * wanted.sum() + found.sum()))


def _precise(wanted: Any, found: Any) -> bool:
    return bool(found.sum() >= _FEWEST and (wanted & found).sum() >= _PRECISE * found.sum())


def main() -> None:
    """Train on everything that is allowed and keep the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("language", choices=["en", "nl"])
    parser.add_argument(
        "--data", type=Path, action="append", default=[], help="labelled conversations"
    )
    asked = parser.parse_args()
    rows = [row for path in asked.data for row in read(path)] + own(asked.language)
    path = classifier.weights_file(asked.language)
    classifier.write(path, train(seen(rows, asked.language), asked.language))
    print(f"{path}: {path.stat().st_size // 1024} kB from {len(rows)} utterances")


if __name__ == "__main__":
    main()
