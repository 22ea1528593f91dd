"""When a nudge would help. Each rule is a pure function of the moment; the gate decides whether to speak.

Thresholds come from config/nudges.toml; docs/nudges.md gives their sources.
"""

from __future__ import annotations

from live_coach.coaching.config import NudgeConfig
from live_coach.coaching.moment import Moment
from live_coach.coaching.rules import praise, process, questions, silence, telling
from live_coach.coaching.rules.occasion import Occasion, Rule
from live_coach.coaching.rules.telling import ALARM, TELLING

__all__ = ["ALARM", "RULES", "TELLING", "Occasion", "occasions"]

RULES: dict[str, Rule] = {
    "ask": telling.ask,
    "long": telling.long,
    "share": telling.share,
    "open": questions.open_up,
    "miracle": silence.miracle,
    "wantdo": process.wantdo,
    "time": process.time,
    "close": process.close,
    "good_question": praise.good_question,
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
