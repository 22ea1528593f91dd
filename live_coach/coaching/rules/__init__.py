"""When a nudge would help. Each rule is a pure function of the moment; the gate decides whether to speak.

Thresholds come from config/nudges.toml; docs/nudges.md gives their sources.
"""

from __future__ import annotations

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules import praise, process, questions, silence, telling
from live_coach.coaching.rules.occasion import CLASSES, Occasion, Rule
from live_coach.coaching.rules.telling import ALARM, TELLING

__all__ = ["ALARM", "CLASSES", "RULES", "TELLING", "Occasion", "occasions"]

RULES: dict[str, Rule] = {
    "ask": telling.ask,
    "tipused": telling.tipused,
    "assume": telling.assume,
    "judge": telling.judge,
    "long": telling.long,
    "share": telling.share,
    "open": questions.open_up,
    "one": questions.one,
    "leading": questions.leading,
    "reflect": questions.reflect,
    "deeper": questions.deeper,
    "cut": silence.cut,
    "miracle": silence.stuck,
    "sustain": process.sustain,
    "contract": process.contract,
    "expect": process.expect,
    "goal": process.goal,
    "frame": process.frame,
    "wantdo": process.wantdo,
    "time": process.time,
    "close": process.close,
    "good_question": praise.good_question,
    "good_silence": praise.good_silence,
    "own": praise.own,
    "lean": praise.lean,
}
"""By kind of nudge. `ask` also speaks for the other kinds of its alarm (TELLING), `miracle` for the
other questions of the ladder."""


def occasions(moment: Moment, config: NudgeConfig) -> list[Occasion]:
    """What each rule that is on says of this moment."""
    found = []
    for kind, rule in RULES.items():
        if getattr(config, kind).on:
            occasion = rule(moment, config)
            if occasion is not None:
                found.append(occasion)
    return found
