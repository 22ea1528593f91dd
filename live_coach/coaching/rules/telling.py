"""The manager tells, or leaves no room."""

from __future__ import annotations

from live_coach.coaching.config import AskConfig, NudgeConfig
from live_coach.coaching.history import Said, directive
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import (
    Occasion,
    coachee_has_ideas,
    lately,
    tells_and_asks,
)
from live_coach.flow.messages import (
    Evidence,
    NudgeClass,
    Severity,
    Speaker,
    to_samples,
    to_seconds,
)

ALARM = "ask"
"""One alarm, whatever its words: its kinds share their waits."""
TELLING = frozenset(("ask",))
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
    return Occasion("ask", NudgeClass.CORRECTIVE, moment.now, severity, because, key=fresh.id)


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
    reason to interrupt them.
    """
    rule = config.share
    if moment.share.window is None or not moment.manager_sure:
        return None
    if moment.now < to_samples(_SHARE_WINDOW_S):
        return None
    tells, asks = tells_and_asks(lately(moment, _SHARE_WINDOW_S))
    if tells <= asks:
        return None
    sustain = to_samples(rule.sustain_s)
    firm = moment.share_firm_for >= sustain
    if not firm and moment.share_high_for < sustain:
        return None
    threshold = rule.firm if firm else rule.soft
    evidence = Evidence(
        rule="share",
        metric="talk_share",
        value=round(moment.share.window, 3),
        threshold=threshold,
        window=_SHARE_WINDOW_S,
    )
    began = moment.now - moment.share_high_for
    severity = Severity.FIRM if firm else Severity.SOFT
    return Occasion(
        "share", NudgeClass.CORRECTIVE, moment.now, severity, (evidence,), key=(began, firm)
    )


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
    return Occasion(
        "long",
        NudgeClass.CORRECTIVE,
        moment.now,
        severity,
        (evidence,),
        key=(moment.monologue_start, firm),
        mid_speech=firm,
    )
