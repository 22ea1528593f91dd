"""A recording through the whole program: the same lines every time, on threads the same as inline."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Piece:
    """A third of a minute of a bundled conversation, and what the program says of it at full speed."""

    language: str
    talk: Path
    told: Path


def _heard_once(language: str) -> Any:
    """All tests of one language go to one process."""
    return pytest.param(language, marks=pytest.mark.xdist_group(f"replay-{language}"))


@pytest.fixture(scope="module", params=[_heard_once("en"), _heard_once("nl")])
def piece(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Piece:
    language = request.param
    require_model(language)
    folder = tmp_path_factory.mktemp("replay")
    talk = excerpt(language, 20, 40, folder / "talk.wav")
    piece = Piece(language, talk, folder / "told")
    _replay(piece, "max", piece.told)
    return piece


def _replay(piece: Piece, speed: str, to: Path) -> None:
    options = ("--language", piece.language, "--speed", speed)
    done = run("replay", piece.talk, *options, "--jsonl", to)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def test_full_speed_gives_the_same_bytes_twice(piece: Piece, tmp_path: Path) -> None:
    _replay(piece, "max", tmp_path / "again")
    first, second = (
        path.read_bytes().split(b"\n", 1)[1] for path in (piece.told, tmp_path / "again")
    )
    assert first == second
    lines = stream(piece.told)
    _check_shape(lines)
    assert any(line["stage"] == "partial" for line in of_type(lines, "utterance"))
    assert finals(lines)
    assert of_type(lines, "act")


def test_threads_give_what_inline_gives(piece: Piece, tmp_path: Path) -> None:
    _replay(piece, "real", tmp_path / "real")
    told = []
    for path in (piece.told, tmp_path / "real"):
        lines = stream(path)
        if path is not piece.told:
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


def test_standard_output_carries_the_stream_alone(piece: Piece, tmp_path: Path) -> None:
    talk = excerpt(piece.language, 20, 24, tmp_path / "short.wav")
    done = run("replay", talk, "--language", piece.language, "--jsonl", "-")
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
