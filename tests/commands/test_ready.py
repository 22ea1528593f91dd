"""What is seen to before a conversation."""

from __future__ import annotations

import pytest

from live_coach.commands.ready import rehearse_model
from live_coach.errors import ModelError
from live_coach.settings import load
from live_coach.transcript.engine import EngineLost
from tests.transcript.engines import model

pytestmark = pytest.mark.models


def test_a_model_is_tried_before_anybody_fills_in_a_card() -> None:
    named = {"transcript.model": model("tiny.en", "en").name, "conversation.language": "en"}
    rehearse_model(load(named).settings)
    with pytest.raises((ModelError, EngineLost)):
        rehearse_model(load({**named, "transcript.memory_limit_mb": 60}).settings)
