"""The course of the conversation: its time and its end."""

from __future__ import annotations

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import Occasion
from live_coach.flow.messages import (
    Evidence,
    Kind,
    NudgeClass,
    Severity,
    Speaker,
    to_seconds,
)


def wantdo(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """Towards the end the coachee wants, and has not said what they will do."""
    rule, fresh = config.wantdo, moment.fresh
    if moment.agreed is None or fresh is None or fresh.speaker is not Speaker.COACHEE:
        return None
    begin = round(moment.agreed * (1 - rule.part))
    if moment.now < begin:
        return None
    late = [s for s in moment.history.since(begin) if s.speaker is Speaker.COACHEE]
    wants = sum(s.does(Kind.PREPARATORY) is not None for s in late)
    if wants < rule.preparatory or any(s.does(Kind.COMMITMENT) for s in late):
        return None
    evidence = Evidence(
        rule="wantdo", metric="preparatory", value=float(wants), threshold=float(rule.preparatory)
    )
    return Occasion(
        "wantdo", NudgeClass.SUGGESTION, moment.now, Severity.SOFT, (evidence,), key="wantdo"
    )


def time(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """Minutes are left of the agreed length."""
    return _left("time", moment, config.time.left_s, until=config.close.left_s)


def close(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The last minutes of the agreed length."""
    return _left("close", moment, config.close.left_s, until=0.0)


def _left(kind: str, moment: Moment, left_s: float, *, until: float) -> Occasion | None:
    if moment.agreed is None:
        return None
    left = to_seconds(moment.agreed - moment.now)
    if not until < left <= left_s:
        return None
    evidence = Evidence(rule=kind, metric="time_left", value=left, threshold=left_s)
    return Occasion(kind, NudgeClass.PROCESS, moment.now, Severity.SOFT, (evidence,), key=kind)
