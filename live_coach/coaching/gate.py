"""The one door: every nudge goes through it, and most do not.

Nothing is shown during the warm-up, between breakpoints, too soon after another, beyond a budget, or
too late. All limits are in config/nudges.toml.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from live_coach.coaching.config import GateConfig
from live_coach.coaching.rules import Occasion
from live_coach.coaching.wording import Wording
from live_coach.flow.messages import Nudge, NudgeClass, NudgeOutcome, Severity, to_samples

_TEN_MINUTES = to_samples(600.0)
_HOLDS_FLOOR = to_samples(30.0)
_ORDER = (
    NudgeClass.PROCESS,
    NudgeClass.SUGGESTION,
    NudgeClass.CORRECTIVE,
    NudgeClass.INFORMATION,
    NudgeClass.PRAISE,
)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether this is a moment to show something; times in samples."""

    now: int
    least_spoken: int
    """Speech of whoever has spoken less."""
    manager_quiet_for: int
    coachee_began: bool
    """The coachee is speaking and the manager is not."""
    own_question_open: bool
    """The manager asked last, and nobody has answered yet."""
    agreed: int | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    occasion: Occasion
    since: int
    """When it was first seen."""
    fresh_at: int
    """From here on it grows old."""


@dataclass(slots=True)
class _Kind:
    latest: Nudge
    cooldown: int
    firm_ignored: int
    """How many firm nudges of this kind were not heeded, one after the other."""
    ignored: bool = False


class Gate:
    """Decides which occasion becomes a nudge, and when."""

    def __init__(self, config: GateConfig, wording: Mapping[str, Wording]) -> None:
        self._config = config
        self._wording = wording
        self._frequency = config.frequency
        self._waiting: dict[str, _Waiting] = {}
        self._kinds: dict[str, _Kind] = {}
        self._seen: set[tuple[str, object]] = set()
        self._shown: list[Nudge] = []
        self._unsettled: list[tuple[str, Nudge]] = []
        self._muted: set[str] = set()
        self._disliked: set[str] = set()
        self._snoozed_until: float = 0
        self.stale = 0
        """How many occasions grew old before there was a moment for them."""

    def snooze(self, until: int | None) -> None:
        """Show nothing before sample `until`; None: not at all any more."""
        self._snoozed_until = math.inf if until is None else until

    def mute(self, kind: str) -> None:
        """Show no nudge of this kind any more."""
        self._muted.add(kind)

    def rate(self, nudge: int, *, good: bool) -> None:
        """The manager's thumb: after one down, the longest wait holds for that kind."""
        kinds = {shown.kind for shown in self._shown if shown.id == nudge}
        self._disliked = self._disliked - kinds if good else self._disliked | kinds

    def offer(self, occasion: Occasion) -> None:
        """A rule sees an occasion. The same one is not taken twice."""
        reason = occasion.reason
        identity = (reason, occasion.key)
        waiting = self._waiting.get(reason)
        if waiting is not None and waiting.occasion.key == occasion.key:
            self._waiting[reason] = replace(waiting, occasion=occasion)
            return
        if identity in self._seen:
            return
        self._seen.add(identity)
        known = self._kinds.get(reason)
        if known and occasion.at - known.latest.at <= to_samples(self._config.heeded_s):
            known.ignored = True
        self._waiting[reason] = _Waiting(occasion, occasion.at, occasion.at)

    def withdraw(self, reason: str) -> None:
        """The reason is gone."""
        self._waiting.pop(reason, None)

    def decide(self, ready: Readiness) -> Nudge | None:
        """The one nudge to show now, or None; what has grown old is dropped."""
        self._age(ready)
        if self._frequency <= 0 or ready.now < self._snoozed_until or not self._warm(ready):
            return None
        for waiting in sorted(self._waiting.values(), key=_urgency):
            occasion = waiting.occasion
            if self._moment(occasion, ready) and self._allowed(occasion, ready):
                del self._waiting[occasion.reason]
                return self._show(occasion, ready.now)
        return None

    def outcomes(self, now: int) -> list[NudgeOutcome]:
        """Of corrective nudges, what became known: the same reason came again within `heeded_s`, or it
        did not. Each once."""
        found = []
        for reason, nudge in list(self._unsettled):
            known = self._kinds[reason]
            ignored = known.latest is nudge and known.ignored
            if ignored or now - nudge.at > to_samples(self._config.heeded_s):
                self._unsettled.remove((reason, nudge))
                found.append(NudgeOutcome(now, nudge.id, heeded=not ignored))
        return found

    def _age(self, ready: Readiness) -> None:
        expiry = to_samples(self._config.expiry_s)
        speaking = ready.manager_quiet_for == 0
        for reason, waiting in list(self._waiting.items()):
            corrects = waiting.occasion.nudge_class is NudgeClass.CORRECTIVE
            if corrects and speaking and ready.now - waiting.since <= _HOLDS_FLOOR:
                self._waiting[reason] = replace(waiting, fresh_at=ready.now)
            elif ready.now - waiting.fresh_at > expiry:
                del self._waiting[reason]
                self.stale += 1

    def _warm(self, ready: Readiness) -> bool:
        return ready.now >= to_samples(self._config.warm_up_s) and ready.least_spoken >= to_samples(
            self._config.voices_s
        )

    def _moment(self, occasion: Occasion, ready: Readiness) -> bool:
        if occasion.mid_speech:
            return True
        if ready.coachee_began:
            return True
        quiet = ready.manager_quiet_for >= to_samples(self._config.breakpoint_s)
        if not quiet:
            return False
        protected = ready.own_question_open and ready.manager_quiet_for < to_samples(
            self._config.question_protected_s
        )
        return not protected

    def _allowed(self, occasion: Occasion, ready: Readiness) -> bool:
        config, now = self._config, ready.now
        ending = ready.agreed is not None and ready.agreed - now <= to_samples(config.end_guard_s)
        known = self._kinds.get(occasion.reason)
        refusals = (
            occasion.kind in self._muted,
            known is not None and _firm_in_vain(known) >= config.step_back_after,
            ending and occasion.nudge_class is not NudgeClass.PROCESS,
            bool(self._shown) and now - self._shown[-1].at < self._stretch(config.gap_s),
            known is not None and now - known.latest.at < self._wait(known),
            len(self._shown) >= self._budget(config.per_session),
            occasion.nudge_class is NudgeClass.CORRECTIVE
            and len(self._times(NudgeClass.CORRECTIVE, now - _TEN_MINUTES))
            >= self._budget(config.corrective_per_10_min),
            occasion.nudge_class is NudgeClass.PRAISE
            and bool(self._times(NudgeClass.PRAISE, now - self._stretch(config.praise_gap_s))),
            occasion.nudge_class is NudgeClass.PRAISE
            and len(self._times(NudgeClass.PRAISE, -1)) >= self._budget(config.praise_per_session),
        )
        return not any(refusals)

    def _wait(self, known: _Kind) -> int:
        """Between two of a kind."""
        if known.latest.kind not in self._disliked:
            return known.cooldown
        return max(known.cooldown, to_samples(self._config.cooldown_longest_s))

    def _show(self, occasion: Occasion, now: int) -> Nudge:
        config = self._config
        known = self._kinds.get(occasion.reason)
        base = self._stretch(config.cooldown_s)
        cooldown = base
        if known and known.ignored:
            grown = round(known.cooldown * config.cooldown_growth)
            cooldown = max(base, min(grown, to_samples(config.cooldown_longest_s)))
        wording = self._wording[occasion.kind]
        nudge = Nudge(
            id=len(self._shown) + 1,
            at=now,
            kind=occasion.kind,
            nudge_class=occasion.nudge_class,
            text=wording.text.format_map(dict(occasion.figures)),
            severity=occasion.severity,
            because=occasion.because,
            expires_at=now + to_samples(config.expiry_s),
            detail=wording.detail,
        )
        self._kinds[occasion.reason] = _Kind(nudge, cooldown, _firm_in_vain(known) if known else 0)
        self._shown.append(nudge)
        if nudge.nudge_class is NudgeClass.CORRECTIVE:
            self._unsettled.append((occasion.reason, nudge))
        return nudge

    def _times(self, nudge_class: NudgeClass, since: int) -> list[int]:
        return [n.at for n in self._shown if n.nudge_class is nudge_class and n.at > since]

    def _stretch(self, seconds: float) -> int:
        return to_samples(seconds / self._frequency)

    def _budget(self, number: int) -> int:
        """Rounded down, so that half as many are never more than half; one stays one, none stays none."""
        return max(1, math.floor(number * self._frequency)) if number else 0


def _firm_in_vain(known: _Kind) -> int:
    if not known.ignored:
        return 0
    return known.firm_ignored + (known.latest.severity is Severity.FIRM)


def _urgency(waiting: _Waiting) -> tuple[int, int, int]:
    occasion = waiting.occasion
    return (
        _ORDER.index(occasion.nudge_class),
        0 if occasion.severity is Severity.FIRM else 1,
        waiting.since,
    )
