"""The manager tells, or leaves no room."""

from __future__ import annotations

from dataclasses import replace

from live_coach.coaching.config import AskConfig, NudgeConfig, SaidConfig, ShareConfig
from live_coach.coaching.history import DIRECTIVE, Said, directive
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import (
    Occasion,
    as_manager,
    coachee_has_ideas,
    lately,
    occasion,
    said_again,
    tells_and_asks,
)
from live_coach.flow.messages import (
    Evidence,
    Kind,
    Severity,
    Speaker,
    SpeechAct,
    to_samples,
    to_seconds,
)

ALARM = "ask"
"""One alarm, whatever its words: its kinds share their waits."""
TELLING = frozenset(("ask", "handback", "permit", "disguised"))
"""The kinds that it may be."""
_SHARE_WINDOW_S = 300.0


def ask(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The manager has just told: for the second time in `window_s`, or early, before the coachee had
    any idea of their own; and telling is no small part of what they say. A tip with leave within the
    budget, and what the coachee said first, are no telling."""
    rule, fresh = config.ask, moment.fresh
    if fresh is None or _weight(moment, fresh, rule) == 0:
        return None
    own = [s for s in lately(moment, rule.window_s) if s.speaker is Speaker.MANAGER and s.acts]
    weights = [_weight(moment, said, rule) for said in own]
    hits = sum(weights)
    early = moment.now <= to_samples(rule.early_s) and not coachee_has_ideas(moment)
    needed = 1.0 if early else rule.hits
    if hits < needed or hits < rule.part * len(own):
        return None
    surest = sorted(zip(own, weights, strict=True), key=lambda pair: pair[1])[-2:]
    told = [act for said, weight in surest if weight and (act := directive(said, tier=2))]
    because = tuple(
        Evidence(
            rule="ask",
            utterance=act.utterance,
            metric="directives",
            value=round(hits, 2),
            threshold=needed,
            window=rule.window_s,
            quote=act.quote,
        )
        for act in sorted(told, key=lambda act: act.span.start)
    )
    severity = Severity.FIRM if hits >= rule.firm_hits else Severity.SOFT
    kind = _words(moment, config, told)
    if kind is None:
        return None
    return occasion(kind, moment, *because, key=fresh.id, severity=severity, family=ALARM)


def _words(moment: Moment, config: NudgeConfig, told: list[SpeechAct]) -> str | None:
    """What the alarm says: all of it disguised (nothing, where that kind is off); the tip was spent already; told again after an alarm
    without an idea of the coachee since; or the plain words."""
    tips, voiced_at = moment.standing.tips, moment.standing.ideas.voiced_at
    again = moment.alarmed_at is not None and (voiced_at or 0) <= moment.alarmed_at
    if all(act.kind is Kind.DISGUISED_ADVICE for act in told):
        return "disguised" if config.disguised.on else None
    if config.permit.on and tips.with_leave >= max(1, tips.allowed):
        return "permit"
    return "handback" if config.handback.on and again else "ask"


def tipused(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """A tip with leave has just begun, within the budget."""
    tips, fresh = moment.standing.tips, moment.fresh
    if not config.tipused.on or fresh is None or fresh.id not in tips.granted:
        return None
    spent, of = tips.with_leave, tips.allowed
    evidence = Evidence(
        rule="tipused",
        utterance=fresh.id,
        metric="tips",
        value=float(spent),
        threshold=float(of),
        quote=next((act.quote for act in fresh.acts if act.kind in DIRECTIVE), ""),
    )
    found = occasion("tipused", moment, evidence, key=spent)
    return replace(found, figures=(("spent", spent), ("of", of)))


def assume(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The manager says what the coachee thinks or wants, and does not ask whether it is so."""
    return _said("assume", moment, config.assume, Kind.ASSUMPTION)


def judge(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """A verdict on the coachee or their work."""
    return _said("judge", moment, config.judge, Kind.JUDGEMENT)


def _said(kind: str, moment: Moment, rule: SaidConfig, act_kind: Kind) -> Occasion | None:
    """The manager has just said such a thing, for the `hits`th time in `window_s`, does not ask openly
    with it, and advises too: alone, such words are heard in good conversations as well."""
    fresh, recent = moment.fresh, lately(moment, rule.window_s)
    if as_manager(fresh, act_kind) is None or as_manager(fresh, Kind.OPEN_QUESTION) is not None:
        return None
    found = [act for said in recent if (act := as_manager(said, act_kind))]
    if len(found) < rule.hits or not any(map(directive, recent)):
        return None
    evidence = said_again(kind, found, rule)
    return occasion(kind, moment, *evidence, key=found[-1].utterance)


def _weight(moment: Moment, said: Said, rule: AskConfig) -> float:
    """How much an utterance counts as telling: 1 for a directive of tier 1, else its probability, if
    that is not too small."""
    standing = moment.standing
    if said.id in standing.tips.granted or standing.ideas.repeats_coachee(said):
        return 0.0
    if directive(said) is not None:
        return 1.0
    weak = directive(said, tier=2)
    return weak.confidence if weak is not None and weak.confidence >= rule.least else 0.0


def share(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The manager's part of the last five minutes has been high for a while, and went into telling.

    Good coaches too often speak more than half of the time, in questions and reflections; that is no
    reason to interrupt them. A stretch in which it stays high is one occasion, and one more where it becomes firm.
    """
    rule = config.share
    if moment.share.window is None or not moment.manager_sure:
        return None
    if moment.now < to_samples(_SHARE_WINDOW_S) or not _lasts(moment, moment.high_share.high, rule):
        return None
    tells, asks = tells_and_asks(lately(moment, _SHARE_WINDOW_S))
    if tells <= asks:
        return None
    firm = _lasts(moment, moment.high_share.firm, rule)
    threshold = rule.firm if firm else rule.soft
    evidence = Evidence(
        rule="share",
        metric="talk_share",
        value=round(moment.share.window, 3),
        threshold=threshold,
        window=_SHARE_WINDOW_S,
    )
    severity = Severity.FIRM if firm else Severity.SOFT
    key = (moment.high_share.stretch, moment.high_share.was_firm)
    return occasion("share", moment, evidence, key=key, severity=severity)


def _lasts(moment: Moment, since: int | None, rule: ShareConfig) -> bool:
    return since is not None and moment.now - since >= to_samples(rule.sustain_s)


def long(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The manager has held the floor for long without giving room, and went on advising; or for very
    long, unless that went into asking and giving back."""
    rule = config.long
    length = to_seconds(moment.monologue)
    if length < rule.soft_s or not moment.manager_sure:
        return None
    firm = length >= rule.firm_s
    turn = moment.history.since(moment.monologue_start)
    tells, asks = tells_and_asks(turn)
    if asks >= max(1, tells) or (not firm and not any(map(directive, turn))):
        return None
    threshold = rule.firm_s if firm else rule.soft_s
    evidence = Evidence(rule="long", metric="monologue", value=length, threshold=threshold)
    severity = Severity.FIRM if firm else Severity.SOFT
    key = (moment.monologue_start, firm)
    found = occasion("long", moment, evidence, key=key, severity=severity)
    return replace(found, mid_speech=firm)
