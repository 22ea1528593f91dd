"""When telling is a reason to say so: `ask`, `long` and `share` on acts that are given."""

from __future__ import annotations

from typing import Any

import pytest

from live_coach.coaching import config
from live_coach.coaching.high_share import HighShare
from live_coach.coaching.history import Said
from live_coach.coaching.rules import Occasion, telling
from live_coach.flow.messages import Kind, Severity, TalkShare, to_samples
from tests.coaching.moments import C, moment, said
from tests.coaching.telling import changed

NUMBERS = config.load()
SAMPLE = 1 / 16000
LATE = 400.0
"""After the early minutes."""
OPEN, ADVICE = Kind.OPEN_QUESTION, Kind.ADVICE


def asks(number: int, since: float = LATE - 100) -> list[Said]:
    return [said(since + at, since + at + 0.5, OPEN) for at in range(number)]


def ask_hits(*utterances: Said, now: float = LATE + 1) -> float | None:
    """What the rule counted, or None where it is silent."""
    found = telling.ask(moment(now, *utterances), NUMBERS)
    return None if found is None else found.because[0].value


@pytest.mark.parametrize(
    ("earlier", "latest", "hits"),
    [
        ((ADVICE, 1, 0.2), (ADVICE, 1, 0.2), 2.0),
        ((ADVICE, 2, 0.5), (ADVICE, 1, 0.9), 1.5),
        ((ADVICE, 2, 0.49), (ADVICE, 1, 0.9), None),
        ((ADVICE, 1, 0.9), (ADVICE, 2, 0.5), 1.5),
        ((Kind.DISGUISED_ADVICE, 1), (ADVICE, 2, 0.6), 1.6),
        ((ADVICE, 3, 0.9), (ADVICE, 1, 0.9), None),
        ((Kind.JUDGEMENT, 1), (ADVICE, 1), None),
    ],
)
def test_hits_count_whole_or_for_their_probability(
    earlier: tuple[Kind, int, float], latest: tuple[Kind, int, float], hits: float | None
) -> None:
    assert ask_hits(said(390, 392, earlier), said(398, LATE, latest)) == hits


def test_what_is_unlikely_counts_for_nothing_and_is_no_occasion() -> None:
    sure = [said(at, at + 1, ADVICE) for at in (380, 385)]
    assert ask_hits(*sure, said(398, LATE, (ADVICE, 2, 0.29))) is None
    assert ask_hits(*sure, said(398, LATE, (ADVICE, 2, 0.3))) == 2.3
    assert ask_hits(*sure, said(398, LATE, OPEN)) is None, "only where telling is fresh"


def test_the_window_has_an_end() -> None:
    latest = said(398, LATE, ADVICE)
    assert ask_hits(said(219, 221.1, ADVICE), latest) == 2.0
    assert ask_hits(said(219, 221.0, ADVICE), latest) is None


def test_telling_is_no_small_part_of_what_the_manager_says() -> None:
    told = [said(390, 392, ADVICE), said(398, LATE, ADVICE)]
    assert ask_hits(*asks(11), *told) == 2.0, "two of thirteen"
    assert ask_hits(*asks(12), *told) is None, "two of fourteen are less than 15 %"
    half = [said(390, 392, (ADVICE, 2, 0.5)), said(398, LATE, ADVICE)]
    assert ask_hits(*asks(8), *half) == 1.5, "15 % are enough"
    silent = [said(300 + at, 301 + at) for at in range(30)]
    assert ask_hits(*silent, *told) == 2.0, "what has no text is not counted"
    other = [said(300 + at, 301 + at, Kind.OTHER, speaker=C) for at in range(30)]
    assert ask_hits(*other, *told) == 2.0, "nor is what the coachee says"


def test_early_once_is_enough_until_the_coachee_has_an_idea() -> None:
    idea = said(100, 102, Kind.OWN_IDEA, speaker=C)
    told = said(298, 299, ADVICE)
    assert ask_hits(told, now=300) == 1.0
    assert ask_hits(told, now=300.1) is None
    assert ask_hits(idea, told, now=300) is None
    assert ask_hits(said(298, 299, (ADVICE, 2, 0.9)), now=300) is None


def test_a_tip_with_leave_is_no_telling() -> None:
    earlier, leave = said(370, 372, ADVICE), said(385, 386, Kind.PERMISSION)
    assert ask_hits(earlier, leave, said(390, LATE, ADVICE)) is None
    assert ask_hits(earlier, said(390, LATE, ADVICE)) == 2.0


def test_what_the_coachee_said_before_is_no_telling() -> None:
    idea = said(350, 352, Kind.OWN_IDEA, speaker=C, content="ask owner date")
    earlier = said(370, 372, ADVICE, content="plan week")
    assert ask_hits(idea, earlier, said(390, LATE, ADVICE, content="ask owner phone call")) is None
    more = said(390, LATE, ADVICE, content="ask owner phone call today")
    assert ask_hits(idea, earlier, more) == 2.0, "most of it is new"


def test_an_open_question_after_it_takes_it_back() -> None:
    assert ask_hits(said(390, 392, ADVICE), said(398, LATE, ADVICE, OPEN)) is None
    assert ask_hits(said(390, 392, ADVICE), said(398, LATE, OPEN, ADVICE)) == 2.0


def test_who_is_not_sure_to_have_said_it_did_not_tell() -> None:
    sure, unsure = said(390, 392, ADVICE), said(398, LATE, ADVICE, sure=False)
    assert ask_hits(sure, unsure) is None
    assert ask_hits(sure, said(398, LATE, ADVICE, speaker=C)) is None


def test_the_surest_are_quoted_in_their_order() -> None:
    weak = [said(at, at + 1, (ADVICE, 2, 0.4)) for at in (360, 384, 388)]
    strong = [said(at, at + 1, ADVICE) for at in (370, 380)]
    found = telling.ask(moment(390, weak[0], *strong, *weak[1:]), NUMBERS)
    assert found is not None
    assert [e.quote for e in found.because] == ["advice at 370", "advice at 380"]
    assert found.because[0].window == 180.0


@pytest.mark.parametrize(("times", "severity"), [(3, Severity.SOFT), (4, Severity.FIRM)])
def test_four_are_firm(times: int, severity: Severity) -> None:
    told = [said(380 + at, 380.5 + at, ADVICE) for at in range(times)]
    found = telling.ask(moment(LATE, *told), NUMBERS)
    assert found is not None
    assert found.severity is severity


def long_at(length: float, *utterances: Said) -> Severity | None:
    floor = to_samples(length)
    found = telling.long(
        moment(LATE, *utterances, monologue=floor, monologue_start=to_samples(LATE) - floor),
        NUMBERS,
    )
    return None if found is None else found.severity


def test_a_long_turn_needs_advice_and_a_very_long_one_no_asking() -> None:
    advice, question = said(380, 381, ADVICE), said(382, 383, OPEN)
    weak, reflects = said(384, 385, (ADVICE, 2, 0.9)), said(386, 387, (Kind.REFLECTION, 2))
    assert long_at(44.9, advice) is None
    assert long_at(45, advice) is Severity.SOFT
    assert long_at(45, weak) is None
    assert long_at(45) is None
    assert long_at(45, advice, question) is None
    assert long_at(45, advice, weak, question) is Severity.SOFT
    assert long_at(74.9) is None
    assert long_at(75) is Severity.FIRM
    assert long_at(75, question) is None
    assert long_at(75, weak, reflects) is None
    assert long_at(75, weak, advice, reflects) is Severity.FIRM
    assert long_at(75, said(300, 301, OPEN)) is Severity.FIRM, "asked before the turn"


def test_long_is_of_a_manager_who_is_known_and_only_firm_amid_speech() -> None:
    floor = {"monologue": to_samples(80), "monologue_start": to_samples(320)}
    assert telling.long(moment(LATE, manager_sure=False, **floor), NUMBERS) is None
    firm = telling.long(moment(LATE, **floor), NUMBERS)
    assert firm is not None
    assert firm.mid_speech
    floor = {"monologue": to_samples(50), "monologue_start": to_samples(350)}
    soft = telling.long(moment(LATE, said(380, 381, ADVICE), **floor), NUMBERS)
    assert soft is not None
    assert not soft.mid_speech
    assert soft.key != firm.key


def high(
    now: float,
    *,
    stretch: float = 30,
    lasted: float = 30,
    firm: float | None = None,
    was: bool = False,
) -> HighShare:
    """A share that has been high for so many seconds, and firm, in a stretch of so many."""
    began, since = to_samples(now - stretch), to_samples(now - lasted)
    return HighShare(began, since, None if firm is None else to_samples(now - firm), was)


def share(now: float, *utterances: Said, **changes: Any) -> Occasion | None:
    plain = {"share": TalkShare(0.6, 0.6), "high_share": high(now)}
    return telling.share(moment(now, *utterances, **(plain | changes)), NUMBERS)


def share_at(now: float, *utterances: Said, **changes: Any) -> Severity | None:
    found = share(now, *utterances, **changes)
    return None if found is None else found.severity


def test_the_share_must_last_and_go_into_telling() -> None:
    advice, question = said(380, 381, ADVICE), said(382, 383, OPEN)
    assert share_at(LATE, advice) is Severity.SOFT
    assert share_at(LATE) is None
    assert share_at(LATE, advice, question) is None
    assert share_at(LATE, said(90, 99.9, OPEN), advice) is Severity.SOFT, "five minutes back"
    assert share_at(300, said(280, 281, ADVICE)) is Severity.SOFT
    assert share_at(300 - SAMPLE, said(280, 281, ADVICE)) is None
    assert share_at(LATE, advice, high_share=high(LATE, lasted=30 - SAMPLE)) is None
    assert share_at(LATE, advice, high_share=HighShare(1)) is None, "it wobbles below"
    assert share_at(LATE, advice, high_share=high(LATE, firm=30 - SAMPLE)) is Severity.SOFT
    assert share_at(LATE, advice, high_share=high(LATE, firm=30)) is Severity.FIRM
    assert share_at(LATE, advice, manager_sure=False) is None
    assert share_at(LATE, advice, share=TalkShare(0.6, None)) is None


def test_a_high_share_is_one_occasion_as_long_as_it_lasts_and_one_more_when_it_is_firm() -> None:
    advice = said(380, 381, ADVICE)

    def key(now: float, **state: Any) -> object:
        found = share(now, advice, high_share=high(now, **state))
        assert found is not None
        return found.key

    soft = key(LATE, stretch=40)
    assert key(LATE + 5, stretch=45, firm=5) == soft
    assert key(LATE + 30, stretch=30) != soft, "another stretch"
    firm = key(LATE + 35, stretch=75, firm=35, was=True)
    assert firm != soft
    assert key(LATE + 99, stretch=139, was=True) == firm, "softer again is nothing new"


def test_its_evidence_is_the_share_and_the_threshold_that_it_passed() -> None:
    advice = said(380, 381, ADVICE)
    for firm, threshold in ((None, 0.55), (30.0, 0.65)):
        found = share(LATE, advice, share=TalkShare(0.7, 0.66666), high_share=high(LATE, firm=firm))
        assert found is not None
        evidence = found.because[0]
        assert (evidence.value, evidence.threshold, evidence.window) == (0.667, threshold, 300)


def test_the_numbers_are_those_of_the_config() -> None:
    told = [said(390, 392, ADVICE), said(398, LATE, ADVICE)]
    assert telling.ask(moment(LATE, *told), changed(ask={"hits": 2.1})) is None
    assert telling.ask(moment(LATE, *told), changed(ask={"hits": 2.0})) is not None
