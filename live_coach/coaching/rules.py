"""When a nudge would help. Each rule is a pure function of the moment; the gate decides whether to speak.

Thresholds come from config/nudges.toml; docs/nudges.md gives their sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import DIRECTIVE, QUESTIONS, Moment, Said
from live_coach.flow.messages import (
    Evidence,
    Kind,
    NudgeClass,
    Severity,
    Speaker,
    SpeechAct,
    to_samples,
    to_seconds,
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A nudge that would help now. Equal `key`: the same occasion, seen again."""

    kind: str
    nudge_class: NudgeClass
    at: int
    severity: Severity
    because: tuple[Evidence, ...]
    key: object
    mid_speech: bool = False
    """It may come while the manager speaks."""


_SHARE_WINDOW_S = 300.0
_SHORT_RUN_S = 5.0
Rule = Callable[[Moment, NudgeConfig], Occasion | None]


def ask(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The manager has just told: for the second time in `window_s`, or early, before the coachee had
    any idea of their own and without asking leave."""
    rule, fresh = config.ask, moment.fresh
    if fresh is None or _directive(fresh) is None:
        return None
    told = [s for s in _lately(moment, rule.window_s) if _directive(s) is not None]
    early = moment.now <= to_samples(rule.early_s) and not _coachee_has_ideas(moment)
    asked_leave = any(s.does(Kind.PERMISSION) for s in _lately(moment, rule.leave_s))
    needed = 1 if early and not asked_leave else rule.hits
    if len(told) < needed:
        return None
    acts = [act for s in told for act in s.acts if act.kind in DIRECTIVE and act.tier == 1]
    because = tuple(
        Evidence(
            rule="ask",
            utterance=act.utterance,
            metric="directives",
            value=float(len(told)),
            threshold=float(needed),
            window=rule.window_s,
            quote=act.quote,
        )
        for act in acts[-2:]
    )
    severity = Severity.FIRM if len(told) >= rule.firm_hits else Severity.SOFT
    return Occasion("ask", NudgeClass.CORRECTIVE, moment.now, severity, because, key=fresh.id)


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
    if not _tells_more_than_asks(_lately(moment, _SHARE_WINDOW_S)):
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
    """The manager has held the floor for long without giving room: telling, or very long."""
    rule = config.long
    length = to_seconds(moment.monologue)
    if length < rule.soft_s or not moment.manager_sure:
        return None
    firm = length >= rule.firm_s
    turn = moment.history.since(moment.monologue_start)
    if not firm and (not _tells_more_than_asks(turn) or not any(map(_advises, turn))):
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


def open_up(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """Closed questions in a row, each answered shortly."""
    rule, fresh = config.open, moment.fresh
    if fresh is None or fresh.speaker is not Speaker.COACHEE:
        return None
    recent = _lately(moment, rule.window_s)
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
    elif latest.speaker is Speaker.MANAGER and latest.sure and _ends_in_question(latest):
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


RULES: dict[str, Rule] = {
    "ask": ask,
    "long": long,
    "share": share,
    "open": open_up,
    "miracle": miracle,
    "wantdo": wantdo,
    "time": time,
    "close": close,
    "good_question": good_question,
}
"""By kind of nudge, the more urgent first."""


def occasions(moment: Moment, config: NudgeConfig) -> list[Occasion]:
    """What each rule that is on says of this moment."""
    found = []
    for kind, rule in RULES.items():
        if getattr(config, kind).on:
            occasion = rule(moment, config)
            if occasion is not None:
                found.append(occasion)
    return found


def _directive(said: Said) -> SpeechAct | None:
    """A directive of tier 1 that this person surely gave, unless the utterance ends by asking openly."""
    if said.speaker is not Speaker.MANAGER or not said.sure:
        return None
    told = said.does(*DIRECTIVE, tier=1)
    asked = said.does(Kind.OPEN_QUESTION, Kind.SOLUTION_FOCUSED)
    if told is None or (asked is not None and asked.words[0] >= told.words[1]):
        return None
    return told


def _lately(moment: Moment, seconds: float) -> list[Said]:
    return moment.history.since(moment.now - to_samples(seconds))


def _coachee_has_ideas(moment: Moment) -> bool:
    return any(
        s.speaker is Speaker.COACHEE and s.does(Kind.OWN_IDEA, Kind.COMMITMENT)
        for s in moment.history.said
    )


def _advises(said: Said) -> bool:
    return said.speaker is Speaker.MANAGER and said.does(*DIRECTIVE, tier=2) is not None


def _tells_more_than_asks(said: list[Said]) -> bool:
    own = [s for s in said if s.speaker is Speaker.MANAGER]
    tells = sum(
        s.does(*DIRECTIVE, Kind.INFORMATION, Kind.JUDGEMENT, tier=2) is not None for s in own
    )
    asks = sum(s.does(*QUESTIONS, Kind.REFLECTION, tier=2) is not None for s in own)
    return tells > asks


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


def _ends_in_question(said: Said) -> bool:
    return any(act.kind in QUESTIONS for act in said.acts)


def _left(kind: str, moment: Moment, left_s: float, *, until: float) -> Occasion | None:
    if moment.agreed is None:
        return None
    left = to_seconds(moment.agreed - moment.now)
    if not until < left <= left_s:
        return None
    evidence = Evidence(rule=kind, metric="time_left", value=left, threshold=left_s)
    return Occasion(kind, NudgeClass.PROCESS, moment.now, Severity.SOFT, (evidence,), key=kind)
