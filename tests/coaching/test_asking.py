"""How the manager asks, on acts that are given: `open`, `one`, `leading`, `reflect` and `deeper`."""

from __future__ import annotations

import pytest

from live_coach.coaching import config
from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import Said
from live_coach.coaching.rules import questions
from live_coach.coaching.rules.occasion import Occasion
from live_coach.flow.messages import Kind
from tests.coaching.moments import C, moment, said
from tests.coaching.telling import changed

NUMBERS = config.load()
SAMPLE = 1 / 16000
OPEN, CLOSED, ADVICE = Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION, Kind.ADVICE
LEADING, REFLECTION = Kind.LEADING_QUESTION, Kind.REFLECTION


def row(*instead: Said, answer: float = 4.0) -> list[Said]:
    """Four closed questions, ten seconds apart from 100 s on, each with an answer of so many seconds."""
    asked = {number: said(100 + 10 * number, 101 + 10 * number, CLOSED) for number in range(4)}
    asked |= {round(one.start / 160000) - 10: one for one in instead}
    answers = [said(102 + 10 * n, 102 + 10 * n + answer, speaker=C) for n in range(4)]
    return [each for n in range(4) for each in (asked[n], answers[n])]


def opens(utterances: list[Said], **options: bool) -> Occasion | None:
    return questions.open_up(moment(140, *utterances, **options), NUMBERS)


def test_four_closed_questions_with_short_answers() -> None:
    found = opens(row())
    assert found is not None
    assert (found.key, found.because[0].utterance, found.because[0].value) == (1300, 1300, 4)
    assert found.because[0].quote == "closed_question at 130"
    assert opens(row()[2:]) is None
    assert opens(row()[:-1]) is None, "the latest is not answered yet"
    assert opens(row(), fresh=False) is None
    assert opens(row(answer=4 + SAMPLE)) is None


def test_an_answer_is_all_that_the_coachee_says_before_the_next_question() -> None:
    halves = [said(132, 134, speaker=C), said(134.5, 136.5, speaker=C)]
    assert opens([*row()[:-1], *halves]) is not None
    assert opens([*row()[:-1], *halves, said(137, 138, speaker=C)]) is None


@pytest.mark.parametrize(
    "other",
    [
        said(120, 121, OPEN),
        said(120, 121, CLOSED, (Kind.SOLUTION_FOCUSED, 3)),
        said(120, 121, CLOSED, (REFLECTION, 3)),
        said(120, 121, (CLOSED, 2)),
        said(120, 121, CLOSED, sure=False),
        said(120, 121, CLOSED, speaker=C),
        said(120, 121, Kind.OTHER),
    ],
    ids=[
        "open",
        "on a solution",
        "gives back",
        "uncertain",
        "by whom is uncertain",
        "theirs",
        "none",
    ],
)
def test_three_closed_questions_are_none_too_many(other: Said) -> None:
    assert opens(row(other)) is None


def test_the_question_that_is_quoted_is_the_closed_one() -> None:
    found = opens(row(said(130, 131, Kind.OTHER, CLOSED)))
    assert found is not None
    assert found.because[0].quote == "closed_question at 130"


def breath(*utterances: Said, fresh: bool = True) -> Occasion | None:
    return questions.one(moment(110, *utterances, fresh=fresh), NUMBERS)


FIRST, SECOND, THIRD = (said(at, at + 1, OPEN) for at in (100, 102, 104))


def test_three_questions_without_an_answer() -> None:
    found = breath(FIRST, SECOND, THIRD)
    assert found is not None
    assert found.key == 1000, "the first: a fourth makes no new occasion"
    assert (found.because[0].quote, found.because[0].value) == ("open_question at 104", 3)
    assert found.because[0].utterance == 1040
    assert breath(said(104, 106, OPEN, CLOSED, OPEN)) is not None
    assert breath(SECOND, THIRD) is None
    assert breath(FIRST, SECOND, THIRD, fresh=False) is None
    assert breath(FIRST, SECOND, THIRD, said(106, 107, ADVICE)) is None


def test_only_certain_questions_of_the_manager_make_one_breath() -> None:
    assert breath(FIRST, said(102, 103, (OPEN, 2)), THIRD) is None
    assert breath(FIRST, said(102, 103, ADVICE), THIRD) is None
    assert breath(FIRST, said(102, 103, OPEN, sure=False), THIRD) is None
    assert breath(FIRST, said(102, 103, OPEN, speaker=C), THIRD) is None
    assert breath(FIRST, SECOND, said(104, 105, OPEN, sure=False)) is None


def test_an_answer_parts_them_and_a_nod_does_not() -> None:
    assert breath(FIRST, SECOND, said(103.2, 103.8, speaker=C), THIRD) is not None
    assert breath(FIRST, SECOND, said(103.2, 103.8, speaker=C, content="home"), THIRD) is None


def leads(*utterances: Said, numbers: NudgeConfig = NUMBERS, fresh: bool = True) -> Occasion | None:
    return questions.leading(moment(400, *utterances, fresh=fresh), numbers)


def test_a_leading_question_counts_where_there_is_advice() -> None:
    advice, leading = said(380, 382, ADVICE), said(390, 392, LEADING)
    found = leads(advice, leading)
    assert found is not None
    assert (found.key, found.because[0].quote) == (3900, "leading_question at 390")
    assert leads(leading) is None
    assert leads(leading, said(395, 396, ADVICE)) is None, "only where it is fresh"
    assert leads(advice, leading, fresh=False) is None
    assert leads(advice, said(390, 392, LEADING, sure=False)) is None
    assert leads(said(99, 100, ADVICE), leading) is None, "five minutes ago"


def test_so_many_leading_questions_as_the_config_says() -> None:
    advice = said(380, 382, ADVICE)
    one, other = said(385, 386, LEADING), said(390, 392, LEADING)
    twice = changed(leading={"hits": 2})
    assert leads(advice, other, numbers=twice) is None
    assert leads(advice, said(99, 100, LEADING), other, numbers=twice) is None
    found = leads(advice, one, other, numbers=twice)
    assert found is not None
    assert [e.utterance for e in found.because] == [3850, 3900]
    assert (found.because[0].value, found.because[0].window) == (2, 300)


def chain(*instead: Said, words: str = "a b c d") -> list[Said]:
    """Four questions, ten seconds apart from 300 s on, and answers of these words between them."""
    asked = {n: said(300 + 10 * n, 301 + 10 * n, OPEN) for n in range(4)}
    asked |= {round(one.start / 160000) - 30: one for one in instead}
    answers = [said(302 + 10 * n, 308 + 10 * n, speaker=C, content=words) for n in range(3)]
    return [
        each for pair in zip(asked.values(), [*answers, None], strict=True) for each in pair if each
    ]


def unreflected(utterances: list[Said], *, fresh: bool = True) -> Occasion | None:
    return questions.reflect(moment(340, *utterances, fresh=fresh), NUMBERS)


def test_four_questions_with_answers_and_nothing_given_back() -> None:
    found = unreflected(chain())
    assert found is not None
    assert (found.key, found.because[0].utterance, found.because[0].value) == (3000, 3300, 4)
    assert found.because[0].quote == "open_question at 330"
    assert unreflected(chain()[2:]) is None
    assert unreflected(chain(), fresh=False) is None
    assert unreflected([*chain(), said(335, 336, ADVICE)]) is None
    assert unreflected(chain(words="a b c")) is None, "that is hardly an answer"


def test_what_is_given_back_begins_the_row_anew() -> None:
    for kind in (REFLECTION, Kind.AFFIRMATION):
        given = said(309, 309.5, (kind, 3))
        assert unreflected([*chain()[:2], given, *chain()[2:]]) is None
    nod = said(309, 309.5, Kind.OTHER)
    assert unreflected([*chain()[:2], nod, *chain()[2:]]) is not None


def test_an_answer_may_come_in_pieces_and_counts_once() -> None:
    pieces = [said(302, 303, speaker=C, content="a b"), said(304, 305, speaker=C, content="c d")]
    assert unreflected([chain()[0], *pieces, *chain()[2:]]) is not None
    long = said(312, 318, speaker=C, content="a b c d e f g h")
    short = said(302, 308, speaker=C, content="a b")
    assert unreflected([chain()[0], short, chain()[2], long, *chain()[4:]]) is None


def test_uncertain_questions_are_no_row() -> None:
    assert unreflected(chain(said(310, 311, (OPEN, 2)))) is None
    assert unreflected(chain(said(330, 331, (OPEN, 2)))) is None


TWELVE = "a b c d e f g h i j k l"
ELSEWHERE = said(110, 112, OPEN, content="x y z")


def skips(*utterances: Said, fresh: bool = True) -> Occasion | None:
    return questions.deeper(moment(120, *utterances, fresh=fresh), NUMBERS)


def test_a_question_beside_what_was_told() -> None:
    told = said(90, 108, speaker=C, content=TWELVE)
    found = skips(told, ELSEWHERE)
    assert found is not None
    assert (found.key, found.because[0].quote) == (1100, "open_question at 110")
    assert skips(told, said(110, 112, OPEN, content="x y l")) is None
    assert skips(told, said(110, 112, OPEN, content="x y")) is None, "too short to say"
    assert skips(said(90, 108, speaker=C, content=TWELVE[:-2]), ELSEWHERE) is None
    assert skips(told, said(110, 112, ADVICE, content="x y z")) is None
    assert skips(told, ELSEWHERE, fresh=False) is None


def test_what_was_told_is_all_since_the_manager_spoke() -> None:
    halves = (
        said(90, 95, speaker=C, content=TWELVE[:11]),
        said(96, 108, speaker=C, content=TWELVE[12:]),
    )
    assert skips(*halves, ELSEWHERE) is not None
    assert skips(halves[0], said(95.2, 95.8), halves[1], ELSEWHERE) is None


@pytest.mark.parametrize("kind", [REFLECTION, Kind.SOLUTION_FOCUSED, Kind.PROCESS])
def test_some_questions_may_leave_the_subject(kind: Kind) -> None:
    told = said(90, 108, speaker=C, content=TWELVE)
    assert skips(told, said(110, 112, OPEN, (kind, 3), content="x y z")) is None
