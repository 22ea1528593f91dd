"""What rules look at: the conversation as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from live_coach.coaching.high_share import HighShare
from live_coach.coaching.history import History, Said
from live_coach.coaching.standing import Standing
from live_coach.flow.messages import Speaker, TalkShare


@dataclass(frozen=True, slots=True)
class Moment:
    """The conversation as it stands, for the rules; times in samples."""

    now: int
    history: History
    standing: Standing
    fresh: Said | None
    """The utterance that has just been read; None at a tick."""
    share: TalkShare
    high_share: HighShare
    monologue: int
    monologue_start: int
    manager_sure: bool
    silent_for: int
    last_speaker: Speaker | None
    agreed: int | None
    """The agreed length."""
    alarmed_at: int | None
    """When the manager was last told that they tell."""
