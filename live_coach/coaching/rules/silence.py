"""The coachee is stuck, or silent."""

from __future__ import annotations

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import Occasion, ends_in_question
from live_coach.flow.messages import (
    Evidence,
    Kind,
    NudgeClass,
    Severity,
    Speaker,
    to_samples,
    to_seconds,
)

_SHORT_RUN_S = 5.0


def miracle(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The coachee is stuck: says so and stays silent, or a question is met with a long silence."""
    rule = config.miracle
    if moment.fresh is not None or not moment.history.said:
        return None
    latest = moment.history.said[-1]
    silent = moment.silent_for
    if _stuck(moment):
        if silent < to_samples(rule.wait_s):
            return None
        evidence = Evidence(
            rule="miracle", metric="silence", value=to_seconds(silent), threshold=rule.wait_s
        )
    elif latest.speaker is Speaker.MANAGER and latest.sure and ends_in_question(latest):
        threshold = rule.silence_s + rule.silence_wait_s
        if silent < to_samples(threshold):
            return None
        evidence = Evidence(
            rule="miracle",
            utterance=latest.id,
            metric="silence",
            value=to_seconds(silent),
            threshold=threshold,
        )
    else:
        return None
    return Occasion(
        "miracle", NudgeClass.SUGGESTION, moment.now, Severity.SOFT, (evidence,), key=latest.id
    )


def _stuck(moment: Moment) -> bool:
    """The coachee's latest words, in one run or several short ones, say that they do not know."""
    for said in reversed(moment.history.said):
        if said.speaker is not Speaker.COACHEE or said.length > to_samples(_SHORT_RUN_S):
            return False
        if said.does(Kind.STUCK):
            return True
        if said.does(Kind.OWN_IDEA, Kind.COMMITMENT):
            return False
    return False
