"""What the live screen shows, as plain data, and how news changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf

from live_coach.flow.messages import (
    RATE,
    Channel,
    Health,
    HealthState,
    Levels,
    ListeningPaused,
    MetricSnapshot,
    Nudge,
    NudgesSnoozed,
    SessionEnded,
    SessionStarted,
    Speaker,
    Wish,
    to_samples,
)
from live_coach.screen.bridge import News

SHOWN_AT_LEAST = to_samples(4.0)
"""A nudge stands at least this long, whatever its `expires_at`: two words take a glance, but the
glance must come first (Tanveer 2015: a few seconds)."""
WISH_STANDS = to_samples(4.0)
"""How long the screen confirms what was asked for."""
GOOD_NEWS = frozenset({HealthState.RESTARTED, HealthState.MOVED})
GOOD_NEWS_STANDS = to_samples(10.0)
"""How long the screen says that something is back."""
LOSS_STANDS = to_samples(15.0)
"""How long the screen says that sound was lost: while that goes on it is told anew every ten seconds."""
LATE = to_samples(4.0)
"""Sound that is counted so late is no news any more; what waits longer for the ear is lost."""
LAG_STANDS = to_samples(10.0)
"""How long the longest delay of sound is shown, so that its number stands still."""
LEVEL_FALL = 20 / 1.7
"""Decibels per second by which a meter falls: that of a type I peak programme meter (IEC 60268-10),
so that it stands between two words."""
_ALL = "all"


@dataclass(frozen=True, slots=True)
class LiveState:
    """Everything on the live screen. Times are samples of the conversation.

    `one_voice` is true once somebody spoke of whom it is not known who, false for good once it was known of anybody.
    `sound_lag` is the longest of late (seen at `sound_lag_at`), `text_lag` the latest. `levels` fall slowly, so that meters are calm. `nudge` is the one that stands, since `nudge_since`; `waiting` are its successors; `last` is the
    one that stood before. `troubles` are in the order in which they came.
    `wish` is what the manager last asked for, `no_nudge_at` when they asked something of a nudge and there had been none; the later of the two is told for a few seconds.
    """

    now: int = 0
    started: SessionStarted | None = None
    metrics: MetricSnapshot | None = None
    speaking: frozenset[Speaker] = frozenset()
    levels: Mapping[Channel, float] = field(default_factory=dict)
    one_voice: bool | None = None
    sound_lag: int | None = None
    sound_lag_at: int = 0
    text_lag: int | None = None
    troubles: tuple[Health, ...] = ()
    nudge: Nudge | None = None
    nudge_since: int = 0
    waiting: tuple[Nudge, ...] = ()
    last: Nudge | None = None
    paused: bool = False
    snoozed_until: int = 0
    wish: Wish | None = None
    no_nudge_at: int | None = None
    ending: bool = False
    ended: SessionEnded | None = None


def advance(state: LiveState, news: News) -> LiveState:
    """The state after this news."""
    metrics = news.metrics or state.metrics
    speaking = (news.metrics.speaking if news.metrics else state.speaking) | news.began
    state = _with_sound_lag(_with_wishes(state, news), news)
    return _with_nudges(
        replace(
            state,
            now=max(state.now, news.now),
            started=news.started or state.started,
            metrics=metrics,
            speaking=speaking,
            one_voice=_one_voice(state.one_voice, speaking),
            levels=_levels(state, news),
            text_lag=state.text_lag if news.text_lag is None else news.text_lag,
            troubles=_troubles(state.troubles, news, late=(state.sound_lag or 0) >= LATE),
            ended=news.ended or state.ended,
        ),
        news.nudges,
    )


def _with_wishes(state: LiveState, news: News) -> LiveState:
    for wish in news.wishes:
        state = replace(state, wish=wish, no_nudge_at=None)
        if isinstance(wish, ListeningPaused):
            state = replace(state, paused=wish.paused)
        elif isinstance(wish, NudgesSnoozed):
            until = wish.at if wish.until is None else wish.until
            state = replace(state, snoozed_until=until)
    return state


def _with_sound_lag(state: LiveState, news: News) -> LiveState:
    """A longer delay is shown at once, a shorter one when the longer has stood its time."""
    lag, shown = news.sound_lag, state.sound_lag
    if lag is None or (
        shown is not None and lag <= shown and news.now < state.sound_lag_at + LAG_STANDS
    ):
        return state
    return replace(state, sound_lag=lag, sound_lag_at=news.now)


def _one_voice(before: bool | None, speaking: frozenset[Speaker]) -> bool | None:
    if before is False or speaking - {Speaker.UNKNOWN}:
        return False
    return True if speaking else before


def latest_nudge(state: LiveState) -> Nudge | None:
    """The nudge that stands, else the one that stood last."""
    return state.nudge or state.last


def without_a_nudge(state: LiveState) -> LiveState:
    """A key asked something of a nudge, and there has been none."""
    return replace(state, wish=None, no_nudge_at=state.now)


def _levels(state: LiveState, news: News) -> Mapping[Channel, float]:
    if news.levels is None:
        return state.levels
    return fallen(state.levels, news.levels, news.now - state.now)


def fallen(shown: Mapping[Channel, float], levels: Levels, passed: int) -> Mapping[Channel, float]:
    """What meters show (dBFS) so many samples after `shown`: they rise at once and fall slowly."""
    fall = LEVEL_FALL * max(0, passed) / RATE
    return {
        channel: max(dbfs, shown.get(channel, dbfs) - fall) for channel, dbfs in levels.dbfs.items()
    }


def _troubles(old: tuple[Health, ...], news: News, *, late: bool) -> tuple[Health, ...]:
    """One per stream, and one for all when they are `late`; OK takes it away, and so does time what is over."""
    changed = {health.stream: health for health in news.health}
    if late != any(trouble.stream == _ALL for trouble in old):
        state = HealthState.OVERLOADED if late else HealthState.OK
        changed[_ALL] = Health(news.now, state, _ALL, "")
    kept = [trouble for trouble in old if trouble.stream not in changed]
    kept += [health for health in changed.values() if health.state is not HealthState.OK]
    return tuple(trouble for trouble in kept if news.now < trouble.at + _stands(trouble))


def _stands(trouble: Health) -> float:
    """How many samples something wrong is shown, if nothing takes it away."""
    if trouble.state in GOOD_NEWS:
        return GOOD_NEWS_STANDS
    return LOSS_STANDS if trouble.state is HealthState.OVERLOADED and trouble.gap else inf


def _with_nudges(state: LiveState, new: tuple[Nudge, ...]) -> LiveState:
    """One nudge at a time: each stands its least time before the next, and until it expires when
    none waits. One that expired while it waited never stands; it only becomes the last."""
    waiting = state.waiting + new
    nudge, since, last = state.nudge, state.nudge_since, state.last
    if nudge is not None:
        least = since + SHOWN_AT_LEAST
        until = least if waiting else max(least, nudge.expires_at)
        if state.now >= until:
            nudge, last = None, nudge
    while nudge is None and waiting:
        candidate, *rest = waiting
        waiting = tuple(rest)
        if state.now < candidate.expires_at:
            nudge, since = candidate, state.now
        else:
            last = candidate
    return replace(state, nudge=nudge, nudge_since=since, waiting=waiting, last=last)
