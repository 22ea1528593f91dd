"""The types that cross folder borders: time, spans and what they refuse."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_coach.flow import messages
from live_coach.flow.messages import (
    RATE,
    AudioFrame,
    Channel,
    Span,
    Speaker,
    SpeechStarted,
    to_samples,
    to_seconds,
)

_MESSAGES = [
    kind
    for kind in vars(messages).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
]


@given(st.integers(0, 10 * 3600 * RATE))
def test_seconds_are_rounded_to_the_millisecond(samples: int) -> None:
    assert abs(to_samples(to_seconds(samples)) - samples) <= RATE // 2000
    assert to_seconds(samples) == round(to_seconds(samples), 3)


@given(st.integers(0, 10_000_000))
def test_a_whole_millisecond_survives_the_way_there_and_back(milliseconds: int) -> None:
    assert to_seconds(to_samples(milliseconds / 1000)) == milliseconds / 1000


def test_a_span_knows_its_length_and_never_ends_before_it_starts() -> None:
    assert Span(16, 48).length == 32
    assert Span(16, 16).length == 0
    with pytest.raises(ValueError, match="ends before it starts"):
        Span(48, 16)


def test_a_frame_has_as_many_samples_as_its_span() -> None:
    frame = AudioFrame(Channel.ROOM, Span(0, 320), np.zeros(320, np.float32))
    assert (frame.lost, frame.captured_ns) == (0, 0)
    with pytest.raises(ValueError, match="160 samples in a span of 320"):
        AudioFrame(Channel.ROOM, Span(0, 320), np.zeros(160, np.float32))


@pytest.mark.parametrize("kind", _MESSAGES, ids=lambda kind: kind.__name__)
def test_messages_are_frozen_and_slotted(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(kind)


def test_a_message_cannot_be_changed_by_another_thread() -> None:
    started = SpeechStarted(1, 0, Speaker.MANAGER, 512)
    with pytest.raises(dataclasses.FrozenInstanceError):
        started.at = 5  # type: ignore[misc]


def test_every_folder_border_type_is_a_message_of_the_union() -> None:
    members = set(messages.Message.__args__)
    assert members <= set(_MESSAGES)
    assert messages.SessionStarted in members
    assert messages.SessionEnded in members
