"""When each word that was said was first there: on streams made by hand."""

from __future__ import annotations

from live_coach.bench.alignment import FirstTimes, first_times
from live_coach.bench.hearings import Hearing, Standing, last_text, of_ours, of_peer
from tests.bench.streams import final, said, utterance


def _times(words: list[str], *lines: dict[str, object]) -> FirstTimes:
    return first_times(said(*words), of_ours(lines, "en"))


def test_a_word_counts_from_the_first_time_it_stands_in_its_place() -> None:
    times = _times(
        ["good", "morning", "sam"],
        utterance("Good", 0.7),
        utterance("Good warning", 1.2, stable=1),
        utterance("Good morning", 1.4, stable=1),
        final("Good morning, Sam.", 2.0),
    )
    assert times.shown == {0: 0.7, 1: 1.4, 2: 2.0}
    assert times.stable == {0: 1.2, 1: 2.0, 2: 2.0}
    assert times.read == {0: 2.0, 1: 2.0, 2: 2.0}


def test_a_repeated_word_is_not_taken_for_its_repetition() -> None:
    words = ["ask", "what", "you", "can", "ask"]
    times = _times(words, utterance("ask", 2.6), utterance("ask what you can ask", 3.0))
    assert times.shown == {0: 2.6, 1: 3.0, 2: 3.0, 3: 3.0, 4: 3.0}


def test_a_word_that_is_not_yet_begun_cannot_be_shown() -> None:
    times = _times(["well", "so", "well"], utterance("well well", 0.9))
    assert times.shown == {0: 0.9}


def test_words_that_nobody_said_move_nothing() -> None:
    times = _times(["we", "meet", "monday"], utterance("you and we meet um Monday", 1.6))
    assert times.shown == {0: 1.6, 1: 1.6, 2: 1.6}


def test_text_that_is_taken_back_and_comes_again_keeps_its_first_time() -> None:
    times = _times(
        ["yes", "please"],
        *(utterance(t, at) for at, t in ((1.1, "yes please"), (1.2, "yes"), (1.3, "yes please"))),
    )
    assert times.shown == {0: 1.1, 1: 1.1}


def test_a_misheard_word_is_read_but_never_shown() -> None:
    times = _times(["call", "anna"], final("Call Hannah.", 1.5))
    assert times.shown == {0: 1.5}
    assert times.read == {0: 1.5, 1: 1.5}


def test_two_utterances_of_one_speaker_stand_in_the_order_of_their_start() -> None:
    hearings = list(
        of_ours(
            [
                utterance("how are", 1.0, number=1),
                utterance("fine", 1.1, number=2, speaker="coachee"),
                utterance("thanks", 3.0, number=3, start=2.5),
                final("How are you?", 3.1, number=1),
            ],
            "en",
        )
    )
    assert [word for word, _ in hearings[-1].words] == ["how", "are", "you", "thanks"]
    assert last_text(hearings, "unknown", Standing.FINAL) == ["how", "are", "you"]
    assert last_text(hearings, "coachee", Standing.FINAL) == []
    assert last_text(hearings, "manager", Standing.FINAL) == []


def test_a_peer_tells_leading_parts_of_its_text() -> None:
    lines = [
        {"ready": True},
        {"at": 2.0, "text": "I'm here now, ok", "stable": "I'm here", "final": "I'm"},
    ]
    (hearing,) = of_peer(lines, "en")
    assert hearing == Hearing(
        2.0,
        "unknown",
        (
            ("i", Standing.FINAL),
            ("am", Standing.FINAL),
            ("here", Standing.STABLE),
            ("now", Standing.SHOWN),
            ("okay", Standing.SHOWN),
        ),
    )
