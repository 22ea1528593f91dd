"""A whole conversation as a new user holds it: on a terminal, from the command to the summary."""

from __future__ import annotations

from pathlib import Path

import pytest

from live_coach.screen.card_words import CARD_WORDS
from live_coach.screen.words import WORDS
from tests.device.conftest import CALL, CALL_SINK, MIC, MIC_SINK, SoundServer
from tests.journey.program import require_model
from tests.terminal import Terminal

pytestmark = [
    pytest.mark.device,
    pytest.mark.models,
    pytest.mark.usefixtures("portaudio"),
]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_three_keys_lead_to_coaching_and_two_to_its_end(
    language: str, sound_server: SoundServer, beats: Path, tmp_path: Path
) -> None:
    require_model(language)
    words, card = WORDS[language], CARD_WORDS[language]
    sound_server.play(MIC_SINK, beats)
    sound_server.play(CALL_SINK, beats)
    here = Terminal(
        *("live", "--language", language, "--mic", MIC, "--call", CALL),
        module="live_coach",
        HOME=str(tmp_path),
        XDG_STATE_HOME=str(tmp_path / "state"),
        LIVE_COACH_ARCHIVE__DIRECTORY=str(tmp_path / "archive"),
    )
    try:
        for wanted, key in (
            (card.yes, card.yes_key),
            ("■", "\r"),
            (words.share_later, "m"),
            (words.marked.split(" {", maxsplit=1)[0], "q"),
            (words.key_scroll, "q"),
        ):
            here.read_until(wanted.encode())
            here.type(key.encode())
        assert here.read_to_the_end() == 0
    finally:
        here.close()
    assert card.card.encode() in here.got
    assert b"Traceback" not in here.got
