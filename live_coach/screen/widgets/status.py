"""The quiet lines at the bottom: what has been counted, and how the coach itself is doing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

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
SOUND = "◉"
_REMIND_EVERY, _REMINDER_STANDS = 600 * RATE, 15 * RATE
"""Who keeps sound is told every ten minutes, for a quarter of a minute, how it goes."""
HOLD_STEPS = " ◔◕●"
"""The dot comes after a second of silence after an own question, longer than the gap before a usual
answer (0.2 s: Stivers 2009), and is full after three: a held silence (wait time, Rowe 1986)."""


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


def draw_health(state: LiveState, words: Words, width: int, height: int) -> list[Row]:
    """What is wrong, and below it the levels, how late text is, the model and the keys. With one
    row only, what is wrong takes the place of the rest."""
    mark = sound_mark(state, words, short=height < 2)
    room = width - width_of(mark)
    above = _above(state, words, room)
    if height < 2:
        return [(*mark, *(above or _instruments(state, words, room)))]
    return [(*mark, *above), _instruments(state, words, width)]


def sound_mark(state: LiveState, words: Words, *, short: bool) -> Row:
    """That the sound is kept, as long as the conversation lasts; nothing where it is not."""
    if state.started is None or not state.started.keeps_audio:
        return ()
    told = words.sound_kept_short if short else words.sound_kept
    return ((f"{SOUND} {told}", "recording"), ("  ", "plain"))


def _reminder(state: LiveState, words: Words) -> str:
    keeps = state.started is not None and state.started.keeps_audio
    due = state.now >= _REMIND_EVERY and state.now % _REMIND_EVERY < _REMINDER_STANDS
    return words.sound_reminder if keeps and due else ""


def notice(state: LiveState, words: Words) -> str:
    """That what was asked for is done, or that there is no nudge to do it to, for a few seconds; and a pause until it is over."""
    if state.no_nudge_at is not None and state.now < state.no_nudge_at + WISH_STANDS:
        return words.no_nudge
    if state.wish is not None and state.now < state.wish.at + WISH_STANDS:
        return f"{DONE} {_told(state.wish, words)}"
    if state.paused:
        return f"{PAUSED} {words.paused}"
    return ""


def snoozed(state: LiveState, words: Words) -> str:
    """How long there will be no nudges, while there are none; what is wrong is told all the same."""
    if state.snoozed_until <= state.now:
        return ""
    minutes = -(-(state.snoozed_until - state.now) // (60 * RATE))
    return f"{SNOOZED} {words.snoozed.format(minutes=minutes)}"


def hold_mark(state: LiveState, words: Words) -> str:
    """The filling dot with its word while the manager's question is open; else nothing."""
    held = state.metrics.holding if state.metrics else None
    if held is None or held < RATE or state.paused or state.ending:
        return ""
    return f"{HOLD_STEPS[min(held // RATE, len(HOLD_STEPS) - 1)]} {words.hold}"


def _above(state: LiveState, words: Words, width: int) -> Row:
    told = notice(state, words)
    if told:
        return ((cut(told, width), "bright" if state.paused else "plain"),)
    quiet = snoozed(state, words) or _reminder(state, words)
    rest: Row = ((cut(quiet, width), "plain"),) if quiet else ()
    if not state.troubles:
        return rest
    wrong: Row = ((told_troubles(state.troubles, words, width), "trouble"),)
    return spread(wrong, (), rest, width) if rest else wrong


def told_troubles(troubles: tuple[Health, ...], words: Words, width: int) -> str:
    """The latest first, as much of each sentence as lets all stand in one row."""
    told = [_shorter_and_shorter(trouble, words) for trouble in reversed(troubles)]
    rows = [
        "  ".join(f"{TROUBLE} {sentence}" for sentence in row) for row in zip(*told, strict=True)
    ]
    return next((row for row in rows if cell_len(row) <= width), cut(rows[-1], width))


def _shorter_and_shorter(trouble: Health, words: Words) -> tuple[str, ...]:
    """All of it, without what was lost, without its last clause, and what is wrong alone."""
    short = _sentence(trouble, words)
    wrong = short.split(": ")[0]
    return trouble_sentence(trouble, words), short, short.rpartition(", ")[0] or short, wrong


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
    sentence = _sentence(trouble, words)
    if trouble.gap:
        sentence += f" ({words.gap.format(seconds=words.number(to_seconds(trouble.gap), '.1f'))})"
    return sentence


def _sentence(trouble: Health, words: Words) -> str:
    return words.troubles.get((trouble.stream, trouble.state), trouble.sentence.rstrip("."))


def _instruments(state: LiveState, words: Words, width: int) -> Row:
    parts = [
        f"{name} {meter(state.levels[channel])}"
        for channel, name in (
            (Channel.MANAGER, words.mic),
            (Channel.ROOM, words.mic),
            (Channel.COACHEE, words.call),
        )
        if channel in state.levels and not state.paused
    ]
    if _is_basic(state):
        parts.append(words.basic)
    else:
        parts += _lag(state, words, width)
        parts += [state.started.model] if state.started else []
    if state.started:
        parts.append(words.kinds.get(state.started.kind, state.started.kind))
    keys: Row = (
        ("q", "plain"),
        (f" {words.key_end}  ", "quiet"),
        ("h", "plain"),
        (f" {words.key_keys}", "quiet"),
    )
    room = width - width_of(keys) - 2
    left: Piece = (_joined(parts, room if room >= 18 else width), "quiet")
    return spread((left,), (), keys, width)


def _lag(state: LiveState, words: Words, width: int) -> list[str]:
    if state.text_lag is None:
        return []
    text = words.number(to_seconds(state.text_lag), ".1f")
    sound = words.number(to_seconds(state.sound_lag or 0), ".1f")
    return [(words.late if width >= 60 else words.late_short).format(sound=sound, text=text)]


def _is_basic(state: LiveState) -> bool:
    """Without text there are no nudges on words: speaking time only."""
    return any(
        trouble.stream == "text" and trouble.state in {HealthState.LOST, HealthState.FAILED}
        for trouble in state.troubles
    )


def meter(dbfs: float, steps: Sequence[float] = METER_STEPS) -> str:
    """As many full boxes as the level is above steps."""
    boxes = sum(dbfs > step for step in steps)
    return "■" * boxes + "□" * (len(steps) - boxes)


def _joined(parts: list[str], width: int) -> str:
    """As many parts as fit, the first ones first; closer together before one is left out."""
    for count in range(len(parts), 0, -1):
        for gap in ("   ", "  "):
            line = gap.join(parts[:count])
            if cell_len(line) <= width:
                return line
    return ""
