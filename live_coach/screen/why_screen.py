"""Why the last nudge came: what was said, the numbers, the rule."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from live_coach.flow.messages import Evidence, Nudge
from live_coach.screen.widgets.rows import GLYPHS, clock, percent
from live_coach.screen.words import Words

IN_SECONDS = {"monologue", "silence", "answer", "time_left", "elapsed", "off_goal"}
"""Metrics of the rules whose values are seconds."""


class WhyScreen(ModalScreen[None]):
    """The evidence of one nudge, over the live screen; any of its keys goes back, but Escape blanks all."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-roomy")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        ("question_mark,enter,space,q", "dismiss", "Back"),
        ("escape", "app.blank", "Blank"),
    ]

    def __init__(self, words: Words, nudge: Nudge | None) -> None:
        super().__init__()
        self._words = words
        self._nudge = nudge

    def compose(self) -> ComposeResult:
        """One paragraph per piece of evidence."""
        with VerticalScroll(id="why") as box:
            box.border_title = self._words.why
            box.border_subtitle = f"? {self._words.key_back}"
            yield Static(Content("\n".join(explain(self._nudge, self._words))))


def explain(nudge: Nudge | None, words: Words) -> list[str]:
    """Lines that say when and why a nudge came."""
    if nudge is None:
        return [words.no_nudge]
    lines = [f"{GLYPHS[nudge.nudge_class]} {nudge.text}  ({clock(nudge.at)})"]
    if nudge.detail:
        lines += ["", f"“{nudge.detail}”"]
    for evidence in nudge.because:
        lines += ["", *_lines(evidence, words)]
    return lines


def _lines(evidence: Evidence, words: Words) -> list[str]:
    lines = [words.why_said.format(quote=evidence.quote)] if evidence.quote else []
    detail = []
    if evidence.metric is not None and evidence.value is not None:
        detail.append(_number(evidence, evidence.metric, evidence.value, words))
    if evidence.window is not None:
        detail.append(words.why_window.format(seconds=words.number(evidence.window, "g")))
    detail.append(words.why_rule.format(rule=words.rules.get(evidence.rule, evidence.rule)))
    return [*lines, ", ".join(detail)]


def _number(evidence: Evidence, metric: str, value: float, words: Words) -> str:
    name = words.metrics.get(metric, metric.replace("_", " ").replace(".", " "))
    if evidence.threshold is None:
        return f"{name}: {_figure(metric, value, words)}"
    return words.why_number.format(
        metric=name,
        value=_figure(metric, value, words),
        threshold=_figure(metric, evidence.threshold, words),
    )


def _figure(metric: str, value: float, words: Words) -> str:
    if metric == "talk_share":
        return percent(value)
    return words.number(round(value, 1), "g") + (" s" if metric in IN_SECONDS else "")
