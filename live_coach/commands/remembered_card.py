"""The session card of last time, offered for the next conversation."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from typing import Any

from live_coach import logs, paths
from live_coach.screen.card_entry import MINUTES, CardEntry


def remember(entry: CardEntry) -> None:
    """Keep what stood on the card, readable by this person alone. A folder that cannot be written is only logged."""
    try:
        paths.replace_private(paths.remembered_card(), json.dumps(asdict(entry)))
    except OSError as error:
        logs.logger.warning("the card could not be remembered: %s", error.strerror)


def last_card(otherwise: CardEntry) -> CardEntry:
    """What was kept; where nothing that can be used was, what `otherwise` says."""
    try:
        kept = json.loads(paths.remembered_card().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return otherwise
    if not isinstance(kept, dict):
        return otherwise
    usable = {
        field.name: _usable(field.name, kept[field.name])
        for field in fields(CardEntry)
        if field.name in kept
    }
    return replace(otherwise, **{name: value for name, value in usable.items() if value})


def forget() -> None:
    """Remove what was kept."""
    paths.remembered_card().unlink(missing_ok=True)


def _usable(name: str, value: Any) -> Any:
    """The value as the card wants it; None for what cannot be on it."""
    if name == "minutes":
        right = type(value) in {int, float} and MINUTES[0] <= value <= MINUTES[1]
        return value if right else None
    if name == "frames":
        right = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return tuple(value) if right else None
    if name == "language" and value not in {"en", "nl", "auto"}:
        return None
    return value if isinstance(value, str) else None
