"""The S-M-A-R-T ticks: what lights them and what does not, in both languages."""

from __future__ import annotations

import pytest

from live_coach.coaching.goal import smart
from live_coach.coaching.markers import Language

GOALS: list[tuple[Language, str, str]] = [
    ("en", "", ""),
    ("en", "I want to communicate better", "A"),
    ("en", "Be a better team player", ""),
    ("en", "customer satisfaction", ""),
    ("en", "improve everything", ""),
    ("en", "My team must do more", ""),
    ("en", "two new customers by March", "MT"),
    ("en", "I will call three customers every Friday so that they stay with us", "SMART"),
    ("en", "Call two customers a week", "SMT"),
    ("en", "I'll finish the handbook by 1 June", "SAT"),
    ("en", "Increase sales by 10%", "SM"),
    ("en", "I'd like to hold the next team meeting without interrupting anyone", "SMAT"),
    ("en", "I may feel more at ease because work is hard", "R"),
    ("en", "better call quality", ""),
    ("en", "Grow in my role before 2027", "T"),
    ("en", "I want my manager to listen", "S"),
    ("en", "ask 2-3 open questions", "SM"),
    ("nl", "", ""),
    ("nl", "Ik wil beter communiceren", "A"),
    ("nl", "Een betere teamspeler zijn", ""),
    ("nl", "klanttevredenheid", ""),
    ("nl", "alles verbeteren", ""),
    ("nl", "Mijn team moet meer doen", ""),
    ("nl", "twee nieuwe klanten voor eind maart", "MT"),
    ("nl", "Ik bel elke vrijdag drie klanten zodat ze bij ons blijven", "SMART"),
    ("nl", "Twee klanten per week bellen", "SMT"),
    ("nl", "Ik ga het handboek vóór 1 juni afronden", "SAT"),
    ("nl", "De verkoop met 10% verhogen", "SM"),
    ("nl", "Ik wil het volgende overleg leiden zonder iemand te onderbreken", "SMAT"),
    ("nl", "Rustiger worden omdat het werk zwaar is", "R"),
    ("nl", "Groeien in mijn rol voor 2027", "T"),
    ("nl", "Ik wil dat mijn leidinggevende luistert", ""),
    ("nl", "2-3 open vragen stellen", "SM"),
    ("nl", "iets doen voor de klanten", ""),
]


@pytest.mark.parametrize(("language", "goal", "lit"), GOALS)
def test_ticks(language: Language, goal: str, lit: str) -> None:
    assert "".join(letter for letter, on in smart(goal, language).ticks() if on) == lit


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("odd", ["?", "%%% 0 00", "\x00\u202e", "'"], ids=range(4))
def test_any_text_will_do(language: Language, odd: str) -> None:
    assert len(smart(odd, language).ticks()) == 5
