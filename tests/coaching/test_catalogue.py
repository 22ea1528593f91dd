"""Every nudge of the catalogue in both languages: when it comes, and when it must not.

Each rule is alone here and the gate is wide open; what the gate does is in test_gate.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from live_coach.coaching import config, script
from live_coach.coaching.coach import Coach
from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.markers import LANGUAGES, Language
from live_coach.coaching.rules import CLASSES
from live_coach.flow.messages import Nudge, NudgeClass, Speaker, to_samples
from tests.coaching.telling import C, M, changed, lines

WIDE = {
    "warm_up_s": 0.0,
    "voices_s": 0.0,
    "gap_s": 0.0,
    "cooldown_s": 0.0,
    "per_session": 50,
    "corrective_per_10_min": 50,
    "praise_gap_s": 0.0,
}
WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "story": "The visits go fine and then nobody answers my offers.",
        "long": "The visits go fine, people like the product, the office in town asks for paper, and then"
        " the owner of the hotel never calls again about the price of the rooms.",
        "short": "Yes.",
        "stuck": "I don't know.",
        "blank": "My head goes blank, I can't explain it.",
        "idea": "Maybe I could ask the owner for a date.",
        "torn": "Part of me wants that, and it is a little better now.",
        "against": "That won't work, we already tried that.",
        "hm": "Hm.",
        "leave": "May I share an idea?",
        "tell": "You should call every customer.",
        "tell2": "You need to plan the morning first.",
        "disguised": "Have you tried calling them earlier?",
        "disguised2": "Why don't you just send a letter?",
        "assume": "You're scared of that man, that's what this is.",
        "judge": "That was sloppy.",
        "leading": "Don't you think that was a bit too harsh?",
        "open": "What happened there?",
        "closed": "Did you call her?",
        "far": "What does your holiday plan look like?",
        "near": "What did the owner of the hotel say?",
        "three": "What happened there? Who was with you? Did you call her?",
        "reflect": "So the visits go fine, and then nobody answers.",
        "frame": "Our policy is that every complaint is answered in two days.",
        "scale": "On a scale from 0 to 10, where are you now?",
        "topic": "What do you want to talk about today?",
        "goal": "Two more signed orders by summer, that is our goal for today.",
        "off": "The garden needs water and my bicycle is broken.",
        "named": "Those signed orders are still far away.",
    },
    "nl": {
        "story": "De bezoeken gaan goed en dan antwoordt niemand op mijn offertes.",
        "long": "De bezoeken gaan goed, mensen vinden het product mooi, het kantoor in de stad vraagt om papier,"
        " en dan belt de eigenaar van het hotel nooit meer over de prijs van de kamers.",
        "short": "Ja.",
        "stuck": "Ik weet het niet.",
        "blank": "Mijn hoofd is leeg, ik kan het niet uitleggen.",
        "idea": "Misschien kan ik de eigenaar om een datum vragen.",
        "torn": "Een deel van mij wil dat, en het gaat een beetje beter.",
        "against": "Dat werkt niet, dat hebben we al geprobeerd.",
        "hm": "Hm.",
        "leave": "Mag ik een idee met je delen?",
        "tell": "Je moet elke klant bellen.",
        "tell2": "Dat moet je eerst in de ochtend plannen.",
        "disguised": "Heb je er al aan gedacht om ze eerder te bellen?",
        "disguised2": "Waarom stuur je niet gewoon een brief?",
        "assume": "Je bent gewoon bang voor die man.",
        "judge": "Dat was slordig.",
        "leading": "Je snapt toch wel dat het te hard was?",
        "open": "Wat gebeurde er toen?",
        "closed": "Heb je haar gebeld?",
        "far": "Hoe ziet jouw vakantieplan eruit?",
        "near": "Wat zei de eigenaar van het hotel?",
        "three": "Wat gebeurde er toen? Wie was erbij? Heb je haar gebeld?",
        "reflect": "Dus de bezoeken gaan goed, en dan antwoordt niemand.",
        "frame": "Ons beleid is dat een klacht binnen twee dagen beantwoord is.",
        "scale": "Op een schaal van 0 tot 10, waar sta je nu?",
        "topic": "Waar wil je het vandaag over hebben?",
        "goal": "Twee getekende orders erbij voor de zomer, dat is ons doel voor vandaag.",
        "off": "De tuin heeft water nodig en mijn fiets is kapot.",
        "named": "Die getekende orders zijn nog ver weg.",
    },
}
both = pytest.mark.parametrize("language", LANGUAGES)
Turn = tuple[Speaker, str] | tuple[Speaker, str, float]


def only(*kinds: str, **numbers: dict[str, Any]) -> NudgeConfig:
    """These kinds alone, with the gate wide open."""
    switched = {kind: {"on": kind in kinds} for kind in CLASSES}
    given = {name: switched.get(name, {}) | values for name, values in numbers.items()}
    return changed(**(switched | {"gate": WIDE} | given))


def shown(
    language: Language, numbers: NudgeConfig, *turns: Turn, silence: float = 1.0, **card: Any
) -> list[Nudge]:
    """What is shown of these turns, three seconds each unless a length is given; each after a second."""
    said, at = [], 0.0
    for speaker, name, *length in turns:
        end = at + (length[0] if length else 3.0)
        said.append((speaker, at, end, WORDS[language][name]))
        at = end + 1.0
    said.append((M, at + silence, at + silence + 1.0, WORDS[language]["hm"]))
    coach = Coach(language, numbers, wording=language, **card)
    told = [i for m in script.messages(lines(said), language) for i in coach.process(m)]
    return [i for i in told if isinstance(i, Nudge)]


def kinds(
    language: Language, numbers: NudgeConfig, *turns: Turn, silence: float = 1.0, **card: Any
) -> list[str]:
    return [n.kind for n in shown(language, numbers, *turns, silence=silence, **card)]


ALARM = ("ask", "handback", "permit", "disguised", "tipused")
STORY = ((C, "story"), (C, "long", 8.0))
TOLD = (*STORY, (M, "tell"), (C, "story"), (M, "tell2"), (C, "story"))


@both
def test_told_again_after_the_alarm_gives_a_question_to_hand_it_back(language: Language) -> None:
    numbers = only(*ALARM)
    first, again = shown(language, numbers, *TOLD)
    assert (first.kind, again.kind) == ("ask", "handback")
    assert again.detail
    found = (*STORY, (M, "tell"), (C, "idea"), (M, "tell2"), (C, "story"))
    assert kinds(language, numbers, *found) == ["ask", "ask"]
    plain = only("ask")
    assert kinds(language, plain, *TOLD) == ["ask", "ask"]


@both
def test_advice_with_question_marks_only_is_a_tip_in_disguise(language: Language) -> None:
    said = (*STORY, (C, "idea"), (M, "disguised"), (C, "story"), (M, "disguised2"), (C, "story"))
    assert kinds(language, only(*ALARM), *said)[:1] == ["disguised"]
    mixed = (*STORY, (C, "idea"), (M, "disguised"), (C, "story"), (M, "tell2"), (C, "story"))
    assert "disguised" not in kinds(language, only(*ALARM), *mixed)


@both
def test_one_tip_with_leave_is_told_as_spent_and_the_next_without_it_asks_for_leave(
    language: Language,
) -> None:
    granted = (*STORY, (M, "leave"), (C, "short"), (M, "tell"), (C, "story"))
    (used,) = shown(language, only(*ALARM), *granted)
    assert (used.kind, used.nudge_class) == ("tipused", NudgeClass.INFORMATION)
    assert used.text.endswith("1/1")
    later = [(C, "long", 20.0), (M, "hm"), (C, "long", 20.0), (M, "tell2"), (C, "story")]
    assert kinds(language, only(*ALARM), *granted, *later)[:2] == ["tipused", "permit"]
    assert "permit" not in kinds(language, only(*ALARM), *TOLD), "leave was never asked"


@both
@pytest.mark.parametrize("kind", ["assume", "judge", "leading"])
def test_assumption_judgement_and_leading_count_where_the_manager_advises_too(
    language: Language, kind: str
) -> None:
    both_ways = (*STORY, (M, "tell"), (C, "story"), (M, kind), (C, "story"))
    (nudge,) = shown(language, only(kind), *both_ways)
    assert (nudge.kind, nudge.nudge_class) == (kind, NudgeClass.CORRECTIVE)
    assert nudge.because[0].quote.split()[0] == WORDS[language][kind].split()[0]
    assert kinds(language, only(kind), *STORY, (M, kind), (C, "story")) == []
    assert kinds(language, only(kind), *TOLD) == []


@both
def test_several_questions_in_one_breath(language: Language) -> None:
    assert kinds(language, only("one"), *STORY, (M, "three"), (C, "story")) == ["one"]
    apart = ((M, "open"), (C, "story"), (M, "closed"), (C, "story"), (M, "open"), (C, "story"))
    assert kinds(language, only("one"), *STORY, *apart) == []
    assert not config.load().one.on


@both
def test_questions_without_giving_anything_back(language: Language) -> None:
    asked = ((M, "open"), (C, "story")) * 4
    assert kinds(language, only("reflect"), *STORY, *asked) == ["reflect"]
    given = (*asked[:4], (M, "reflect"), (C, "story"), *asked[:4])
    assert kinds(language, only("reflect"), *STORY, *given) == []


@both
def test_a_question_about_something_else_than_what_was_told(language: Language) -> None:
    assert kinds(language, only("deeper"), (C, "long", 8.0), (M, "far"), (C, "hm")) == ["deeper"]
    assert kinds(language, only("deeper"), (C, "long", 8.0), (M, "near"), (C, "hm")) == []
    assert kinds(language, only("deeper"), (C, "short"), (M, "far"), (C, "hm")) == []


@both
def test_interruptions_count_and_back_channels_do_not(language: Language) -> None:
    def conversation(length: float, times: int) -> list[str]:
        tell, story = WORDS[language]["tell"], WORDS[language]["story"]
        said = [(M, 0.0, 2.0, tell)]
        for n in range(times):
            at = 4.0 + n * 12
            said += [(C, at, at + 6, story), (M, at + 5, at + 5 + length, tell)]
        coach = Coach(language, only("cut"), wording=language)
        told = [i for m in script.messages(lines(said), language) for i in coach.process(m)]
        return [i.kind for i in told if isinstance(i, Nudge)]

    assert conversation(4.0, 3) == ["cut"]
    assert conversation(4.0, 2) == []
    assert conversation(0.6, 5) == []


LADDER = ("miracle", "scale", "exception")
WAIT = 6.0


@both
def test_the_question_offered_fits_what_was_said(language: Language) -> None:
    numbers = only(*LADDER)
    at_a_loss = ((M, "open"), (C, "stuck", 1.0))
    assert kinds(language, numbers, (C, "long"), *at_a_loss, silence=WAIT) == ["miracle"]
    blank = ((M, "open"), (C, "blank"))
    assert kinds(language, numbers, (C, "long"), *blank, silence=WAIT) == ["miracle"]
    torn = kinds(language, numbers, (C, "torn"), *at_a_loss, silence=WAIT)
    assert torn == ["scale"]
    problem = ((C, "story", 60.0), (M, "open"), (C, "off", 60.0), (M, "open"), (C, "story", 60.0))
    assert kinds(language, numbers, *problem, *at_a_loss, silence=WAIT) == ["exception"]
    for other in ("scale", "tell"):
        asked = (*problem[:3], (M, other), *problem[4:])
        assert kinds(language, numbers, *asked, *at_a_loss, silence=WAIT) == ["miracle"], other
    (offered,) = shown(language, numbers, *problem, *at_a_loss, silence=WAIT)
    assert offered.detail is not None
    assert offered.detail.endswith("?")


@both
def test_no_question_is_offered_where_nobody_is_at_a_loss(language: Language) -> None:
    numbers = only(*LADDER)
    for last in ("story", "idea", "torn", "against", "short", "off"):
        assert kinds(language, numbers, (M, "open"), (C, last), silence=WAIT) == [], last
    assert kinds(language, numbers, (M, "open"), (C, "stuck", 1.0)) == [], "wait first"


@both
def test_speaking_against_it_while_the_manager_advises(language: Language) -> None:
    pushed = ((M, "tell"), (C, "against"), (M, "hm"), (C, "against"), (M, "hm"), (C, "against"))
    (nudge,) = shown(language, only("sustain"), *pushed)
    assert (nudge.kind, nudge.nudge_class) == ("sustain", NudgeClass.SUGGESTION)
    assert all(e.quote == "" and e.utterance is None for e in nudge.because)
    assert kinds(language, only("sustain"), (M, "open"), *pushed[1:]) == []
    assert kinds(language, only("sustain"), *pushed[:4]) == []


@both
def test_a_goal_is_asked_for_once_where_the_card_left_it_open(language: Language) -> None:
    numbers = only("contract", contract={"after_s": 20.0, "until_s": 60.0})
    talk = ((C, "story", 8.0), (M, "hm")) * 4
    assert kinds(language, numbers, *talk, goal="") == ["contract"]
    assert kinds(language, numbers, *talk, goal="More orders") == []
    assert kinds(language, numbers, *talk) == [], "there was no card"
    assert kinds(language, numbers, (M, "goal"), *talk, goal="") == []
    assert kinds(language, numbers, (M, "topic"), *talk, goal="") == []


@both
def test_expectations_are_asked_for_once_where_there_is_a_goal(language: Language) -> None:
    numbers = only("expect", expect={"after_s": 20.0, "until_s": 60.0})
    talk = ((C, "story", 8.0), (M, "hm")) * 4
    assert kinds(language, numbers, *talk, goal="More orders") == ["expect"]
    assert kinds(language, numbers, *talk, goal="") == []
    card = {"goal": "More orders", "manager_expects": "a", "coachee_expects": "b"}
    assert kinds(language, numbers, *talk, **card) == []


@both
def test_away_from_the_goal_for_a_while(language: Language) -> None:
    numbers = only("goal", goal={"away_s": 40.0})
    away = (*((C, "off", 8.0), (M, "hm")) * 4,)
    assert kinds(language, numbers, (M, "goal"), *away) == ["goal"]
    assert kinds(language, numbers, (M, "goal"), *away[:4], (C, "named"), *away[:4]) == []
    assert kinds(language, numbers, *away, *away) == [], "there is no goal"


@both
def test_a_limit_of_the_organisation_is_told_once(language: Language) -> None:
    said = (*STORY, (M, "frame"), (C, "story"), (M, "frame"), (C, "story"))
    (nudge,) = shown(language, only("frame"), *said)
    assert (nudge.kind, nudge.nudge_class) == ("frame", NudgeClass.INFORMATION)
    assert kinds(language, only("frame"), *TOLD) == []


@both
def test_a_held_silence_with_a_long_answer_is_praised(language: Language) -> None:
    def conversation(silence: float, answer: float) -> list[str]:
        words = WORDS[language]
        at = 3.0 + silence
        said = [(M, 0.0, 3.0, words["open"]), (C, at, at + answer, words["long"])]
        said.append((M, at + answer + 2, at + answer + 3, words["hm"]))
        coach = Coach(language, only("good_silence"), wording=language)
        told = [i for m in script.messages(lines(said), language) for i in coach.process(m)]
        return [i.kind for i in told if isinstance(i, Nudge)]

    assert conversation(4.0, 22.0) == ["good_silence"]
    assert conversation(2.0, 22.0) == []
    assert conversation(4.0, 12.0) == []


@both
def test_the_first_idea_of_their_own_is_praised_and_a_tip_taken_up_is_not(
    language: Language,
) -> None:
    asked = ((C, "story"), (M, "open"), (C, "idea"), (M, "open"), (C, "idea"))
    (nudge,) = shown(language, only("own"), *asked)
    assert (nudge.kind, nudge.nudge_class) == ("own", NudgeClass.PRAISE)
    told = ((C, "story"), (M, "tell"), (M, "open"), (C, "idea"))
    assert kinds(language, only("own"), *told) == []
    assert kinds(language, only("own"), (C, "story"), (M, "open"), (C, "torn")) == []


@both
def test_much_room_and_an_idea_of_the_coachee_may_lean_back(language: Language) -> None:
    room = (*((M, "open"), (C, "story", 26.0)) * 9, (M, "open"), (C, "idea", 26.0))
    assert kinds(language, only("lean"), *room) == ["lean"]
    assert kinds(language, only("lean"), *room[:-1], (C, "story", 26.0)) == []
    filled = (*((M, "open", 20.0), (C, "story", 10.0)) * 9, (M, "open"), (C, "idea", 26.0))
    assert kinds(language, only("lean"), *filled) == []
    soon_five_minutes = (*room[:16], *room[-2:])
    (nudge,) = shown(language, only("lean"), *soon_five_minutes, silence=60.0)
    assert nudge.at > to_samples(279 + 60), "not before somebody speaks again"


def test_a_kind_that_is_off_is_not_shown_in_any_words() -> None:
    for kind in CLASSES:
        assert kinds("en", only(), *TOLD, (M, kind if kind in WORDS["en"] else "open")) == []
