"""Turns, shares, pauses and overlaps from runs of speech alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_coach.conversation.board import Board
from live_coach.conversation.sequence import Voice
from live_coach.conversation.talk_share import TalkTime
from live_coach.flow.messages import (
    Channel,
    ConversationEvent,
    Monologue,
    Overlap,
    Pause,
    Span,
    Speaker,
    SpeakerKnown,
    SpeechEnded,
    SpeechStarted,
    Tick,
    TurnEnded,
    to_samples,
)

M, C, U = Speaker.MANAGER, Speaker.COACHEE, Speaker.UNKNOWN
TICK = 1536
Runs = list[tuple[Speaker, float, float]]


def voices(runs: Runs, until: float, *, lost: tuple[float, float] = (0, 0)) -> list[Voice]:
    """The ear's messages for runs given in seconds; no delays."""
    events: list[tuple[int, int, Voice]] = []
    for number, (speaker, start, end) in enumerate(runs, start=1):
        a, b = to_samples(start), to_samples(end)
        events.append((a, 2 * number, SpeechStarted(number, a, speaker, a)))
        events.append(
            (b, 2 * number - 1 if a < b else 2 * number + 1, SpeechEnded(number, b, speaker, b))
        )
    for at in range(TICK, to_samples(until) + 1, TICK):
        gone = to_samples(lost[0]) < at <= to_samples(lost[1])
        events.append((at, 10_000, Tick(at, frozenset({Channel.COACHEE}) if gone else frozenset())))
    return [message for _, _, message in sorted(events, key=lambda e: e[:2])]


def events_of(board: Board, messages: list[Voice]) -> list[ConversationEvent]:
    out = [event for message in messages for event in board.process(message)]
    return out + list(board.flush())


def turns(runs: Runs, until: float) -> list[tuple[Speaker, float, float, tuple[int, ...]]]:
    found = events_of(Board(), voices(runs, until))
    return [
        (t.speaker, t.span.start / 16000, t.span.end / 16000, t.utterances)
        for t in found
        if isinstance(t, TurnEnded)
    ]


def test_a_turn_joins_runs_until_the_other_takes_the_floor() -> None:
    assert turns([(M, 0, 3), (M, 4, 6), (C, 7, 10)], 11) == [
        (M, 0, 6, (1, 2)),
        (C, 7, 10, (3,)),
    ]


def test_a_back_channel_leaves_the_floor() -> None:
    assert turns([(M, 0, 5), (C, 2, 2.5), (C, 5.2, 5.6), (M, 6, 9)], 10) == [(M, 0, 9, (1, 4))]


def test_a_short_answer_with_content_takes_the_floor() -> None:
    board = Board()
    messages = voices([(M, 0, 3), (C, 3.5, 4.1), (M, 5, 8)], 9)
    found: list[ConversationEvent] = []
    for message in messages:
        found += board.process(message)
        if isinstance(message, SpeechEnded):
            found += board.said(message.id, content=True)
    assert [t.utterances for t in found if isinstance(t, TurnEnded)] == [(1,), (2,)]


def test_cutting_in_is_counted_and_the_floor_passes_when_the_holder_stops() -> None:
    board = Board()
    found = events_of(board, voices([(C, 0, 5), (M, 4, 9)], 10))
    assert [t.span for t in found if isinstance(t, TurnEnded)] == [
        Span(0, to_samples(5)),
        Span(to_samples(4), to_samples(9)),
    ]
    assert board.floor.interruptions == 1
    assert [o for o in found if isinstance(o, Overlap)] == [
        Overlap(Span(to_samples(4), to_samples(5)), by=M)
    ]


def test_a_run_cut_at_its_longest_goes_on_without_a_pause() -> None:
    found = events_of(Board(), voices([(M, 0, 12), (M, 12, 20)], 21))
    assert not [e for e in found if isinstance(e, Pause)]
    assert [t.spoken for t in found if isinstance(t, TurnEnded)] == [to_samples(20)]


def test_pauses_name_both_sides() -> None:
    found = events_of(Board(), voices([(M, 0, 3), (C, 7, 9), (M, 9.2, 11)], 12))
    assert [e for e in found if isinstance(e, Pause)] == [
        Pause(Span(to_samples(3), to_samples(7)), after=M, before=C)
    ]


def test_lost_sound_is_no_silence() -> None:
    board = Board()
    found = events_of(board, voices([(M, 0, 3), (C, 7, 9)], 10, lost=(4, 6)))
    pause = next(e for e in found if isinstance(e, Pause))
    assert to_samples(5.9) < pause.span.start <= to_samples(6)


def test_monologue_is_told_once_per_threshold_and_ends_where_room_is_given() -> None:
    board = Board()
    found = events_of(board, voices([(M, 0, 50), (M, 51, 80), (M, 84, 100)], 101))
    monologues = [e for e in found if isinstance(e, Monologue)]
    assert [round(e.span.length / 16000) for e in monologues] == [45, 75]
    assert board.floor.longest == pytest.approx(to_samples(80), abs=2 * TICK)


def test_share_waits_for_both_voices() -> None:
    board = Board()
    events_of(board, voices([(M, 0, 10)], 11))
    assert board.talk_share.session is None
    board = Board()
    events_of(board, voices([(M, 0, 3), (C, 4, 5)], 6))
    assert board.talk_share.session is None
    board = Board()
    events_of(board, voices([(M, 0, 9), (C, 10, 13)], 14))
    assert board.talk_share.session == pytest.approx(0.75)


def test_unknown_speakers_are_left_out() -> None:
    board = Board()
    events_of(board, voices([(M, 0, 6), (U, 7, 90), (C, 91, 97)], 98))
    assert board.talk_share.session == pytest.approx(0.5)
    assert board.floor.holder is None


def test_a_run_without_words_was_no_speech() -> None:
    board, runs = Board(), [(M, 0.0, 6.0), (C, 7.0, 13.0), (M, 18.0, 20.0), (M, 22.0, 25.0)]
    for message in voices(runs, 26):
        for _ in board.process(message):
            pass
        if isinstance(message, SpeechEnded):
            assert board.read(message.id, words=message.id != 3) is (message.id == 3)
    assert board.spoken(M) == to_samples(6 + 3)
    assert board.talk_share.session == board.talk_share.window == pytest.approx(9 / 15)
    assert not board.read(3, words=False), "it is taken back once"


def test_a_long_run_without_words_is_speech_that_was_not_understood() -> None:
    for length, taken_back in ((2.5, True), (2.6, False)):
        board = Board()
        events_of(board, voices([(M, 0.0, length)], 4))
        assert board.read(1, words=False) is taken_back


def test_a_run_in_progress_counts() -> None:
    board = Board()
    for message in voices([(C, 0, 5), (M, 6, 30)], 16):
        if message.heard_to <= to_samples(16):
            for _ in board.process(message):
                pass
    share = board.talk_share.session
    assert share == pytest.approx(10 / 15, abs=0.01)


@pytest.mark.parametrize(
    ("runs", "manager", "coachee"),
    [
        ([(M, 0, 4), (M, 4.9, 8), (C, 10, 18)], 8, 8),
        ([(M, 0, 4), (M, 5, 8), (C, 10, 18)], 7, 8),
        ([(M, 0, 4), (C, 4.2, 4.6), (M, 4.8, 8)], 7.2, 0.4),
        ([(C, 0, 9), (M, 3, 4), (M, 4.5, 6)], 2.5, 9),
        ([(M, 0, 4), (U, 4.2, 4.6), (M, 4.8, 8), (C, 10, 18)], 7.2, 8),
    ],
    ids=["breath", "a second", "the other between", "the other meanwhile", "somebody between"],
)
def test_a_breath_belongs_to_the_talk_of_who_goes_on(
    runs: Runs, manager: float, coachee: float
) -> None:
    board = Board()
    events_of(board, voices(runs, 20))
    assert board.spoken(M) == pytest.approx(to_samples(manager), abs=2)
    assert board.spoken(C) == pytest.approx(to_samples(coachee), abs=2)


def test_a_breath_through_one_microphone_counts_once_it_is_known_whose_it_was() -> None:
    board = Board()
    events_of(board, told_late(voices([(M, 0, 4), (M, 4.5, 8), (C, 10, 12)], 14), to_samples(1.5)))
    assert board.spoken(M) == pytest.approx(to_samples(8), abs=2)


def test_lost_sound_is_no_breath() -> None:
    board = Board()
    events_of(board, voices([(M, 0, 4), (M, 4.5, 8)], 9, lost=(4.1, 4.3)))
    assert board.spoken(M) == pytest.approx(to_samples(7.5), abs=2)


def test_the_window_forgets() -> None:
    board = Board()
    events_of(board, voices([(M, 0, 100), (C, 100, 110), (C, 400, 410)], 410))
    assert board.talk_share.session == pytest.approx(100 / 120, abs=0.001)
    assert board.talk_share.window == pytest.approx(0.0, abs=0.001)


spans = st.lists(
    st.tuples(st.sampled_from([M, C]), st.floats(0.01, 20), st.floats(0.0, 5)), max_size=30
)


@given(spans, st.floats(1, 60))
def test_shares_sum_to_one(pieces: list[tuple[Speaker, float, float]], window: float) -> None:
    own, other = TalkTime(to_samples(window)), TalkTime(to_samples(window))
    clock = 0.0
    swap = {M: C, C: M}
    for speaker, length, gap in pieces:
        for time, who in ((own, speaker), (other, swap[speaker])):
            time.start(who, to_samples(clock))
            time.end(who, to_samples(clock + length))
        clock += length + gap
        now = to_samples(clock)
        mine, theirs = own.share(now), other.share(now)
        for a, b in ((mine.session, theirs.session), (mine.window, theirs.window)):
            assert (a is None) == (b is None)
            if a is not None and b is not None:
                assert 0 <= a <= 1
                assert a + b == pytest.approx(1.0)


@given(spans)
def test_turns_are_ordered_and_hold_every_long_run(
    pieces: list[tuple[Speaker, float, float]],
) -> None:
    runs: Runs = []
    clock = 0.0
    for speaker, length, gap in pieces:
        runs.append((speaker, clock, clock + length + 1.5))
        clock += length + 1.5 + gap + 0.3
    found = [t for t in events_of(Board(), voices(runs, clock + 1)) if isinstance(t, TurnEnded)]
    assert [i for t in found for i in t.utterances] == list(range(1, len(runs) + 1))
    for earlier, later in itertools.pairwise(found):
        assert earlier.span.end <= later.span.start
        assert earlier.speaker is not later.speaker


def told_late(messages: list[Voice], after: int) -> list[Voice]:
    """The same conversation through one microphone: who speaks is known so much later, or at the end of a run."""
    late: list[Voice] = []
    waiting: dict[int, SpeechStarted] = {}
    for message in messages:
        for number, run in list(waiting.items()):
            ends = isinstance(message, SpeechEnded) and message.id == number
            if ends or message.heard_to - run.at >= after:
                del waiting[number]
                late.append(SpeakerKnown(number, run.at, run.speaker, message.heard_to, 0.9))
        if isinstance(message, SpeechStarted):
            waiting[message.id] = message
            late.append(SpeechStarted(message.id, message.at, U, message.heard_to))
        else:
            late.append(message)
    return late


one_after_the_other = st.lists(
    st.tuples(st.sampled_from([M, C]), st.floats(0.3, 20), st.floats(0, 8)), max_size=12
)


@given(one_after_the_other)
def test_who_speaks_may_be_known_late_without_changing_what_is_concluded(
    said: list[tuple[Speaker, float, float]],
) -> None:
    runs: Runs = []
    at = 1.0
    for speaker, length, gap in said:
        runs.append((speaker, at, at + length))
        at += length + gap
    once, late = Board(), Board()
    messages = voices(runs, at + 1)
    kinds = (TurnEnded, Pause)
    expected = [e for e in events_of(once, messages) if isinstance(e, kinds)]
    found = [
        e for e in events_of(late, told_late(messages, to_samples(1.5))) if isinstance(e, kinds)
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert late.talk_share == once.talk_share
    assert late.floor.longest == once.floor.longest


def test_a_run_that_stays_open_counts_for_nobody_and_ends_a_pause() -> None:
    board = Board()
    found = events_of(board, voices([(M, 0, 3), (U, 5, 6), (C, 8, 11)], 12))
    pauses = [(e.after, e.before) for e in found if isinstance(e, Pause)]
    assert pauses == [(M, U), (U, C)]
    assert board.spoken(M) + board.spoken(C) == to_samples(6)
