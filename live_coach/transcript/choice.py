"""Which models a live conversation is read with: the best that this computer keeps up with.

Recordings do not need it: they are read with the best installed model, however long that takes.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from live_coach.transcript import manifest, weights
from live_coach.transcript.weights import Model
from live_coach.transcript.worker import EngineProcess

if TYPE_CHECKING:
    from live_coach.settings import TranscriptSettings

FINAL_S = 0.45
"""A model may take so long for four seconds of speech to give the finals: with the endpoint's silence,
and the half more that a beam takes, a sentence is text about a second after its end."""

PARTIAL_S = 0.25
"""A model that takes longer is too slow for text while somebody still speaks."""

_STEPS_PER_READING = 1.5
"""A third of the time is left for the finals, and for the other speaker."""


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
    measure: Callable[[Model], float],
    say: Callable[[str], None],
) -> Choice:
    """The models for a conversation in this language (en, nl or auto), with or without partials.

    `measure` says how many seconds a model takes for four seconds of speech here (`reading_time`).
    Raises ModelError as `weights.find` does.
    """
    named = weights.find(settings.model, language, say=say)
    quick = _named_quick(settings, language, say) if partials else None
    installed = weights.installed(language, say)
    finals = _worth_their_work([named, *installed]) if settings.model == "auto" else [named]
    lighter = []
    if partials and settings.partial_model == "auto":
        lighter = [one for one in installed if _work(one) < _work(named) < math.inf]
    if len(finals) == 1 and not lighter:
        return Choice(named, quick)
    cheapest = min([*finals, *lighter], key=_work)
    reading_s = measure(cheapest)

    def predicted(model: Model) -> float:
        return reading_s * _work(model) / _work(cheapest)

    model = next((one for one in finals if predicted(one) <= FINAL_S), finals[-1])
    too_slow = tuple(one.name for one in finals[: finals.index(model)])
    if predicted(model) > PARTIAL_S and (os.cpu_count() or 1) > 1:
        fits = (one for one in lighter if _work(one) < _work(model) and predicted(one) <= PARTIAL_S)
        quick = next(fits, quick)
    return Choice(model, quick, too_slow)


def reading_time(model: Model, settings: TranscriptSettings) -> float:
    """Seconds that this machine takes now for four seconds of speech, in a worker of its own.

    Raises ModelError when the model cannot be loaded, EngineLost when its worker does not come up.
    """
    engine = EngineProcess(model.directory, settings)
    try:
        engine.wait_until_ready()
        return engine.reading_s
    finally:
        engine.close()


def step(partial_step_s: float, reading_s: float) -> float:
    """Seconds of new speech between two partials, for a model that takes `reading_s` for one."""
    return max(partial_step_s, _STEPS_PER_READING * reading_s) if partial_step_s else 0.0


def _worth_their_work(models: Sequence[Model]) -> list[Model]:
    """The models, best first, without those that are no cheaper than a better one."""
    kept: list[Model] = []
    for model in models:
        if all(_work(model) < _work(better) for better in kept):
            kept.append(model)
    return kept


def _named_quick(
    settings: TranscriptSettings, language: str, say: Callable[[str], None]
) -> Model | None:
    if settings.partial_model in {"auto", "none"}:
        return None
    return weights.find(settings.partial_model, language, say=say)


def _work(model: Model) -> float:
    entry = manifest.load().get(model.name)
    return entry.work if entry else math.inf
