"""When a nudge is given and when not: small conversations told to a whole Coach."""

from __future__ import annotations

import pytest

from live_coach.coaching.coach import Coach
from live_coach.coaching.markers import Language
from live_coach.flow.messages import (
    Kind,
    MetricSnapshot,
    NudgeClass,
    Pause,
    Severity,
    SpeechAct,
    Tick,
)
from tests.coaching.telling import C, M, changed, nudges, tell

Said = list[tuple[object, float, float, str]]

QUIET: dict[str, dict[str, float | bool]] = {
    name: {"on": False} for name in ("share", "long", "open", "miracle", "good_question")
}
TALK = {
    "en": (
        "It went as planned and we were on time.",
        "We saw the office and then we had lunch there.",
    ),
    "nl": ("Alles liep zoals gepland en op tijd.", "Wij zagen het kantoor en aten daar samen."),
}
TELL = {
    "en": ("You should call him.", "You need to plan that."),
    "nl": ("Je moet hem bellen.", "Dat moet je plannen."),
}


def opening(
    language: Language = "en", *, idea: bool = True
) -> list[tuple[object, float, float, str]]:
    """Ninety-five seconds in which both speak and nothing calls for a nudge."""
    mine, theirs = TALK[language]
    own = {"en": "Maybe I could ask her.", "nl": "Misschien kan ik het haar vragen."}[language]
    return [
        (M, 0, 25, mine),
        (C, 26, 60, theirs),
        (M, 61, 75, mine),
        (C, 76, 95, own if idea else theirs),
    ]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_telling_twice_gives_ask(language: Language) -> None:
    first, second = TELL[language]
    theirs = TALK[language][1]
    said = [*opening(language), (M, 97, 100, first), (C, 101, 104, theirs), (M, 106, 109, second)]
    (nudge,) = nudges([*said, (C, 112, 115, theirs)], language=language)  # type: ignore[list-item]
    assert nudge.kind == "ask"
    assert nudge.text == {"en": "Ask, don't tell", "nl": "Vragen, niet zenden"}[language]
    assert 109.7 <= nudge.at / 16000 <= 110.0, "at the first breakpoint after the second one"
    assert [e.quote for e in nudge.because] == [first, second]
    assert nudge.because[0].value == 2


def test_telling_once_later_is_no_reason() -> None:
    said = [*opening(), (M, 97, 100, TELL["en"][0]), (C, 101, 130, TALK["en"][1])]
    assert nudges(said) == []  # type: ignore[arg-type]


def test_telling_once_early_is_before_the_coachee_had_an_idea() -> None:
    said = [*opening(idea=False), (M, 97, 100, TELL["en"][0]), (C, 101, 130, TALK["en"][1])]
    assert [n.kind for n in nudges(said)] == ["ask"]  # type: ignore[arg-type]
    assert nudges(said, changed(ask={"early_s": 0.0})) == []  # type: ignore[arg-type]


def test_asking_leave_first_is_no_telling() -> None:
    said = [
        *opening(idea=False),
        (M, 97, 99, "May I share an idea?"),
        (C, 99.5, 100, "Sure."),
        (M, 101, 104, TELL["en"][0]),
        (C, 105, 130, TALK["en"][1]),
    ]
    assert [n.kind for n in nudges(said)] == ["tipused"]  # type: ignore[arg-type]


def test_an_open_question_at_the_end_takes_the_reason_away() -> None:
    asks = " What do you think about it?"
    said = [
        *opening(),
        (M, 97, 100, TELL["en"][0] + asks),
        (C, 101, 104, TALK["en"][1]),
        (M, 106, 109, TELL["en"][1] + asks),
        (C, 113, 120, TALK["en"][1]),
    ]
    assert nudges(said) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_being_stuck_and_silence_give_the_miracle_question(language: Language) -> None:
    stuck = {"en": "I don't know.", "nl": "Ik weet het niet."}[language]
    asked = {"en": "What could help?", "nl": "Wat zou helpen?"}[language]
    said = [*opening(language), (M, 97, 99, asked), (C, 101, 102, stuck), (M, 110, 112, asked)]
    (nudge,) = nudges(said, language=language)  # type: ignore[arg-type]
    assert (nudge.kind, nudge.nudge_class) == ("miracle", NudgeClass.SUGGESTION)
    assert 106 <= nudge.at / 16000 <= 106.2
    assert nudge.detail is not None
    assert len(nudge.detail.split()) > 20
    assert all(e.quote == "" for e in nudge.because), "the coachee is never quoted"


def test_being_stuck_in_two_breaths_counts_and_an_idea_after_it_does_not() -> None:
    said = [*opening(), (M, 97, 99, "What could help?"), (C, 101, 102, "I don't know.")]
    mumbled = [*said, (C, 104, 105, "No, I had not."), (M, 115, 117, "Hm.")]
    (nudge,) = nudges(mumbled)  # type: ignore[arg-type]
    assert nudge.kind == "miracle"
    assert nudge.at / 16000 >= 109
    found = [*said, (C, 104, 106, "Maybe I could ask the owner."), (M, 115, 117, "Hm.")]
    assert [n.kind for n in nudges(found)] == ["own"]  # type: ignore[arg-type]


def test_no_miracle_question_where_the_manager_goes_on() -> None:
    said = [*opening(), (M, 97, 99, "What could help?"), (C, 101, 102, "I don't know.")]
    assert nudges([*said, (M, 105, 107, "What else?"), (C, 109, 112, "The plan.")]) == []  # type: ignore[list-item]


def test_a_long_silence_after_an_own_question_gives_it_too() -> None:
    said = [*opening(), (M, 97, 99, "What could help?"), (C, 114, 120, TALK["en"][1])]
    (nudge,) = nudges(said)  # type: ignore[arg-type]
    assert nudge.kind == "miracle"
    assert 111 <= nudge.at / 16000 <= 111.2


def test_a_monologue_of_advice_gives_land_the_point() -> None:
    said: list[tuple[object, float, float, str]] = [*opening()]
    at = 97.0
    for _ in range(8):
        said.append((M, at, at + 8, "You should take the other road, it works better."))
        at += 8.2
    talk = [*said, (C, at + 1, at + 9, TALK["en"][1])]
    found = nudges(talk, changed(ask={"on": False}))  # type: ignore[arg-type]
    assert [(n.kind, n.severity) for n in found] == [("long", Severity.SOFT)]
    assert 142 <= found[0].at / 16000 <= at + 1.1


def test_seventy_five_seconds_do_not_wait_for_a_breakpoint() -> None:
    said = [
        *opening(),
        (M, 97, 190, "And then we went there, and it was nice."),
        (C, 192, 200, "Okay."),
    ]
    found = nudges(said)  # type: ignore[arg-type]
    assert [(n.kind, n.severity) for n in found] == [("long", Severity.FIRM)]
    assert found[0].at / 16000 == pytest.approx(172, abs=0.2)


def test_share_counts_only_where_it_went_into_telling() -> None:
    def conversation(words: str) -> list[tuple[object, float, float, str]]:
        said: list[tuple[object, float, float, str]] = []
        at = 0.0
        while at < 380:
            said += [(M, at, at + 14, words), (C, at + 15, at + 20, "We saw the office.")]
            at += 21
        return said

    numbers = changed(ask={"on": False})
    told = nudges(conversation("You could take the other road."), numbers)  # type: ignore[arg-type]
    assert [n.kind for n in told][:1] == ["share"]
    assert told[0].at / 16000 >= 300
    assert told[0].severity is Severity.FIRM
    asked = nudges(conversation("So you took the other road, and what did you see?"), numbers)  # type: ignore[arg-type]
    assert asked == []


def test_closed_questions_in_a_row_with_short_answers() -> None:
    said: list[tuple[object, float, float, str]] = [*opening()]
    at = 97.0
    for question in ("Did you call her?", "Was she there?", "Is it signed?", "Is it sent?"):
        said += [(M, at, at + 2, question), (C, at + 2.5, at + 3.2, "No.")]
        at += 5
    found = nudges(said)  # type: ignore[arg-type]
    assert [n.kind for n in found] == ["open"]
    said[5] = (C, 99.5, 107.0, TALK["en"][1])
    assert nudges([*said[:6], *[(s, a + 6, b + 6, t) for s, a, b, t in said[6:]]]) == []  # type: ignore[operator, misc]


def test_towards_the_end_wanting_needs_doing() -> None:
    want = "I want to be calmer."
    said = [
        (M, 0, 25, TALK["en"][0]),
        (C, 26, 60, TALK["en"][1]),
        (C, 160, 163, want),
        (M, 165, 167, "Hm."),
        (C, 168, 172, want),
    ]
    numbers = changed(gate={"end_guard_s": 10.0}, time={"on": False}, close={"on": False})
    found = nudges(said, numbers, agreed_minutes=3.5)  # type: ignore[arg-type]
    assert [n.kind for n in found] == ["wantdo"]
    assert nudges(said, numbers) == []  # type: ignore[arg-type]
    said[4] = (C, 168, 172, "I will call her on Monday.")
    assert nudges(said, numbers, agreed_minutes=3.5) == []  # type: ignore[arg-type]


def test_the_end_has_process_cues_only() -> None:
    said: list[tuple[object, float, float, str]] = [*opening()]
    for at in range(100, 600, 20):
        said += [(M, at, at + 6, TELL["en"][0]), (C, at + 8, at + 18, TALK["en"][1])]
    found = nudges(said, changed(**QUIET), agreed_minutes=10)  # type: ignore[arg-type]
    kinds = [n.kind for n in found]
    assert "time" in kinds
    assert "close" in kinds
    assert all(n.kind == "close" for n in found if n.at / 16000 > 480)


def test_a_long_answer_to_an_open_question_is_praised() -> None:
    said = [
        *opening(),
        (M, 97, 99, "What happened there?"),
        (C, 101, 140, TALK["en"][1]),
        (M, 142, 144, "Hm, okay."),
    ]
    found = nudges(said)  # type: ignore[arg-type]
    assert [(n.kind, n.nudge_class) for n in found] == [("good_question", NudgeClass.PRAISE)]


def test_quotes_are_short_and_only_the_managers() -> None:
    words = " ".join(f"word{i}" for i in range(30))
    insights = tell([(M, 0, 9, f"You should {words}"), (C, 10, 19, f"I'll {words}")])
    found = [i for i in insights if isinstance(i, SpeechAct)]
    assert {len(a.quote.split()) for a in found if a.kind is Kind.ADVICE} == {12}
    assert {a.quote for a in found if a.speaker is C} == {""}


def test_held_silences_are_counted() -> None:
    insights = tell(
        [(M, 0, 3, "What happened there?"), (C, 7, 12, "It broke."), (M, 17, 18, "Hm.")]
    )
    assert len([i for i in insights if isinstance(i, Pause)]) == 2
    last = [i for i in insights if isinstance(i, MetricSnapshot)][-1]
    assert last.counts.silences_held == 1
    assert last.counts.open_questions == 1


def test_one_snapshot_per_tick() -> None:
    coach = Coach("en", changed())
    for at in range(1536, 1536 * 5, 1536):
        assert [type(i) for i in coach.process(Tick(at))] == [MetricSnapshot]
