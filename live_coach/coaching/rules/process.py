"""The course of the conversation: what was agreed, its subject, its time and its end."""

from __future__ import annotations

from live_coach.coaching.config import AgreeConfig, NudgeConfig
from live_coach.coaching.history import directive
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import Occasion, as_manager, lately, occasion
from live_coach.flow.messages import (
    Evidence,
    Kind,
    Phase,
    Speaker,
    to_seconds,
)


def contract(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """Some minutes on, no goal was agreed, nor what to talk about: the card left it open."""
    agreed = moment.standing.agreed
    settled = agreed.goal or agreed.topic or not agreed.card
    return None if settled else _to_agree("contract", moment, config.contract)


def expect(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """There is a goal, but not both have said what they expect."""
    agreed = moment.standing.agreed
    open_still = agreed.goal and not agreed.expectations
    return _to_agree("expect", moment, config.expect) if open_still else None


def _to_agree(kind: str, moment: Moment, rule: AgreeConfig) -> Occasion | None:
    now = to_seconds(moment.now)
    if moment.fresh is not None or not rule.after_s <= now <= rule.until_s:
        return None
    evidence = Evidence(rule=kind, metric="elapsed", value=now, threshold=rule.after_s)
    return occasion(kind, moment, evidence, key=kind)


def goal(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """Nobody has come near the goal for a while, by its words and those said together with them."""
    rule, standing = config.goal, moment.standing
    away = to_seconds(moment.now - standing.agreed.met_at)
    if not standing.agreed.goal_words or standing.course.phase is Phase.WILL:
        return None
    if moment.fresh is not None or away < rule.away_s:
        return None
    evidence = Evidence(rule="goal", metric="off_goal", value=away, threshold=rule.away_s)
    return occasion("goal", moment, evidence, key=standing.agreed.met_at)


def frame(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The manager has set a limit of the organisation: that is no telling. Said once."""
    act = as_manager(moment.fresh, Kind.FRAME)
    if act is None or not config.frame.on:
        return None
    evidence = Evidence(rule="frame", utterance=act.utterance, quote=act.quote)
    return occasion("frame", moment, evidence, key="frame")


def sustain(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The coachee speaks against it again and again while the manager advises."""
    rule, fresh = config.sustain, moment.fresh
    if (
        fresh is None
        or fresh.speaker is not Speaker.COACHEE
        or not fresh.does(Kind.SUSTAIN, tier=1)
    ):
        return None
    recent = lately(moment, rule.window_s)
    against = [s for s in recent if s.speaker is Speaker.COACHEE and s.does(Kind.SUSTAIN, tier=1)]
    if len(against) < rule.times or not any(map(directive, recent)):
        return None
    evidence = Evidence(
        rule="sustain",
        metric="sustain",
        value=float(len(against)),
        threshold=float(rule.times),
        window=rule.window_s,
    )
    return occasion("sustain", moment, evidence, key=against[0].id)


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
    return occasion("wantdo", moment, evidence, key="wantdo")


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
    return occasion(kind, moment, evidence, key=kind)
