"""The coach: from voices and text to events, acts, numbers and, rarely, a nudge."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from live_coach.coaching import wording as words_of
from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.gate import Gate, Readiness
from live_coach.coaching.high_share import HighShare
from live_coach.coaching.history import QUESTIONS, History, Said
from live_coach.coaching.markers import LANGUAGES, Language
from live_coach.coaching.moment import Moment
from live_coach.coaching.quoted import told_act
from live_coach.coaching.rules import ALARM, TELLING, occasions
from live_coach.coaching.standing import begin, subject
from live_coach.conversation.board import Board
from live_coach.conversation.past import Past
from live_coach.conversation.sequence import Heard, Sequencer
from live_coach.conversation.whose import Whose
from live_coach.flow.messages import (
    ConversationEvent,
    KindMuted,
    ListeningPaused,
    MetricSnapshot,
    Nudge,
    NudgeOutcome,
    NudgeRated,
    NudgesSnoozed,
    Pause,
    Speaker,
    SpeakerKnown,
    SpeakersLearnt,
    SpeakersSwapped,
    SpeechAct,
    SpeechEnded,
    SpeechStarted,
    Stage,
    Tick,
    Utterance,
    Wish,
    to_samples,
)

_Corrected = SpeakerKnown | SpeakersLearnt
Insight = ConversationEvent | SpeechAct | Nudge | MetricSnapshot | NudgeOutcome | _Corrected

_OF_SPEAKERS = (*("_board", "_history", "_context", "_confidence", "_standing", "_high_share"),)
"""What depends on who said what, and is gone through again when that was wrong."""

_TOLD = 200
"""So many of the latest insights are remembered, so that none of an earlier time is told twice."""

_HELD = to_samples(3.0)
"""A silence of three seconds after an own question was held (wait time, Rowe 1986)."""


class Coach:
    """A stage: takes SpeechStarted, SpeakerKnown, SpeakersLearnt, SpeechEnded, Tick, Utterance; gives insights.

    What is seen from voices alone (talk share, who speaks, monologue) is in the snapshot at once;
    everything else follows the restored order of voice and text, so it does not depend on when text
    arrives. `language` is that of the talk, "auto" takes each utterance's own; `wording` is the
    language of the screen; `goal`, what both expect, and `frames` (goals, values and norms of the
    organisation) are what was agreed or given beforehand, `goal` None where there was no card. `heard`: the
    words come from a recogniser (ActFinder). `finder` makes what reads the acts of a language; by default
    with the shipped weights.

    SpeakersSwapped withdraws what was concluded about all that ended since (TurnEnded, Pause, Overlap)
    or began since (SpeechAct): SpeakerKnown follows for each run with another speaker, and then what
    is concluded now. SpeakersLearnt does the same, in its place in the restored order, and is told
    there first. A nudge that was given was given, and none comes of going through the past again.
    """

    def __init__(
        self,
        language: str,
        config: NudgeConfig,
        *,
        wording: Language = "en",
        agreed_minutes: float | None = None,
        goal: str | None = None,
        manager_expects: str = "",
        coachee_expects: str = "",
        frames: tuple[str, ...] = (),
        heard: bool = False,
        finder: Callable[[Language], ActFinder] | None = None,
    ) -> None:
        self._config = config
        self._new_finder = finder or partial(ActFinder, frames=frames, heard=heard)
        self._language: Language = "nl" if language == "nl" else "en"
        self._auto = language == "auto"
        self._agreed = None if agreed_minutes is None else to_samples(agreed_minutes * 60)
        self._sequencer = Sequencer()
        self._now = Board()
        self._board = Board()
        self._history = History()
        self._context = Context()
        self._standing = begin(
            config,
            self._language,
            goal=goal,
            manager_expects=manager_expects,
            coachee_expects=coachee_expects,
        )
        self._finders: dict[Language, ActFinder] = {}
        self.whose = Whose()
        self._past: Past[dict[str, Any]] = Past()
        self._told: deque[ConversationEvent | SpeechAct] = deque(maxlen=_TOLD)
        self._gate = Gate(config.gate, words_of.load(wording))
        self._confidence: dict[int, float] = {}
        self._paused = False
        self._alarmed_at: int | None = None
        self._high_share = HighShare()

    def process(self, item: Heard | Wish) -> Iterator[Insight]:
        """Take one message, as `whose` corrected it. Partial texts are passed over; what the manager
        wishes counts at once."""
        if isinstance(item, Wish):
            yield from self._obey(item)
            return
        if isinstance(item, Utterance):
            if item.stage is Stage.PARTIAL:
                return
        else:
            for _ in self._now.process(item):
                pass
        for ready in self._sequencer.process(item):
            yield from self._in_order(ready)
        if isinstance(item, Tick):
            yield self.snapshot()

    def flush(self) -> Iterator[Insight]:
        """The conversation is over."""
        for ready in self._sequencer.flush():
            yield from self._in_order(ready)
        yield from self._board.flush()
        yield self.snapshot()

    @property
    def stale(self) -> int:
        """How many occasions for a nudge grew old before there was a moment for them."""
        return self._gate.stale

    def snapshot(self) -> MetricSnapshot:
        """Where the conversation stands: voices up to now, counts up to what has been read."""
        standing = self._standing
        return MetricSnapshot(
            heard_to=self._now.heard_to,
            read_to=self._sequencer.read_to,
            talk_share=self._now.talk_share,
            speaking=self._now.speaking,
            monologue=self._now.monologue,
            longest=self._now.floor.longest,
            counts=replace(
                self._history.counts,
                tips_allowed=standing.tips.allowed,
                solutions_first=standing.ideas.solutions_first,
            ),
            holding=self._holding(),
            phase=standing.course.phase,
            goal_agreed=standing.agreed.goal,
            expectations_agreed=standing.agreed.expectations,
        )

    def _holding(self) -> int | None:
        """The silence after the manager's question so far, once all that was said has been read."""
        silences, now = self._now.silences, self._now.heard_to
        silent = silences.silent_for(now)
        asked = silences.last_speaker is Speaker.MANAGER and self._asked_last()
        if not silent or not asked or self._sequencer.read_to < now - silent:
            return None
        return silent

    def _obey(self, wish: Wish) -> Iterator[Insight]:
        if isinstance(wish, ListeningPaused):
            self._paused = wish.paused
        elif isinstance(wish, NudgesSnoozed):
            self._gate.snooze(wish.until)
        elif isinstance(wish, KindMuted):
            self._gate.mute(wish.kind)
        elif isinstance(wish, NudgeRated):
            self._gate.rate(wish.nudge, good=wish.good)
        elif isinstance(wish, SpeakersSwapped):
            yield from self._swap(wish)

    def _swap(self, wish: SpeakersSwapped) -> Iterator[Insight]:
        yield from self._correct(wish.since, self.whose.swap(wish))

    def _learn(self, learnt: SpeakersLearnt) -> Iterator[Insight]:
        told = self.whose.learn(learnt)
        if told.runs:
            yield told
            yield from self._correct(told.since, told.runs)

    def _correct(self, after: int, known: Iterable[SpeakerKnown]) -> Iterator[Insight]:
        """Go through what came `after` again, with the speakers that are `known` by now."""
        yield from known
        self._sequencer.relabel(self.whose.as_of_now)
        before, items = self._past.since(after) or ({}, [])
        self.__dict__.update(before)
        self._told = deque((one for one in self._told if _at(one) <= after), maxlen=_TOLD)
        for item in self.whose.again(items):
            fresh = [one for one in self._take(item)[0] if one not in self._told]
            self._told.extend(fresh)
            yield from fresh
        self._now = copy.deepcopy(self._board)
        for waiting in self._sequencer.held:
            for _ in self._now.process(waiting):
                pass
        yield self.snapshot()

    def _of_speakers(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _OF_SPEAKERS}

    def _in_order(self, item: Heard) -> Iterator[Insight]:
        if isinstance(item, SpeakersLearnt):
            yield from self._learn(item)
            return
        insights, said = self._take(item)
        self._told.extend(insights)
        yield from insights
        if isinstance(item, Utterance) and _no_speech(self._now, item):
            yield self.whose.nobodys(item, self._board.heard_to)
        if isinstance(item, SpeechEnded):
            return
        if isinstance(item, Utterance):
            if said is not None and said.acts:
                self._offer(said)
            return
        if isinstance(item, Tick):
            self._offer(None)
        nudge = None if self._paused else self._gate.decide(self._readiness())
        if nudge is not None:
            if nudge.kind in TELLING:
                self._alarmed_at = nudge.at
            yield nudge
        yield from self._gate.outcomes(self._board.heard_to)

    def _take(self, item: Heard) -> tuple[list[ConversationEvent | SpeechAct], Said | None]:
        """What follows from a message but nudges, and the utterance that it was, if it was a new one."""
        self._past.note(item, self._of_speakers(), self._board.heard_to)
        if isinstance(item, Utterance):
            _no_speech(self._board, item)
            return self._read(item)
        events = list(self._board.process(item))
        for event in events:
            self._note(event)
        if isinstance(item, SpeechStarted | SpeakerKnown):
            self._confidence[item.id] = item.confidence
        self._history.interrupted(self._board.heard_to, self._board.floor.interruptions)
        self._high_share = self._high_share.after(
            self._board.talk_share.window, self._board.heard_to, self._config.share
        )
        return [*events], None

    def _note(self, event: ConversationEvent) -> None:
        if (
            isinstance(event, Pause)
            and event.after is Speaker.MANAGER
            and event.span.length >= _HELD
            and self._asked_last()
        ):
            self._history.hold(event.span.end)

    def _read(
        self, utterance: Utterance
    ) -> tuple[list[ConversationEvent | SpeechAct], Said | None]:
        words = tuple(w.text for w in utterance.words) or tuple(utterance.text.split())
        late = utterance.id not in self._confidence
        finder = self._finder(utterance.language)
        acts: tuple[SpeechAct, ...] = ()
        if words:
            context = replace(self._context) if late else self._context
            found = finder.read(utterance.speaker, words, context)
            acts = tuple(told_act(utterance, act, words) for act in found)
        sure = (
            min(utterance.confidence, self._confidence.pop(utterance.id, 1.0))
            >= self._config.gate.speaker_confidence
        )
        about = subject(words, self._chosen(utterance.language))
        said = Said(
            utterance.id,
            utterance.speaker,
            utterance.span.start,
            utterance.span.end,
            acts,
            sure,
            about.content,
            about.marks,
        )
        self._history.add(said)
        self._standing = self._standing.after(said)
        if late:
            return [*acts], None
        content = bool(words) and not finder.is_back_channel(words)
        events = self._board.said(utterance.id, content=content)
        return [*acts, *events], said

    def _offer(self, fresh: Said | None) -> None:
        board = self._board
        now = board.heard_to
        moment = Moment(
            now=now,
            history=self._history,
            standing=self._standing,
            fresh=fresh,
            share=board.talk_share,
            high_share=self._high_share,
            monologue=board.monologue,
            monologue_start=board.floor.monologue_start,
            manager_sure=board.confidence(Speaker.MANAGER) >= self._config.gate.speaker_confidence,
            silent_for=board.silences.silent_for(now),
            last_speaker=board.silences.last_speaker,
            agreed=self._agreed,
            alarmed_at=self._alarmed_at,
        )
        if fresh is not None and fresh.speaker is Speaker.MANAGER and self._asked_openly(fresh):
            self._gate.withdraw(ALARM)
        for occasion in occasions(moment, self._config):
            self._gate.offer(occasion)

    def _readiness(self) -> Readiness:
        board = self._board
        manager_speaks = Speaker.MANAGER in board.speaking
        return Readiness(
            now=board.heard_to,
            least_spoken=min(board.spoken(Speaker.MANAGER), board.spoken(Speaker.COACHEE)),
            manager_quiet_for=board.quiet_for(Speaker.MANAGER),
            coachee_began=Speaker.COACHEE in board.speaking and not manager_speaks,
            own_question_open=board.silences.last_speaker is Speaker.MANAGER and self._asked_last(),
            agreed=self._agreed,
        )

    def _asked_last(self) -> bool:
        last = self._history.last(Speaker.MANAGER)
        return last is not None and any(act.kind in QUESTIONS for act in last.acts)

    @staticmethod
    def _asked_openly(said: Said) -> bool:
        return said.acts[0].kind in QUESTIONS

    def _chosen(self, language: str) -> Language:
        """The language in which an utterance is read."""
        if not self._auto:
            return self._language
        return next((known for known in LANGUAGES if known == language), self._language)

    def _finder(self, language: str) -> ActFinder:
        chosen = self._chosen(language)
        if chosen not in self._finders:
            self._finders[chosen] = self._new_finder(chosen)
        return self._finders[chosen]


def _no_speech(board: Board, text: Utterance) -> bool:
    """Whether a run that counted as speech had no words, and counts no more: an instrument, a laugh, a cough."""
    return board.read(text.id, words=text.stage is not Stage.FINAL or bool(text.text))


def _at(insight: ConversationEvent | SpeechAct) -> int:
    """Until when it is withdrawn if who spoke is corrected from there on."""
    return insight.span.start if isinstance(insight, SpeechAct) else insight.span.end
