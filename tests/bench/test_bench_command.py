"""`live-coach bench`, as a person runs it: on a short piece of real speech with real weights."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from live_coach.bench.figures import MEASURES
from tests.journey.program import excerpt, require_model, run, script

FROM_S, TO_S = 1.0, 9.0


@pytest.fixture(scope="module")
def piece(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The first turns of the English conversation, and what is said in them."""
    folder = tmp_path_factory.mktemp("piece")
    turns = [
        turn
        | {
            "words": [
                word | {"start": word["start"] - FROM_S, "end": word["end"] - FROM_S}
                for word in turn["words"]
            ]
        }
        for turn in script("en")["turns"]
        if turn["end"] <= TO_S
    ]
    told = folder / "piece.json"
    told.write_text(json.dumps({"turns": turns}), encoding="utf-8")
    return excerpt("en", FROM_S, TO_S, folder / "piece.wav"), told


@pytest.mark.models
def test_a_recording_is_measured_against_its_script(
    piece: tuple[Path, Path], tmp_path: Path
) -> None:
    model = require_model("en")
    recording, told = piece
    output = tmp_path / "results"
    done = run(
        *("bench", recording, "--script", told, "--model", model),
        *("--runs", "1", "--busy", "1", "--output", output),
    )
    assert done.returncode == 0, done.stderr
    results = json.loads((output / "bench.json").read_text(encoding="utf-8"))
    (ours,) = results["listeners"]
    median = ours["median"]
    assert median == ours["runs"][0]
    assert (results["model"], results["busy"]) == (model, 1)
    assert "1 busy" in done.stdout
    assert results["machine"]["cores"] >= 1
    assert set(results["versions"]) == {"live-coach", "ctranslate2", "faster-whisper"}
    assert 0 <= median["word_to_shown_p50"] <= median["word_to_stable_p50"] < 10
    assert 0 < median["turn_to_final_p50"] < 10
    assert median["word_error_rate"] < 0.2
    assert 0 < median["cpu_s_per_s"] < 4
    assert 50 < median["peak_memory_mb"] < 2000
    assert (median["dropped"], median["untranscribed"]) == (0, 0)
    for title in MEASURES.values():
        assert f"\n{title} " in done.stdout
    ElementTree.parse(output / "bench.svg")


@pytest.mark.models
def test_without_words_its_own_text_is_the_measure(tmp_path: Path) -> None:
    recording = excerpt("en", FROM_S, FROM_S + 4, tmp_path / "piece.wav")
    done = run("bench", recording, "--model", require_model("en"), "--runs", "1")
    assert done.returncode == 0, done.stderr
    assert "own final text" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--words", "w.json"), 2, "belong to a RECORDING"),
        (("talk.wav", "--words", "w.json", "--script", "s.json"), 2, "give one"),
        (("--runs", "0"), 2, "--runs"),
        (("--language", "auto"), 2, "--language"),
        (("none.wav",), 1, "none.wav"),
        (("none.wav", "--words", "none.json"), 1, "none."),
    ],
)
def test_wrong_usage_is_one_sentence(
    arguments: tuple[str, ...], code: int, sentence: str, tmp_path: Path
) -> None:
    done = run("bench", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_without_the_extra_it_says_what_to_install() -> None:
    code = (
        "import importlib.util as u, sys\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'matplotlib' else find(name, *more)\n"
        "from live_coach.cli import main\n"
        "sys.argv = ['live-coach', 'bench']\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert 'pip install "live-coach[bench]"' in done.stderr
