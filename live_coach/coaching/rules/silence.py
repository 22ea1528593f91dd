"""The coachee is stuck, or is not let finish."""

from __future__ import annotations

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.history import directive
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules.occasion import Occasion, ends_in_question, lately, occasion
from live_coach.flow.messages import Evidence, Kind, Speaker, to_samples, to_seconds

LADDER = "miracle"
"""One offer of a question, whichever it is: its kinds share their waits."""
OFFERED = frozenset(("miracle", "scale", "exception"))
"""The kinds that it may be."""
_SHORT_RUN_S = 5.0
_ANSWERS = (Kind.OWN_IDEA, Kind.COMMITMENT, Kind.ASKS_ADVICE)
"""Who has an idea or wants to hear one is not at a loss."""


def stuck(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The coachee says that they are at a loss and stays silent, or a question is met with a long
    silence: first wait, then a question to ask."""
    rule = config.miracle
    if moment.fresh is not None or not moment.history.said:
        return None
    latest = moment.history.said[-1]
    silent = moment.silent_for
    if _at_a_loss(moment):
        threshold, utterance = rule.wait_s, None
    elif latest.speaker is Speaker.MANAGER and latest.sure and ends_in_question(latest):
        threshold, utterance = rule.silence_s + rule.silence_wait_s, latest.id
    else:
        return None
    if silent < to_samples(threshold):
        return None
    kind = _question(moment, config)
    evidence = Evidence(
        rule=kind,
        utterance=utterance,
        metric="silence",
        value=to_seconds(silent),
        threshold=threshold,
    )
    return occasion(kind, moment, evidence, key=latest.id, family=LADDER)


def _question(moment: Moment, config: NudgeConfig) -> str:
    """Which question fits: a scale where progress is vague or the coachee is of two minds, an
    exception after long talk of the problem, else the miracle question."""
    if config.scale.on and _of_two_minds(moment, config.scale.window_s):
        return "scale"
    if config.exception.on and _problem_talk(moment, config.exception.talk_s):
        return "exception"
    return "miracle"


def _of_two_minds(moment: Moment, window_s: float) -> bool:
    return any(
        s.speaker is Speaker.COACHEE and "vague" in s.marks for s in lately(moment, window_s)
    )


def _problem_talk(moment: Moment, talk_s: float) -> bool:
    """For so long nobody has spoken of anything but the problem, and the manager has not advised: what is
    advised is no problem, and of a question for what went well the recogniser may have left little."""
    if moment.now < to_samples(talk_s):
        return False
    return not any(
        directive(s)
        or s.does(Kind.SOLUTION_FOCUSED)
        or s.does(Kind.OWN_IDEA, Kind.COMMITMENT, Kind.PREPARATORY, tier=1)
        for s in lately(moment, talk_s)
    )


def _at_a_loss(moment: Moment) -> bool:
    """The coachee's latest words, or those just before a few short ones, say that they do not know. As
    silence follows, wider words count than for the act `stuck`, unless there is an idea in them; where all
    was tried, what sounds like a resolve is none."""
    for said in reversed(moment.history.said):
        if said.speaker is not Speaker.COACHEE:
            return False
        idea = said.does(*_ANSWERS, tier=1)
        if said.does(Kind.STUCK) or "spent" in said.marks:
            return True
        if "at_a_loss" in said.marks and idea is None:
            return True
        if said.length > to_samples(_SHORT_RUN_S) or idea is not None:
            return False
    return False


def cut(moment: Moment, config: NudgeConfig) -> Occasion | None:
    """The manager took the floor while the coachee was speaking, several times."""
    rule = config.cut
    cuts = [at for at in moment.history.cuts if at > moment.now - to_samples(rule.window_s)]
    if len(cuts) < rule.times or not moment.manager_sure:
        return None
    evidence = Evidence(
        rule="cut",
        metric="interruptions",
        value=float(len(cuts)),
        threshold=float(rule.times),
        window=rule.window_s,
    )
    return occasion("cut", moment, evidence, key=cuts[-1])
