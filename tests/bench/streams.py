"""Message streams and references made by hand."""

from __future__ import annotations

from typing import Any

from live_coach.bench.reference import Reference, Said


def said(
    *words: str, speaker: str = "unknown", start: float = 0.0, step: float = 0.5
) -> list[Said]:
    """Words one after another, each as long as `step`."""
    return [
        Said(word, speaker, start + n * step, start + (n + 1) * step)
        for n, word in enumerate(words)
    ]


def reference(*sides: list[Said]) -> Reference:
    return Reference(tuple(one for side in sides for one in side))


def utterance(
    text: str,
    emitted: float,
    *,
    number: int = 1,
    stable: int = 0,
    stage: str = "partial",
    start: float = 0.0,
    end: float = 1.0,
    speaker: str = "unknown",
) -> dict[str, Any]:
    """A line of the message stream, as docs/interfaces.md tells it."""
    return {
        "type": "utterance",
        "id": number,
        "stage": stage,
        "speaker": speaker,
        "start": start,
        "end": end,
        "text": text,
        "stable": stable,
        "words": [{"text": word, "start": start, "end": end} for word in text.split()],
        "emitted": emitted,
    }


def final(text: str, emitted: float, **more: Any) -> dict[str, Any]:
    return utterance(text, emitted, stage="final", **more)
