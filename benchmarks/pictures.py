"""The pictures of the README: the bundled conversations on the real screen, in both languages.

    python -m benchmarks.pictures [--output docs/pictures]

Each demo, with ten minutes agreed, runs through the whole pipeline with the best installed model, at full speed; what it tells is
then shown on the live screen, second by second. Three files for each language: half a minute around the
first nudge to ask, which moves, the live screen with the question for a coachee who is stuck, and the summary. They name no font
and fetch nothing. Takes some minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import threading
from dataclasses import dataclass, field
from pathlib import Path

from textual.pilot import Pilot

from benchmarks.demo_plan import Language, demo_plan
from benchmarks.svg import picture
from live_coach.archive.collector import Collector
from live_coach.flow.messages import Message, Nudge, SessionEnded, to_samples, to_seconds
from live_coach.reports.render import render
from live_coach.reports.summary import summarise
from live_coach.screen.app import CoachApp
from live_coach.screen.bridge import Bridge
from live_coach.screen.summary_screen import SummaryScreen
from live_coach.session import Card, announce, run_inline

SIZE = (90, 24)
LONGEST_S = 30
BEFORE_S = 17
"""Half a minute, of which so many seconds lie before the nudge."""
WHEN_STUCK = ("miracle", "scale", "exception")
STANDING_S = 2
"""How long a nudge has stood in a picture of it."""


@dataclass
class Tape:
    """Every message of a conversation, with when it was emitted; then its summary."""

    messages: list[tuple[Message, int]] = field(default_factory=list)
    summary: str = ""

    def receive(self, message: Message, emitted: int) -> None:
        self.messages.append((message, emitted))

    def first(self, *kinds: str) -> float:
        """When the first nudge of one of these kinds came, in seconds."""
        return next(
            to_seconds(emitted)
            for message, emitted in self.messages
            if isinstance(message, Nudge) and message.kind in kinds
        )


def hold(language: Language) -> Tape:
    """Run the bundled conversation of a language."""
    plan = demo_plan(language, Card(agreed_minutes=10.0))
    tape, collector = Tape(), Collector()
    run_inline(plan, announce(plan), lambda _: collector, [tape], threading.Event())
    if collector.stored is not None:
        tape.summary = render(summarise(collector.stored), "md", language)
    return tape


async def film(tape: Tape, language: Language) -> tuple[list[str], str, str]:
    """Screenshots of the half minute, one a second, of the question for who is stuck, and of the summary."""
    bridge = Bridge()
    app = CoachApp(
        bridge,
        language=language,
        on_start=lambda: None,
        on_stop=lambda _: None,
        summary=lambda: tape.summary,
    )
    first = round(tape.first("ask")) - BEFORE_S
    half_minute = range(first, first + LONGEST_S)
    stuck = round(tape.first(*WHEN_STUCK)) + STANDING_S
    shots: dict[int, str] = {}
    waiting = list(tape.messages)
    async with app.run_test(size=SIZE) as pilot:
        for second in [first - 1, *half_minute, *range(half_minute.stop, stuck + 1)]:
            while waiting and waiting[0][1] <= to_samples(second):
                bridge.receive(*waiting.pop(0))
            await _settle(pilot)
            shots[second] = app.export_screenshot()
        for message, emitted in waiting:
            bridge.receive(message, emitted)
        assert isinstance(tape.messages[-1][0], SessionEnded)
        while not isinstance(app.screen, SummaryScreen):
            await _settle(pilot)
        await pilot.pause(2.0)
        return [shots[second] for second in half_minute], shots[stuck], app.export_screenshot()


async def _settle(pilot: Pilot[None]) -> None:
    """Longer than the pace of repaints."""
    await pilot.pause(0.25)


def main() -> None:
    """Make every picture; see the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("docs/pictures"))
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    languages: tuple[Language, ...] = ("en", "nl")
    for language in languages:
        shots, stuck, summary = asyncio.run(film(hold(language), language))
        for name, svg in (
            ("half-minute", picture(shots, poster=BEFORE_S + STANDING_S)),
            ("live", picture([stuck])),
            ("summary", picture([summary])),
        ):
            (output / f"{name}-{language}.svg").write_text(svg, encoding="utf-8")
            print(f"{name}-{language}.svg  {len(svg) // 1000} kB")


if __name__ == "__main__":
    main()
