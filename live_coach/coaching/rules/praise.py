"""Praise, for a real effect only."""

from __future__ import annotations

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import DIRECTIVE
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import Occasion
from live_coach.flow.messages import (
    Evidence,
    Kind,
    NudgeClass,
    Severity,
    Speaker,
    to_samples,
    to_seconds,
)


def good_question(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """An open question that the coachee answered at length."""
    fresh = moment.fresh
    if fresh is None or fresh.speaker is not Speaker.COACHEE:
        return None
    answer = 0
    for said in reversed(moment.history.said):
        if said.speaker is Speaker.COACHEE:
            answer += said.length
        elif not said.acts or said.does(Kind.OTHER) is said.acts[0]:
            continue
        else:
            question = said.does(Kind.OPEN_QUESTION, tier=1)
            told = said.does(*DIRECTIVE, Kind.JUDGEMENT)
            enough = answer >= to_samples(config.good_question.answer_s)
            if question is None or told or not enough or not said.sure:
                return None
            evidence = Evidence(
                rule="good_question",
                utterance=said.id,
                metric="answer",
                value=to_seconds(answer),
                threshold=config.good_question.answer_s,
                quote=question.quote,
            )
            return Occasion(
                "good_question",
                NudgeClass.PRAISE,
                moment.now,
                Severity.SOFT,
                (evidence,),
                key=said.id,
            )
    return None
