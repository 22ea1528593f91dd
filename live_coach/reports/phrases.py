"""The words of summaries in one language, and numbers as people write them."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from live_coach.reports.course import TOLD
from live_coach.reports.ownership import Ownership
from live_coach.reports.summary import Caveat, NudgeMoment, Reason, SharePoint, Summary

_LANGUAGES = ("en", "nl")
_BARS = "▁▂▃▄▅▆▇█"


class Words:
    """The words of one language, from `words/`, with the numbers put in."""

    def __init__(self, language: str) -> None:
        """Any language but Dutch gives English."""
        self.language = language if language in _LANGUAGES else "en"
        self._table = _table(self.language)

    def seconds(self, value: float) -> str:
        """Seconds with one decimal and the decimal mark of this language."""
        return f"{value:.1f}".replace(".", self.say("talk.decimal"))

    def number(self, value: float) -> str:
        """A number with at most two decimals and the decimal mark of this language."""
        return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", self.say("talk.decimal"))

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

    def found(self, found: Ownership) -> str:
        """Who found what will be done, in two sentences."""
        planned = (
            self.say("found.when", own=found.own, dated=found.dated)
            if found.own
            else self.say("found.none")
        )
        told = (
            self.say("found.told", told=found.told, first=found.told_first)
            if found.told
            else self.say("found.not_told")
        )
        return f"{planned} {told}"

    def nudge(self, nudge: NudgeMoment) -> str:
        """What a nudge said; of one whose words are not kept, what kind of help it was."""
        return nudge.text or self.say(f"classes.{nudge.nudge_class}")

    def because(self, nudge: NudgeMoment) -> str:
        """Why a nudge came: the first quote, else the first number."""
        reasons = sorted(nudge.reasons, key=lambda reason: not reason.quote)
        return self._reason(reasons[0]) if reasons else ""

    def followed(self, nudge: NudgeMoment) -> str:
        """What the manager did after a nudge, and how much later."""
        if nudge.next is None:
            return self.say("after.nothing")
        return self.say(
            "after.something",
            what=self.say(f"after.{nudge.next.kind}"),
            seconds=f"{nudge.next.at - nudge.at:.0f}",
        )

    def after_all(self, nudges: Sequence[NudgeMoment]) -> str:
        """What came first after the nudges: asking openly and giving back, or telling."""
        first = Counter(one.next.kind for one in nudges if one.next is not None)
        return self.say(
            "nudges.after_all",
            count=len(nudges),
            asked=first["open"] + first["reflection"],
            told=sum(first[kind] for kind in TOLD),
        )

    def thumb(self, nudge: NudgeMoment) -> str:
        """What the manager thought of a nudge."""
        return self.say(f"thumb.{nudge.good}".lower())

    def heeded(self, nudge: NudgeMoment) -> str:
        """Whether what a nudge was about came again within a minute: if it did, it was not heeded."""
        return self.say(f"heeded.{nudge.heeded}".lower())

    def _reason(self, reason: Reason) -> str:
        if reason.quote:
            return f"“{reason.quote}”"
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
    return "".join("·" if point.share is None else level(point.share) for point in curve)


def level(part: float) -> str:
    """A bar as high as this part, between 0 and 1, of the line."""
    return _BARS[min(int(part * len(_BARS)), len(_BARS) - 1)]


def local_time(started_at: str) -> str:
    """The day and minute on this computer's clock, of a UTC time."""
    return f"{datetime.fromisoformat(started_at).astimezone():%Y-%m-%d %H:%M}"


@cache
def _table(language: str) -> dict[str, dict[str, str]]:
    path = files("live_coach.reports") / "words" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
