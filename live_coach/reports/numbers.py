"""A summary for programs: JSON in the names of the message stream, and one row of CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from live_coach.reports.summary import NudgeMoment, Summary

SCHEMA = 1

_IN_A_ROW = ("id", "started", "kind", "language", "preset", "agreed_minutes", "duration")
_NOT_IN_A_ROW = {"schema", "session", "next_try"}


def as_json(summary: Summary, next_try: str) -> dict[str, Any]:
    """The summary in the names that the message stream uses; seconds.

    `next_try` is the one thing to try, as a sentence.
    """
    report = {
        "schema": SCHEMA,
        "session": _session(summary),
        **_talk(summary),
        "questions": {"open": summary.asking.open, "closed": summary.asking.closed},
        "reflections": summary.asking.reflections,
        "reflections_per_question": summary.asking.reflections_per_question,
        "telling": {one.kind: one.count for one in summary.telling},
        "telling_first": {one.kind: one.first_at for one in summary.telling},
        "tip_budget": {
            "spent": summary.tips_spent,
            "with_leave": summary.tips_with_leave,
            "of": summary.tips_allowed,
        },
        "solutions": _solutions(summary),
        "agreed": {"goal": summary.goal_agreed, "expectations": summary.expectations_agreed},
        "silences_held": summary.quiet.held,
        "pauses": {"count": summary.quiet.pauses, "longest": summary.quiet.longest_pause},
        "overlaps": {"count": summary.quiet.overlaps, "seconds": summary.quiet.overlapped},
        "interruptions": summary.quiet.interruptions,
        "waits": asdict(summary.waits),
        "moments": [asdict(mark) for mark in summary.course.marks],
        "silences": [asdict(silence) for silence in summary.course.silences],
        "marks": list(summary.marks),
        "nudges": [_nudge(nudge) for nudge in summary.nudges],
        "caveats": [asdict(caveat) for caveat in summary.caveats],
        "next_try": {"id": summary.next_try.id, **summary.next_try.values, "text": next_try},
    }
    if summary.plan:
        report["plan"] = list(summary.plan)
    if summary.transcript:
        report["transcript"] = [asdict(line) for line in summary.transcript]
    return report


def as_csv(summary: Summary) -> str:
    """The single numbers of the JSON form: a line of names and a line of values.

    The names are the same for every conversation, so that rows can be put under each other.
    A number that is not known is empty; of text there is nothing.
    """
    report = as_json(summary, "")
    values = {name: report["session"][name] for name in _IN_A_ROW}
    values |= _numbers({name: report[name] for name in report if name not in _NOT_IN_A_ROW})
    values["marks"] = len(summary.marks)
    values["nudges"] = len(summary.nudges)
    written = io.StringIO()
    writer = csv.DictWriter(written, values, lineterminator="\n")
    writer.writeheader()
    writer.writerow(values)
    return written.getvalue()


def _session(summary: Summary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "started": summary.started_at,
        "kind": summary.kind,
        "language": summary.language,
        "preset": summary.preset,
        "model": summary.model,
        "version": summary.version,
        "goal": summary.goal,
        "coachee": summary.coachee,
        "manager_expects": summary.manager_expects,
        "coachee_expects": summary.coachee_expects,
        "frames": list(summary.frames),
        "agreed_minutes": summary.agreed_minutes,
        "duration": summary.duration,
        "end_reason": summary.end_reason,
    }


def _solutions(summary: Summary) -> dict[str, int | None]:
    """Of a plan that nobody confirmed nothing is known."""
    found = summary.found
    return {
        "manager": found.told,
        "manager_first": found.told_first,
        "plan": found.own or None,
        "plan_when": found.dated if found.own else None,
    }


def _talk(summary: Summary) -> dict[str, Any]:
    talk = summary.talk
    return {
        "talk_share": talk.share,
        "talk": {
            "seconds": {
                "manager": talk.manager,
                "coachee": talk.coachee,
                "unknown": talk.unknown,
            },
            "turns": {"manager": talk.manager_turns, "coachee": talk.coachee_turns},
            "longest": talk.longest,
            "curve": [asdict(point) for point in talk.curve],
        },
    }


def _numbers(tree: dict[str, Any]) -> dict[str, Any]:
    return dict(_leaves(tree, ""))


def _leaves(tree: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.")
        elif not isinstance(value, list | tuple | str):
            yield f"{prefix}{name}", int(value) if isinstance(value, bool) else value


def _nudge(nudge: NudgeMoment) -> dict[str, Any]:
    return {
        "at": nudge.at,
        "kind": nudge.kind,
        "class": nudge.nudge_class,
        "severity": nudge.severity,
        "text": nudge.text,
        "because": [asdict(reason) for reason in nudge.reasons],
        "next": asdict(nudge.next) if nudge.next else None,
        "good": nudge.good,
        "heeded": nudge.heeded,
    }
