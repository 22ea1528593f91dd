"""Every key of a conversation: what it asks for, and what the person sees of that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from live_coach.flow.messages import (
    HealthState,
    KindMuted,
    ListeningPaused,
    MomentMarked,
    NudgeRated,
    NudgesSnoozed,
    SpeakersSwapped,
    Wish,
    to_samples,
)
from live_coach.screen.words import WORDS
from tests.screen import feed
from tests.screen.conftest import Stage, until

NewStage = Callable[..., Stage]
NOW = to_samples(552)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("key", "wish", "told"),
    [
        ("p", ListeningPaused(NOW, paused=True), "paused"),
        ("s", NudgesSnoozed(NOW, to_samples(1152)), "snooze_begun"),
        ("n", KindMuted(NOW, "ask"), "kind_muted"),
        ("plus", NudgeRated(NOW, 1, good=True), "rated_good"),
        ("minus", NudgeRated(NOW, 1, good=False), "rated_bad"),
        ("m", MomentMarked(NOW), "marked"),
        ("x", SpeakersSwapped(NOW, to_samples(522)), "swapped"),
    ],
)
async def test_a_key_asks_for_its_wish_and_the_screen_says_so(
    stage: NewStage, language: str, key: str, wish: Wish, told: str
) -> None:
    here = stage(language=language)
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), feed.nudge(552, language), feed.metrics(552), at=552)
        await until(pilot, lambda: feed.NUDGES[language] in here.text())
        await pilot.press(key)
        sentence = getattr(WORDS[language], told).format(at="9:12")
        await until(pilot, lambda: f"✓ {sentence}" in here.text())
        assert here.wishes == [wish]


async def test_pause_is_shown_for_as_long_as_it_lasts_and_p_goes_on(stage: NewStage) -> None:
    here, words = stage(), WORDS["en"]
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), feed.levels(552), feed.metrics(552), at=552)
        await until(pilot, lambda: "■" in here.text())
        await pilot.press("p")
        here.play(feed.levels(560), feed.metrics(560), at=560)
        await until(pilot, lambda: f"‖ {words.paused}" in here.text())
        assert words.paused_how in here.text()
        assert "■" not in here.text()
        await pilot.press("p")
        await until(pilot, lambda: words.resumed in here.text())
        assert [wish.paused for wish in here.wishes] == [True, False]  # type: ignore[union-attr]
        assert words.paused_how not in here.text()


async def test_snooze_counts_down_and_the_same_key_ends_it(stage: NewStage) -> None:
    here, words = stage(), WORDS["en"]
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), feed.metrics(552), at=552)
        await until(pilot, lambda: "62%" in here.text())
        await pilot.press("s")
        here.play(feed.metrics(700), at=700)
        await until(pilot, lambda: words.snoozed.format(minutes=8) in here.text())
        await pilot.press("s")
        await until(pilot, lambda: words.snooze_over in here.text())
        assert here.wishes[-1] == NudgesSnoozed(to_samples(700), to_samples(700))


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("key", ["n", "plus", "minus"])
@pytest.mark.parametrize("size", [(80, 24), (40, 6)])
async def test_without_a_nudge_there_is_nothing_to_rate_or_mute_and_it_says_so_for_a_while(
    stage: NewStage, language: str, key: str, size: tuple[int, int]
) -> None:
    here, words = stage(language=language), WORDS[language]
    async with here.app.run_test(size=size) as pilot:
        here.play(feed.started(), feed.metrics(10), at=10)
        await until(pilot, lambda: "62%" in here.text())
        await pilot.press(key)
        await until(pilot, lambda: words.no_nudge in here.text())
        assert here.wishes == []
        here.play(feed.metrics(15), at=15)
        await until(pilot, lambda: words.no_nudge not in here.text())


async def test_the_latest_key_is_answered_with_a_nudge_or_without(stage: NewStage) -> None:
    here, words = stage(), WORDS["en"]
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), feed.metrics(10), at=10)
        await until(pilot, lambda: "62%" in here.text())
        await pilot.press("n")
        await until(pilot, lambda: words.no_nudge in here.text())
        await pilot.press("s")
        await until(pilot, lambda: words.snooze_begun in here.text())
        await pilot.press("plus")
        await until(pilot, lambda: words.no_nudge in here.text())
        assert words.snooze_begun not in here.text()


async def test_d_goes_through_the_densities_and_back(stage: NewStage) -> None:
    here = stage()
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), feed.metrics(552), at=552)
        await until(pilot, lambda: "Questions" in here.text())
        await pilot.press("d")
        await until(pilot, lambda: "Questions" not in here.text() and "38%" in here.text())
        await pilot.press("d")
        await until(pilot, lambda: "38%" not in here.text() and "62%" in here.text())
        assert len(here.text().split("\n")[0:]) == 24
        await pilot.resize_terminal(80, 1)
        await until(pilot, lambda: "62%" in here.text())
        await pilot.resize_terminal(80, 24)
        await pilot.press("d")
        await until(pilot, lambda: "Questions" in here.text())


async def test_escape_blanks_all_and_any_key_only_brings_it_back(stage: NewStage) -> None:
    here = stage()
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), feed.metrics(552), at=552)
        await until(pilot, lambda: "62%" in here.text())
        await pilot.press("escape")
        await until(pilot, lambda: here.text().strip() == "")
        here.play(feed.nudge(553), at=553)
        await pilot.pause(0.3)
        assert here.text().strip() == ""
        await pilot.press("q")
        await until(pilot, lambda: "62%" in here.text())
        assert here.asked == ["start"]


@pytest.mark.parametrize("over", ["h", "question_mark"])
async def test_escape_blanks_what_lies_over_the_live_screen_too(stage: NewStage, over: str) -> None:
    here = stage()
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), feed.metrics(552), at=552)
        await until(pilot, lambda: "62%" in here.text())
        await pilot.press(over)
        await until(pilot, lambda: "─╮" in here.text())
        await pilot.press("escape")
        await until(pilot, lambda: here.text().strip() == "")
        await pilot.press("space")
        await until(pilot, lambda: "62%" in here.text())
        assert "─╮" not in here.text()


async def test_the_summary_waits_behind_a_blank_screen(stage: NewStage) -> None:
    here = stage()
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), feed.metrics(552), at=552)
        await until(pilot, lambda: "62%" in here.text())
        await pilot.press("escape")
        here.play(feed.ended(552), at=552)
        await pilot.pause(0.4)
        assert here.text().strip() == ""
        await pilot.press("space")
        await until(pilot, lambda: "All went well." in here.text())


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_h_lists_every_key_and_goes_back(stage: NewStage, language: str) -> None:
    here, words = stage(language=language), WORDS[language]
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), feed.metrics(552), at=552)
        await pilot.press("h")
        await until(pilot, lambda: all(does in here.text() for does in words.key_list.values()))
        await pilot.press("x")
        assert here.wishes == []
        await pilot.press("h")
        await until(pilot, lambda: words.key_list["p"] not in here.text())


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_without_text_the_model_gives_way_to_basic_mode(
    stage: NewStage, language: str
) -> None:
    here = stage(language=language)
    async with here.app.run_test(size=(120, 40)) as pilot:
        failed = feed.mic_lost(552)
        failed = type(failed)(failed.at, HealthState.FAILED, "text", "Text has failed.")
        here.play(feed.started(), feed.metrics(552), failed, at=552)
        await until(pilot, lambda: WORDS[language].basic in here.text())
        assert "tiny.en" not in here.text()


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_the_goal_stands_in_the_words_of_the_coachee(stage: NewStage, language: str) -> None:
    here = stage(language=language)
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(goal="two calls a week"), feed.metrics(552), at=552)
        goal = WORDS[language].goal.format(goal="two calls a week")
        await until(pilot, lambda: goal in here.text())
