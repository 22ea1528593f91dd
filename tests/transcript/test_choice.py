"""Which models a live conversation is read with, for computers of several speeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from live_coach.settings import TranscriptSettings
from live_coach.transcript import manifest, weights
from live_coach.transcript.choice import Choice, choose, reading_time
from live_coach.transcript.weights import Model
from live_coach.transcript.worker import Reading
from tests.transcript.engines import model, transcript_settings

FAST_S, USUAL_S, SLOW_S = 0.005, 0.08, 1.0
"""How long tiny takes for four seconds of speech on such a computer."""


def on_the_shelf(name: str) -> Model:
    entry = manifest.load().known(name)
    return Model(name, Path(name), entry.languages, entry.multilingual, True, "models")


class Computer:
    """Has some models, and reads with tiny in so many seconds."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        names: list[str],
        tiny_s: float,
        device: str = "cpu",
    ) -> None:
        self.measured: list[str] = []
        self.found: list[str] = []
        self._names = names
        self._tiny_s = tiny_s
        self._device = device
        monkeypatch.setattr(weights, "present", self._present)
        monkeypatch.setattr(weights, "find", self._find)
        monkeypatch.setattr("os.cpu_count", lambda: 2)

    def choose(self, language: str, *, partials: bool = True, **changes: object) -> Choice:
        settings: TranscriptSettings = transcript_settings(**changes)
        return choose(
            settings, language, partials=partials, measure=self._measure, say=lambda _: None
        )

    def _measure(self, one: Model) -> Reading:
        self.measured.append(one.name)
        entry = manifest.load().known(one.name)
        work = entry.card_work if self._device == "cuda" else entry.work
        return Reading(self._tiny_s * work, self._device)

    def _present(self, language: str) -> list[str]:
        return [name for name in manifest.load().choice.order(language) if name in self._names]

    def _find(self, name: str, language: str, **_: object) -> Model:
        self.found.append(name)
        return on_the_shelf(name)


@pytest.mark.parametrize(
    ("language", "installed", "tiny_s", "finals", "partials"),
    [
        ("en", ["tiny.en", "base", "small"], FAST_S, "small", None),
        ("en", ["tiny.en", "base", "small"], USUAL_S, "small", "tiny.en"),
        ("en", ["tiny.en", "base", "small"], SLOW_S, "tiny.en", None),
        ("nl", ["tiny", "base", "small", "large-v3"], FAST_S, "large-v3", None),
        ("nl", ["tiny", "base", "small", "large-v3"], USUAL_S, "small", "base"),
        ("nl", ["tiny", "base", "small", "large-v3"], SLOW_S, "tiny", None),
        ("auto", ["base", "small"], USUAL_S, "small", "base"),
    ],
)
def test_the_best_model_that_keeps_up_reads_the_finals_and_a_lighter_one_the_partials(
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    installed: list[str],
    tiny_s: float,
    finals: str,
    partials: str | None,
):
    computer = Computer(monkeypatch, installed, tiny_s)
    chosen = computer.choose(language)
    assert chosen.model.name == finals
    assert (chosen.quick.name if chosen.quick else None) == partials
    assert len(computer.measured) == 1
    order = [name for name in manifest.load().choice.order(language) if name in installed]
    assert list(chosen.too_slow) == order[: order.index(finals)]


@pytest.mark.parametrize(("device", "finals"), [("cuda", "large-v3"), ("cpu", "base")])
def test_a_card_reads_with_a_larger_model(
    monkeypatch: pytest.MonkeyPatch, device: str, finals: str
):
    names = ["tiny", "base", "large-v3"]
    assert Computer(monkeypatch, names, 0.03, device).choose("nl").model.name == finals


def test_nothing_is_measured_where_there_is_nothing_to_choose(monkeypatch: pytest.MonkeyPatch):
    for language, names in (("en", ["tiny.en", "base"]), ("nl", ["base"])):
        computer = Computer(monkeypatch, names, SLOW_S)
        chosen = computer.choose(language)
        assert (chosen.model.name, chosen.quick, chosen.too_slow) == (names[0], None, ())
        assert computer.measured == []
        assert computer.found == [names[0]], "another model was verified or joined for nothing"


def test_a_model_that_a_person_names_is_taken_however_slow_and_gets_help(
    monkeypatch: pytest.MonkeyPatch,
):
    computer = Computer(monkeypatch, ["base", "small", "large-v3"], USUAL_S)
    chosen = computer.choose("nl", model="large-v3")
    assert chosen.model.name == "large-v3"
    assert chosen.quick is not None
    assert chosen.quick.name == "base"
    assert computer.choose("nl", model="large-v3", partial_model="none").quick is None
    assert computer.choose("nl", model="large-v3", partials=False).quick is None
    other = computer.choose("nl", model="large-v3", partial_model="small").quick
    assert other is not None
    assert other.name == "small"


def test_a_real_worker_tells_how_fast_this_computer_reads():
    reading = reading_time(model("tiny.en", "en"), transcript_settings(device="cpu"))
    assert 0.001 < reading.seconds < 20
    assert (reading.device, reading.card_refused) == ("cpu", "")
