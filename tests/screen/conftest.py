"""Helpers for the screen: a real app under Textual's pilot, and its picture without web fonts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from live_coach.flow.messages import Message, Wish, to_samples
from live_coach.screen.app import CoachApp
from live_coach.screen.bridge import Bridge


class PlainSvg(SVGImageExtension):
    """Textual's SVG without links to anywhere, and with its spaces kept by every viewer."""

    def serialize(self, data: Any, **options: Any) -> Any:
        svg = str(super().serialize(data, **options))
        svg = re.sub(r"@font-face\s*\{[^}]*\}\s*|<!--.*?-->", "", svg, flags=re.DOTALL)
        svg = svg.replace("<text ", '<text xml:space="preserve" ')
        return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares an app's SVG with the one that is kept; `--snapshot-update` keeps a new one."""
    return snapshot.use_extension(PlainSvg)


@pytest.fixture(autouse=True)
def colours_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TEXTUAL", "TEXTUAL_FILTERS", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)


class Stage:
    """A bridge, an app on it, and what the app asked of the session."""

    def __init__(self, **options: Any) -> None:
        self.bridge = Bridge()
        self.asked: list[str] = []
        self.wishes: list[Wish] = []
        given: dict[str, Any] = {
            "language": "en",
            "on_start": lambda: self.asked.append("start"),
            "on_stop": lambda reason: self.asked.append(f"stop {reason}"),
            "summary": lambda: "# Summary\n\nAll went well.",
            "kept": "~/conversations.db",
            "on_wish": self.wish,
        }
        self.app = CoachApp(self.bridge, **(given | options))

    def wish(self, wish: Wish) -> None:
        """As a session does it: obey, then tell everybody."""
        self.wishes.append(wish)
        self.bridge.receive(wish, wish.at)

    def play(self, *messages: Message, at: float) -> None:
        for message in messages:
            self.bridge.receive(message, to_samples(at))

    def text(self) -> str:
        """What stands on the screen, row by row."""
        width, height = self.app.size
        rows = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text[:width].rstrip() for strip in rows[:height])


@pytest.fixture
def stage() -> Callable[..., Stage]:
    return Stage


async def until(pilot: Pilot[None], condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Let the app go on until the condition holds."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await pilot.pause(0.02)
    assert condition(), "waited in vain"
