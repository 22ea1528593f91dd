"""`live-coach label`: lines in, acts or nudges out, and one sentence for a line that is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result

from live_coach.cli import cli
from live_coach.errors import LiveCoachError


def line(
    turn: int, speaker: str, text: str, conversation: object = "c1", **more: float
) -> dict[str, Any]:
    return {"conversation": conversation, "turn": turn, "speaker": speaker, "text": text} | more


def label(*rows: dict[str, Any] | str, options: tuple[str, ...] = ()) -> Result:
    given = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    return CliRunner().invoke(cli, ["label", *options], input=given)


def printed(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(row) for row in result.stdout.splitlines()]


def test_one_line_out_per_line_in() -> None:
    rows = printed(
        label(
            line(1, "manager", "You should call him."),
            line(2, "coachee", "I'll call him."),
            line(3, "manager", ""),
        )
    )
    assert [(r["conversation"], r["turn"]) for r in rows] == [("c1", 1), ("c1", 2), ("c1", 3)]
    assert rows[0]["acts"] == [
        {
            "kind": "advice",
            "form": "obligation",
            "tier": 1,
            "confidence": 0.85,
            "words": [0, 2],
            "guards": [],
        }
    ]
    assert rows[1]["acts"][0]["kind"] == "commitment"
    assert [a["kind"] for a in rows[2]["acts"]] == ["other"]


def test_a_new_conversation_forgets_what_was_said_before() -> None:
    heard = "The office was so noisy that I went home."
    echo = "The office was noisy for you."
    rows = printed(
        label(
            line(1, "coachee", heard, 1), line(2, "manager", echo, 1), line(1, "manager", echo, 2)
        )
    )
    kinds = [[a["kind"] for a in row["acts"]] for row in rows]
    assert "reflection" in kinds[1]
    assert "reflection" not in kinds[2]


def test_dutch() -> None:
    (row,) = printed(
        label(line(1, "manager", "Je moet hem gewoon bellen."), options=("--language", "nl"))
    )
    assert row["acts"][0]["kind"] == "advice"


TOLD = [
    line(1, "manager", "Good morning, we have ten minutes.", start=0, end=30),
    line(2, "coachee", "I saw the client.", start=31, end=80),
    line(3, "manager", "You should call him.", start=90, end=95),
    line(4, "coachee", "We talked.", start=97, end=105),
]


def test_nudges_carry_their_conversation() -> None:
    rows = printed(label(*TOLD, options=("--nudges",)))
    assert [(r["conversation"], r["type"], r["kind"], r["text"]) for r in rows] == [
        ("c1", "nudge", "ask", "Ask, don't tell")
    ]
    assert 90 < rows[0]["emitted"] < 97
    assert rows[0]["because"][0]["rule"] == "ask"


def test_a_preset_where_telling_is_allowed_stays_silent() -> None:
    assert printed(label(*TOLD, options=("--nudges", "--preset", "onboarding"))) == []


def test_the_agreed_length_brings_the_end_in() -> None:
    rows = printed(label(*TOLD, options=("--nudges", "--length", "3.5")))
    assert [r["kind"] for r in rows] == ["close"]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{not json", "Line 2 is not JSON"),
        ("[1]", "Line 2 is not a JSON object"),
        ('{"conversation": 1, "turn": 2, "speaker": "manager"}', "Line 2 has no “text”"),
        (json.dumps(line(2, "somebody", "x")), "Line 2 has a speaker other than"),
        (
            '{"conversation":1,"turn":2,"speaker":"manager","text":3}',
            "Line 2 has a text that is not",
        ),
    ],
)
def test_a_bad_line_is_named(bad: str, says: str) -> None:
    result = label(line(1, "manager", "Hello."), bad)
    assert isinstance(result.exception, LiveCoachError)
    assert result.exception.exit_code == 1
    assert says in result.exception.sentence
    assert result.exception.hint
    assert len(result.stdout.splitlines()) == 1, "what was right before it is printed"


@pytest.mark.parametrize(
    "times", [{}, {"start": 1}, {"start": 2, "end": 1}, {"start": "1", "end": 2}]
)
def test_nudges_need_times(times: dict[str, Any]) -> None:
    result = label(line(1, "manager", "Hello.", **times), options=("--nudges",))
    assert isinstance(result.exception, LiveCoachError)
    assert result.exception.sentence.startswith("Line 1 ")


def test_the_whole_program_says_it_in_one_sentence() -> None:
    for given, options, code, says in (
        (b"{", [], 1, "Line 1 is not JSON"),
        (b"\xff\xfe", [], 1, "Line 1 is not UTF-8"),
        (b"", ["--length", "10"], 2, "--nudges"),
        (b"", ["--language", "fr"], 2, "fr"),
        (b"", ["--nudges", "--preset", "nowhere"], 2, "There is no preset “nowhere”"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "live_coach", "label", *options],
            input=given,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (code, b"")
        sentence = done.stderr.decode()
        assert says in sentence
        assert len(sentence.splitlines()) == 1


def test_help_shows_an_example() -> None:
    result = CliRunner().invoke(cli, ["label", "--help"])
    assert "Example: live-coach label" in result.output
