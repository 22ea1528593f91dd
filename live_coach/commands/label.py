"""`live-coach label`: the coaching language of a written conversation, with the same code as live."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from live_coach.commands.conversation_options import Quantity
from live_coach.errors import LiveCoachError

if TYPE_CHECKING:
    from live_coach.coaching.found import Found

_SPEAKERS = ("manager", "coachee")
_LONGEST_LINE = 1_000_000
_MOST_WORDS = 5_000
_DAY_S = 86_400
_HINT = "See `live-coach label --help` for what a line holds."


class BadLine(LiveCoachError):
    """A line of the input cannot be read."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"Line {number} {what}.", hint=_HINT)


@dataclass(frozen=True, slots=True)
class _Turn:
    conversation: Any
    turn: Any
    speaker: str
    text: str
    start: float
    end: float


@click.command(
    "label",
    epilog="Example: live-coach label --language en < conversation.jsonl > acts.jsonl",
)
@click.option(
    "--language",
    type=click.Choice(["en", "nl"]),
    default="en",
    show_default=True,
    help="Of the talk.",
)
@click.option(
    "--nudges", is_flag=True, help="Print the nudges instead; each turn then has start and end."
)
@click.option(
    "--length",
    type=Quantity(min=0, min_open=True, max=_DAY_S / 60),
    metavar="MINUTES",
    help="The agreed length, for the nudges towards the end.",
)
@click.option("--preset", default="coaching", show_default=True, help="Kind of conversation.")
def command(language: Literal["en", "nl"], nudges: bool, length: float | None, preset: str) -> None:
    """Read turns as JSON lines and print what each does.

    A line holds conversation, turn, speaker (manager or coachee) and text; with --nudges also start
    and end in seconds. A new conversation begins where the name in the field changes.
    """
    if length is not None and not nudges:
        raise click.UsageError("--length only means something together with --nudges")
    turns = _read(timed=nudges)
    lines = _nudges(turns, language, preset, length) if nudges else _acts(turns, language)
    for line in lines:
        click.echo(json.dumps(line, ensure_ascii=False, separators=(",", ":")))


def _read(*, timed: bool) -> Iterator[_Turn]:
    number = 0
    while True:
        number += 1
        try:
            raw = sys.stdin.buffer.readline(_LONGEST_LINE)
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise BadLine(number, "is not UTF-8 text") from None
        if not line:
            return
        if len(raw) == _LONGEST_LINE:
            raise BadLine(number, "is too long")
        if line.strip():
            yield _turn(number, line, timed=timed)


def _turn(number: int, line: str, *, timed: bool) -> _Turn:
    try:
        found = json.loads(line, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadLine(number, "is not JSON") from None
    if not isinstance(found, dict):
        raise BadLine(number, "is not a JSON object")
    for field in ("conversation", "turn", "speaker", "text"):
        if field not in found:
            raise BadLine(number, f"has no “{field}”")
    if found["speaker"] not in _SPEAKERS:
        raise BadLine(number, "has a speaker other than manager and coachee")
    if not isinstance(found["text"], str):
        raise BadLine(number, "has a text that is not a string")
    if len(found["text"].split()) > _MOST_WORDS:
        raise BadLine(number, f"has a text of more than {_MOST_WORDS} words")
    start, end = (
        (_seconds(number, found, "start"), _seconds(number, found, "end")) if timed else (0, 0)
    )
    if end < start:
        raise BadLine(number, "ends before it starts")
    return _Turn(found["conversation"], found["turn"], found["speaker"], found["text"], start, end)


def _no_number(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _no_number(digits)


def _seconds(number: int, found: dict[str, Any], field: str) -> float:
    value = found.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadLine(number, f"has no number in “{field}”, which --nudges needs")
    if not 0 <= value <= _DAY_S:
        raise BadLine(number, f"has a “{field}” that is not a time in seconds")
    return float(value)


def _acts(turns: Iterator[_Turn], language: Literal["en", "nl"]) -> Iterator[dict[str, Any]]:
    from live_coach.coaching.acts import ActFinder, Context
    from live_coach.flow.messages import Speaker

    finder = ActFinder(language)
    for _, conversation in groupby(turns, key=lambda turn: json.dumps(turn.conversation)):
        context = Context()
        for turn in conversation:
            found = finder.read(Speaker(turn.speaker), turn.text.split(), context)
            yield {
                "conversation": turn.conversation,
                "turn": turn.turn,
                "acts": [_act(act) for act in found],
            }


def _act(found: Found) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "form": found.form,
        "tier": found.tier,
        "confidence": found.confidence,
        "words": list(found.words),
        "guards": list(found.guards),
    }


def _nudges(
    turns: Iterator[_Turn], language: Literal["en", "nl"], preset: str, length: float | None
) -> Iterator[dict[str, Any]]:
    from live_coach.coaching import config, script
    from live_coach.coaching.coach import Coach
    from live_coach.flow.json_lines import to_json
    from live_coach.flow.messages import Nudge, Speaker, to_samples

    numbers = config.load(preset)
    for _, conversation in groupby(turns, key=lambda turn: json.dumps(turn.conversation)):
        said = list(conversation)
        coach = Coach(language, numbers, wording=language, agreed_minutes=length)
        lines = (
            script.Line(Speaker(t.speaker), t.text, to_samples(t.start), to_samples(t.end))
            for t in said
        )
        for message in script.messages(lines, language):
            for insight in coach.process(message):
                if isinstance(insight, Nudge):
                    line = to_json(insight, insight.at)
                    yield {"conversation": said[0].conversation} | (line or {})
