"""Arrival order of voice and text must not matter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from live_coach.conversation.sequence import Heard, Sequencer, Voice
from live_coach.flow.messages import (
    Span,
    Speaker,
    SpeechEnded,
    SpeechStarted,
    Stage,
    Tick,
    Utterance,
)

M, C = Speaker.MANAGER, Speaker.COACHEE


def text(id_: int, stage: Stage = Stage.FINAL) -> Utterance:
    return Utterance(id_, Span(0, 1), M, stage, "words" if stage is Stage.FINAL else "")


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[Voice], list[Utterance]]:
    """Runs of two people in the ear's order, and one closing text for each that ended."""
    clock, next_id = 0, 1
    open_runs: dict[Speaker, int] = {}
    voices: list[Voice] = []
    texts: list[Utterance] = []
    for _ in range(draw(st.integers(0, 30))):
        clock += 1536
        speaker = draw(st.sampled_from([M, C, None]))
        if speaker is None:
            voices.append(Tick(clock))
        elif speaker in open_runs:
            done = open_runs.pop(speaker)
            voices.append(SpeechEnded(done, clock, speaker, clock))
            texts.append(text(done, draw(st.sampled_from([Stage.FINAL, Stage.UNTRANSCRIBED]))))
        else:
            open_runs[speaker] = next_id
            voices.append(SpeechStarted(next_id, clock, speaker, clock))
            next_id += 1
    return voices, texts


def run(items: list[Heard]) -> list[Heard]:
    sequencer = Sequencer()
    out = [ready for item in items for ready in sequencer.process(item)]
    return out + list(sequencer.flush())


def inline(voices: list[Voice], texts: list[Utterance]) -> list[Heard]:
    by_id = {t.id: t for t in texts}
    out: list[Heard] = []
    for voice in voices:
        out.append(voice)
        if isinstance(voice, SpeechEnded):
            out.append(by_id[voice.id])
    return out


@given(streams(), st.data())
def test_any_interleaving_gives_the_inline_order(
    both: tuple[list[Voice], list[Utterance]], data: st.DataObject
) -> None:
    voices, texts = both
    waiting: list[Heard] = list(data.draw(st.permutations(texts)))
    arrived: list[Heard] = []
    for voice in voices:
        while waiting and data.draw(st.booleans()):
            arrived.append(waiting.pop())
        arrived.append(voice)
    assert run(arrived + waiting) == inline(voices, texts)


@given(streams())
def test_read_to_follows_the_last_released_voice(
    both: tuple[list[Voice], list[Utterance]],
) -> None:
    voices, _ = both
    sequencer = Sequencer()
    released: list[Heard] = []
    for voice in voices:
        released += list(sequencer.process(voice))
        assert sequencer.read_to == max((r.heard_to for r in released), default=0)  # type: ignore[union-attr]
    expected = next((i for i, v in enumerate(voices) if isinstance(v, SpeechEnded)), len(voices))
    assert released == voices[:expected]


def test_what_follows_an_end_waits_for_its_text() -> None:
    sequencer = Sequencer()
    started, ended, tick = (
        SpeechStarted(1, 0, M, 10),
        SpeechEnded(1, 20, M, 30),
        Tick(40),
    )
    assert list(sequencer.process(started)) == [started]
    assert list(sequencer.process(ended)) == []
    assert list(sequencer.process(tick)) == []
    assert sequencer.read_to == 10
    assert list(sequencer.process(text(1))) == [ended, text(1), tick]
    assert sequencer.read_to == 40


def test_partials_pass_at_once() -> None:
    sequencer = Sequencer()
    partial = text(1, Stage.PARTIAL)
    list(sequencer.process(SpeechEnded(1, 20, M, 30)))
    assert list(sequencer.process(partial)) == [partial]


def test_a_late_final_is_a_correction() -> None:
    sequencer = Sequencer()
    list(sequencer.process(SpeechEnded(1, 20, M, 30)))
    list(sequencer.process(text(1, Stage.UNTRANSCRIBED)))
    assert list(sequencer.process(text(1))) == [text(1)]
