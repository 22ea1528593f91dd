"""What the manager asks for by key, in a conversation on threads with real sound and real weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from live_coach import settings
from live_coach.archive.collector import Collector
from live_coach.flow.messages import (
    ListeningPaused,
    Message,
    MetricSnapshot,
    MomentMarked,
    Span,
    Speaker,
    SpeechStarted,
    Utterance,
    to_samples,
)
from live_coach.live_run import LiveRun
from live_coach.session import Card, Plan, announce, recorded
from live_coach.transcript.weights import find
from tests.journey.program import excerpt, require_model

pytestmark = pytest.mark.models

PAUSED_FROM, PAUSED_TO, LASTS = 4.0, 9.0, 14.0


class Presser:
    """Presses keys when the conversation has come to their time, and notes all that is told."""

    def __init__(self) -> None:
        self.told: list[Message] = []
        self.run: LiveRun | None = None
        self._keys = [
            MomentMarked(to_samples(2.0)),
            ListeningPaused(to_samples(PAUSED_FROM), paused=True),
            ListeningPaused(to_samples(PAUSED_TO), paused=False),
        ]

    def receive(self, message: Message, emitted: int) -> None:
        self.told.append(message)
        assert self.run is not None
        if self._keys and emitted >= self._keys[0].at:
            self.run.wish(self._keys.pop(0))


def test_while_paused_nothing_is_heard_or_counted_and_time_goes_on(tmp_path: Path) -> None:
    model = find(require_model("en"), "en")
    talk = excerpt("en", 20, 20 + LASTS, tmp_path / "talk.wav")
    chosen = settings.load().settings
    plan = Plan(
        kind="replay",
        open_source=recorded(chosen.audio, talk, manager="left"),
        model=model,
        language="en",
        wording="en",
        settings=chosen,
        card=Card(),
    )
    presser = Presser()
    run = LiveRun(plan, announce(plan), lambda _: Collector(keep_transcript=False), [presser])
    presser.run = run
    run.start()
    ended = run.wait(60)
    assert ended is not None
    assert ended.duration == pytest.approx(to_samples(LASTS), abs=to_samples(0.1))

    wishes = [m for m in presser.told if isinstance(m, ListeningPaused | MomentMarked)]
    assert [type(wish) for wish in wishes] == [MomentMarked, ListeningPaused, ListeningPaused]
    grace = to_samples(0.6)
    paused = Span(to_samples(PAUSED_FROM) + grace, to_samples(PAUSED_TO))
    onsets = [m.at for m in presser.told if isinstance(m, SpeechStarted)]
    assert any(at < paused.start for at in onsets)
    assert any(at >= paused.end for at in onsets)
    assert not [at for at in onsets if paused.start <= at < paused.end]
    for said in (m for m in presser.told if isinstance(m, Utterance)):
        assert said.span.end <= paused.start or said.span.start >= paused.end - to_samples(0.3)
    readings = [m for m in presser.told if isinstance(m, MetricSnapshot)]
    during = [m for m in readings if paused.start <= m.heard_to < paused.end]
    assert len(during) > 20
    assert all(m.speaking <= {Speaker.UNKNOWN} for m in during)
    assert len({m.talk_share.session for m in during}) == 1
