"""What utterances do, in both languages, with and without punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_coach.coaching.acts import ActFinder, Context
from live_coach.coaching.markers import Language
from live_coach.flow.messages import Form, Kind, Speaker
from tests.coaching.telling import C, M, acts, kinds

TELLS: list[tuple[Language, str, Form]] = [
    ("en", "You should plan your week on Friday.", Form.OBLIGATION),
    ("en", "you need to visit him before the end of the month", Form.OBLIGATION),
    ("en", "If I were you, I would take the small client first.", Form.TIP),
    ("en", "I'd suggest a shorter offer.", Form.TIP),
    ("en", "The solution is a second visit.", Form.SOLUTION),
    ("en", "Stop calling before nine.", Form.IMPERATIVE),
    ("nl", "Je moet je week op vrijdag plannen.", Form.OBLIGATION),
    ("nl", "dan moet je hem voor het eind van de maand bezoeken", Form.OBLIGATION),
    ("nl", "Als ik jou was, nam ik eerst de kleine klant.", Form.TIP),
    ("nl", "Mijn advies is een kortere offerte.", Form.TIP),
    ("nl", "De oplossing is een tweede bezoek.", Form.SOLUTION),
    ("nl", "Stop met bellen voor negen uur.", Form.IMPERATIVE),
]


TAKEN_OVER: list[tuple[Language, str]] = [
    ("en", "From now on the samples leave before noon."),
    ("en", "I'll call the landlord and have the door replaced."),
    ("en", "You might ask the night shift what they do."),
    ("nl", "Voortaan gaan de monsters voor twaalf uur weg."),
    ("nl", "Dan bel ik de verhuurder en laat ik die deur vervangen."),
    ("nl", "Dat zou je ook met de nachtploeg kunnen bespreken."),
    ("nl", "Dat moet je eerst met de nachtploeg bespreken."),
    ("nl", "Ik zou het met de nachtploeg bespreken."),
]
KEPT: list[tuple[Language, str]] = [
    ("en", "You needn't stay on my account."),
    ("en", "Put it this way, the door was open."),
    ("nl", "Ik zou graag weten hoe dat gegaan is."),
    ("nl", "Je moet wel doodmoe zijn."),
    ("nl", "Zet de deur maar open."),
    ("nl", "Je moet zelf weten hoe lang je blijft."),
    ("nl", "Moet je je baas daarover bellen?"),
]


@pytest.mark.parametrize(("language", "text"), TAKEN_OVER)
def test_a_solution_without_an_order_is_advice_too(language: Language, text: str) -> None:
    assert Kind.ADVICE in kinds(text, language, classifier=None)


@pytest.mark.parametrize(("language", "text"), KEPT)
def test_this_is_no_advice(language: Language, text: str) -> None:
    assert Kind.ADVICE not in kinds(text, language)


@pytest.mark.parametrize(("language", "text", "form"), TELLS)
def test_advice_is_heard(language: Language, text: str, form: Form) -> None:
    first = acts(text, language)[0]
    assert (first.kind, first.form, first.tier) == (Kind.ADVICE, form, 1)


QUESTIONS: list[tuple[Language, str, Kind]] = [
    ("en", "What would you like to change?", Kind.OPEN_QUESTION),
    ("en", "and what would you like to change", Kind.OPEN_QUESTION),
    ("en", "How did that go?", Kind.OPEN_QUESTION),
    ("en", "Can you tell me what happened there?", Kind.OPEN_QUESTION),
    ("en", "Tell me more about the visit.", Kind.OPEN_QUESTION),
    ("en", "Did you send the offer?", Kind.CLOSED_QUESTION),
    ("en", "did you send the offer", Kind.CLOSED_QUESTION),
    ("en", "How many visits do you have this week?", Kind.CLOSED_QUESTION),
    ("en", "You sent it on Monday?", Kind.CLOSED_QUESTION),
    ("nl", "Wat zou je willen veranderen?", Kind.OPEN_QUESTION),
    ("nl", "en wat zou je willen veranderen", Kind.OPEN_QUESTION),
    ("nl", "Hoe ging dat?", Kind.OPEN_QUESTION),
    ("nl", "Kun je me vertellen wat daar gebeurde?", Kind.OPEN_QUESTION),
    ("nl", "Vertel eens meer over dat bezoek.", Kind.OPEN_QUESTION),
    ("nl", "Heb je de offerte verstuurd?", Kind.CLOSED_QUESTION),
    ("nl", "heb je de offerte verstuurd", Kind.CLOSED_QUESTION),
    ("nl", "Hoeveel bezoeken heb je deze week?", Kind.CLOSED_QUESTION),
    ("nl", "Je hebt het maandag verstuurd?", Kind.CLOSED_QUESTION),
]


@pytest.mark.parametrize(
    "text",
    [
        "dus spreken we om drie uur af",
        "nou zit je daar de hele dag",
        "hebben we al besloten",
        "en wat die sleutel betreft die ligt boven",
    ],
)
def test_a_verb_before_its_subject_is_not_always_a_question(text: str) -> None:
    asked = {Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION}
    assert not asked & kinds(text, "nl", classifier=None)


@pytest.mark.parametrize(
    "text",
    ["waarom", "waar dan", "en jij dan", "echt waar", "wie heeft de sleutel", "mooi weer hè"],
)
def test_short_questions_are_known_without_a_mark(text: str) -> None:
    asked = {Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION}
    assert asked & kinds(text, "nl", classifier=None)


_ASKING = {Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION}


def _asks(language: Language, text: str, *, heard: bool = True) -> bool:
    finder = ActFinder(language, classifier=None, heard=heard)
    return any(act.kind in _ASKING for act in finder.read(M, text.split(), Context()))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "So, have you called him."),
        ("en", "What puts you as high as five."),
        ("en", "What'd you do last week. I wonder."),
        ("nl", "En de ene die wel ja zegt, is dat een klant waar je wat aan hebt."),
        ("nl", "Welke gesprekken vond je leuk."),
        ("nl", "Wat kost u dat. Ik ben benieuwd."),
    ],
)
def test_a_recogniser_may_end_a_question_with_a_full_stop(language: Language, text: str) -> None:
    assert _asks(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "That's right. You said it was hard."),
        ("en", "You told me what happened."),
        ("nl", "Misschien is dat iets om eens op tafel te leggen."),
        ("nl", "Ik snap hoe snel je dat oppakt. Maar toch."),
    ],
)
def test_a_statement_of_a_recogniser_stays_one(language: Language, text: str) -> None:
    assert not _asks(language, text)


def test_okay_with_a_question_mark_beside_something_else_asks_nothing() -> None:
    assert not _asks("en", "I will send the report. Okay?")
    assert not _asks("nl", "Ik stuur het verslag. Oké?")
    assert _asks("en", "Okay?")
    assert _asks("nl", "Oké?")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I have blocked forty-five minutes."),
        ("en", "Okay, so I've got you down for thirty minutes."),
        ("nl", "We hebben een dik halfuur."),
    ],
)
def test_how_long_this_talk_is_tells_nothing(language: Language, text: str) -> None:
    assert {act.kind for act in acts(text, language)} == {Kind.PROCESS}


def test_a_full_stop_that_was_written_is_believed() -> None:
    assert not _asks("en", "You know, have you called him.", heard=False)


@pytest.mark.parametrize(("language", "text", "kind"), QUESTIONS)
def test_questions_are_open_or_closed(language: Language, text: str, kind: Kind) -> None:
    both = {Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION}
    assert kinds(text, language) & both == {kind}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Why don't you just call her tomorrow?"),
        ("en", "Wouldn't it be better to wait a week?"),
        ("nl", "Waarom bel je haar morgen niet gewoon?"),
        ("nl", "Zou je niet beter een week wachten?"),
        ("nl", "Zoudt ge niet beter een week wachten?"),
    ],
)
def test_disguised_advice_keeps_its_form_as_a_question(language: Language, text: str) -> None:
    found = kinds(text, language)
    assert Kind.DISGUISED_ADVICE in found
    assert found & {Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION}


@pytest.mark.parametrize(
    ("language", "text", "heard"),
    [
        ("en", "So you feel stuck between two teams.", ""),
        ("en", "it sounds like the waiting is the worst part", ""),
        ("en", "The office was noisy for you.", "The office was so noisy that I went home."),
        ("nl", "Dus je voelt je klem zitten tussen twee teams.", ""),
        ("nl", "het klinkt alsof het wachten het ergste is", ""),
        (
            "nl",
            "Het kantoor was je te lawaaiig.",
            "Het kantoor was zo lawaaiig dat ik naar huis ging.",
        ),
    ],
)
def test_reflections_by_stem_or_by_shared_words(language: Language, text: str, heard: str) -> None:
    found = kinds(text, language, heard=heard)
    assert Kind.REFLECTION in found
    assert Kind.ADVICE not in found


def test_shared_words_alone_decide_here() -> None:
    assert Kind.REFLECTION not in kinds("The office was noisy for you.")


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "May I share an observation?", Kind.PERMISSION),
        ("en", "On a scale from 0 to 10, where are you now?", Kind.SOLUTION_FOCUSED),
        ("en", "Suppose this is solved overnight.", Kind.SOLUTION_FOCUSED),
        ("en", "Our policy is one discount per client.", Kind.FRAME),
        ("en", "We have ten minutes left.", Kind.PROCESS),
        ("en", "You managed to get that meeting.", Kind.AFFIRMATION),
        ("en", "That was unprofessional.", Kind.JUDGEMENT),
        ("en", "I assume you forgot it.", Kind.ASSUMPTION),
        ("en", "Don't you agree that it was late?", Kind.LEADING_QUESTION),
        ("nl", "Mag ik een observatie delen?", Kind.PERMISSION),
        ("nl", "Op een schaal van 0 tot 10, waar sta je nu?", Kind.SOLUTION_FOCUSED),
        ("nl", "Stel dat dit vannacht is opgelost.", Kind.SOLUTION_FOCUSED),
        ("nl", "Ons beleid is één korting per klant.", Kind.FRAME),
        ("nl", "We hebben nog tien minuten.", Kind.PROCESS),
        ("nl", "Het is je gelukt om die afspraak te krijgen.", Kind.AFFIRMATION),
        ("nl", "Dat was onprofessioneel.", Kind.JUDGEMENT),
        ("nl", "Ik neem aan dat je het vergeten bent.", Kind.ASSUMPTION),
        ("nl", "Vind je ook niet dat het laat was?", Kind.LEADING_QUESTION),
    ],
)
def test_other_kinds_of_the_manager(language: Language, text: str, kind: Kind) -> None:
    assert kind in kinds(text, language)


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "I'll call her tomorrow.", Kind.COMMITMENT),
        ("en", "I want to be calmer in those visits.", Kind.PREPARATORY),
        ("en", "There's no time for that.", Kind.SUSTAIN),
        ("en", "I really don't know.", Kind.STUCK),
        ("en", "What would you do?", Kind.ASKS_ADVICE),
        ("en", "Maybe I could ask the owner first.", Kind.OWN_IDEA),
        ("nl", "Ik ga haar morgen bellen.", Kind.COMMITMENT),
        ("nl", "Ik wil rustiger zijn bij die bezoeken.", Kind.PREPARATORY),
        ("nl", "Daar is geen tijd voor.", Kind.SUSTAIN),
        ("nl", "Ik weet het echt niet.", Kind.STUCK),
        ("nl", "Wat zou jij doen?", Kind.ASKS_ADVICE),
        ("nl", "Misschien kan ik eerst de eigenaar vragen.", Kind.OWN_IDEA),
    ],
)
def test_kinds_of_the_coachee(language: Language, text: str, kind: Kind) -> None:
    assert kind in kinds(text, language, C)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I don't know, maybe I could ask the owner first."),
        ("nl", "Ik weet het niet, misschien kan ik eerst de eigenaar vragen."),
    ],
)
def test_a_hedge_is_not_being_stuck(language: Language, text: str) -> None:
    assert Kind.STUCK not in kinds(text, language, C)


def test_words_are_positions_in_the_utterance() -> None:
    words = ["Well,", "I", "think", "you", "should", "call", "him", "--", "today."]
    act = next(a for a in acts(" ".join(words)) if a.kind is Kind.ADVICE)
    assert words[act.words[0] : act.words[1]] == ["you", "should"]


def test_markers_of_one_side_are_not_searched_on_the_other() -> None:
    assert Kind.ADVICE not in kinds("You should have seen it.", "en", C)
    by_rules = kinds("I don't know.", "en", Speaker.MANAGER, classifier=None)
    assert by_rules == {Kind.OTHER}
    assert kinds("You should call him.", "en", Speaker.UNKNOWN) == {Kind.OTHER}


@pytest.mark.parametrize("language", ["en", "nl"])
@given(text=st.text(max_size=300), speaker=st.sampled_from(list(Speaker)))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_acts_within_its_words(
    language: Language, text: str, speaker: Speaker
) -> None:
    words = text.split()
    found = ActFinder(language).read(speaker, words, Context())
    assert found
    assert all(0 <= a.words[0] <= a.words[1] <= len(words) for a in found)
    assert found == ActFinder(language).read(speaker, words, Context())


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    "word", ["you", "je", "what", "wat", "moet", "?", "'", "zou", "…", "should"]
)
def test_ten_thousand_words_are_no_problem(language: Language, word: str) -> None:
    found = ActFinder(language).read(Speaker.MANAGER, [word] * 10_000, Context())
    assert found
