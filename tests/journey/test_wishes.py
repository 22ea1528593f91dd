"""What the manager asks for by key, in a conversation on threads with real sound and real weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from live_coach import settings
from live_coach.archive.collector import Collector
from live_coach.flow.messages import (
    RATE,
    ListeningPaused,
    Message,
    MetricSnapshot,
    MomentMarked,
    Span,
    Speaker,
    SpeakersSwapped,
    SpeechEnded,
    SpeechStarted,
    Utterance,
    Wish,
    to_samples,
)
from live_coach.live_run import LiveRun
from live_coach.session import Card, OwnVoice, Plan, announce, recorded
from live_coach.speech.voiceprint import WEIGHTS
from live_coach.transcript.weights import find
from tests.journey.program import excerpt, require_model
from tests.speech import voices

pytestmark = pytest.mark.models

PAUSED_FROM, PAUSED_TO, LASTS = 4.0, 9.0, 14.0


class Presser:
    """Presses keys when the conversation has come to their time, and notes all that is told."""

    def __init__(self, *keys: Wish) -> None:
        self.told: list[Message] = []
        self.run: LiveRun | None = None
        self._keys = [*keys]

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
    presser = Presser(
        MomentMarked(to_samples(2.0)),
        ListeningPaused(to_samples(PAUSED_FROM), paused=True),
        ListeningPaused(to_samples(PAUSED_TO), paused=False),
    )
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


def test_the_key_that_exchanges_the_speakers_reaches_the_ear(tmp_path: Path) -> None:
    """Somebody who sounds like the manager is taken for them, until the manager says so."""
    model = find(require_model("en"), "en")
    sound, turns = voices.alike("en", *[Speaker.COACHEE] * 4)
    soundfile.write(tmp_path / "talk.wav", sound, RATE)
    voices.printer()
    weights = find("voice", "auto", purpose="voice").directory / WEIGHTS
    chosen = settings.load().settings
    plan = Plan(
        kind="replay",
        open_source=recorded(chosen.audio, tmp_path / "talk.wav", manager="mono"),
        model=model,
        language="en",
        wording="en",
        settings=chosen,
        card=Card(),
        voice=OwnVoice(voices.enrolled("en"), weights),
    )
    pressed = turns[2][0] - to_samples(0.2)
    presser = Presser(SpeakersSwapped(pressed, 0))
    run = LiveRun(plan, announce(plan), lambda _: Collector(keep_transcript=False), [presser])
    presser.run = run
    run.start()
    assert run.wait(60) is not None
    ends = [m for m in presser.told if isinstance(m, SpeechEnded)]
    assert {m.speaker for m in ends if m.at < pressed} == {Speaker.MANAGER}
    assert {m.speaker for m in ends if m.at > pressed} == {Speaker.COACHEE}
