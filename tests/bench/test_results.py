"""Results as a table, as JSON and as a plot: of two listeners and two runs, made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from live_coach.bench.bench import Listener, Results
from live_coach.bench.figures import MEASURES, TEXT, Delays
from live_coach.bench.plot import plot
from live_coach.bench.table import table


@pytest.fixture
def results() -> Results:
    ours, peer = Listener("live_coach", "0.1.0"), Listener("Other", "2.0")
    load = {"cpu_s_per_s": 0.5, "peak_memory_mb": 250.0}
    load |= {"words_never_shown": 1.0, "words_never_stable": 2.0}
    for run, late in enumerate((0.2, 0.4)):
        delays: Delays = {name: [late, late + 1] for name in MEASURES} | {"turn_to_nudge": []}
        counts = {"dropped": 0.0, "untranscribed": 0.0, "word_error_rate": 0.1 + run / 10}
        ours.add(delays, load | counts)
        peer.add({name: [3 * late] for name in TEXT}, load | {"word_error_rate": None})
    tired = {"type": "health", "emitted": 7.25, "stream": "text", "state": "overloaded"}
    ours.health = [[], [tired | {"at": 7.0, "gap": 0.0, "sentence": "Busy."}]]
    about = {
        "date": "2026-11-22",
        "machine": {"cpu": "Some CPU", "cores": 2, "system": "Linux"},
        "model": "tiny.en",
        "recording": "talk & more.wav",
        "duration": 74.0,
        "reference": "given",
        "words": 3,
        "busy": 2,
    }
    return Results(about, [ours, peer])


def test_the_table_has_medians_runs_peers_and_the_steps_of_the_ladder(results: Results) -> None:
    lines = [" ".join(line.split()) for line in table(results).splitlines()]
    assert "talk & more.wav, 74 s, 3 words · tiny.en · 2026-11-22" in lines
    assert "Some CPU, 2 cores, Linux · 2 busy processes beside it" in lines
    assert "word end → first shown 0.30 1.30 1.30" in lines
    assert "turn end → nudge – – –" in lines
    assert "word error rate of final text 15 %" in lines
    assert "live_coach 2 0.40 1.40 0.40 1.40 2 0.40 20 0.50 250" in lines
    assert "live_coach median 0.30 1.30 0.30 1.30 2 0.30 15 0.50 250" in lines
    assert "Other median 0.90 0.90 0.90 0.90 2 0.90 – 0.50 250" in lines
    assert "run 2, 7.2 s: text overloaded – Busy." in lines


def test_json_has_every_run(results: Results) -> None:
    told = json.loads(json.dumps(results.as_json()))
    ours, peer = told["listeners"]
    assert [run["word_error_rate"] for run in ours["runs"]] == [0.1, 0.2]
    assert ours["median"]["word_error_rate"] == 0.15
    assert ours["health"][1][0]["state"] == "overloaded"
    assert (peer["name"], peer["version"]) == ("Other", "2.0")
    assert "end_to_final_p50" not in peer["median"]


def test_the_plot_is_svg_that_names_everybody_and_is_the_same_each_time(
    results: Results, tmp_path: Path
) -> None:
    plot(results, tmp_path / "one.svg")
    plot(results, tmp_path / "two.svg")
    text = (tmp_path / "one.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("}svg")
    words = " ".join("".join(each.itertext()) for each in root.findall(".//{*}text"))
    for name in ("live_coach", "Other", "talk & more.wav", "first shown", "stable"):
        assert name in words
    assert text == (tmp_path / "two.svg").read_text(encoding="utf-8")
