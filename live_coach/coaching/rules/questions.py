"""How the manager asks."""

from __future__ import annotations

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import QUESTIONS, Said, directive
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import Occasion, as_manager, lately, occasion, said_again
from live_coach.flow.messages import (
    Evidence,
    Kind,
    Speaker,
    SpeechAct,
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
    return occasion("open", moment, evidence, key=row[0].id)


def one(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """Several questions in one breath, without an answer in between."""
    rule, fresh = config.one, moment.fresh
    if fresh is None or as_manager(fresh, *QUESTIONS) is None:
        return None
    asked: list[SpeechAct] = []
    for said in reversed(moment.history.said):
        if said.speaker is Speaker.COACHEE and said.content:
            break
        if said.speaker is Speaker.MANAGER and said.sure:
            asked += [act for act in said.acts if act.kind in QUESTIONS and act.tier == 1]
    if len(asked) < rule.questions:
        return None
    evidence = _asked("one", fresh, asked[0], len(asked), rule.questions)
    return occasion("one", moment, evidence, key=asked[-1].utterance)


def leading(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The manager asks for agreement, for the `hits`th time in `window_s`, and advises too."""
    rule, fresh = config.leading, moment.fresh
    if fresh is None or as_manager(fresh, Kind.LEADING_QUESTION) is None:
        return None
    recent = lately(moment, rule.window_s)
    found = [act for said in recent if (act := as_manager(said, Kind.LEADING_QUESTION))]
    if len(found) < rule.hits or not any(map(directive, recent)):
        return None
    evidence = said_again("leading", found, rule)
    return occasion("leading", moment, *evidence, key=fresh.id)


def reflect(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """Question after question, each with an answer, and nothing of the answers is given back."""
    rule, fresh = config.reflect, moment.fresh
    if fresh is None or (act := as_manager(fresh, *QUESTIONS)) is None:
        return None
    asked: list[Said] = []
    answered = rule.answer_words
    for said in reversed(lately(moment, rule.window_s)):
        if said.speaker is Speaker.COACHEE:
            answered += len(said.content)
            continue
        if said.does(Kind.REFLECTION, Kind.AFFIRMATION):
            break
        if as_manager(said, *QUESTIONS) is not None:
            if answered < rule.answer_words:
                break
            asked.append(said)
            answered = 0
    if len(asked) < rule.questions:
        return None
    evidence = _asked("reflect", fresh, act, len(asked), rule.questions)
    return occasion("reflect", moment, evidence, key=asked[-1].id)


def deeper(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The coachee told much, and the manager asks about something else."""
    rule, fresh = config.deeper, moment.fresh
    if fresh is None or fresh.does(Kind.REFLECTION, Kind.SOLUTION_FOCUSED, Kind.PROCESS):
        return None
    act = as_manager(fresh, *QUESTIONS)
    if act is None or len(fresh.content) < rule.question_words:
        return None
    told: set[str] = set()
    for said in reversed(list(moment.history.said)[:-1]):
        if said.speaker is not Speaker.COACHEE:
            break
        told |= said.content
    if len(told) < rule.subject_words or told & fresh.content:
        return None
    evidence = Evidence(rule="deeper", utterance=fresh.id, quote=act.quote)
    return occasion("deeper", moment, evidence, key=fresh.id)


def _asked(rule: str, fresh: Said, act: SpeechAct, value: int, threshold: int) -> Evidence:
    return Evidence(
        rule=rule,
        utterance=fresh.id,
        metric="questions",
        value=float(value),
        threshold=float(threshold),
        quote=act.quote,
    )
