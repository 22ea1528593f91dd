"""When praise is due: `good_question`, `good_silence`, `own` and `lean` on acts that are given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live_coach.coaching import config
from live_coach.coaching.history import Said
from live_coach.coaching.rules import praise
from live_coach.flow.messages import Kind, TalkShare, to_samples
from tests.coaching.moments import C, moment, said
from tests.coaching.telling import changed

NUMBERS = config.load()
SAMPLE = 1 / 16000
OPEN, ADVICE, IDEA = Kind.OPEN_QUESTION, Kind.ADVICE, Kind.OWN_IDEA


def praised(*utterances: Said, now: float = 140.0) -> float | None:
    """How long the answer was that `good_question` praises."""
    found = praise.good_question(moment(now, *utterances), NUMBERS)
    return None if found is None else found.because[0].value


def test_half_a_minute_of_answer_to_an_open_question() -> None:
    asked = said(98, 100, OPEN)
    assert praised(asked, said(101, 131, speaker=C)) == 30
    assert praised(asked, said(101, 131 - SAMPLE, speaker=C)) is None
    assert praised(asked, said(101, 111, speaker=C), said(112, 132, speaker=C)) == 30
    assert praised(said(101, 131, speaker=C)) is None, "nobody asked"
    assert praised(asked, said(101, 131)) is None, "the manager spoke"
    assert (
        praise.good_question(moment(140, asked, said(101, 131, speaker=C), fresh=False), NUMBERS)
        is None
    )


@pytest.mark.parametrize(
    "asked",
    [
        said(98, 100, (OPEN, 2)),
        said(98, 100, OPEN, sure=False),
        said(98, 100, Kind.CLOSED_QUESTION),
        said(98, 100, OPEN, (ADVICE, 3)),
        said(98, 100, OPEN, (Kind.JUDGEMENT, 3)),
    ],
    ids=["not certain", "by whom is not certain", "closed", "with advice", "with a verdict"],
)
def test_not_every_question_is_praised(asked: Said) -> None:
    assert praised(asked, said(101, 135, speaker=C)) is None


def test_what_only_nods_does_not_part_question_and_answer() -> None:
    asked, answer = said(98, 100, OPEN), said(101, 116, speaker=C)
    for nod in (said(117, 117.5), said(117, 117.5, Kind.OTHER)):
        assert praised(asked, answer, nod, said(118, 133, speaker=C)) == 30
    for word in (said(117, 119, Kind.REFLECTION), said(117, 119, Kind.REFLECTION, Kind.OTHER)):
        assert praised(asked, answer, word, said(120, 140, speaker=C)) is None


def test_praise_of_a_question_says_which_one() -> None:
    found = praise.good_question(
        moment(140, said(98, 100, OPEN), said(101, 131, speaker=C)), NUMBERS
    )
    assert found is not None
    assert (found.key, found.because[0].utterance) == (980, 980)
    assert found.because[0].quote == "open_question at 98"


def held(*utterances: Said, at: float | None = 100.0, fresh: bool = True) -> float | None:
    now = moment(140, *utterances, fresh=fresh)
    if at is not None:
        now.history.hold(to_samples(at))
    found = praise.good_silence(now, NUMBERS)
    return None if found is None else found.because[0].value


def test_twenty_seconds_after_a_silence_that_was_held() -> None:
    before, answer = said(80, 99, speaker=C), said(101, 121, speaker=C, content="so we went")
    assert held(before, answer) == 20
    assert held(before, said(101, 121 - SAMPLE, speaker=C)) is None
    assert held(answer, at=None) is None
    assert held(answer, fresh=False) is None
    assert held(answer, said(122, 123)) is None, "the manager has the last word"


def test_a_nod_does_not_end_the_answer_and_words_do() -> None:
    first, last = said(101, 111, speaker=C, content="so"), said(113, 123, speaker=C)
    assert held(first, said(112, 112.5), last) == 20
    assert held(first, said(112, 112.5, content="tomorrow"), last) is None
    assert held(said(112, 132), said(133, 134, speaker=C)) is None, "only theirs is an answer"


ASKED, FOUND = said(90, 92, OPEN), said(95, 99, IDEA, speaker=C, content="ask owner date")


def is_own(*utterances: Said, fresh: bool = True) -> bool:
    return praise.own(moment(100, *utterances, fresh=fresh), NUMBERS) is not None


def test_an_idea_after_a_question_is_their_own() -> None:
    assert is_own(ASKED, FOUND)
    assert is_own(said(80, 81, Kind.OTHER), ASKED, FOUND), "not all must ask"
    assert not is_own(ASKED, FOUND, fresh=False)
    assert not is_own(FOUND)
    assert not is_own(said(30, 40, OPEN), FOUND), "a minute ago"
    assert is_own(said(30, 40 + SAMPLE, OPEN), FOUND)
    assert not is_own(said(90, 92, (OPEN, 2)), FOUND)
    assert not is_own(said(90, 92, OPEN, speaker=C), FOUND)
    assert not is_own(ASKED, replace(FOUND, speaker=ASKED.speaker))


def test_an_idea_after_advice_is_not() -> None:
    assert not is_own(said(80, 82, ADVICE), ASKED, FOUND)
    assert not is_own(said(80, 82, (ADVICE, 3)), ASKED, FOUND)
    assert is_own(said(30, 40, ADVICE), ASKED, FOUND), "that was long before"


def test_a_resolve_or_an_uncertain_idea_is_not_praised_as_one() -> None:
    resolve = (Kind.COMMITMENT, 1)
    assert not is_own(ASKED, said(95, 99, resolve, speaker=C))
    assert not is_own(ASKED, said(95, 99, resolve, (IDEA, 2), speaker=C))
    assert is_own(ASKED, said(95, 99, resolve, IDEA, speaker=C))
    given = said(20, 22, ADVICE, content="ask owner date")
    assert not is_own(given, ASKED, FOUND), "the manager had it first"


def test_their_own_idea_may_be_off() -> None:
    assert praise.own(moment(100, ASKED, FOUND), changed(own={"on": False})) is None


def leans(now: float, share: float | None, *utterances: Said, silent: float = 0) -> float | None:
    silence = to_samples(silent)
    found = praise.lean(
        moment(now, *utterances, share=TalkShare(share, share), silent_for=silence), NUMBERS
    )
    return None if found is None else found.because[0].value


def test_lean_back_where_the_other_had_five_minutes_and_an_idea() -> None:
    idea = said(95, 99, IDEA, speaker=C)
    assert leans(300, 0.33333, idea) == 0.333
    assert leans(300 - SAMPLE, 0.3, idea) is None
    assert leans(399, 0.35, idea) == 0.35
    assert leans(399, 0.3501, idea) is None
    assert leans(399 + SAMPLE, 0.3, idea) is None, "the idea is longer ago"
    assert leans(300, None, idea) is None
    assert leans(300, 0.3) is None
    assert leans(310, 0.3, idea, silent=8) == 0.3
    assert leans(310, 0.3, idea, silent=8 + SAMPLE) is None, "nobody talks any more"
