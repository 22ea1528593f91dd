"""Helpers: a moment of a conversation whose acts are given, so that a rule is tested without any text."""

from __future__ import annotations

from typing import Any

from live_coach.coaching import config
from live_coach.coaching.high_share import HighShare
from live_coach.coaching.history import History, Said
from live_coach.coaching.moment import Moment
from live_coach.coaching.standing import begin
from live_coach.flow.messages import Kind, Span, Speaker, SpeechAct, TalkShare, to_samples

M, C = Speaker.MANAGER, Speaker.COACHEE
Act = tuple[Kind, int] | tuple[Kind, int, float] | Kind


def said(
    start: float,
    end: float,
    *acts: Act,
    speaker: Speaker = M,
    sure: bool = True,
    content: str = "",
    marks: str = "",
) -> Said:
    """An utterance with these acts: a kind, or a kind with its tier, or also with its confidence."""
    number = round(start * 10)
    span = Span(to_samples(start), to_samples(end))
    found = []
    for at, act in enumerate(acts):
        kind, tier, confidence = (*((act,) if isinstance(act, Kind) else act), 1, 1.0)[:3]
        quote = f"{kind} at {start}"
        found.append(
            SpeechAct(number, speaker, kind, span, (at, at + 1), None, tier, confidence, (), quote)
        )
    about = (frozenset(words.split()) for words in (content, marks))
    return Said(number, speaker, span.start, span.end, tuple(found), sure, *about)


def moment(now: float, *utterances: Said, fresh: bool = True, **changes: Any) -> Moment:
    """Right after the last of these utterances was read, or, without `fresh`, at a tick."""
    history, standing = History(), begin(config.load(), "en")
    for utterance in utterances:
        history.add(utterance)
        standing = standing.after(utterance)
    plain = {
        "now": to_samples(now),
        "history": history,
        "standing": standing,
        "fresh": utterances[-1] if fresh and utterances else None,
        "share": TalkShare(),
        "high_share": HighShare(),
        "monologue": 0,
        "monologue_start": 0,
        "manager_sure": True,
        "silent_for": 0,
        "last_speaker": M,
        "agreed": None,
        "alarmed_at": None,
    }
    return Moment(**(plain | changes))
