"""Messages of a capture worker survive the pipe, and half a message is an end, not a crash."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_coach.audio import wire

MESSAGES = st.one_of(
    st.builds(wire.Opened, st.integers(1, 400_000), st.text()),
    st.builds(wire.Block, st.integers(0, 2**62), st.integers(0, 2**62), st.binary(max_size=2_000)),
    st.builds(wire.Failed, st.sampled_from(["no_portaudio", "no_device", "refused"])),
)


@given(st.lists(MESSAGES))
def test_everything_written_is_read(messages: list[wire.Message]) -> None:
    pipe = io.BytesIO(b"".join(wire.encode(message) for message in messages))
    assert [wire.read(pipe) for _ in messages] == messages
    assert wire.read(pipe) is None


@given(MESSAGES, st.data())
def test_half_a_message_is_the_end(message: wire.Message, data: st.DataObject) -> None:
    whole = wire.encode(message)
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert wire.read(io.BytesIO(whole[:cut])) is None


@pytest.mark.parametrize("module", ["numpy", "click", "pydantic", "soxr", "live_coach.settings"])
def test_the_worker_imports_next_to_nothing(module: str) -> None:
    code = f"import sys, live_coach.audio.capture_worker; print({module!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
