"""Each guard alone: with it the sentence is no advice of tier 1, without it it is (or would be more)."""

from __future__ import annotations

import pytest

from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.guards import GUARDS
from live_coach.coaching.markers import Language
from live_coach.flow.messages import Kind, Speaker
from tests.coaching.telling import C, M, acts

TELLING = {Kind.ADVICE, Kind.DISGUISED_ADVICE, Kind.JUDGEMENT, Kind.ASSUMPTION}

CASES: list[tuple[str, Language, str]] = [
    ("embedded_question", "en", "what do you think you should do about it"),
    ("embedded_question", "nl", "wat denk je dat je zou moeten doen"),
    ("invitation", "en", "Why don't you start by telling me about it?"),
    ("invitation", "nl", "Ga door."),
    ("reported_speech", "en", "Your boss told you that you should do more visits."),
    ("reported_speech", "nl", "Je baas zegt dat je meer bezoeken moet doen."),
    ("reflection_stem", "en", "You feel that you need to please everybody."),
    ("reflection_stem", "nl", "Je hebt het gevoel dat je iedereen moet helpen."),
    ("conditional", "en", "We can look at it if you need to."),
    ("conditional", "nl", "Dat is lastig als je moet kiezen."),
    ("generic_you", "en", "You have to admit that it rained a lot, and you have to laugh."),
    ("release", "en", "You don't have to decide now, you can take your time with it."),
    ("release", "nl", "Het is aan jou, je kunt ook de kleine klant nemen."),
    ("epistemic_must", "en", "You must be tired after that week."),
    ("epistemic_must", "nl", "Je moet wel moe zijn na die week."),
    ("process", "en", "Let's start with your goal for today."),
    ("process", "nl", "Laten we eerst naar je doel kijken."),
    ("idiom", "nl", "Doe rustig aan, er is tijd."),
    ("idiom", "en", "You could say that it rained."),
    ("politeness", "nl", "Ga rustig zitten, neem je tijd."),
    ("politeness", "en", "Let me know if it rains."),
    ("roleplay", "en", "Then you say to the customer that you need to see the budget."),
    ("roleplay", "en", "Sure, I'm the father. You should leave my son alone."),
    ("roleplay", "nl", "Goed, ik speel de klant. U moet mij vandaag nog bellen."),
    ("self_talk", "en", "I'd like to hear it and I'd say that is a lot."),
    ("truncated", "en", "You should."),
    ("question_mark", "en", "You need to be there on Monday?"),
    ("question_mark", "nl", "Je moet er maandag zijn?"),
]


def weight_by_rules(text: str, language: Language, guards: set[str]) -> int:
    """How much telling markers and guards find, without what the classifier adds."""
    found = acts(text, language, M, guards=guards, classifier=None)
    return sum(4 - a.tier for a in found if a.kind in TELLING)


@pytest.mark.parametrize(("guard", "language", "text"), CASES)
def test_a_guard_takes_telling_away(guard: str, language: Language, text: str) -> None:
    without = set(GUARDS) - {guard}
    others_off = {guard}
    assert weight_by_rules(text, language, others_off) < weight_by_rules(text, language, set())
    assert weight_by_rules(text, language, set(GUARDS)) <= weight_by_rules(text, language, without)
    tier_one = [a for a in acts(text, language, M) if a.kind in TELLING and a.tier == 1]
    assert not tier_one


def test_asked_advice_weighs_half() -> None:
    text = "You should call the owner."
    assert acts(text, "en", M)[0].tier == 1
    weaker = acts(text, "en", M, heard="What would you do?")[0]
    assert (weaker.tier, weaker.guards) == (2, ("advice_asked",))


def test_guards_name_what_they_turned() -> None:
    found = acts("What do you think you should do?", "en", M)
    assert [(a.kind, a.guards) for a in found] == [(Kind.OPEN_QUESTION, ("embedded_question",))]


def test_every_guard_has_a_case() -> None:
    assert {guard for guard, _, _ in CASES} | {"advice_asked", "frame", "own_idea"} == set(GUARDS)


def test_guards_do_not_touch_the_coachee() -> None:
    assert acts("You should.", "en", C)[0].kind is Kind.OTHER


@pytest.mark.parametrize(
    ("language", "given", "said"),
    [
        ("en", "We never discount an offer", "You should never discount a first offer."),
        (
            "nl",
            "Wij geven nooit korting op een offerte",
            "Je moet nooit korting op de offerte geven.",
        ),
    ],
)
def test_what_was_given_beforehand_is_a_frame_and_not_telling(
    language: Language, given: str, said: str
) -> None:
    plain = ActFinder(language).read(Speaker.MANAGER, said.split(), Context())
    assert Kind.ADVICE in {act.kind for act in plain}
    framed = ActFinder(language, frames=(given,)).read(Speaker.MANAGER, said.split(), Context())
    assert Kind.ADVICE not in {act.kind for act in framed}
    assert "frame" in {name for act in framed for name in act.guards} | {
        act.kind.value for act in framed
    }
