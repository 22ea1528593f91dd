"""Runs one conversation for a command: who reads it, its screen, its end and its summary."""

from __future__ import annotations

import locale
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO, cast

import click

from live_coach import paths
from live_coach.archive import sound
from live_coach.archive.database import directory_of
from live_coach.coaching.own_words import OwnWords
from live_coach.commands.account import Account
from live_coach.commands.keep_awake import kept_awake
from live_coach.commands.private_file import open_private
from live_coach.commands.ready import unwritable
from live_coach.commands.speaking import speak
from live_coach.commands.tidy import say
from live_coach.commands.voice_words import words
from live_coach.errors import LiveCoachError
from live_coach.flow.json_lines import JsonLinesWriter
from live_coach.flow.messages import SessionStarted
from live_coach.flow.runner import GuardedSink, Sink, ThreadedSink
from live_coach.live_run import LiveRun
from live_coach.reports.render import format_of
from live_coach.screen.plain_lines import PlainLines
from live_coach.sentences import Sentence
from live_coach.session import Language, OwnVoice, Plan, Wording, announce, run_inline
from live_coach.settings import Settings
from live_coach.transcript.choice import Choice, choose, reading_time
from live_coach.transcript.weights import find

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


def models_for(settings: Settings, *, live: bool, partials: bool) -> tuple[Choice, Language]:
    """The speech models, and the language of the talk: with a model that knows only one, that one.

    In a conversation that is `live` they must keep up; for a recording the best there is will do.
    Raises ModelError where no installed model will do.
    """
    wanted = settings.conversation.language

    def told(sentence: Sentence) -> None:
        click.echo(sentence.told(wording(settings, wanted)), err=True)

    if live:
        chosen = choose(
            settings.transcript,
            wanted,
            partials=partials,
            measure=lambda model: reading_time(model, settings.transcript),
            say=told,
        )
    else:
        chosen = Choice(find(settings.transcript.model, wanted, say=told))
    known = chosen.model.languages
    return chosen, cast("Language", known[0]) if len(known) == 1 else wanted


def own_voice(settings: Settings, language: Wording, *, needed: bool) -> OwnVoice | None:
    """The manager's enrolled voice with its network; None, and a sentence, where they cannot be used.

    `needed`: there will be one microphone, so say also that no voice is enrolled.
    """
    from live_coach.speech import enrolled
    from live_coach.speech.voiceprint import WEIGHTS

    try:
        voice = enrolled.load(directory_of(settings.archive))
        if voice is not None:
            directory = find("voice", "auto", purpose="voice").directory
            return OwnVoice(voice.embedding, directory / WEIGHTS)
    except LiveCoachError as error:
        told = f"{error.told(language)} {words(language)['not_apart']}"
        click.echo(f"live-coach: {told}", err=True)
        return None
    if needed:
        click.echo(f"live-coach: {words(language)['enrol_first']}", err=True)
    return None


def conduct(plan: Plan, outputs: Outputs) -> None:
    """Run a conversation that was made ready from beginning to end, and tell about it.

    Raises LiveCoachError; what was recorded until then is kept and told all the same.
    """
    speak(plan.wording)
    account = Account(plan, save=outputs.save)
    started = announce(plan)
    unheard = threading.Event()
    with ExitStack() as closing:
        if plan.kind == "live":
            closing.enter_context(kept_awake())
        sinks = _sinks(plan, outputs, closing, unheard)
        try:
            if outputs.screen:
                _on_screen(plan, started, account, sinks)
            elif outputs.inline:
                _inline(plan, started, account, sinks, unheard)
            else:
                _headless(plan, started, account, sinks, outputs.seconds, unheard)
        finally:
            if account.complete:
                _tell(outputs, account, started.id, plan.wording)


# ── readers ──────────────────────────────────────────────────────────────────────────────────────


def _sinks(
    plan: Plan, outputs: Outputs, closing: ExitStack, unheard: threading.Event
) -> list[Sink]:
    """The readers; `unheard` is set when the only one has gone and nothing is kept of the conversation."""
    on_failure = (lambda: None) if outputs.save or outputs.summaries else unheard.set
    sinks: list[Sink] = []
    if outputs.jsonl is not None:
        sinks.append(JsonLinesWriter(outputs.jsonl))
    if outputs.plain:
        sinks.append(PlainLines(sys.stdout, plan.wording))
    guarded = [
        GuardedSink(sink, on_failure)
        if outputs.inline
        else ThreadedSink(f"output-{n}", sink, on_failure=on_failure)
        for n, sink in enumerate(sinks)
    ]
    for sink in guarded:
        closing.callback(sink.close)
    return [*guarded]


@contextmanager
def json_lines(path: str | None) -> Iterator[TextIO | None]:
    """Where the message stream goes: a file, standard output for `-`, or nowhere for None."""
    if path is None or path == "-":
        yield sys.stdout if path else None
        return
    try:
        file = open_private(Path(path))
    except OSError as error:
        raise unwritable(path, error) from None
    try:
        yield file
    finally:
        try:
            file.close()
        except OSError as error:
            raise unwritable(path, error) from None


def _tell(outputs: Outputs, account: Account, session: str, language: Wording) -> None:
    """Write every summary that can be written; raises LiveCoachError for one that cannot, at the end."""
    with ExitStack() as telling:
        if account.save:
            kept = Sentence("kept.session", session=session, directory=account.directory)
            told = [kept.told(language)]
            if account.has_plan:
                told.append(Sentence("kept.page", session=session).told(language))
            telling.callback(click.echo, f"live-coach: {' '.join(told)}", err=True)
            if session in sound.kept(account.directory):
                telling.callback(say, Sentence("kept.sound", session=session), language)
        if outputs.plain:
            telling.callback(click.echo, f"\n{account.summary()}", nl=False)
        for path in reversed(outputs.summaries):
            telling.callback(_write, path, account.summary(format_of(path)))


def _write(path: Path, text: str) -> None:
    try:
        with open_private(path) as file:
            file.write(text)
    except OSError as error:
        raise unwritable(str(path), error) from None


# ── three ways to run ────────────────────────────────────────────────────────────────────────────


def _inline(
    plan: Plan,
    started: SessionStarted,
    account: Account,
    sinks: Sequence[Sink],
    stopped: threading.Event,
) -> None:
    with _signals(lambda _: stopped.set()):
        run_inline(plan, started, account.open, sinks, stopped)


def _headless(
    plan: Plan,
    started: SessionStarted,
    account: Account,
    sinks: Sequence[Sink],
    seconds: float | None,
    unheard: threading.Event,
) -> None:
    run = LiveRun(plan, started, account.open, sinks)
    with _signals(run.stop):
        run.start()
        if seconds is not None and run.wait(seconds) is None:
            run.stop("time")
        while run.wait(_POLL_S) is None:
            if unheard.is_set():
                run.stop("asked")


def _on_screen(
    plan: Plan, started: SessionStarted, account: Account, sinks: Sequence[Sink]
) -> None:
    from live_coach.screen.app import CoachApp
    from live_coach.screen.bridge import Bridge

    bridge, own_words = Bridge(), OwnWords()
    readers = [*sinks, own_words, bridge]
    run = LiveRun(plan, started, account.open, readers, on_failure=bridge.fail)
    app = CoachApp(
        bridge,
        language=plan.wording,
        on_start=run.start,
        on_stop=run.stop,
        on_wish=run.wish,
        plan=own_words.candidates,
        on_plan=account.confirm,
        summary=account.summary,
        kept=str(account.directory) if account.save else "",
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
    """Ctrl-C, Ctrl-Break, termination and a closed terminal end a conversation properly; a second one ends the program."""

    def handle(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.default_int_handler)
        stop("interrupted")

    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    if hasattr(signal, "SIGBREAK"):
        numbers.append(signal.SIGBREAK)
    before = [signal.signal(number, handle) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
