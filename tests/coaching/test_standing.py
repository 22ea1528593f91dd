"""Where the conversation stands: tips, ideas, what was agreed, the phase; in both languages."""

from __future__ import annotations

import copy

import pytest

from live_coach.coaching import config, script
from live_coach.coaching.coach import Coach
from live_coach.coaching.ideas import same
from live_coach.coaching.markers import LANGUAGES, Language
from live_coach.coaching.standing import Standing, begin
from live_coach.flow.messages import MetricSnapshot, Phase, Speaker
from tests.coaching.telling import C, M, lines

Said = list[tuple[Speaker, float, float, str]]

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "story": "The visits go fine and then nobody answers my offers.",
        "leave": "May I share an idea?",
        "yes": "Sure, go on.",
        "no": "No, rather not.",
        "tip": "You should call every customer after the offer.",
        "more": "You should plan that in the morning.",
        "taken": "I'll call the customers.",
        "idea": "Maybe I could ask the owner for a date before I write.",
        "repeat": "You should ask the owner for a date.",
        "goal?": "What do you want to get out of this conversation?",
        "goal": "I want two more orders by summer.",
        "named": "Two more orders, that is our goal for today.",
        "expect?": "And what do you expect from me?",
        "honest": "That you listen and are honest.",
        "mine": "And my expectation is that we both speak openly.",
        "doing": "I will call the bakery tomorrow.",
        "ask": "What happened there?",
    },
    "nl": {
        "story": "De bezoeken gaan goed en dan antwoordt niemand op mijn offertes.",
        "leave": "Mag ik een idee met je delen?",
        "yes": "Ja, graag.",
        "no": "Nee, liever niet.",
        "tip": "Je moet elke klant bellen na de offerte.",
        "more": "Je moet dat in de ochtend plannen.",
        "taken": "Ik ga de klant bellen.",
        "idea": "Misschien kan ik de eigenaar om een datum vragen voor ik schrijf.",
        "repeat": "Je moet de eigenaar om een datum vragen.",
        "goal?": "Wat wil je uit dit gesprek halen?",
        "goal": "Ik wil twee orders erbij voor de zomer.",
        "named": "Twee orders erbij, dat is ons doel voor vandaag.",
        "expect?": "En wat verwacht je van mij?",
        "honest": "Dat je luistert en eerlijk bent.",
        "mine": "En mijn verwachting is dat we open praten.",
        "doing": "Ik ga morgen de bakker bellen.",
        "ask": "Wat gebeurde er toen?",
    },
}
both = pytest.mark.parametrize("language", LANGUAGES)


def talk(language: Language, *turns: tuple[Speaker, str], pause: float = 2.0) -> Said:
    """The named sentences, four seconds each."""
    said, at = [], 0.0
    for speaker, name in turns:
        said.append((speaker, at, at + 4.0, WORDS[language][name]))
        at += 4.0 + pause
    return said


def coached(language: Language, said: Said, **card: str) -> tuple[Standing, MetricSnapshot]:
    """What stands at the end, and what the screen is told."""
    coach = Coach(language, config.load(), **card)  # type: ignore[arg-type]
    for message in script.messages(lines(said), language):
        for _ in coach.process(message):
            pass
    last = [i for i in coach.flush() if isinstance(i, MetricSnapshot)][-1]
    return coach._standing, last


@both
def test_a_tip_after_leave_is_within_the_budget_however_many_sentences_it_takes(
    language: Language,
) -> None:
    asked = ((M, "leave"), (C, "yes"), (M, "tip"), (M, "more"))
    standing, _ = coached(language, talk(language, (C, "story"), *asked))
    assert (standing.tips.with_leave, standing.tips.without_leave) == (1, 0)
    assert standing.tips.granted == {4, 5}
    again, _ = coached(language, talk(language, (C, "story"), *asked, (C, "story"), *asked))
    assert (again.tips.with_leave, again.tips.spent) == (2, 2)
    assert again.tips.granted == {4, 5}, "the second one is beyond the budget"


@both
def test_leave_that_was_refused_or_is_long_ago_is_no_leave(language: Language) -> None:
    refused, _ = coached(language, talk(language, (M, "leave"), (C, "no"), (M, "tip")))
    assert (refused.tips.with_leave, refused.tips.without_leave) == (0, 1)
    late = talk(language, (M, "leave"), (C, "yes"), (M, "tip"), pause=25.0)
    assert coached(language, late)[0].tips.with_leave == 0


@both
def test_who_said_it_first(language: Language) -> None:
    given, counted = coached(language, talk(language, (M, "tip"), (C, "taken")))
    assert given.ideas.voiced_at is None, "taking up a tip is no idea of one's own"
    assert counted.counts.solutions_first == 1
    found, counted = coached(language, talk(language, (C, "idea"), (M, "repeat"), (M, "tip")))
    assert found.ideas.voiced_at is not None
    assert len(found.ideas.of_manager) == 1, "repeating the other's idea gives nothing"
    assert counted.counts.solutions_first == 0


def test_ideas_are_the_same_by_what_they_are_about() -> None:
    one = frozenset({"owner", "date", "offer", "write"})
    assert same(one, frozenset({"owner", "date", "offer", "bring", "paper", "lunch", "noon"}))
    assert same(one, frozenset({"date", "call"}))
    assert not same(one, frozenset({"date", "call", "boss"}))
    assert not same(one, frozenset())


@both
def test_goal_and_expectations_are_agreed_by_asking_and_answering(language: Language) -> None:
    goal = ((M, "goal?"), (C, "goal"))
    _, before = coached(language, talk(language, (M, "goal?")))
    assert not before.goal_agreed
    _, asked = coached(language, talk(language, *goal, (M, "expect?"), (C, "honest")))
    assert asked.goal_agreed
    assert not asked.expectations_agreed, "that was one way only"
    _, ways = coached(language, talk(language, *goal, (M, "expect?"), (C, "honest"), (M, "mine")))
    assert ways.expectations_agreed
    _, named = coached(language, talk(language, (M, "named")))
    assert named.goal_agreed


@both
def test_the_card_says_it_too(language: Language) -> None:
    card = {"goal": "x", "manager_expects": "y", "coachee_expects": "z"}
    _, told = coached(language, talk(language, (M, "ask")), **card)
    assert told.goal_agreed
    assert told.expectations_agreed
    _, half = coached(language, talk(language, (M, "ask")), goal="x", manager_expects="y")
    assert not half.expectations_agreed


@both
def test_coming_near_the_goal_is_noticed(language: Language) -> None:
    goal = {"en": "More orders from old customers", "nl": "Meer orders van oude klanten"}[language]
    standing, _ = coached(language, talk(language, (M, "ask"), (C, "goal")), goal=goal)
    assert standing.agreed.met_at == 10 * 16_000
    near = talk(language, (M, "ask"), (C, "goal"), (M, "ask"), (C, "story"))
    assert coached(language, near, goal=goal)[0].agreed.met_at == 10 * 16_000


@both
def test_the_phase_only_goes_on_and_takes_more_than_one_sign(language: Language) -> None:
    def phase(*turns: tuple[Speaker, str]) -> Phase | None:
        return coached(language, talk(language, *turns, pause=12.0))[1].phase

    assert phase((M, "ask")) is None
    start = ((M, "goal?"), (C, "goal"))
    assert phase(*start) is Phase.GOAL
    tells = ((C, "story"), (M, "ask")) * 3
    assert phase(*start, *tells) is Phase.REALITY
    ideas = ((C, "idea"), (M, "ask"), (C, "idea"), (M, "ask")) * 2
    assert phase(*start, *tells, (C, "idea")) is Phase.REALITY
    assert phase(*start, *tells, *ideas) is Phase.OPTIONS
    doing = ((C, "doing"), (M, "ask")) * 3
    assert phase(*start, *tells, *ideas, *doing) is Phase.WILL
    assert phase(*start, *tells, *ideas, *doing, *tells, *tells) is Phase.WILL


@both
def test_a_silence_after_an_own_question_is_told_while_it_lasts(language: Language) -> None:
    ask, story = WORDS[language]["ask"], WORDS[language]["story"]
    coach = Coach(language, config.load())
    told = [
        (i.heard_to / 16_000, i.holding)
        for m in script.messages(lines([(M, 0, 4, ask), (C, 9, 14, story)]), language)
        for i in coach.process(m)
        if isinstance(i, MetricSnapshot)
    ]
    assert {holding for at, holding in told if at < 4 or at > 9.2} == {None}
    during = [(at, holding) for at, holding in told if 4.6 < at < 9]
    assert all(holding == pytest.approx((at - 4) * 16_000, abs=2) for at, holding in during)
    assert len(during) > 40


def test_copying_it_costs_nothing() -> None:
    standing = begin(config.load(), "en", goal="A goal")
    assert copy.deepcopy(standing) is standing
