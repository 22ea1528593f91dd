"""Progress for people, as a table with a line of bars, and for programs, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from live_coach.reports.numbers import SCHEMA
from live_coach.reports.phrases import Words, level, local_time, percent
from live_coach.reports.progress import BASELINE, RECENT, Progress, Trend

LATEST = 24
"""So many of the latest conversations have a bar, so that a line fits a terminal of 100 columns."""

_COLUMNS = ("measure", "first", "recent", "course", "change")


def as_text(progress: Progress, language: str) -> str:
    """What is told on a terminal, ending in a newline. Any language but Dutch gives English."""
    words = Words(language)
    parts = [_table(progress, words)] if not progress.too_early else [_too_early(progress, words)]
    if progress.agreed:
        agreed = progress.agreed
        name = "agreed_with" if agreed.coachee else "agreed"
        first = words.say(
            f"progress.{name}", day=local_time(agreed.started_at)[:10], coachee=agreed.coachee
        )
        parts.append("\n".join([first, *(f"  “{sentence}”" for sentence in agreed.plan)]))
    return "\n\n".join(parts) + "\n"


def as_json(progress: Progress) -> str:
    """The same for programs, with every value, ending in a newline; the same in all languages."""
    report = {
        "schema": SCHEMA,
        "too_early": progress.too_early,
        "conversations": [
            {"id": id_, "started": started}
            for id_, started in zip(progress.ids, progress.started, strict=True)
        ],
        "measures": {name: asdict(trend) for name, trend in progress.trends.items()},
        "agreed": asdict(progress.agreed) if progress.agreed else None,
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def sparkline(values: Sequence[float | None]) -> str:
    """A bar for each value between the lowest and the highest; a dot where it is not known."""
    known = [value for value in values if value is not None]
    low, width = min(known, default=0), max(known, default=0) - min(known, default=0)
    return "".join(
        "·" if value is None else level((value - low) / width if width else 0.5) for value in values
    )


def _too_early(progress: Progress, words: Words) -> str:
    return words.say("progress.too_early", count=len(progress.ids), needed=BASELINE)


def _table(progress: Progress, words: Words) -> str:
    head = [words.say(f"progress.{name}") for name in _COLUMNS]
    rows = [head, *(_row(name, trend, words) for name, trend in progress.trends.items())]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    title = words.say("progress.title", count=len(progress.ids))
    waiting = len(progress.ids) < BASELINE + RECENT
    about = words.say("progress.not_yet" if waiting else "progress.about", first=BASELINE + RECENT)
    return "\n".join([title, "", *lines, "", about])


def _row(name: str, trend: Trend, words: Words) -> list[str]:
    known = [value for value in trend.values if value is not None]
    unknown = words.say("progress.unknown")
    span = [value for value in (trend.low, trend.high) if value is not None]
    return [
        words.say(f"progress.{name}"),
        "–".join(_number(name, value, words) for value in span) or unknown,
        " ".join(_number(name, value, words) for value in known[-RECENT:]) or unknown,
        sparkline(trend.values[-LATEST:]),
        words.say(f"progress.{trend.change or 'same'}"),
    ]


def _number(name: str, value: float, words: Words) -> str:
    return percent(value).replace(" ", "") if name == "talk_share" else words.number(value)
