"""A summary for people, as Markdown or as a page, and for programs, as JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from live_coach.errors import WrongUsage
from live_coach.reports import phrases
from live_coach.reports.numbers import as_csv, as_json
from live_coach.reports.phrases import Words
from live_coach.reports.summary import Summary

MOST_ON_PAPER = 8
"""Of more nudges a print has no line each, so that it stays within two pages."""


MOST_CHARACTERS = 1200
"""Of longer text, typed on the card or confirmed as plan, a print is smaller, for the same reason."""


def check_format(name: str) -> str:
    """One of FORMATS, as given. Raises WrongUsage for another."""
    if name not in FORMATS:
        *others, last = FORMATS
        raise WrongUsage(
            f"“{name}” is not a format for summaries.",
            hint=f"Choose {', '.join(others)} or {last}.",
        )
    return name


def format_of(path: Path) -> str:
    """The format that a file's name asks for. Raises WrongUsage."""
    return check_format(path.suffix.removeprefix(".").lower())


def render(summary: Summary, format: str, language: str) -> str:  # noqa: A002
    """The whole report, ending in a newline. Any language but Dutch gives English.

    JSON is the same in all languages but for the words of `next_try`, CSV in all. Raises
    WrongUsage for a format that is not there.
    """
    return FORMATS[check_format(format)](summary, Words(language))


def for_coachee(summary: Summary, language: str, *, page: bool = False) -> str:
    """What the coachee may be given, as Markdown or as a page: the goal and the confirmed plan.

    Nothing that was measured or heard is in it. Any language but Dutch gives English.
    """
    name = "coachee.html.j2" if page else "coachee.md.j2"
    return fill(name, Words(language), {"summary": summary})


def fill(name: str, words: Words, values: Mapping[str, Any]) -> str:
    """A file of `templates/` with words and values put in; in HTML every value is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("live_coach.reports"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html.j2", "svg.j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "clock": phrases.clock,
        "seconds": words.seconds,
        "number": words.number,
        "percent": phrases.percent,
        "plain": phrases.plain,
        "bars": phrases.bars,
        "local_time": phrases.local_time,
        "found": words.found,
        "nudge": words.nudge,
        "because": words.because,
        "followed": words.followed,
        "after_all": words.after_all,
        "thumb": words.thumb,
        "heeded": words.heeded,
        "caveat": words.caveat,
    }
    return environment.get_template(name).render(values, say=words.say, language=words.language)


def _markdown(summary: Summary, words: Words) -> str:
    return fill("summary.md.j2", words, {"summary": summary, "next_try": words.next_try(summary)})


def _page(summary: Summary, words: Words) -> str:
    from live_coach.reports import chart

    return fill(
        "summary.html.j2",
        words,
        {
            "summary": summary,
            "next_try": words.next_try(summary),
            "chart": chart.chart(summary),
            "groups": grouped(summary, words),
            "dense": _characters(summary) > MOST_CHARACTERS,
            "width": chart.WIDTH,
        },
    )


def grouped(summary: Summary, words: Words) -> list[tuple[str, list[float]]]:
    """The same nudges together, with their times; none where there are so few that each is told on paper."""
    together: dict[str, list[float]] = {}
    for nudge in summary.nudges:
        together.setdefault(words.nudge(nudge), []).append(nudge.at)
    return list(together.items()) if len(summary.nudges) > MOST_ON_PAPER else []


def _characters(summary: Summary) -> int:
    typed = (summary.goal, summary.manager_expects, summary.coachee_expects)
    return sum(map(len, (*typed, *summary.frames, *summary.plan)))


def _json(summary: Summary, words: Words) -> str:
    report = as_json(summary, words.next_try(summary))
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _csv(summary: Summary, _words: Words) -> str:
    return as_csv(summary)


FORMATS: Mapping[str, Callable[[Summary, Words], str]] = {
    "md": _markdown,
    "html": _page,
    "json": _json,
    "csv": _csv,
}
