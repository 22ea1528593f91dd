"""Which models a live conversation is read with: the best that this computer keeps up with.

Recordings do not need it: they are read with the best installed model, however long that takes.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live_coach.sentences import Sentence
from live_coach.transcript import manifest, weights
from live_coach.transcript.weights import Model
from live_coach.transcript.worker import EngineProcess, Reading

if TYPE_CHECKING:
    from live_coach.settings import TranscriptSettings

FINAL_S = 0.45
"""A model may take so long for four seconds of speech to give the finals: with the endpoint's silence,
and the half more that a beam takes, a sentence is text about a second after its end."""

PARTIAL_S = 0.25
"""A model that takes longer is too slow for text while somebody still speaks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`model` reads the finals; `quick` what is still being said, None: `model` does that too.

    `too_slow` are better ones that are installed but would not keep up.
    """

    model: Model
    quick: Model | None = None
    too_slow: tuple[str, ...] = ()


def choose(
    settings: TranscriptSettings,
    language: str,
    *,
    partials: bool,
    measure: Callable[[Model], Reading],
    say: Callable[[Sentence], None],
) -> Choice:
    """The models for a conversation in this language (en, nl or auto), with or without partials.

    `measure` says how long a model takes for four seconds of speech here, and on what (`reading_time`).
    Raises ModelError as `weights.find` does.
    """

    def find(name: str) -> Model:
        return weights.find(name, language, say=say)

    named = None if settings.model == "auto" else find(settings.model)
    by_hand = settings.partial_model not in {"auto", "none"}
    quick = find(settings.partial_model) if partials and by_hand else None
    there = weights.present(language)
    finals = [named.name] if named else _worth_their_work(there)
    if not finals:
        return Choice(find("auto"), quick)
    lighter = []
    if partials and settings.partial_model == "auto":
        lighter = [name for name in there if _work(name) < _work(finals[0]) < math.inf]
    best, too_slow = finals[0], []
    if len(finals) > 1 or lighter:
        cheapest = min([*finals, *lighter], key=_work)
        reading = measure(find(cheapest))

        def seconds(name: str) -> float:
            return reading.seconds * _work(name, reading.device) / _work(cheapest, reading.device)

        best = next((name for name in finals if seconds(name) <= FINAL_S), finals[-1])
        too_slow = finals[: finals.index(best)]
        if seconds(best) > PARTIAL_S and (os.cpu_count() or 1) > 1:
            fits = (name for name in lighter if _work(name) < _work(best))
            keeps_up = next((name for name in fits if seconds(name) <= PARTIAL_S), None)
            quick = find(keeps_up) if keeps_up else quick
    return Choice(named or find(best), quick, tuple(too_slow))


def reading_time(model: Model, settings: TranscriptSettings) -> Reading:
    """How fast this machine reads with this model now, in a worker of its own.

    Raises ModelError when the model cannot be loaded, EngineLost when its worker does not come up.
    """
    engine = EngineProcess(model.directory, settings)
    try:
        return engine.reading()
    finally:
        engine.close()


def _worth_their_work(names: Sequence[str]) -> list[str]:
    """The models, best first, without those that are no cheaper than a better one."""
    kept: list[str] = []
    for name in names:
        if all(_work(name) < _work(better) for better in kept):
            kept.append(name)
    return kept


def _work(name: str, device: str = "cpu") -> float:
    entry = manifest.load().get(name)
    if entry is None:
        return math.inf
    return entry.card_work if device == "cuda" else entry.work
