"""A summary as Markdown for people or JSON for programs, in English or Dutch."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from live_coach.errors import WrongUsage
from live_coach.reports.summary import Caveat, NudgeMoment, Reason, SharePoint, Summary

SCHEMA = 1
FORMATS = ("md", "json")
_NOT_YET = {"html": "HTML", "csv": "CSV"}
_LANGUAGES = ("en", "nl")
_BARS = "▁▂▃▄▅▆▇█"


def check_format(name: str) -> str:
    """`md` or `json`, as given. Raises WrongUsage for another, also for those that are yet to come."""
    if name in FORMATS:
        return name
    if name in _NOT_YET:
        raise WrongUsage(
            f"Summaries as {_NOT_YET[name]} are not built yet.", hint="Choose md or json."
        )
    raise WrongUsage(f"“{name}” is not a format for summaries.", hint="Choose md or json.")


def format_of(path: Path) -> str:
    """The format that a file's name asks for. Raises WrongUsage."""
    return check_format(path.suffix.removeprefix(".").lower())


def render(summary: Summary, format: str, language: str) -> str:  # noqa: A002
    """The whole report, ending in a newline. Any language but Dutch gives English.

    JSON is the same in all languages but for the words of `next_try`. Raises WrongUsage for a
    format that is not there.
    """
    words = Words(language if language in _LANGUAGES else "en")
    if check_format(format) == "json":
        return json.dumps(as_json(summary, words), ensure_ascii=False, indent=2) + "\n"
    return _markdown(summary, words)


def as_json(summary: Summary, words: Words) -> dict[str, Any]:
    """The summary in the names that the message stream uses; seconds."""
    talk = asdict(summary.talk)
    report = {
        "schema": SCHEMA,
        "session": {
            "id": summary.id,
            "started": summary.started_at,
            "kind": summary.kind,
            "language": summary.language,
            "preset": summary.preset,
            "model": summary.model,
            "version": summary.version,
            "goal": summary.goal,
            "agreed_minutes": summary.agreed_minutes,
            "duration": summary.duration,
            "end_reason": summary.end_reason,
        },
        "talk_share": talk.pop("share"),
        "talk": {
            "seconds": {who: talk[who] for who in ("manager", "coachee", "unknown")},
            "turns": {"manager": talk["manager_turns"], "coachee": talk["coachee_turns"]},
            "longest": talk["longest"],
            "curve": talk["curve"],
        },
        "questions": {"open": summary.asking.open, "closed": summary.asking.closed},
        "reflections": summary.asking.reflections,
        "telling": {one.kind: one.count for one in summary.telling},
        "telling_first": {one.kind: one.first_at for one in summary.telling},
        "tip_budget": {"spent": summary.tips_spent, "of": summary.tips_allowed},
        "silences_held": summary.quiet.held,
        "pauses": {"count": summary.quiet.pauses, "longest": summary.quiet.longest_pause},
        "overlaps": {"count": summary.quiet.overlaps, "seconds": summary.quiet.overlapped},
        "interruptions": summary.quiet.interruptions,
        "waits": asdict(summary.waits),
        "nudges": [_nudge_json(nudge) for nudge in summary.nudges],
        "caveats": [asdict(caveat) for caveat in summary.caveats],
        "next_try": {
            "id": summary.next_try.id,
            **summary.next_try.values,
            "text": words.next_try(summary),
        },
    }
    if summary.transcript:
        report["transcript"] = [asdict(line) for line in summary.transcript]
    return report


class Words:
    """The words of one language, from `words/`, with the numbers put in."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._table = _table(language)

    def seconds(self, value: float) -> str:
        """Seconds with one decimal and the decimal mark of this language."""
        return f"{value:.1f}".replace(".", self.say("talk.decimal"))

    def say(self, name: str, /, **values: Any) -> str:
        """A phrase by its dotted name."""
        section, leaf = name.split(".")
        return str(self._table[section][leaf]).format(**values)

    def next_try(self, summary: Summary) -> str:
        """The one thing to try, as a sentence."""
        return self.say(f"next_try.{summary.next_try.id}", **summary.next_try.values)

    def caveat(self, caveat: Caveat) -> str:
        """What makes the numbers less sure, as a sentence."""
        amount = clock(caveat.amount) if caveat.kind == "unknown" else f"{caveat.amount:.0f}"
        return self.say(
            f"caveats.{caveat.kind}",
            amount="<1" if caveat.kind == "gap" and caveat.amount < 0.5 else amount,
            stream=self._table["streams"].get(caveat.stream, caveat.stream),
            state=self._table["states"].get(caveat.state, caveat.state),
        )

    def because(self, nudge: NudgeMoment) -> str:
        """Why a nudge came: the first quote, else the first number."""
        reasons = sorted(nudge.reasons, key=lambda reason: not reason.quote)
        return self._reason(reasons[0]) if reasons else ""

    def _reason(self, reason: Reason) -> str:
        if reason.quote:
            return f"“{plain(reason.quote)}”"
        known = self._table["metrics"].get(reason.metric or "")
        if known is None or reason.value is None:
            return ""
        return str(known).format(
            count=f"{reason.value:.0f}", share=percent(reason.value), time=clock(reason.value)
        )


def clock(seconds: float) -> str:
    """Minutes and seconds, as 12:05."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def percent(share: float) -> str:
    """A share between 0 and 1 for people."""
    return f"{100 * share:.0f} %"


def plain(text: str) -> str:
    """Text on one line, whose signs mean nothing to Markdown."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def bars(curve: tuple[SharePoint, ...]) -> str:
    """The manager's share over time as a row of bars; a dot where nobody spoke."""
    return "".join(
        "·" if point.share is None else _BARS[min(int(point.share * len(_BARS)), len(_BARS) - 1)]
        for point in curve
    )


def local_time(started_at: str) -> str:
    """The day and minute on this computer's clock, of a UTC time."""
    return f"{datetime.fromisoformat(started_at).astimezone():%Y-%m-%d %H:%M}"


def _nudge_json(nudge: NudgeMoment) -> dict[str, Any]:
    values = asdict(nudge)
    return {
        "at": values["at"],
        "kind": values["kind"],
        "class": values["nudge_class"],
        "severity": values["severity"],
        "text": values["text"],
        "because": values["reasons"],
    }


def _markdown(summary: Summary, words: Words) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("live_coach.reports"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "clock": clock,
        "seconds": words.seconds,
        "percent": percent,
        "plain": plain,
        "bars": bars,
        "local_time": local_time,
        "because": words.because,
        "caveat": words.caveat,
    }
    template = environment.get_template("summary.md.j2")
    return template.render(summary=summary, say=words.say, next_try=words.next_try(summary))


@cache
def _table(language: str) -> dict[str, dict[str, str]]:
    path = files("live_coach.reports") / "words" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
