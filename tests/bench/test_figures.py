"""The arithmetic of benchmarks, on streams made by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from live_coach.bench import reference
from live_coach.bench.figures import (
    medians,
    our_delays,
    percentile,
    percentiles,
    text_delays,
    text_figures,
)
from live_coach.bench.hearings import Standing, of_ours
from live_coach.errors import LiveCoachError
from tests.bench import streams


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(n) for n in range(100, -1, -1)]
    assert [percentile(values, p) for p in (0, 50, 95, 99, 100)] == [0, 50, 95, 99, 100]
    assert percentile([0.3], 99) == 0.3
    assert percentile([], 50) is None
    assert percentiles({"late": [1.0, 2.0, 9.0]}) == {"late_p50": 2, "late_p95": 9, "late_p99": 9}


def test_medians_leave_out_runs_without_the_figure() -> None:
    runs = [{"a": 1.0, "b": None}, {"a": 5.0, "b": 2.0}, {"a": 2.0, "b": None}]
    assert medians(runs) == {"a": 2.0, "b": 2.0}
    assert medians([{"a": None}]) == {"a": None}


def test_delays_run_from_the_end_of_a_word_and_of_a_turn() -> None:
    told = streams.reference(
        [*streams.said("how", "are", "you"), *streams.said("well", start=2.0)],
        streams.said("fine", speaker="coachee", start=1.5),
    )
    shown = list(
        of_ours(
            [
                streams.utterance("how", 0.4),
                streams.utterance("how are you", 1.75, stable=2),
                streams.final("How are you?", 2.0),
                streams.final("Swell.", 3.0, number=2, start=2.0),
                streams.final("Fine.", 2.25, number=3, speaker="coachee"),
            ],
            "en",
        )
    )
    delays = text_delays(shown, told)
    assert sorted(delays["word_to_shown"]) == [0.0, 0.25, 0.25, 0.75]
    assert sorted(delays["word_to_stable"]) == [0.25, 0.5, 0.75, 1.25]
    assert sorted(delays["turn_to_final"]) == [0.25, 0.5, 0.5]
    assert text_figures(shown, told, delays, Standing.FINAL) == {
        "word_error_rate": 0.2,
        "words_never_shown": 1.0,
        "words_never_stable": 1.0,
    }


def test_our_own_text_has_no_word_errors() -> None:
    heard = [streams.final("Good morning.", 1.2), streams.utterance("hello", 3.0, number=2)]
    own = reference.from_own_text(heard, "en")
    assert [one.word for one in own.said] == ["good", "morning"]
    figures = text_figures([], own, text_delays([], own), Standing.FINAL)
    assert figures == {
        "word_error_rate": None,
        "words_never_shown": 2.0,
        "words_never_stable": 2.0,
    }


def test_a_nudge_is_late_by_the_last_utterance_it_rests_on() -> None:
    def nudge(emitted: float, *rests: int | None) -> dict[str, object]:
        return {
            "type": "nudge",
            "emitted": emitted,
            "because": [{"utterance": each} for each in rests],
        }

    delays = our_delays(
        [
            {"type": "speech", "event": "start", "at": 1.0, "emitted": 1.1},
            {"type": "speech", "event": "end", "at": 2.0, "emitted": 2.5},
            streams.utterance("you should", 1.5, end=1.4),
            streams.final("You should ask.", 2.5, end=2.0),
            streams.final("And tell.", 4.5, number=2, end=4.0),
            nudge(2.75, 1),
            nudge(5.0, 1, 2, None),
            nudge(60.0, None),
        ]
    )
    assert delays["onset_to_message"] == [pytest.approx(0.1)]
    assert delays["end_to_final"] == [0.5, 0.5]
    assert delays["turn_to_nudge"] == [0.75, 1.0]


def test_a_turn_ends_before_half_a_second_of_silence() -> None:
    said = [*streams.said("a", "b"), *streams.said("c", start=1.4), *streams.said("d", start=2.45)]
    assert reference.turn_ends(said) == [2, 3]
    assert reference.turn_ends([]) == []


def test_words_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_text(
        json.dumps({"words": [["It's", 0.0, 0.3], ["um", 0.3, 0.4], ["twenty", 0.5, 1]]})
    )
    told = reference.from_words(path, "en", "unknown")
    assert [(one.word, one.end) for one in told.said] == [("it", 0.3), ("is", 0.3), ("20", 1.0)]


def test_a_script_in_one_channel_is_one_list_of_words(tmp_path: Path) -> None:
    def turn(speaker: str, *words: tuple[str, float, float]) -> dict[str, object]:
        return {
            "speaker": speaker,
            "words": [{"text": w, "start": s, "end": e} for w, s, e in words],
        }

    path = tmp_path / "script.json"
    turns = [
        turn("manager", ("So,", 0, 1), ("tell", 1, 2)),
        turn("coachee", ("Mm,", 0.5, 1), ("yes", 1.2, 1.5)),
    ]
    path.write_text(json.dumps({"turns": turns}))
    told = reference.from_script(path, "en")
    assert {one.speaker for one in told.said} == {"manager", "coachee"}
    mixed = reference.in_one_channel(told)
    assert [one.word for one in mixed.said] == ["so", "yes", "tell"]
    assert {one.speaker for one in mixed.said} == {"unknown"}


@pytest.mark.parametrize("text", ["[]", "{}", '{"words": [["a"]]}', '{"turns": [{}]}', "no JSON"])
def test_another_file_is_refused_with_the_form_it_must_have(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(LiveCoachError, match="It must be JSON"):
        reference.from_words(path, "en", "unknown")
    with pytest.raises(LiveCoachError, match="It must be JSON"):
        reference.from_script(path, "en")
    with pytest.raises(LiveCoachError, match="cannot be read"):
        reference.from_words(tmp_path / "none.json", "en", "unknown")
