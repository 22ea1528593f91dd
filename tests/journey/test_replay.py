"""A recording through the whole program: the same lines every time, on threads the same as inline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journey.program import excerpt, finals, of_type, require_model, run, stream

pytestmark = pytest.mark.models

FIELDS = {
    "session": {"schema", "version", "model", "language", "started"},
    "speech": {"speaker", "event", "at", "emitted"},
    "utterance": {
        *("id", "stage", "revision", "speaker", "start", "end", "text", "stable", "words"),
        *("language", "emitted"),
    },
    "act": {
        *("utterance", "speaker", "kind", "form", "tier", "words", "confidence", "guards"),
        "emitted",
    },
    "metrics": {
        *("at", "heard_to", "read_to", "talk_share", "monologue", "longest", "questions"),
        *("telling", "reflections", "tip_budget", "silences_held", "interruptions", "emitted"),
        *("holding", "phase", "agreed"),
    },
    "nudge": {
        *("id", "kind", "class", "text", "detail", "severity", "because", "at", "expires"),
        "emitted",
    },
    "health": {"at", "state", "stream", "gap", "sentence", "emitted"},
    "end": {"reason", "dropped", "untranscribed", "duration"},
}


@pytest.fixture(params=["en", "nl"])
def piece(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """A language, and a third of a minute of its bundled conversation."""
    require_model(request.param)
    return request.param, excerpt(request.param, 20, 40, tmp_path / "talk.wav")


def test_full_speed_gives_the_same_bytes_twice(piece: tuple[str, Path], tmp_path: Path) -> None:
    language, talk = piece
    texts = []
    for name in ("first", "second"):
        done = run("replay", talk, "--language", language, "--jsonl", tmp_path / name)
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
        texts.append((tmp_path / name).read_bytes().split(b"\n", 1)[1])
    assert texts[0] == texts[1]
    lines = stream(tmp_path / "first")
    _check_shape(lines)
    assert any(line["stage"] == "partial" for line in of_type(lines, "utterance"))
    assert finals(lines)
    assert of_type(lines, "act")


def test_threads_give_what_inline_gives(piece: tuple[str, Path], tmp_path: Path) -> None:
    language, talk = piece
    told = []
    for speed in ("max", "real"):
        lines_file = tmp_path / speed
        done = run("replay", talk, "--language", language, "--speed", speed, "--jsonl", lines_file)
        assert done.returncode == 0, done.stderr
        lines = stream(lines_file)
        if speed == "real":
            assert 0.9 < lines[-1].pop("real_time_factor") < 2
        _check_shape(lines)
        told.append(
            {
                kind: [_timeless(line) for line in of_type(lines, kind)]
                for kind in ("speech", "act", "nudge", "end")
            }
            | {"finals": [_timeless(line) for line in finals(lines)]}
        )
    assert told[0] == told[1]


def test_standard_output_carries_the_stream_alone(piece: tuple[str, Path], tmp_path: Path) -> None:
    language, _ = piece
    talk = excerpt(language, 20, 24, tmp_path / "short.wav")
    done = run("replay", talk, "--language", language, "--jsonl", "-")
    assert done.returncode == 0
    (tmp_path / "lines").write_text(done.stdout, encoding="utf-8")
    _check_shape(stream(tmp_path / "lines"))


def _check_shape(lines: list[dict[str, Any]]) -> None:
    assert lines[0]["type"] == "session"
    assert lines[0]["schema"] == 1
    assert lines[-1]["type"] == "end"
    for line in lines:
        optional = {"real_time_factor"} & line.keys()
        assert line.keys() - optional == FIELDS[line["type"]] | {"type"}
    emitted = [line["emitted"] for line in lines if "emitted" in line]
    assert emitted == sorted(emitted)


def _timeless(line: dict[str, Any]) -> dict[str, Any]:
    """Without what depends on when a line came, and on how many partial texts came before it."""
    return {key: value for key, value in line.items() if key not in {"emitted", "revision"}}
