"""Runs one conversation for a command: who reads it, its screen, its end and its summary."""

from __future__ import annotations

import locale
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TextIO, cast

import click

from live_coach import logs, paths
from live_coach.archive import recovery, sessions
from live_coach.archive.collector import Collector
from live_coach.archive.database import directory_of
from live_coach.archive.keeper import Keeper
from live_coach.errors import LiveCoachError, WrongUsage
from live_coach.flow.json_lines import JsonLinesWriter
from live_coach.flow.messages import Message, SessionEnded, SessionStarted
from live_coach.flow.runner import Sink, ThreadedSink
from live_coach.live_run import LiveRun
from live_coach.reports.render import format_of, render
from live_coach.reports.summary import summarise
from live_coach.screen.plain_lines import PlainLines
from live_coach.session import Plan, Record, Wording, announce, run_inline
from live_coach.settings import Settings

_POLL_S = 0.2
_LEAVE_S = 10.0


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where a conversation goes.

    `jsonl` gets the message stream; `plain` prints lines for people, then the summary; `inline` runs at full
    speed in this thread; `seconds` ends a live conversation.
    """

    jsonl: TextIO | None = None
    summaries: tuple[Path, ...] = ()
    screen: bool = False
    plain: bool = False
    save: bool = False
    inline: bool = False
    seconds: float | None = None


def wording(settings: Settings, language: str) -> Wording:
    """The language of the screen: as set, else that of the talk, else that of this computer."""
    own = (locale.getlocale()[0] or "").lower()
    for candidate in (settings.screen.language, language, own[:2]):
        if candidate in {"en", "nl"}:
            return cast("Wording", candidate)
    return "en"


def conduct(plan: Plan, outputs: Outputs) -> None:
    """Run a conversation from beginning to end, and tell about it.

    Raises LiveCoachError; what was recorded until then is kept and told all the same.
    """
    for path in outputs.summaries:
        format_of(path)
    if outputs.screen:
        require_terminal()
    logs.start(plan.settings.log.level)
    directory = directory_of(plan.settings.archive)
    started = announce(plan)
    record = (
        Keeper(directory, plan.settings.archive)
        if outputs.save
        else Collector(keep_transcript=plan.settings.archive.keep_transcript)
    )

    over = _Over()

    def summary(form: str) -> str:
        told = record.stored if isinstance(record, Collector) else None
        told = told or sessions.load(directory, started.id)
        return render(summarise(told), form, plan.wording)

    if outputs.save:
        tidy(directory, plan.settings)
    with ExitStack() as closing:
        sinks = [over, *_sinks(plan, outputs, closing)]
        try:
            if outputs.screen:
                kept = str(directory) if outputs.save else ""
                _on_screen(plan, started, record, sinks, lambda: summary("md"), kept)
            elif outputs.inline:
                _inline(plan, started, record, sinks)
            else:
                _headless(plan, started, record, sinks, outputs.seconds)
        finally:
            if over.ended:
                _tell(outputs, summary, directory, started.id)


def require_terminal() -> None:
    """Raises WrongUsage where no screen can be drawn."""
    from live_coach.screen.terminal import is_usable

    reason = is_usable()
    if reason is not None:
        raise WrongUsage(reason, hint="Use --headless, or run it in a terminal.")


def tidy(directory: Path, settings: Settings) -> None:
    """Bring in what a crash left behind, and let old conversations expire; say so."""
    for sentence in recovery.recover(directory):
        click.echo(f"live-coach: {sentence}", err=True)
    sessions.expire(directory, settings.archive.keep_days, datetime.now(UTC).date())


# ── readers ──────────────────────────────────────────────────────────────────────────────────────


class _Over:
    """Knows whether the last message has come: only then is there something to tell."""

    ended = False

    def receive(self, message: Message, _emitted: int) -> None:
        self.ended = self.ended or isinstance(message, SessionEnded)


def _sinks(plan: Plan, outputs: Outputs, closing: ExitStack) -> list[Sink]:
    sinks: list[Sink] = []
    if outputs.jsonl is not None:
        sinks.append(JsonLinesWriter(outputs.jsonl))
    if outputs.plain:
        sinks.append(PlainLines(sys.stdout, plan.wording))
    if outputs.inline:
        return sinks
    threaded = [ThreadedSink(f"output-{n}", sink) for n, sink in enumerate(sinks)]
    for sink in threaded:
        closing.callback(sink.close)
    return [*threaded]


@contextmanager
def json_lines(path: str | None) -> Iterator[TextIO | None]:
    """Where the message stream goes: a file, standard output for `-`, or nowhere for None."""
    if path is None or path == "-":
        yield sys.stdout if path else None
        return
    try:
        file = Path(path).open("w", encoding="utf-8")  # noqa: SIM115  closed below
    except OSError as error:
        raise _unwritable(path, error) from None
    with file:
        yield file


def _tell(outputs: Outputs, summary: Callable[[str], str], directory: Path, session: str) -> None:
    for path in outputs.summaries:
        try:
            path.write_text(summary(format_of(path)), encoding="utf-8")
        except OSError as error:
            raise _unwritable(str(path), error) from None
    if outputs.plain:
        click.echo()
        click.echo(summary("md"), nl=False)
    if outputs.save:
        click.echo(
            f"live-coach: Kept as {session} in {directory}: `live-coach sessions show {session}`.",
            err=True,
        )


def _unwritable(path: str, error: OSError) -> LiveCoachError:
    return LiveCoachError(
        f"“{path}” cannot be written: {error.strerror}.", hint="Choose another place."
    )


# ── three ways to run ────────────────────────────────────────────────────────────────────────────


def _inline(plan: Plan, started: SessionStarted, record: Record, sinks: Sequence[Sink]) -> None:
    stopped = threading.Event()
    with _signals(lambda _: stopped.set()):
        run_inline(plan, started, record, sinks, stopped)


def _headless(
    plan: Plan,
    started: SessionStarted,
    record: Record,
    sinks: Sequence[Sink],
    seconds: float | None,
) -> None:
    run = LiveRun(plan, started, record, sinks)
    run.start()
    with _signals(run.stop):
        if seconds is not None and run.wait(seconds) is None:
            run.stop("time")
        while run.wait(_POLL_S) is None:
            pass


def _on_screen(
    plan: Plan,
    started: SessionStarted,
    record: Record,
    sinks: Sequence[Sink],
    summary: Callable[[], str],
    kept: str,
) -> None:
    from live_coach.screen.app import CoachApp
    from live_coach.screen.bridge import Bridge

    bridge = Bridge()
    run = LiveRun(plan, started, record, [*sinks, bridge], on_failure=bridge.fail)
    app = CoachApp(
        bridge,
        language=plan.wording,
        on_start=run.start,
        on_stop=run.stop,
        summary=summary,
        kept=kept,
        colour=plan.settings.screen.colour,
        density=plan.settings.screen.density,
    )
    try:
        app.present(paths.log_file())
    finally:
        run.stop("asked")
        if run.running:
            run.wait(_LEAVE_S)


@contextmanager
def _signals(stop: Callable[[str], None]) -> Iterator[None]:
    """Ctrl-C and termination end a conversation properly; a second one ends the program."""

    def handle(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.default_int_handler)
        stop("interrupted")

    numbers = [signal.SIGINT, signal.SIGTERM]
    before = [signal.signal(number, handle) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
