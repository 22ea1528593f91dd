"""From runs of speech to utterances."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live_coach.flow.messages import RATE, Speaker, Stage, Utterance
from live_coach.transcript.engine import Confirmed, Decoded, DecodeRequest, EngineLost, HeardWord
from live_coach.transcript.scribe import Scribe
from tests.speech.sounds import noise, turn
from tests.transcript.engines import PAD, segment, transcript_settings, whisper, words


class Typist:
    """Says what it is told to, or is lost: beside the real engine below."""

    restarts = 0
    slowdown = 1.0

    def __init__(self, *answers: str | None, language: str = "en") -> None:
        self._answers = list(answers)
        self.confirms = 0
        self._language = language
        self.requests: list[DecodeRequest] = []

    def decode(self, request: DecodeRequest, confirmed: Confirmed | None = None) -> Decoded:
        self.requests.append(request)
        if confirmed and request.draft:
            confirmed(self.confirms)
        answer = self._answers.pop(0)
        if answer is None:
            raise EngineLost("lost")
        heard = tuple(
            HeardWord(word, 1000 * number, 1000 * (number + 1), 0.9)
            for number, word in enumerate(answer.split())
        )
        return Decoded(heard, self._language, {self._language: 1.0}, 0.0, -0.1)

    def close(self) -> None:
        pass


def scribe(*answers: str | None, language: str = "en") -> tuple[Scribe, Typist]:
    typist = Typist(*answers)
    return Scribe(typist, transcript_settings(), language), typist


SOUND = turn("One thing that really")


def test_a_growing_run_gives_revisions_with_the_words_that_are_stable():
    one, typist = scribe("so what", "So, what you", "so what do you")
    found = [one.process(segment(SOUND, end=None)) for _ in range(3)]
    revisions = [(utterance.revision, utterance.stable) for (utterance,) in found]
    assert revisions == [(0, 0), (1, 2), (2, 2)]
    assert all(utterance.stage is Stage.PARTIAL for (utterance,) in found)
    assert {request.beam_size for request in typist.requests} == {1}


def test_words_that_stand_are_stable_before_the_longer_run_is_read():
    one, typist = scribe("so what", "So, what you", "so what do you", "so what do you")
    told: list[tuple[str, int, int]] = []

    def read() -> None:
        growing = segment(SOUND, end=None)
        heard = one.hear(growing, lambda count: keep(one.confirm(growing, count)))
        keep(one.tell(growing, heard))

    def keep(utterances: list[Utterance]) -> None:
        told.extend((u.text, u.stable, u.revision) for u in utterances)

    for typist.confirms in (0, 1, 1, 4):
        read()
    assert told == [
        ("so what", 0, 0),
        ("so what", 1, 1),
        ("So, what you", 2, 2),
        ("so what do you", 2, 3),
        ("so what do you", 4, 4),
        ("so what do you", 4, 5),
    ]
    assert [request.draft for request in typist.requests][:2] == [(), ("so", "what")]


def test_a_final_with_the_sound_that_was_read_when_silence_began_is_not_read_again():
    one, typist = scribe("so what do you think?")
    settled = replace(segment(SOUND, end=None), settled=True)
    (partial,) = one.process(settled)
    (final,) = one.process(segment(SOUND))
    assert (partial.stage, final.stage) == (Stage.PARTIAL, Stage.FINAL)
    assert (final.text, final.words) == (partial.text, partial.words)
    assert [request.beam_size for request in typist.requests] == [5]


def test_a_partial_from_before_it_was_known_who_speaks_is_dropped_after_the_final():
    one, _ = scribe("so what", "so what do you think?")
    unknown = segment(SOUND, end=None, speaker=Speaker.UNKNOWN)
    heard = one.hear(unknown)
    one.process(segment(SOUND))
    assert one.tell(unknown, heard) == []


def test_a_run_that_went_on_after_silence_is_read_again():
    one, typist = scribe("so what", "so what do you think?")
    one.process(replace(segment(SOUND[: RATE // 2], end=None), settled=True))
    (final,) = one.process(segment(SOUND))
    assert final.text == "so what do you think?"
    assert len(typist.requests) == 2


def test_a_run_that_ended_gives_one_final_with_the_full_beam():
    one, typist = scribe("so what", "so what do you think?")
    one.process(segment(SOUND, end=None))
    (final,) = one.process(segment(SOUND))
    assert (final.stage, final.text) == (Stage.FINAL, "so what do you think?")
    assert (final.revision, final.stable) == (1, 5)
    assert typist.requests[-1].beam_size == 5
    assert typist.requests[-1].word_times


def test_words_are_placed_in_the_conversation_inside_their_run():
    one, _ = scribe("a b c d e")
    (final,) = one.process(segment(SOUND, at=7 * RATE))
    assert final.span.start == 7 * RATE + PAD
    assert final.span.end == 7 * RATE + PAD + len(SOUND)
    assert final.words[0].span.start == final.span.start
    assert final.words[4].span.end == 7 * RATE + 5000
    assert final.words[4].span.start == 7 * RATE + 4000


def test_nothing_heard_yet_is_no_partial_but_a_final_without_words():
    one, _ = scribe("", "")
    assert one.process(segment(SOUND, end=None)) == []
    (final,) = one.process(segment(SOUND))
    assert (final.stage, final.text, final.words) == (Stage.FINAL, "", ())


def test_a_lost_decode_is_tried_again_once():
    one, typist = scribe(None, "here it is")
    (final,) = one.process(segment(SOUND))
    assert (final.stage, final.text) == (Stage.FINAL, "here it is")
    assert len(typist.requests) == 2


def test_a_run_that_is_lost_twice_goes_on_without_text():
    one, _ = scribe(None, None, "next")
    (lost,) = one.process(segment(SOUND, number=4))
    assert (lost.id, lost.stage, lost.text) == (4, Stage.UNTRANSCRIBED, "")
    (after,) = one.process(segment(SOUND, number=5))
    assert after.text == "next"


def test_a_lost_partial_is_left_out():
    one, typist = scribe(None)
    assert one.process(segment(SOUND, end=None)) == []
    assert len(typist.requests) == 1


def test_partials_do_not_settle_the_language():
    one, typist = scribe(*["hello there"] * 4, language="auto")
    one.process(segment(SOUND, end=None))
    one.process(segment(SOUND, number=1))
    one.process(segment(SOUND, number=2))
    one.process(segment(SOUND, number=3, speaker=Speaker.COACHEE))
    assert len(SOUND) > 3 * RATE
    assert [request.language for request in typist.requests] == [None, None, "en", None]


@pytest.mark.models
def test_with_real_weights_partials_grow_into_the_final():
    one = Scribe(whisper(), transcript_settings(), "en")
    sound = turn("Two more signed")
    parts = [
        utterance
        for share in (0.5, 0.6, 0.7)
        for utterance in one.process(segment(sound[: int(share * len(sound))], end=None))
    ]
    (final,) = one.process(segment(sound))
    assert parts[-1].stable >= 4
    assert words(final.text)[:4] == words(parts[-1].text)[:4] == ["two", "more", "signed", "orders"]
    assert final.text.endswith("?")
    assert (final.language, final.stage) == ("en", Stage.FINAL)


@pytest.mark.models
def test_with_real_weights_noise_is_a_final_without_words():
    one = Scribe(whisper(), transcript_settings(), "en")
    (final,) = one.process(segment(noise(3)))
    assert (final.stage, final.words) == (Stage.FINAL, ())


def test_finals_know_the_terms_and_partials_are_not_held_up_by_them():
    typist = Typist("so what", "so what do you think?")
    one = Scribe(typist, transcript_settings(), "en", terms=("Acme", "Sam"))
    one.process(segment(SOUND, end=None))
    one.process(segment(SOUND))
    assert [request.terms for request in typist.requests] == [(), ("Acme", "Sam")]


def test_a_quick_engine_reads_what_still_grows_and_a_text_that_is_behind_is_dropped():
    quick, careful = Typist("so", "so what"), Typist("so what do you think?")
    one = Scribe(careful, transcript_settings(), "en", quick=quick)
    early, late = (segment(SOUND[:length], end=None) for length in (RATE // 2, RATE))
    behind = one.hear(early)
    (partial,) = one.process(late)
    assert partial.text == "so what"
    assert one.tell(early, behind) == []
    (final,) = one.process(segment(SOUND))
    assert final.text == "so what do you think?"
    assert one.tell(late, behind) == []
    assert (len(quick.requests), len(careful.requests)) == (2, 1)
