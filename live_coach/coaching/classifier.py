"""A linear model beside the rules: how likely an utterance does each of a few things.

One logistic regression per label over the features of coaching/features.py; benchmarks/train_acts.py
trains them, docs/acts-model.md is their card. Only numpy is needed to ask one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from live_coach import paths
from live_coach.coaching.features import Features
from live_coach.coaching.markers import Language
from live_coach.errors import SettingsError
from live_coach.flow.messages import Speaker

Label = Literal[
    "ask", "open", "closed", "tell", "advice", "information", "reflect", "change", "sustain"
]
WORDS_WEIGHT = 3.0
"""All words of an utterance together, against …"""
SHAPE_WEIGHT = 0.5
"""… each feature of its shape. Chosen on AnnoMI, out of fold."""
_FURTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which probability an act counts: one that the rules found too, one that they did not,
    and one precise enough for a nudge."""

    ruled: float
    unruled: float
    precise: float


@dataclass(frozen=True, slots=True)
class Linear:
    """The regressions of one speaker: `weights` is float32, shape (features, labels); `bias` has
    one number a label. `bounds` are per label: with sentence marks in the text, and without."""

    labels: tuple[Label, ...]
    vocabulary: Mapping[str, int]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    bounds: Mapping[Label, tuple[Bounds, Bounds]]

    def probabilities(self, features: Features) -> dict[Label, float]:
        """Between 0 and 1 for each label."""
        words = WORDS_WEIGHT / math.sqrt(max(1, len(features.words)))
        scores = (
            self.bias
            + words * self.weights[self._known(features.words)].sum(axis=0)
            + SHAPE_WEIGHT * self.weights[self._known(features.shape)].sum(axis=0)
        )
        chances = 1 / (1 + np.exp(-np.clip(scores, -_FURTHEST, _FURTHEST)))
        return {label: float(p) for label, p in zip(self.labels, chances, strict=True)}

    def _known(self, names: Collection[str]) -> npt.NDArray[np.intp]:
        found = sorted(self.vocabulary[name] for name in names if name in self.vocabulary)
        return np.array(found, dtype=np.intp)


Classifier = Mapping[Speaker, Linear]
"""The regressions of the manager and those of the coachee."""


def weights_file(language: Language) -> Path:
    """Where the weights of a language are."""
    return paths.shipped("config") / "language" / language / "acts.npz"


@cache
def load(language: Language) -> Classifier:
    """The classifier of a language, empty where the rules do as well alone and none is shipped.
    Raises SettingsError for a file that cannot be used."""
    path = weights_file(language)
    return read(path) if path.exists() else {}


def read(path: Path) -> Classifier:
    """The classifier in a file. Raises SettingsError if it cannot be used."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {
                speaker: _linear(arrays, speaker) for speaker in (Speaker.MANAGER, Speaker.COACHEE)
            }
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise SettingsError(
            f"{path} cannot be used: {error}.", hint="Restore the shipped file."
        ) from None


def write(path: Path, classifier: Classifier) -> None:
    """Keep a classifier: weights in float16, names and bounds as UTF-8."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for speaker, linear in classifier.items():
        names = sorted(linear.vocabulary, key=linear.vocabulary.__getitem__)
        about = {
            "labels": linear.labels,
            "bounds": {
                label: [[b.ruled, b.unruled, b.precise] for b in both]
                for label, both in linear.bounds.items()
            },
        }
        arrays[f"{speaker}_names"] = _packed("\n".join(names))
        arrays[f"{speaker}_about"] = _packed(json.dumps(about, sort_keys=True))
        arrays[f"{speaker}_weights"] = linear.weights.astype(np.float16)
        arrays[f"{speaker}_bias"] = linear.bias.astype(np.float32)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _packed(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _linear(arrays: Mapping[str, npt.NDArray[Any]], speaker: Speaker) -> Linear:
    about = json.loads(arrays[f"{speaker}_about"].tobytes())
    names = arrays[f"{speaker}_names"].tobytes().decode().split("\n")
    return Linear(
        tuple(about["labels"]),
        {name: at for at, name in enumerate(names)},
        arrays[f"{speaker}_weights"].astype(np.float32),
        arrays[f"{speaker}_bias"].astype(np.float32),
        {
            label: (Bounds(*marked), Bounds(*unmarked))
            for label, (marked, unmarked) in about["bounds"].items()
        },
    )
