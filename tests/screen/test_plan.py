"""After a conversation: the coachee's plan, sentence by sentence, under Textual's pilot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from live_coach.errors import ArchiveError, LiveCoachError
from live_coach.screen.plan_screen import PlanScreen
from live_coach.screen.plan_words import PLAN_WORDS
from live_coach.screen.words import WORDS
from tests.screen import feed
from tests.screen.conftest import Stage, until

NewStage = Callable[..., Stage]
LANGUAGES = ["en", "nl"]
HEARD = {
    "en": (
        "Tomorrow at ten I see the people from the bakery.",
        "Before I leave, I will ask them for a date next week, at the table, before anything else.",
        "I could write the question on the first page of my notebook.",
    ),
    "nl": (
        "Morgen om negen uur bel ik drie klanten die ik deze week heb geholpen.",
        "Eerst vraag ik hoe het nu gaat, en dan vraag ik elke keer wie ze nog meer kennen.",
        "Ik kan mijn collega vragen of zij het eerste uur wil opnemen.",
    ),
}


class Asked(Stage):
    """A stage on which sentences were heard; `confirmed` are those that were kept, None while nobody was asked."""

    def __init__(self, language: str = "en", heard: tuple[str, ...] | None = None, **more: Any):
        self.confirmed: tuple[str, ...] | None = None
        self.heard = HEARD[language] if heard is None else heard
        options = {"language": language, "plan": lambda: self.heard, "on_plan": self.keep}
        super().__init__(**(options | more))

    def keep(self, sentences: tuple[str, ...]) -> None:
        self.confirmed = tuple(sentences)

    async def over(self, pilot: Pilot[None]) -> None:
        """The conversation is over and the plan is asked for."""
        self.play(feed.started(), feed.metrics(552), feed.ended(552), at=552)
        await until(pilot, lambda: isinstance(self.app.screen, PlanScreen))
        await until(pilot, lambda: self.heard[0][:20] in self.text())

    def tells(self) -> bool:
        return "All went well" in self.text()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_only_what_is_marked_is_kept(language: str) -> None:
    here = Asked(language)
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        await pilot.press("space", "down", "space", "down", "space", "up", "space", "enter")
        await until(pilot, here.tells)
    assert here.confirmed == (HEARD[language][0], HEARD[language][2])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_sentence_is_changed_in_its_place_and_others_are_added(language: str) -> None:
    here = Asked(language)
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        await pilot.press("e", "x", "backspace", "backspace", *" e a", "enter")
        await pilot.press("a", *" we  call", "enter")
        await pilot.press("a", "a", "escape", "e", "b", "escape", "enter")
        await until(pilot, here.tells)
    assert here.confirmed == (f"{HEARD[language][0][:-1]} e a", "we call")


async def test_keys_that_come_fast_are_for_the_sentence_that_was_meant() -> None:
    here = Asked()
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        for key in ("down", "space", "down", "e", "!"):
            character = key if len(key) == 1 else " " if key == "space" else None
            here.app.post_message(events.Key(key, character))
        await until(pilot, lambda: here.app.screen.query_one(Input).value.endswith("!"))
        await pilot.press("escape", "enter")
        await until(pilot, here.tells)
    assert here.confirmed == (HEARD["en"][1],)


async def test_a_key_that_is_pressed_twice_takes_nothing_twice() -> None:
    here = Asked()
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        await pilot.press("e")
        place = here.app.screen.query_one(Input)
        for _ in range(2):
            place.post_message(Input.Submitted(place, "we call"))
        await until(pilot, lambda: "✓ we call" in here.text())
        await pilot.press("enter")
        await until(pilot, here.tells)
    assert here.confirmed == ("we call",)


async def test_a_sentence_that_is_emptied_is_dropped() -> None:
    here = Asked()
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        await pilot.press("space", "e")
        here.app.screen.query_one(Input).value = " "
        await pilot.press("enter", "enter")
        await until(pilot, here.tells)
    assert here.confirmed is None


@pytest.mark.parametrize("keys", [["enter"], ["escape"], ["space", "escape"]])
async def test_nothing_is_kept_that_was_not_confirmed(keys: list[str]) -> None:
    here = Asked()
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        await pilot.press(*keys)
        await until(pilot, here.tells)
    assert here.confirmed is None


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_who_leaves_has_confirmed_nothing(key: str) -> None:
    here = Asked()
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        await pilot.press("space", key)
    assert here.confirmed is None
    assert not here.app.left_early


async def test_where_nothing_was_heard_nobody_is_asked() -> None:
    here = Asked(heard=())
    async with here.app.run_test() as pilot:
        here.play(feed.started(), feed.ended(552), at=552)
        await until(pilot, here.tells)
    assert here.confirmed is None


async def test_the_keys_of_the_conversation_do_nothing_here() -> None:
    here = Asked()
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        await pilot.press("q", "p", "s", "m", "h", "question_mark", "d", "x")
        await pilot.pause()
        assert isinstance(here.app.screen, PlanScreen)
    assert here.wishes == []
    assert here.asked == ["start"]


async def test_a_blank_screen_stays_blank_and_then_asks() -> None:
    here = Asked()
    async with here.app.run_test() as pilot:
        here.play(feed.started(), feed.metrics(552), at=552)
        await until(pilot, lambda: "62%" in here.text())
        await pilot.press("escape")
        here.play(feed.ended(552), at=552)
        await pilot.pause(0.3)
        assert not here.text().strip()
        await pilot.press("x")
        await until(pilot, lambda: isinstance(here.app.screen, PlanScreen))
        await pilot.press("space", "enter")
        await until(pilot, here.tells)
    assert here.confirmed == HEARD["en"][:1]


async def test_a_plan_that_cannot_be_kept_is_still_told() -> None:
    def refuse(_: object) -> None:
        raise ArchiveError("The disk is full.")

    here = Asked(on_plan=refuse)
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        await pilot.press("space", "enter")
        await until(pilot, here.tells)
        await pilot.press("q")
    assert isinstance(here.app.failure, LiveCoachError)
    assert "disk is full" in str(here.app.failure)


async def test_it_fits_the_smallest_window() -> None:
    here = Asked("nl")
    async with here.app.run_test(size=(40, 6)) as pilot:
        await here.over(pilot)
        await pilot.press("down", "down", "space")
        await until(pilot, lambda: "✓ Ik kan mijn collega" in here.text())
        await pilot.press("enter")
        await until(pilot, here.tells)
    assert here.confirmed == HEARD["nl"][2:]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda s: f"{s[0]}x{s[1]}")
class TestPictures:
    async def test_sentences(
        self, picture: SnapshotAssertion, size: tuple[int, int], language: str
    ) -> None:
        here = Asked(language)
        async with here.app.run_test(size=size) as pilot:
            await here.over(pilot)
            await pilot.press("space", "down")
            await until(pilot, lambda: "✓" in here.text())
            await pilot.pause()
            assert here.app.export_screenshot() == picture

    async def test_changing(
        self, picture: SnapshotAssertion, size: tuple[int, int], language: str
    ) -> None:
        here = Asked(language)
        async with here.app.run_test(size=size) as pilot:
            await here.over(pilot)
            await pilot.press("down", "e")
            await until(pilot, lambda: PLAN_WORDS[language].apply in here.text())
            await pilot.pause()
            assert here.app.export_screenshot() == picture


@pytest.mark.parametrize("language", LANGUAGES)
async def test_without_colour_marks_can_be_told_apart(language: str) -> None:
    here = Asked(language, colour=False)
    async with here.app.run_test() as pilot:
        await here.over(pilot)
        await pilot.press("space", "down")
        await until(pilot, lambda: f"✓ {HEARD[language][0][:10]}" in here.text())
        assert f"· {HEARD[language][1][:10]}" in here.text()
        await pilot.press("enter")
        await until(pilot, lambda: WORDS[language].summary in here.text())
