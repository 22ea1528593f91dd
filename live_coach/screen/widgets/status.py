"""The quiet lines at the bottom: what has been counted, and how the coach itself is doing."""

from __future__ import annotations

from live_coach.flow.messages import Channel, Health, to_seconds
from live_coach.screen.state import LiveState
from live_coach.screen.widgets.rows import Piece, Row, cut, spread, width_of
from live_coach.screen.words import Words

METER_STEPS = (-55.0, -40.0, -25.0)
"""Peak dBFS at which a meter gains a box: a quiet room shows none, soft speech two, a headset three."""
TROUBLE = "▲"


def draw_counts(state: LiveState, words: Words, width: int, _height: int) -> list[Row]:
    """Questions, tips, silences: nothing that asks for attention."""
    if state.metrics is None:
        return []
    counts = state.metrics.counts
    parts = [
        words.questions.format(open=counts.open_questions, closed=counts.closed_questions),
        words.tips.format(spent=counts.tips_spent, allowed=counts.tips_allowed),
        words.silences.format(held=counts.silences_held),
    ]
    return [((_joined(parts, width), "quiet"),)]


def draw_health(state: LiveState, words: Words, width: int, height: int) -> list[Row]:
    """What is wrong, and below it the levels, how late text is, the model and the keys. With one
    row only, what is wrong takes the place of the rest."""
    troubles = [f"{TROUBLE} {trouble_sentence(trouble, words)}" for trouble in state.troubles]
    trouble: Row = ((cut("  ".join(reversed(troubles)), width), "trouble"),)
    if height < 2:
        return [trouble if troubles else _instruments(state, words, width)]
    return [trouble if troubles else (), _instruments(state, words, width)]


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
        if channel in state.levels
    ]
    if state.text_lag is not None:
        lag = words.behind if width >= 60 else words.behind_short
        parts.append(lag.format(seconds=words.number(to_seconds(state.text_lag), ".1f")))
    if state.started:
        parts.append(state.started.model)
        parts.append(words.kinds.get(state.started.kind, state.started.kind))
    keys: Row = (
        ("q", "plain"),
        (f" {words.key_end}   ", "quiet"),
        ("?", "plain"),
        (f" {words.key_why}", "quiet"),
    )
    room = width - width_of(keys) - 3
    left: Piece = (_joined(parts, room if room > 20 else width), "quiet")
    return spread((left,), (), keys, width)


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
