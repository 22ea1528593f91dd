"""The numbers of a summary are those of the conversation, and one thing follows from them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live_coach.archive.stored import (
    StoredAct,
    StoredHealth,
    StoredReading,
    StoredSession,
    StoredSpeech,
)
from live_coach.flow.messages import (
    RATE,
    Counts,
    Form,
    HealthState,
    Kind,
    Span,
    Speaker,
    TalkShare,
)
from live_coach.reports.next_try import NextTry, choose
from live_coach.reports.ownership import Ownership
from live_coach.reports.summary import Asking, Caveat, Quiet, Reason, Telling, summarise
from tests.archive.conversation import QUOTE, collected

NO_SPEECH: dict[str, object] = {"speech": (), "turns": (), "readings": (), "health": ()}


def speech(*runs: tuple[Speaker, float, float]) -> tuple[StoredSpeech, ...]:
    return tuple(
        StoredSpeech(n, who, Span(int(start * RATE), int(end * RATE)), True)
        for n, (who, start, end) in enumerate(runs)
    )


def with_counts(stored: StoredSession, counts: Counts, share: float | None = 0.4) -> StoredSession:
    last = StoredReading(stored.duration, stored.duration, TalkShare(share), 20 * RATE, counts)
    return replace(stored, readings=(*stored.readings, last))


def test_the_numbers_are_those_of_the_conversation() -> None:
    told = summarise(collected(10))
    assert told.duration == 100.0
    assert told.talk.share == 0.667
    assert (told.talk.manager, told.talk.coachee, told.talk.unknown) == (60.0, 30.0, 0.0)
    assert (told.talk.manager_turns, told.talk.coachee_turns) == (10, 10)
    assert told.talk.longest == 6.0
    assert told.asking == Asking(2, 1, 0)
    assert told.telling[0] == Telling("tip", 10, 0.0)
    assert told.quiet == Quiet(0, 10, 1.0, 10, 10.0, 0)
    assert [nudge.at for nudge in told.nudges] == [9.0 + 10 * n for n in range(10)]
    assert told.nudges[0].reasons[0] == Reason("ask", None, None, None, QUOTE)
    assert told.caveats == (
        Caveat("gap", 10.0, "mic"),
        Caveat("disturbed", 10, "mic", "lost"),
        Caveat("untranscribed", 1),
    )
    assert told.transcript == ()


def test_the_curve_follows_who_spoke_when() -> None:
    manager, coachee = Speaker.MANAGER, Speaker.COACHEE
    stored = replace(
        collected(1),
        duration=100 * RATE,
        speech=speech((manager, 0, 30), (coachee, 30, 45), (manager, 45, 50), (coachee, 95, 100)),
    )
    curve = summarise(stored).talk.curve
    assert [(point.start, point.end, point.share) for point in curve] == [
        (0.0, 30.0, 1.0),
        (30.0, 60.0, 0.25),
        (60.0, 90.0, None),
        (90.0, 100.0, 0.0),
    ]


def test_a_long_conversation_has_a_point_a_minute() -> None:
    stored = replace(collected(1), duration=3600 * RATE)
    assert len(summarise(stored).talk.curve) == 60


def test_speech_without_a_speaker_is_told_and_counted_for_nobody() -> None:
    stored = replace(collected(1), **NO_SPEECH, duration=10 * RATE)
    told = summarise(replace(stored, speech=speech((Speaker.UNKNOWN, 0, 8))))
    assert told.talk.unknown == 8.0
    assert told.talk.curve[0].share is None
    assert Caveat("unknown", 8.0) in told.caveats
    assert Caveat("one_voice") in told.caveats


def test_an_empty_conversation_has_a_summary_too() -> None:
    told = summarise(replace(collected(0), duration=0, untranscribed=0))
    assert told.talk.curve == ()
    assert told.talk.share is None
    assert told.caveats == (Caveat("one_voice"),)
    assert told.next_try.id == "longer"


def test_a_recovered_conversation_says_so() -> None:
    told = summarise(replace(collected(1), end_reason="recovered", dropped=3))
    assert Caveat("recovered") in told.caveats
    assert Caveat("dropped", 3) in told.caveats


def test_disturbances_are_summed_by_stream_and_good_news_is_none() -> None:
    health = (
        StoredHealth(0, HealthState.LOST, "mic", RATE),
        StoredHealth(1, HealthState.OK, "mic", RATE // 2),
        StoredHealth(2, HealthState.OVERLOADED, "text", 0),
    )
    told = summarise(replace(collected(0), health=health, untranscribed=0))
    assert told.caveats[:3] == (
        Caveat("gap", 1.5, "mic"),
        Caveat("disturbed", 1, "mic", "lost"),
        Caveat("disturbed", 1, "text", "overloaded"),
    )


@pytest.mark.parametrize(
    ("kind", "form", "counter"),
    [
        (Kind.ADVICE, Form.TIP, "tip"),
        (Kind.ADVICE, Form.IMPERATIVE, "tip"),
        (Kind.DISGUISED_ADVICE, None, "tip"),
        (Kind.ADVICE, Form.SOLUTION, "solution"),
        (Kind.ADVICE, Form.OBLIGATION, "solution"),
        (Kind.ASSUMPTION, None, "assumption"),
        (Kind.JUDGEMENT, None, "judgement"),
        (Kind.OPEN_QUESTION, None, None),
    ],
)
def test_the_first_moment_of_each_kind_of_telling(
    kind: Kind, form: Form | None, counter: str | None
) -> None:
    acts = tuple(StoredAct(n, kind, form, 1, n * RATE, 0.9) for n in (7, 9))
    counts = Counts(tips=2, solutions=2, assumptions=2, judgements=2)
    told = summarise(with_counts(replace(collected(0), acts=acts), counts))
    assert {one.kind: one.first_at for one in told.telling if one.first_at} == (
        {counter: 7.0} if counter else {}
    )


GOOD = Counts(open_questions=5, closed_questions=2, reflections=6, silences_held=3)


@pytest.mark.parametrize(
    ("counts", "share", "longest", "expected"),
    [
        (Counts(tips=3, solutions=2), 0.4, 20, NextTry("ask_first", {"count": 5, "target": 2})),
        (Counts(tips=2, solutions=1), 0.4, 20, NextTry("ask_first", {"count": 3, "target": 1})),
        (Counts(assumptions=4), 0.4, 20, NextTry("check", {"count": 4, "target": 2})),
        (Counts(judgements=2), 0.4, 20, NextTry("facts", {"count": 2, "target": 1})),
        (
            Counts(open_questions=4, closed_questions=3, reflections=1),
            0.4,
            20,
            NextTry("reflect", {"count": 1, "target": 4}),
        ),
        (GOOD, 0.71, 20, NextTry("room", {"count": 71, "target": 60})),
        (GOOD, 0.56, 20, NextTry("room", {"count": 56, "target": 50})),
        (GOOD, 0.4, 80.4, NextTry("land", {"count": 80, "target": 60})),
        (
            Counts(open_questions=3, reflections=3),
            0.4,
            20,
            NextTry("silence", {"count": 0, "target": 2}),
        ),
        (
            Counts(open_questions=1, closed_questions=3, reflections=2, silences_held=1),
            0.4,
            20,
            NextTry("open", {"count": 1, "target": 4}),
        ),
        (GOOD, 0.4, 20, NextTry("again", {"open": 5, "told": 0})),
        (GOOD, None, 20, NextTry("longer", {"target": 10})),
    ],
)
def test_one_thing_follows_from_the_numbers(
    counts: Counts, share: float | None, longest: float, expected: NextTry
) -> None:
    chosen = choose(counts, share=share, longest_s=longest, duration_s=1800, preset="coaching")
    assert chosen == expected


@pytest.mark.parametrize(
    ("own", "dated", "expected"),
    [
        (3, 1, NextTry("when", {"count": 1, "target": 3})),
        (1, 0, NextTry("when", {"count": 0, "target": 1})),
        (2, 1, NextTry("again", {"open": 5, "told": 0})),
        (0, 0, NextTry("again", {"open": 5, "told": 0})),
    ],
)
def test_a_plan_without_a_when_is_worth_a_question(own: int, dated: int, expected: NextTry) -> None:
    found = Ownership(own=own, dated=dated)
    chosen = choose(GOOD, share=0.4, longest_s=20, duration_s=1800, preset="coaching", found=found)
    assert chosen == expected


def test_the_target_can_be_missed() -> None:
    """Whatever the counts: the target differs from what was reached, or repeats it."""
    for told in range(3, 30):
        values = choose(
            Counts(tips=told), share=0.4, longest_s=20, duration_s=1800, preset="coaching"
        ).values
        assert values["target"] < values["count"]


def test_where_telling_belongs_to_the_job_nothing_is_said_of_it() -> None:
    counts = replace(GOOD, tips=9, assumptions=9, judgements=9)
    chosen = choose(counts, share=0.4, longest_s=20, duration_s=1800, preset="onboarding")
    assert chosen.id == "again"


def test_of_a_short_conversation_nothing_is_concluded() -> None:
    chosen = choose(Counts(tips=9), share=0.9, longest_s=90, duration_s=120, preset="coaching")
    assert chosen.id == "longer"
