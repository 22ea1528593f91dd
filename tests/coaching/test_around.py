"""What the talk around an utterance makes of its acts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.found import Found
from live_coach.coaching.markers import Language
from live_coach.flow.messages import Kind, Speaker
from tests.coaching.telling import C, M

QUESTIONS = {Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION}
ADVICE = {Kind.ADVICE, Kind.DISGUISED_ADVICE}


def last(
    said: Sequence[tuple[Speaker, str]], language: Language, guards: Sequence[str] | None = None
) -> list[Found]:
    """The acts of the last of these utterances."""
    finder = ActFinder(language) if guards is None else ActFinder(language, guards=guards)
    context = Context()
    return [finder.read(who, text.split(), context) for who, text in said][-1]


def marks(found: Sequence[Found]) -> list[tuple[str, ...]]:
    return [act.guards for act in found if act.kind in QUESTIONS]


@pytest.mark.parametrize(
    ("language", "idea", "back", "other"),
    [
        (
            "en",
            "Maybe I could call the owner first.",
            "You should call the owner first.",
            "You should send the offer first.",
        ),
        (
            "nl",
            "Misschien kan ik eerst de eigenaar bellen.",
            "Je moet eerst de eigenaar bellen.",
            "Je moet eerst de offerte sturen.",
        ),
        (
            "en",
            "What if I moved the audit to the second week?",
            "So moving the audit to that second week is something you could try.",
            "You could try a shorter list of questions.",
        ),
        (
            "nl",
            "Wat als ik de controle naar de tweede week verplaats?",
            "Dus de controle naar die tweede week verplaatsen, dat zou je kunnen proberen.",
            "Je zou een kortere vragenlijst kunnen proberen.",
        ),
    ],
)
def test_the_coachee_s_own_idea_given_back_is_no_advice(
    language: Language, idea: str, back: str, other: str
) -> None:
    given_back = last([(C, idea), (M, back)], language)
    assert not ADVICE & {act.kind for act in given_back}
    assert "own_idea" in {name for act in given_back for name in act.guards}
    assert ADVICE & {act.kind for act in last([(C, idea), (M, other)], language)}
    assert ADVICE & {act.kind for act in last([(C, idea), (M, back)], language, guards=())}


@pytest.mark.parametrize(
    ("language", "advice", "taken_over"),
    [
        ("en", "You should call the owner.", "Okay, I'll call the owner."),
        ("nl", "Je moet de eigenaar bellen.", "Goed, ik bel morgen de eigenaar."),
    ],
)
def test_advice_that_the_coachee_took_over_stays_the_manager_s(
    language: Language, advice: str, taken_over: str
) -> None:
    said = [(M, advice), (C, taken_over), (M, advice)]
    assert Kind.ADVICE in {act.kind for act in last(said, language)}


@pytest.mark.parametrize(
    ("language", "heard", "asked", "elsewhere"),
    [
        (
            "en",
            "The visit in Leeds went badly.",
            "What went wrong in Leeds?",
            "What do you want today?",
        ),
        ("nl", "Het bezoek in Gent liep slecht.", "Wat gebeurde er in Gent?", "Wat wil je nu?"),
    ],
)
def test_a_follow_up_shares_content_with_the_last_turn(
    language: Language, heard: str, asked: str, elsewhere: str
) -> None:
    assert marks(last([(C, heard), (M, asked)], language)) == [("follow_up",)]
    assert marks(last([(C, heard), (M, elsewhere)], language)) == [()]
    newer = "The office is noisy." if language == "en" else "Het kantoor is lawaaiig."
    assert marks(last([(C, heard), (M, "Mhm."), (C, newer), (M, asked)], language)) == [()]


@pytest.mark.parametrize(
    ("language", "first", "second", "answer"),
    [
        ("en", "What happened there?", "And who was with you?", "Nobody."),
        ("nl", "Wat gebeurde er daar?", "En wie was er bij je?", "Niemand."),
    ],
)
def test_questions_without_an_answer_between_are_stacked(
    language: Language, first: str, second: str, answer: str
) -> None:
    assert marks(last([(M, f"{first} {second}")], language)) == [(), ("stacked",)]
    assert marks(last([(M, first), (M, second)], language)) == [("stacked",)]
    assert marks(last([(M, first), (C, "mhm"), (M, second)], language)) == [("stacked",)]
    assert marks(last([(M, first), (C, answer), (M, second)], language)) == [()]


@pytest.mark.parametrize(
    ("language", "question", "answer", "more"),
    [
        ("en", "Why did she leave?", "Probably because of the hours.", "It was on a Friday."),
        ("nl", "Waarom ging ze weg?", "Waarschijnlijk om de uren.", "Het was op een vrijdag."),
    ],
)
def test_a_question_answered_by_its_asker_is_marked(
    language: Language, question: str, answer: str, more: str
) -> None:
    assert marks(last([(M, f"{question} {answer}")], language)) == [("self_answered",)]
    assert marks(last([(M, f"{question} {more}")], language)) == [()]
    apart = last([(M, question), (M, answer)], language)
    assert all("self_answered" in act.guards for act in apart)
    late = last([(M, question), (C, "I really do not know"), (M, answer)], language)
    assert not any("self_answered" in act.guards for act in late)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Our policy is one discount per client."),
        ("en", "Let's start with your goal for today."),
        ("en", "May I share an observation?"),
        ("en", "It's up to you what you do with it."),
        ("nl", "Ons beleid is één korting per klant."),
        ("nl", "Laten we eerst naar je doel kijken."),
        ("nl", "Mag ik een observatie delen?"),
        ("nl", "Het is aan jou wat je ermee doet."),
    ],
)
def test_frame_process_permission_and_autonomy_are_no_advice(language: Language, text: str) -> None:
    assert not ADVICE & {act.kind for act in last([(M, text)], language)}
