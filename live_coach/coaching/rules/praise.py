"""Praise, for a real effect only."""

from __future__ import annotations

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import DIRECTIVE, QUESTIONS
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import Occasion, lately, occasion
from live_coach.flow.messages import (
    Evidence,
    Kind,
    Speaker,
    to_samples,
    to_seconds,
)

_SHARE_WINDOW_S = 300.0


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
            return occasion("good_question", moment, evidence, key=said.id)
    return None


def good_silence(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """A silence that the manager held after a question, and a long answer after it."""
    rule, fresh, held = config.good_silence, moment.fresh, moment.history.held_at
    if fresh is None or fresh.speaker is not Speaker.COACHEE or held is None:
        return None
    since = moment.history.since(held)
    if any(s.speaker is not Speaker.COACHEE and s.content for s in since):
        return None
    answer = sum(s.length for s in since if s.speaker is Speaker.COACHEE)
    if answer < to_samples(rule.answer_s):
        return None
    evidence = Evidence(
        rule="good_silence", metric="answer", value=to_seconds(answer), threshold=rule.answer_s
    )
    return occasion("good_silence", moment, evidence, key=held)


def own(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The coachee found an idea of their own, after a question and not after advice. Said once."""
    fresh, ideas = moment.fresh, moment.standing.ideas
    if fresh is None or fresh.speaker is not Speaker.COACHEE or not config.own.on:
        return None
    if fresh.does(Kind.OWN_IDEA, tier=1) is None or ideas.voiced_at != fresh.end:
        return None
    before = [s for s in lately(moment, config.own.window_s) if s.speaker is Speaker.MANAGER]
    asked = any(s.does(*QUESTIONS, tier=1) for s in before)
    if not asked or any(s.does(*DIRECTIVE) for s in before):
        return None
    evidence = Evidence(rule="own", window=config.own.window_s)
    return occasion("own", moment, evidence, key="own")


def lean(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """Most of the last five minutes was the coachee's, and ideas came of it. Said once, and only of a talk that goes on: where nobody has spoken for long there is nothing to lean back from."""
    rule, share, voiced = config.lean, moment.share.window, moment.standing.ideas.voiced_at
    if share is None or voiced is None or moment.now < to_samples(_SHARE_WINDOW_S):
        return None
    if moment.silent_for > to_samples(rule.silent_s):
        return None
    if share > rule.share or voiced < moment.now - to_samples(_SHARE_WINDOW_S):
        return None
    evidence = Evidence(
        rule="lean",
        metric="talk_share",
        value=round(share, 3),
        threshold=rule.share,
        window=_SHARE_WINDOW_S,
    )
    return occasion("lean", moment, evidence, key="lean")
