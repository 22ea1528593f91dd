"""The quiet lines at the bottom: what has been counted, and how the coach itself is doing."""

from __future__ import annotations

from live_coach.flow.messages import (
    RATE,
    Channel,
    Health,
    HealthState,
    KindMuted,
    ListeningPaused,
    MomentMarked,
    NudgeRated,
    NudgesSnoozed,
    SpeakersSwapped,
    Wish,
    to_seconds,
)
from live_coach.screen.state import WISH_STANDS, LiveState
from live_coach.screen.widgets.rows import Piece, Row, clock, cut, spread, width_of
from live_coach.screen.words import Words

METER_STEPS = (-55.0, -40.0, -25.0)
"""Peak dBFS at which a meter gains a box: a quiet room shows none, soft speech two, a headset three."""
TROUBLE, DONE, PAUSED, SNOOZED = "▲", "✓", "‖", "z"


def draw_counts(state: LiveState, words: Words, width: int, _height: int) -> list[Row]:
    """Questions, tips, silences: nothing that asks for attention."""
    if state.metrics is None:
        return []
    counts = state.metrics.counts
    parts = [
        words.questions.format(open=counts.open_questions, closed=counts.closed_questions),
        _tips(counts.tips_spent, counts.tips_allowed, words),
        words.silences.format(held=counts.silences_held),
    ]
    return [((_joined(parts, width), "quiet"),)]


def _tips(spent: int, allowed: int, words: Words) -> str:
    """The budget while there is one; beyond it a plain number, which reproaches nobody."""
    return (words.tips if spent <= allowed else words.tips_given).format(
        spent=spent, allowed=allowed
    )


def draw_goal(state: LiveState, words: Words, width: int, _height: int) -> list[Row]:
    """What the conversation is for, in the coachee's words."""
    goal = state.started.goal if state.started else ""
    return [((cut(words.goal.format(goal=goal), width), "quiet"),)] if goal else []


def draw_health(state: LiveState, words: Words, width: int, height: int) -> list[Row]:
    """What is wrong, and below it the levels, how late text is, the model and the keys. With one
    row only, what is wrong takes the place of the rest."""
    above = _above(state, words, width)
    if height < 2:
        return [above or _instruments(state, words, width)]
    return [above, _instruments(state, words, width)]


def notice(state: LiveState, words: Words) -> str:
    """That what was asked for is done, for a few seconds; and what goes on until it is undone."""
    if state.wish is not None and state.now < state.wish.at + WISH_STANDS:
        return f"{DONE} {_told(state.wish, words)}"
    if state.paused:
        return f"{PAUSED} {words.paused}"
    if state.snoozed_until > state.now:
        minutes = -(-(state.snoozed_until - state.now) // (60 * RATE))
        return f"{SNOOZED} {words.snoozed.format(minutes=minutes)}"
    return ""


def _above(state: LiveState, words: Words, width: int) -> Row:
    told = notice(state, words)
    if told:
        return ((cut(told, width), "bright" if state.paused else "plain"),)
    troubles = [f"{TROUBLE} {trouble_sentence(trouble, words)}" for trouble in state.troubles]
    return ((cut("  ".join(reversed(troubles)), width), "trouble"),) if troubles else ()


def _told(wish: Wish, words: Words) -> str:
    match wish:
        case ListeningPaused():
            return words.paused if wish.paused else words.resumed
        case NudgesSnoozed():
            return words.snooze_over if wish.until == wish.at else words.snooze_begun
        case KindMuted():
            return words.kind_muted
        case NudgeRated():
            return words.rated_good if wish.good else words.rated_bad
        case MomentMarked():
            return words.marked.format(at=clock(wish.at))
        case SpeakersSwapped():
            return words.swapped


def trouble_sentence(trouble: Health, words: Words) -> str:
    """In the language of the screen where it has words for it, else as it came."""
    sentence = words.troubles.get((trouble.stream, trouble.state), trouble.sentence.rstrip("."))
    if trouble.gap:
        sentence += f" ({words.gap.format(seconds=words.number(to_seconds(trouble.gap), '.1f'))})"
    return sentence


def _instruments(state: LiveState, words: Words, width: int) -> Row:
    parts = [
        f"{name} {_meter(state.levels[channel])}"
        for channel, name in (
            (Channel.MANAGER, words.mic),
            (Channel.ROOM, words.mic),
            (Channel.COACHEE, words.call),
        )
        if channel in state.levels and not state.paused
    ]
    if state.text_lag is not None:
        lag = words.behind if width >= 60 else words.behind_short
        parts.append(lag.format(seconds=words.number(to_seconds(state.text_lag), ".1f")))
    if state.started:
        parts.append(words.basic if _is_basic(state) else state.started.model)
        parts.append(words.kinds.get(state.started.kind, state.started.kind))
    keys: Row = (
        ("q", "plain"),
        (f" {words.key_end}  ", "quiet"),
        ("h", "plain"),
        (f" {words.key_keys}", "quiet"),
    )
    room = width - width_of(keys) - 2
    left: Piece = (_joined(parts, room if room > 20 else width), "quiet")
    return spread((left,), (), keys, width)


def _is_basic(state: LiveState) -> bool:
    """Without text there are no nudges on words: speaking time only."""
    return any(
        trouble.stream == "text" and trouble.state in {HealthState.LOST, HealthState.FAILED}
        for trouble in state.troubles
    )


def _meter(dbfs: float) -> str:
    boxes = sum(dbfs > step for step in METER_STEPS)
    return "■" * boxes + "□" * (len(METER_STEPS) - boxes)


def _joined(parts: list[str], width: int) -> str:
    """As many parts as fit, the first ones first."""
    line = ""
    for part in parts:
        longer = f"{line}   {part}" if line else part
        if len(longer) > width:
            break
        line = longer
    return line
