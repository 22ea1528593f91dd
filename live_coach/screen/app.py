"""The Textual application: the live screen, then the summary."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.message import Message

from live_coach import logs
from live_coach.errors import LiveCoachError
from live_coach.flow.messages import (
    KindMuted,
    ListeningPaused,
    MomentMarked,
    Nudge,
    NudgeRated,
    NudgesSnoozed,
    SpeakersSwapped,
    Wish,
    to_samples,
)
from live_coach.screen.blank_screen import BlankScreen
from live_coach.screen.bridge import Bridge
from live_coach.screen.calm_app import CalmApp
from live_coach.screen.help_screen import HelpScreen
from live_coach.screen.live_screen import LiveScreen
from live_coach.screen.pace import Pace
from live_coach.screen.plan_screen import PlanScreen
from live_coach.screen.plan_words import PLAN_WORDS
from live_coach.screen.state import LiveState, advance, latest_nudge, without_a_nudge
from live_coach.screen.summary_screen import SummaryScreen
from live_coach.screen.why_screen import WhyScreen
from live_coach.screen.words import WORDS

_SNOOZE = to_samples(600.0)
_SWAP_BACK = to_samples(30.0)
"""How much of what was just said a swap of the speakers puts right."""

_LIVE_ONLY = frozenset(
    ("end", "why", "help", "pause", "snooze", "mute", "rate", "mark", "swap", "density", "blank")
)


class NewsWaiting(Message):
    """There is news on the bridge."""

    def __init__(self, *, urgent: bool) -> None:
        super().__init__()
        self.urgent = urgent


class WorkDone(Message):
    """Work on a thread of its own has ended; `result` is the summary, or how it failed."""

    def __init__(self, result: str | LiveCoachError | None) -> None:
        super().__init__()
        self.result = result


class PlanHeard(Message):
    """What may be the coachee's plan was looked for; `sentences` are to be confirmed."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__()
        self.sentences = tuple(sentences)


class CoachApp(CalmApp[None]):
    """Shows a session from its start to its summary, with the coachee's plan to be confirmed between.

    `on_start` is called once the screen stands, `on_stop(reason)` when the person asks to end
    (`asked`, or `interrupted` by Ctrl-C or a signal), `summary` for the Markdown text once
    SessionEnded has come. Each is called on a thread of its own, on_stop never before on_start has
    returned; each may raise LiveCoachError. `kept` says where the conversation is kept.
    `plan` gives the sentences that may be the coachee's plan once SessionEnded has come, `on_plan`
    gets those that were confirmed, before `summary` is called.
    `on_wish` gets what the person asks for by key, on the screen's thread; it must not wait.

    Ends with `failure` set (and return code 1) when something went wrong; whoever runs the app then
    raises it. `left_early` is true when the person did not wait for the session to end.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "end", "End", show=False),
        Binding("question_mark", "why", "Why", show=False),
        Binding("h,f1", "help", "Keys", show=False),
        Binding("p", "pause", "Pause", show=False),
        Binding("s", "snooze", "Snooze", show=False),
        Binding("n", "mute", "Mute this kind", show=False),
        Binding("plus,equals_sign", "rate(True)", "Helped", show=False),
        Binding("minus", "rate(False)", "Did not help", show=False),
        Binding("m", "mark", "Mark", show=False),
        Binding("x", "swap", "Swap speakers", show=False),
        Binding("d", "density", "Density", show=False),
        Binding("escape", "blank", "Blank", show=False),
        Binding("ctrl+c,ctrl+q", "interrupt", "Stop", show=False, priority=True),
    ]

    def __init__(
        self,
        bridge: Bridge,
        *,
        language: Literal["en", "nl"],
        on_start: Callable[[], None],
        on_stop: Callable[[str], None],
        summary: Callable[[], str],
        kept: str = "",
        colour: bool = True,
        density: Literal["full", "calm", "line"] = "full",
        on_wish: Callable[[Wish], None] = lambda _: None,
        plan: Callable[[], Sequence[str]] = tuple,
        on_plan: Callable[[Sequence[str]], None] = lambda _: None,
    ) -> None:
        super().__init__(colour=colour)
        self.left_early = False
        self._bridge = bridge
        self._words = WORDS[language]
        self._plan_words = PLAN_WORDS[language]
        self._on_start = on_start
        self._on_stop = on_stop
        self._summary = summary
        self._on_wish = on_wish
        self._plan = plan
        self._on_plan = on_plan
        self._plan_heard: tuple[str, ...] | None = None
        self._confirmed: tuple[str, ...] = ()
        self._looking = False
        self._started = threading.Event()
        self._state = LiveState()
        self._pace = Pace(self._paint, self.set_timer)
        self._live = LiveScreen(self._words, colour=self.colour, density=density)
        self._kept = kept
        self._after: SummaryScreen | None = None

    def on_mount(self) -> None:
        """The screen stands: let the session begin."""
        self.push_screen(self._live)
        self._listen_to_signals()
        self._bridge.connect(self._ring)
        self._aside("start", self._start)

    def on_news_waiting(self, message: NewsWaiting) -> None:
        """Paint, now or as soon as the pace allows."""
        self._pace.ask(urgent=message.urgent)

    async def on_work_done(self, message: WorkDone) -> None:
        """Go on after work that was done aside."""
        if isinstance(message.result, LiveCoachError):
            self._leave_failing(message.result)
        elif message.result is not None and self._after is not None:
            await self._after.tell(message.result)

    def on_plan_heard(self, message: PlanHeard) -> None:
        """The sentences are there to be confirmed."""
        self._plan_heard = message.sentences
        self._tell_the_end()

    def action_end(self) -> None:
        """End the conversation properly."""
        self._end("asked")

    def action_interrupt(self) -> None:
        """Ctrl-C: end properly; the second time, and after the end, leave at once."""
        if self._state.ended is None and not self._state.ending:
            self._end("interrupted")
            return
        self._leave()

    def action_why(self) -> None:
        """Show why the last nudge came."""
        if self.screen is self._live:
            self.push_screen(WhyScreen(self._words, latest_nudge(self._state)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """On a blank screen every key only brings the screen back; wishes belong to the live screen."""
        del parameters
        if isinstance(self.screen, BlankScreen):
            return action == "interrupt"
        if action == "blank" and isinstance(self.screen, HelpScreen | WhyScreen):
            return True
        return action not in _LIVE_ONLY or self.screen is self._live

    def action_help(self) -> None:
        """List the keys."""
        self.push_screen(HelpScreen(self._words))

    def action_blank(self) -> None:
        """Show nothing at all, at once; what lay over the live screen does not come back."""
        if self.screen is not self._live:
            self.pop_screen()
        self.push_screen(BlankScreen(), lambda _: self._tell_the_end())

    def action_density(self) -> None:
        """Show more or less."""
        self._live.next_density()
        self._live.show(self._state)

    def action_pause(self) -> None:
        """Stop listening, or go on."""
        self._on_wish(ListeningPaused(self._state.now, not self._state.paused))

    def action_snooze(self) -> None:
        """Ten minutes without nudges, or their end."""
        now = self._state.now
        snoozed = self._state.snoozed_until > now
        self._on_wish(NudgesSnoozed(now, now if snoozed else now + _SNOOZE))

    def action_mute(self) -> None:
        """No more of the kind of the last nudge."""
        nudge = self._nudge_in_question()
        if nudge is not None:
            self._on_wish(KindMuted(self._state.now, nudge.kind))

    def action_rate(self, good: bool) -> None:
        """Whether the last nudge helped."""
        nudge = self._nudge_in_question()
        if nudge is not None:
            self._on_wish(NudgeRated(self._state.now, nudge.id, good))

    def action_mark(self) -> None:
        """A moment to come back to."""
        self._on_wish(MomentMarked(self._state.now))

    def action_swap(self) -> None:
        """Who spoke was the wrong way round."""
        now = self._state.now
        self._on_wish(SpeakersSwapped(now, max(0, now - _SWAP_BACK)))

    def action_leave(self) -> None:
        """Leave after the summary."""
        self.exit()

    def _nudge_in_question(self) -> Nudge | None:
        """The one that a key is about; that there was none yet is told where keys are answered."""
        nudge = latest_nudge(self._state)
        if nudge is None:
            self._show(without_a_nudge(self._state))
        return nudge

    def _paint(self) -> None:
        news = self._bridge.take()
        if news.failure is not None:
            self._leave_failing(news.failure)
            return
        self._show(advance(self._state, news))
        self._tell_the_end()

    def _tell_the_end(self) -> None:
        """The plan to confirm, if there is one, then the summary; neither over a blank screen."""
        ended = self._state.ended
        if ended is None or self._after or isinstance(self.screen, BlankScreen | PlanScreen):
            return
        cut_short = ended.reason == "failed"
        if self._plan_heard is None and not cut_short:
            self._look_for_the_plan()
        elif self._plan_heard:
            offered, self._plan_heard = self._plan_heard, ()
            screen = PlanScreen(self._plan_words, offered, colour=self.colour)
            self.push_screen(screen, self._plan_confirmed)
        else:
            self._after = SummaryScreen(
                self._words, kept=self._kept_where(), colour=self.colour, cut_short=cut_short
            )
            self.push_screen(self._after)
            self._aside("summary", self._look_back)

    def _look_for_the_plan(self) -> None:
        if not self._looking:
            self._looking = True
            self._aside("plan", lambda: self._post(PlanHeard(self._plan())))

    def _plan_confirmed(self, sentences: tuple[str, ...] | None) -> None:
        self._confirmed = sentences or ()
        self._tell_the_end()

    def _look_back(self) -> str:
        """The summary; that the plan could not be kept is told after it, so that it can still be read."""
        try:
            if self._confirmed:
                self._on_plan(self._confirmed)
        except LiveCoachError as error:
            self.failure = error
        return self._summary()

    def _kept_where(self) -> str:
        sound = self._state.started is not None and self._state.started.keeps_audio
        return f"{self._kept}. {self._words.sound_after}" if self._kept and sound else self._kept

    def _show(self, state: LiveState) -> None:
        self._state = state
        self._live.show(state)

    def _end(self, reason: str) -> None:
        if self._state.ended is None and not self._state.ending:
            self._show(replace(self._state, ending=True))
            self._aside("stop", lambda: self._stop(reason))

    def _leave(self) -> None:
        self.left_early = self._state.ended is None
        self.exit()

    def _start(self) -> None:
        try:
            self._on_start()
        finally:
            self._started.set()

    def _stop(self, reason: str) -> None:
        self._started.wait()
        self._on_stop(reason)

    def _aside(self, name: str, work: Callable[[], str | None]) -> None:
        """Work on a daemon thread: one that hangs never keeps the program from leaving."""

        def run() -> None:
            result: str | LiveCoachError | None
            try:
                result = work()
            except LiveCoachError as error:
                result = error
            except Exception as error:  # noqa: BLE001  a thread's border
                result = logs.unforeseen(error)
            self._post(WorkDone(result))

        threading.Thread(target=run, name=f"screen-{name}", daemon=True).start()

    def _ring(self, urgent: bool) -> None:
        self._post(NewsWaiting(urgent=urgent))

    def _post(self, message: Message) -> None:
        """From any thread; a screen that has gone hears nothing any more."""
        with suppress(RuntimeError):
            self.post_message(message)

    def _leave_failing(self, error: LiveCoachError) -> None:
        self.failure = self.failure or error
        self.exit(return_code=1)

    def _listen_to_signals(self) -> None:
        """`kill` ends properly; a closed terminal leaves at once, since nobody can press a key any more."""
        if self.is_headless or threading.current_thread() is not threading.main_thread():
            return
        actions = {
            "SIGINT": self.action_interrupt,
            "SIGTERM": self.action_interrupt,
            "SIGHUP": self._leave,
        }
        for name, action in actions.items():
            number = getattr(signal, name, None)
            with suppress(NotImplementedError):
                if number is not None:
                    asyncio.get_running_loop().add_signal_handler(number, action)
