"""The app under Textual's pilot: from start to summary, and every way out."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from time import monotonic

import pytest
from textual.screen import Screen

from live_coach.errors import ArchiveError, AudioError
from live_coach.flow.messages import HealthState, SessionEnded, Speaker, to_samples
from live_coach.screen.app import CoachApp
from live_coach.screen.summary_screen import SummaryScreen
from live_coach.screen.words import WORDS
from tests.screen import feed
from tests.screen.conftest import Stage, until
from tests.screen.test_snapshots import MIRACLE

NewStage = Callable[..., Stage]
LANGUAGES = ["en", "nl"]


async def test_the_session_starts_once_the_screen_stands(stage: NewStage) -> None:
    threads: list[threading.Thread] = []
    here = stage(on_start=lambda: threads.append(threading.current_thread()))
    async with here.app.run_test() as pilot:
        await until(pilot, lambda: threads)
        assert threads[0] is not threading.main_thread()
        assert WORDS["en"].getting_ready in here.text()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_conversation_is_shown_as_it_goes(stage: NewStage, language: str) -> None:
    here, words = stage(language=language), WORDS[language]
    async with here.app.run_test(size=(80, 24)) as pilot:
        here.play(feed.started(), at=0)
        here.play(feed.levels(552), feed.final(551), feed.metrics(552), at=552)
        await until(pilot, lambda: "62%" in here.text())
        text = here.text()
        for part in (
            words.manager,
            words.coachee,
            "38%",
            "9:12",
            "9:12 / 30 min",
            words.last_minutes.format(share="55%"),
            words.questions.format(open=5, closed=2),
            words.tips.format(spent=0, allowed=1),
            words.late.format(sound=words.number(0, ".1f"), text=words.number(1, ".1f")),
            "tiny.en",
            words.key_end,
        ):
            assert part in text
        assert "╭" not in text
        here.play(feed.nudge(552, language), at=552)
        await until(pilot, lambda: feed.NUDGES[language] in here.text())
        assert "╭" in here.text()
        here.play(feed.metrics(558), at=558)
        await until(pilot, lambda: f"9:12  ◆ {feed.NUDGES[language]}" in here.text())
        here.play(feed.mic_lost(559), at=559)
        lost = words.troubles["mic", HealthState.LOST]
        await until(pilot, lambda: f"▲ {lost}" in here.text())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_q_ends_and_then_the_summary_is_there(stage: NewStage, language: str) -> None:
    here, words = stage(language=language), WORDS[language]
    async with here.app.run_test() as pilot:
        await until(pilot, lambda: here.asked == ["start"])
        here.play(feed.started(), feed.metrics(10), at=10)
        await pilot.press("q")
        await until(pilot, lambda: here.asked == ["start", "stop asked"])
        await until(pilot, lambda: words.ending in here.text())
        await pilot.press("q")
        here.play(feed.ended(10), at=10)
        await until(pilot, lambda: "All went well." in here.text())
        assert words.summary in here.text()
        assert words.kept_in.format(place="~/conversations.db") in here.text()
        assert here.asked == ["start", "stop asked"]
        await pilot.press("q")
    assert here.app.return_code == 0
    assert here.app.failure is None
    assert not here.app.left_early


async def test_stop_waits_for_a_start_that_takes_its_time(stage: NewStage) -> None:
    asked: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def start() -> None:
        begun.set()
        go_on.wait(30)
        asked.append("start")

    here = stage(on_start=start, on_stop=asked.append)
    async with here.app.run_test() as pilot:
        await until(pilot, begun.is_set)
        await pilot.press("q")
        await until(pilot, lambda: WORDS["en"].ending in here.text())
        assert asked == []
        go_on.set()
        await until(pilot, lambda: asked == ["start", "asked"])


@pytest.mark.parametrize("key", ["enter", "escape", "ctrl+c"])
async def test_a_conversation_that_ends_by_itself_shows_its_summary(
    stage: NewStage, key: str
) -> None:
    here = stage()
    async with here.app.run_test() as pilot:
        here.play(feed.started(), feed.metrics(10), feed.ended(10), at=10)
        await until(pilot, lambda: "All went well." in here.text())
        await pilot.press(key)
    assert here.app.return_code == 0
    assert not here.app.left_early
    assert not [word for word in here.asked if word.startswith("stop")]


async def test_the_summary_comes_over_an_open_explanation(stage: NewStage) -> None:
    here = stage()
    async with here.app.run_test() as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: WORDS["en"].no_nudge in here.text())
        here.play(feed.ended(10), at=10)
        await until(pilot, lambda: "All went well." in here.text())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_conversation_that_was_cut_short_says_so(stage: NewStage, language: str) -> None:
    here = stage(language=language)
    async with here.app.run_test() as pilot:
        here.play(SessionEnded("failed", to_samples(10)), at=10)
        await until(pilot, lambda: WORDS[language].cut_short in here.text())


async def test_ctrl_c_once_ends_properly_twice_leaves_at_once(stage: NewStage) -> None:
    never = threading.Event()
    stopping: list[str] = []

    def stop(reason: str) -> None:
        stopping.append(reason)
        never.wait(30)

    here = stage(on_stop=stop)
    async with here.app.run_test() as pilot:
        await pilot.press("ctrl+c")
        await until(pilot, lambda: stopping == ["interrupted"])
        await pilot.press("ctrl+c")
    assert here.app.left_early
    assert here.app.return_code == 0
    never.set()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_why_shows_the_evidence_and_goes_back(stage: NewStage, language: str) -> None:
    here = stage(language=language)
    async with here.app.run_test() as pilot:
        nudge = feed.nudge(552, language)
        here.play(feed.metrics(552), nudge, at=552)
        await until(pilot, lambda: nudge.text in here.text())
        await pilot.press("question_mark")
        await until(pilot, lambda: nudge.because[0].quote in here.text())
        await pilot.press("question_mark")
        await until(pilot, lambda: nudge.because[0].quote not in here.text())
        assert here.asked == ["start"]


async def test_a_session_that_cannot_start_leaves_with_its_sentence(stage: NewStage) -> None:
    def start() -> None:
        raise AudioError("There is no microphone.", hint="Plug one in.")

    here = stage(on_start=start)
    async with here.app.run_test() as pilot:
        await until(pilot, lambda: here.app.failure)
    assert str(here.app.failure) == "There is no microphone. Plug one in."
    assert here.app.return_code == 1


async def test_a_session_that_fails_on_its_way_leaves_with_its_sentence(stage: NewStage) -> None:
    here = stage()
    async with here.app.run_test() as pilot:
        here.play(feed.metrics(10), at=10)
        here.bridge.fail(ArchiveError("The disk is full."))
        await until(pilot, lambda: here.app.failure)
    assert str(here.app.failure) == "The disk is full."
    assert here.app.return_code == 1


async def test_a_summary_that_cannot_be_made_leaves_with_a_sentence(stage: NewStage) -> None:
    def summary() -> str:
        raise ValueError("words of the conversation")

    here = stage(summary=summary)
    async with here.app.run_test() as pilot:
        here.play(feed.ended(10), at=10)
        await until(pilot, lambda: here.app.failure)
    assert "ValueError" in str(here.app.failure)
    assert "words of the conversation" not in str(here.app.failure)


async def test_messages_after_the_screen_has_gone_hurt_nobody(stage: NewStage) -> None:
    here = stage()
    async with here.app.run_test():
        here.play(feed.metrics(10), at=10)
    here.play(feed.metrics(11), feed.nudge(11), feed.ended(12), at=12)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(20, 5), (39, 24), (80, 5), (1, 1)])
async def test_too_small_a_window_asks_for_a_larger_one_and_recovers(
    stage: NewStage, language: str, size: tuple[int, int]
) -> None:
    here = stage(language=language)
    sentence = WORDS[language].too_small.format(width=40, height=6)
    async with here.app.run_test(size=size) as pilot:
        here.play(feed.started(), feed.metrics(552), feed.nudge(552, language), at=552)
        await pilot.pause(0.3)
        text = " ".join(here.text().split())
        assert "62%" not in text
        assert text == sentence or size == (1, 1)
        await pilot.resize_terminal(40, 6)
        await until(pilot, lambda: "62%" in here.text() and feed.NUDGES[language] in here.text())
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: "62%" not in here.text())
        await pilot.press("question_mark")
        here.play(feed.ended(300), at=300)
        await until(pilot, lambda: isinstance(here.app.screen, SummaryScreen))
        await pilot.pause(0.2)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "All went well." in here.text())


@pytest.mark.parametrize(
    ("size", "language"),
    [
        *(((40, 6), "en"), ((40, 6), "nl"), ((41, 9), "en"), ((60, 12), "nl"), ((79, 17), "en")),
        *(
            ((80, 18), "nl"),
            ((99, 29), "en"),
            ((100, 30), "nl"),
            ((200, 60), "en"),
            ((200, 60), "nl"),
        ),
    ],
)
@pytest.mark.parametrize("density", ["full", "calm"])
async def test_share_nudge_and_trouble_are_seen_at_every_size(
    stage: NewStage, size: tuple[int, int], language: str, density: str
) -> None:
    here, words = stage(density=density, language=language), WORDS[language]
    async with here.app.run_test(size=size) as pilot:
        nudge = feed.nudge(552, language, detail=feed.DETAILS[language])
        here.play(feed.started(), feed.metrics(552), nudge, feed.mic_lost(552), at=552)
        await until(pilot, lambda: nudge.text in here.text())
        text = here.text()
        lost = words.troubles["mic", HealthState.LOST]
        for part in ("62%", "38%", "9:12", f"▲ {lost}", feed.DETAILS[language]):
            assert part in text
        counts = words.questions.format(open=5, closed=2)
        assert (counts in text) == (density == "full" and size[1] >= 12)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(50, 24), (60, 12), (80, 18), (200, 60)])
async def test_a_sentence_to_say_is_whole(
    stage: NewStage, size: tuple[int, int], language: str
) -> None:
    here, sentence = stage(language=language), MIRACLE[language][1]

    def whole() -> bool:
        return sentence in re.sub(r"[│\s]+", " ", here.text())

    async with here.app.run_test(size=size) as pilot:
        nudge = feed.nudge(552, language, detail=sentence)
        here.play(feed.started(), feed.metrics(552), nudge, at=552)
        await until(pilot, lambda: nudge.text in here.text())
        await until(pilot, whole)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80])
async def test_one_line_is_enough_for_share_and_nudge(
    stage: NewStage, language: str, width: int
) -> None:
    here = stage(language=language, density="line")
    async with here.app.run_test(size=(width, 1)) as pilot:
        here.play(feed.started(), feed.metrics(552), at=552)
        await until(pilot, lambda: "62%" in here.text() and "9:12" in here.text())
        here.play(feed.nudge(552, language), at=552)
        await until(pilot, lambda: f"◆ {feed.NUDGES[language]}" in here.text())
        assert "62%" in here.text()


async def test_the_screen_takes_news_at_most_ten_times_a_second(stage: NewStage) -> None:
    here = stage()
    takes = 0
    take = here.bridge.take

    def counted() -> object:
        nonlocal takes
        takes += 1
        return take()

    here.bridge.take = counted  # type: ignore[method-assign,assignment]
    repaints: list[float] = []
    display = here.app._display

    def watched(screen: Screen[object], renderable: object) -> None:
        repaints.append(monotonic())
        display(screen, renderable)  # type: ignore[arg-type]

    here.app._display = watched  # type: ignore[method-assign,assignment]
    done = threading.Event()

    def flood() -> None:
        for tenth in range(10):
            for step in range(100):
                second = 10 + tenth / 10 + step / 1000
                here.play(
                    feed.levels(second),
                    feed.metrics(second),
                    feed.speech_started(second, Speaker.MANAGER),
                    at=second,
                )
            done.wait(0.1)
        done.set()

    async with here.app.run_test() as pilot:
        began = monotonic()
        flooder = threading.Thread(target=flood)
        flooder.start()
        await until(pilot, done.is_set, seconds=30)
        flooder.join()
        await until(pilot, lambda: "0:10" in here.text())
        lasted = monotonic() - began
    assert 2 <= takes <= 10 * lasted + 2
    assert 2 <= len([at for at in repaints if at >= began]) <= 10 * lasted + 2
    assert here.bridge.replaced > 1500


@pytest.mark.parametrize("how", ["setting", "environment"])
async def test_without_colour_nothing_is_coloured(
    stage: NewStage, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "environment":
        monkeypatch.setenv("NO_COLOR", "1")
    here = stage(colour=how != "setting")
    async with here.app.run_test() as pilot:
        here.play(feed.started(), feed.metrics(552), feed.nudge(552), feed.mic_lost(552), at=552)
        await until(pilot, lambda: feed.NUDGES["en"] in here.text())
        assert colours(here.app) == {"default"}


async def test_with_colour_the_two_people_are_blue_and_orange(stage: NewStage) -> None:
    here = stage()
    async with here.app.run_test() as pilot:
        here.play(feed.started(), feed.metrics(552), at=552)
        await until(pilot, lambda: "62%" in here.text())
        assert {"#56b4e9", "#e69f00"} <= colours(here.app)


def colours(app: CoachApp) -> set[str]:
    """Names of all colours on the screen, as the terminal would get them."""
    found = set()
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            for colour in (style.color, style.bgcolor) if style else ():
                if colour is not None:
                    found.add(colour.name)
    return found


async def test_an_unforeseen_error_of_the_screen_becomes_a_sentence(
    stage: NewStage, capfd: pytest.CaptureFixture[str]
) -> None:
    here = stage()
    secret = "words of the conversation"

    def broken(_state: object) -> None:
        raise ZeroDivisionError(secret)

    async def run() -> None:
        async with here.app.run_test() as pilot:
            here.app._live.show = broken  # type: ignore[method-assign]
            here.play(feed.metrics(1), at=1)
            await until(pilot, lambda: here.app.failure)

    with pytest.raises(ZeroDivisionError):
        await run()
    assert "ZeroDivisionError" in str(here.app.failure)
    printed = "".join(capfd.readouterr())
    assert "Traceback" not in printed
    assert secret not in printed + str(here.app.failure)
