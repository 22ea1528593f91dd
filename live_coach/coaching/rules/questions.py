"""How the manager asks."""

from __future__ import annotations

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import Said
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import Occasion, lately
from live_coach.flow.messages import (
    Evidence,
    Kind,
    NudgeClass,
    Severity,
    Speaker,
    to_samples,
)


def open_up(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """Closed questions in a row, each answered shortly."""
    rule, fresh = config.open, moment.fresh
    if fresh is None or fresh.speaker is not Speaker.COACHEE:
        return None
    recent = lately(moment, rule.window_s)
    row: list[Said] = []
    answers = 0
    for said in reversed(recent):
        if said.speaker is Speaker.COACHEE:
            answers = answers + said.length
            continue
        if said.does(Kind.OPEN_QUESTION, Kind.SOLUTION_FOCUSED, Kind.REFLECTION):
            break
        if said.does(Kind.CLOSED_QUESTION, tier=1) and said.sure:
            if answers > to_samples(rule.short_answer_s):
                break
            row.append(said)
            answers = 0
    if len(row) < rule.closed:
        return None
    evidence = Evidence(
        rule="open",
        utterance=row[0].id,
        metric="closed_questions",
        value=float(len(row)),
        threshold=float(rule.closed),
        window=rule.window_s,
        quote=next(a.quote for a in row[0].acts if a.kind is Kind.CLOSED_QUESTION),
    )
    return Occasion(
        "open", NudgeClass.CORRECTIVE, moment.now, Severity.SOFT, (evidence,), key=row[0].id
    )
