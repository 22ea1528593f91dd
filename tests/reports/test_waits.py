"""Wait times: silence after a question and after an answer."""

from __future__ import annotations

from dataclasses import replace

from live_coach.archive.stored import StoredAct, StoredSession, StoredTurn
from live_coach.flow.messages import RATE, Kind, Pause, Span, Speaker
from live_coach.reports.waits import Waits, waits
from tests.archive.conversation import collected

MANAGER, COACHEE = Speaker.MANAGER, Speaker.COACHEE


def span(start: float, end: float) -> Span:
    return Span(round(start * RATE), round(end * RATE))


def talk(*turns: tuple[Speaker, float, float], asks: tuple[float, ...] = ()) -> StoredSession:
    """Turns, and when in them the manager asks; everything else the manager does is to inform."""
    own = [start for who, start, _ in turns if who is MANAGER]
    acts = sorted(
        [(at, Kind.OPEN_QUESTION) for at in asks] + [(at, Kind.INFORMATION) for at in own]
    )
    return replace(
        collected(0),
        turns=tuple(StoredTurn(who, span(*at), 0) for who, *at in turns),
        acts=tuple(
            StoredAct(number, kind, None, 1, round(at * RATE), 1.0)
            for number, (at, kind) in enumerate(acts)
        ),
    )


def test_the_silence_after_a_question_and_after_an_answer_are_told_apart() -> None:
    told = talk(
        *((who, 20.0 * n + start, 20.0 * n + end) for n in range(3) for who, start, end in (
            (MANAGER, 0, 4), (COACHEE, 5.5, 15.75)
        )),
        (MANAGER, 60.0, 62.0),
        asks=(2.0, 22.0, 42.0),
    )  # fmt: skip
    assert waits(told) == Waits(after_question=1.5, after_answer=4.25)


def test_only_a_turn_that_ends_in_a_question_waits_for_an_answer() -> None:
    turns = [(who, 10.0 * n + start, 10.0 * n + start + 4) for n in range(4) for who, start in (
        (MANAGER, 0.0), (COACHEE, 5.0)
    )]  # fmt: skip
    assert waits(talk(*turns)).after_question is None
    assert waits(talk(*turns, asks=(2.0, 12.0, 22.0))).after_question == 1.0


def test_a_question_that_the_manager_follows_up_did_not_get_the_time_either() -> None:
    told = talk((MANAGER, 0.0, 40.0), asks=(3.0, 13.0, 23.0))
    told = replace(
        told,
        pauses=tuple(Pause(span(at, at + 0.75), MANAGER, MANAGER) for at in (5.0, 15.0, 25.0)),
    )
    assert waits(told) == Waits(after_question=0.75, after_answer=None)


def test_who_speaks_before_the_other_has_ended_has_not_waited() -> None:
    turns = [(who, 10.0 * n + start, 10.0 * n + end) for n in range(3) for who, start, end in (
        (COACHEE, 0.0, 6.0), (MANAGER, 5.0, 8.0)
    )]  # fmt: skip
    assert waits(talk(*turns)).after_answer == 0.0


def test_few_are_not_enough_to_say() -> None:
    turns = ((COACHEE, 0.0, 6.0), (MANAGER, 8.0, 9.0), (COACHEE, 10.0, 16.0), (MANAGER, 18.0, 19.0))
    assert waits(talk(*turns)) == Waits(None, None)
