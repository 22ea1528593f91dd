"""How often nudges come, and how often they are right: python benchmarks/nudges.py PATH… --save FILE.json.

Each PATH is a file or folder of labelled conversations (benchmarks/talks.py says what a line holds):
--language nl for Dutch ones. Of tests/gold the tuning half is measured, with --held-back the other one.
--least MINUTES leaves shorter conversations out. --weights FOLDER reads each conversation with weights that
never saw it; with --folds N they are trained first (some minutes; needs scipy). Reported are

- per quality of the conversation: how many brought no corrective nudge, and nudges per ten minutes by class
  and kind, `directive` being those whose reason is advice; intervals are 95 % over resampled conversations;
- precision: a nudge is right when every utterance that it quotes as its evidence carries a label of the kind
  it speaks of. One that rests on talk time is right when in the time it speaks of more of the manager's
  utterances are labelled as telling than as asking or reflecting. Others are not judged. `shown` is what the gate let
  through; `occasion` what it lets through without warm-up, gaps, waits and budgets, as a conversation that
  was written is too short for many;
- stuck moments: each turn of the coachee is followed by six seconds of silence, again without those limits. Offered
  is a question (miracle, scale, exception) after a turn that is labelled stuck, and after other ones;
- missed: a piece of advice, by the labels, after another one within the window of `ask`, and no directive
  nudge within ten seconds after it or in the ninety seconds before;
- the time from the end of the manager's turn to a directive nudge, as if text came at the endpoint;
- stale: occasions that grew old before there was a moment for them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from talks import FOLDS, Played, Talk, play, read, train, unseen

from live_coach.coaching import config
from live_coach.coaching.acts import ActFinder
from live_coach.coaching.config import NudgeConfig
from live_coach.flow.messages import Kind, Nudge, NudgeClass, Speaker, to_samples, to_seconds

_ADVICE = frozenset({Kind.ADVICE, Kind.DISGUISED_ADVICE})
DIRECTIVE = frozenset({"ask", "handback", "permit", "disguised"})
ABOUT: Mapping[str, frozenset[Kind]] = {
    **dict.fromkeys({*DIRECTIVE, "tipused"}, _ADVICE),
    "open": frozenset({Kind.CLOSED_QUESTION}),
    "leading": frozenset({Kind.LEADING_QUESTION}),
    "assume": frozenset({Kind.ASSUMPTION}),
    "judge": frozenset({Kind.JUDGEMENT}),
    "good_question": frozenset({Kind.OPEN_QUESTION, Kind.SOLUTION_FOCUSED}),
}
_OF_TIME = frozenset({"share", "long"})
_TELLS = _ADVICE | {Kind.INFORMATION, Kind.JUDGEMENT, Kind.ASSUMPTION}
_ASKS = frozenset(
    {Kind.OPEN_QUESTION, Kind.CLOSED_QUESTION, Kind.SOLUTION_FOCUSED, Kind.REFLECTION}
)
_STUCK_KINDS = frozenset({"miracle", "scale", "exception"})
_SILENCE = to_samples(6.0)
_COVERED = (to_samples(90.0), to_samples(10.0))
_DRAWS = 1000
_SEED = 7
_UNLIMITED: dict[str, float] = {
    "warm_up_s": 0.0,
    "voices_s": 0.0,
    "gap_s": 0.0,
    "cooldown_s": 0.0,
    "cooldown_longest_s": 0.0,
    "praise_gap_s": 0.0,
    "step_back_after": 1000,
    "corrective_per_10_min": 1000,
    "per_session": 1000,
    "praise_per_session": 1000,
}


def without_limits(numbers: NudgeConfig) -> NudgeConfig:
    """The same rules, with a gate that only waits for the moment."""
    return numbers.model_copy(update={"gate": numbers.gate.model_copy(update=_UNLIMITED)})


def ratio(parts: Sequence[float], wholes: Sequence[float]) -> list[float] | None:
    """Sum of parts by sum of wholes, and its interval over resampled conversations."""
    above, below = np.array(parts, dtype=float), np.array(wholes, dtype=float)
    if not below.sum():
        return None
    drawn = np.random.default_rng(_SEED).integers(len(above), size=(_DRAWS, len(above)))
    many = above[drawn].sum(axis=1) / np.maximum(below[drawn].sum(axis=1), 1e-9)
    low, high = np.percentile(many, [2.5, 97.5])
    return [round(float(each), 3) for each in (above.sum() / below.sum(), low, high)]


def frequency(played: Sequence[Played]) -> dict[str, Any]:
    """How often nudges came in conversations of each quality."""
    table = {}
    for quality in sorted({p.talk.quality for p in played if p.talk.quality}):
        some = [p for p in played if p.talk.quality == quality]
        tens = [p.talk.seconds / 600 for p in some]
        counts = [_counts(p.nudges) for p in some]
        names = sorted({name for count in counts for name in count} | {"corrective", "directive"})
        table[quality] = {
            "conversations": len(some),
            "tens_of_minutes": round(sum(tens), 2),
            "without_corrective": ratio([not c["corrective"] for c in counts], [1] * len(some)),
            "without_directive": ratio([not c["directive"] for c in counts], [1] * len(some)),
            "counts": {name: sum(c[name] for c in counts) for name in names},
            "per_10_minutes": {name: ratio([c[name] for c in counts], tens) for name in names},
        }
    return table


def _counts(nudges: Iterable[Nudge]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for nudge in nudges:
        counts.update({str(nudge.nudge_class), f"kind {nudge.kind}"})
        counts["directive"] += nudge.kind in DIRECTIVE
    return counts


def right(nudge: Nudge, talk: Talk) -> bool | None:
    """Whether the labels bear a nudge out; None where they cannot say."""
    if nudge.kind in _OF_TIME:
        evidence = nudge.because[0]
        seconds = evidence.window or evidence.value or 0.0
        return _tells_more(talk, nudge.at - to_samples(seconds), nudge.at)
    about = ABOUT.get(nudge.kind)
    quoted = [talk.truth[e.utterance - 1] for e in nudge.because if e.utterance is not None]
    if about is None or not quoted or None in quoted:
        return None
    return all(about & truth for truth in quoted if truth is not None)


def _tells_more(talk: Talk, since: int, until: int) -> bool | None:
    own = [
        truth
        for line, truth in zip(talk.lines, talk.truth, strict=True)
        if line.speaker is Speaker.MANAGER and since < line.end and line.start < until
    ]
    if None in own:
        return None
    known = [truth for truth in own if truth is not None]
    return sum(bool(t & _TELLS) for t in known) > sum(bool(t & _ASKS) for t in known)


def precision(played: Sequence[Played]) -> dict[str, Any]:
    """Per kind, of the nudges that can be judged: how many are right."""
    judged: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for each in played:
        verdicts: dict[str, list[bool]] = defaultdict(list)
        for nudge in each.nudges:
            verdict = right(nudge, each.talk)
            if verdict is not None:
                verdicts[nudge.kind].append(verdict)
                if nudge.nudge_class is NudgeClass.CORRECTIVE:
                    verdicts["corrective"].append(verdict)
        for kind, found in verdicts.items():
            judged[kind].append((sum(found), len(found)))
    return {
        kind: {
            "right": sum(good for good, _ in pairs),
            "judged": sum(number for _, number in pairs),
            "precision": ratio([good for good, _ in pairs], [number for _, number in pairs]),
        }
        for kind, pairs in sorted(judged.items())
    }


def _apart(talk: Talk) -> Talk:
    """With a silence after each turn of the coachee."""
    lines, later = [], 0
    for at, line in enumerate(talk.lines):
        lines.append(replace(line, start=line.start + later, end=line.end + later))
        if line.speaker is Speaker.COACHEE and _turn_ends(talk, at):
            later += _SILENCE
    return replace(talk, lines=tuple(lines))


def _turn_ends(talk: Talk, at: int) -> bool:
    return at + 1 < len(talk.lines) and talk.lines[at + 1].speaker is not talk.lines[at].speaker


def stuck(talks: Iterable[Talk], numbers: NudgeConfig, finder: Finder) -> dict[str, Any]:
    """How often a question is offered in the silence after a turn of the coachee."""
    moments: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for talk in talks:
        spaced = _apart(talk)
        nudges = play(spaced, numbers, finder(talk)).nudges
        offered = [nudge.at for nudge in nudges if nudge.kind in _STUCK_KINDS]
        counted = {True: [0, 0], False: [0, 0]}
        for at, (line, truth) in enumerate(zip(spaced.lines, spaced.truth, strict=True)):
            if line.speaker is Speaker.COACHEE and truth is not None and _turn_ends(talk, at):
                count = counted[Kind.STUCK in truth]
                count[0] += any(line.end < when <= line.end + _SILENCE for when in offered)
                count[1] += 1
        for is_stuck, (some, number) in counted.items():
            moments[is_stuck].append((some, number))
    return {
        name: {
            "offered": sum(some for some, _ in moments[is_stuck]),
            "moments": sum(number for _, number in moments[is_stuck]),
            "share": ratio(*zip(*moments[is_stuck], strict=True)) if moments[is_stuck] else None,
        }
        for name, is_stuck in (("stuck", True), ("other", False))
    }


def missed(played: Iterable[Played], numbers: NudgeConfig) -> dict[str, int]:
    """Repeated advice, by the labels, that no directive nudge came for."""
    before, after = _COVERED
    window, warm = to_samples(numbers.ask.window_s), to_samples(numbers.gate.warm_up_s)
    result = {"missed": 0, "moments": 0}
    for each in played:
        shown = [nudge.at for nudge in each.nudges if nudge.kind in DIRECTIVE]
        told = [
            line.end
            for line, truth in zip(each.talk.lines, each.talk.truth, strict=True)
            if line.speaker is Speaker.MANAGER and truth is not None and truth & _ADVICE
        ]
        for earlier, at in pairwise(told):
            if at >= warm and at - earlier <= window:
                result["moments"] += 1
                result["missed"] += not any(at - before <= when <= at + after for when in shown)
    return result


def lateness(played: Iterable[Played]) -> dict[str, float]:
    """Seconds from the end of the manager's latest speech to a directive nudge."""
    late = list(_late(played))
    if not late:
        return {}
    p50, p95 = np.percentile(late, [50, 95], method="nearest")
    return {"nudges": len(late), "p50": round(float(p50), 3), "p95": round(float(p95), 3)}


def _late(played: Iterable[Played]) -> Iterator[float]:
    for each in played:
        ends = [line.end for line in each.talk.lines if line.speaker is Speaker.MANAGER]
        for nudge in each.nudges:
            if nudge.kind in DIRECTIVE:
                yield to_seconds(nudge.at - max(end for end in ends if end <= nudge.at))


Finder = Callable[[Talk], ActFinder]


def report(talks: Sequence[Talk], numbers: NudgeConfig, weights: Path | None) -> dict[str, Any]:
    """All measures of these conversations."""
    finders = unseen(talks, weights)

    def finder(talk: Talk) -> ActFinder:
        finders[talk.name].again()
        return finders[talk.name]

    played = [play(talk, numbers, finder(talk)) for talk in talks]
    result: dict[str, Any] = {
        "conversations": len(talks),
        "frequency": frequency(played),
        "from_turn_end_s": lateness(played),
        "stale": sum(each.stale for each in played),
    }
    if any(truth is not None for talk in talks for truth in talk.truth):
        lifted = without_limits(numbers)
        result["precision"] = {
            "shown": precision(played),
            "occasion": precision([play(talk, lifted, finder(talk)) for talk in talks]),
        }
        result["repeated_advice"] = missed(played, numbers)
    if any(truth is not None and Kind.STUCK in truth for t in talks for truth in t.truth):
        result["question_offered"] = stuck(talks, without_limits(numbers), finder)
    return result


def options(about: str | None) -> argparse.ArgumentParser:
    """What this and the sweep are asked for."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--language", choices=["en", "nl"], default="en")
    parser.add_argument("--least", type=float, default=0.0, metavar="MINUTES")
    parser.add_argument("--weights", type=Path, metavar="FOLDER")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--preset", default="coaching")
    parser.add_argument("--save", type=Path)
    return parser


def chosen(asked: argparse.Namespace, *, held_back: bool = False) -> list[Talk]:
    """The conversations that are asked for, and weights for them if those are still to be trained."""
    if asked.folds and not (asked.weights / FOLDS).exists():
        train(asked.paths, asked.language, asked.folds, asked.weights)
    talks = [
        talk for path in asked.paths for talk in read(path, asked.language, held_back=held_back)
    ]
    return [talk for talk in talks if talk.seconds >= asked.least * 60]


def main() -> None:
    """Measure, print, and keep it if asked to."""
    parser = options(__doc__)
    parser.add_argument("--held-back", action="store_true", help="measure that half of gold")
    asked = parser.parse_args()
    talks = chosen(asked, held_back=asked.held_back)
    result = report(talks, config.load(asked.preset), asked.weights)
    print(json.dumps(result, indent=1))
    if asked.save:
        asked.save.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
