"""Before a conversation: the consent card, then the session card, under Textual's pilot."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.widgets import Input

from live_coach.audio.devices import Device
from live_coach.audio.remembered import Chosen
from live_coach.coaching.config import presets
from live_coach.errors import AudioError, LiveCoachError, ModelError
from live_coach.flow.messages import Health, HealthState, Levels, to_samples
from live_coach.screen.card_entry import Before, CardEntry
from live_coach.screen.card_words import CARD_WORDS
from live_coach.screen.consent_screen import ConsentScreen
from live_coach.screen.setup_app import SetupApp
from live_coach.sentences import Sentence
from tests.screen import feed
from tests.screen.conftest import until

LANGUAGES = ["en", "nl"]
SIZES = [(80, 24), (120, 40)]
PLAIN = CardEntry(minutes=30)
LAST = {
    "en": CardEntry(
        coachee="AB",
        preset="one-on-one",
        language="en",
        minutes=45,
        goal="I will call three customers every Friday",
        manager_expects="that you say what is in the way",
        coachee_expects="that you listen",
        frames=("no overtime", "the budget stays"),
    ),
    "nl": CardEntry(
        coachee="AB",
        preset="one-on-one",
        language="nl",
        minutes=45,
        goal="Ik bel elke vrijdag drie klanten",
        manager_expects="dat je zegt wat er in de weg zit",
        coachee_expects="dat je luistert",
        frames=("geen overwerk", "het budget blijft"),
    ),
}


HEADSET = Chosen(
    mic=Device("mic", "mic", "Headset", True, "pulse"),
    call=Device("out", "call", "Built-in speakers", True, "pulse"),
)


class Heard:
    """Devices of which this is heard, or that fail so."""

    def __init__(
        self, *told: Chosen | Levels | Health, failure: LiveCoachError | None = None
    ) -> None:
        self._told = told
        self._failure = failure
        self.begun = False

    def run(self, tell: Callable[[Any], None]) -> None:
        self.begun = True
        for one in self._told:
            tell(one)
        if self._failure:
            raise self._failure


def setup(language: str = "en", offered: CardEntry = PLAIN, **options: Any) -> SetupApp:
    asked: dict[str, Any] = {
        "presets": presets(),
        "languages": ("auto", "en", "nl"),
        "given": (),
        "aloud": language,
        "wording": language,
        "ask_consent": False,
        "keeps_transcript": False,
    }
    return SetupApp(offered, PLAIN, **(asked | options))


def text(app: SetupApp) -> str:
    rows = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in rows)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["y", "j", "Y"])
async def test_a_clear_yes_leads_to_the_card(language: str, key: str) -> None:
    app, words = setup(language, ask_consent=True), CARD_WORDS[language]
    async with app.run_test() as pilot:
        await until(pilot, lambda: words.consent in text(app))
        await pilot.press(key)
        await until(pilot, lambda: words.card in text(app))
        await pilot.press("enter")
    assert app.return_value == PLAIN


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["n", "escape", "ctrl+c"])
async def test_no_starts_nothing(language: str, key: str) -> None:
    app = setup(language, ask_consent=True)
    async with app.run_test() as pilot:
        await until(pilot, lambda: CARD_WORDS[language].consent in text(app))
        await pilot.press(key)
    assert app.return_value is None


async def test_no_other_key_is_an_answer() -> None:
    app = setup(ask_consent=True)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, ConsentScreen))
        await pilot.press("enter", "space", "o", "ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, ConsentScreen)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("days", [None, 0, 7])
async def test_kept_text_and_sound_are_said_aloud(
    language: str, keeps: bool, days: int | None
) -> None:
    words = CARD_WORDS[language]
    app = setup(language, ask_consent=True, keeps_transcript=keeps, keeps_audio_days=days)
    async with app.run_test(size=(200, 24)) as pilot:
        await until(pilot, lambda: words.consent in text(app))
        shown = " ".join(text(app).split())
        kept = words.kept_text if keeps else words.kept
        assert kept.format(sound=words.of_sound(days)) in shown


async def test_the_words_aloud_are_in_the_language_of_the_talk() -> None:
    app = setup(ask_consent=True, aloud="nl")
    async with app.run_test() as pilot:
        await until(pilot, lambda: CARD_WORDS["nl"].consent in text(app))
        await pilot.press("j")
        await until(pilot, lambda: CARD_WORDS["en"].card in text(app))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_field_can_be_filled_in_by_key(language: str) -> None:
    app = setup(language)
    async with app.run_test() as pilot:
        await until(pilot, lambda: CARD_WORDS[language].card in text(app))
        await pilot.press("A", "B", "down", "right", "tab", "right", "tab", "4", "x", "5", "tab")
        await pilot.press("w", "e", "tab", "h", "tab", "z", "up", "tab", "tab", *"a; b;", "enter")
    assert app.return_value == CardEntry(
        coachee="AB",
        preset=presets()[1],
        language="en",
        minutes=45,
        goal="we",
        manager_expects="h",
        coachee_expects="z",
        frames=("a", "b"),
    )


async def test_what_is_typed_fast_lands_in_the_field_that_it_was_meant_for() -> None:
    app = setup()
    async with app.run_test() as pilot:
        await until(pilot, lambda: CARD_WORDS["en"].card in text(app))
        for key in (*"AB", "tab", "tab", "tab", *"45", "tab", *"goal"):
            app.post_message(events.Key(key, key if len(key) == 1 else "\t"))
        await until(pilot, lambda: "goal" in text(app))
        await pilot.press("enter")
    assert app.return_value == CardEntry(coachee="AB", minutes=45, goal="goal")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_was_last_is_offered(language: str) -> None:
    app = setup(language, LAST[language])
    async with app.run_test() as pilot:
        await until(pilot, lambda: LAST[language].goal in text(app))
        await pilot.press("enter")
    assert app.return_value == LAST[language]


@pytest.mark.parametrize("key", ["escape", "ctrl+s"])
async def test_skipping_takes_nothing_of_what_was_last(key: str) -> None:
    app = setup("en", LAST["en"])
    async with app.run_test() as pilot:
        await until(pilot, lambda: LAST["en"].goal in text(app))
        await pilot.press(key)
    assert app.return_value is app._plain


async def test_ctrl_c_on_the_card_starts_nothing() -> None:
    app = setup()
    async with app.run_test() as pilot:
        await until(pilot, lambda: CARD_WORDS["en"].card in text(app))
        await pilot.press("ctrl+c")
    assert app.return_value is None


async def test_what_an_option_gave_is_not_asked() -> None:
    given = replace(PLAIN, goal="two new customers")
    app = setup(offered=given, given=("goal", "minutes"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: CARD_WORDS["en"].card in text(app))
        assert CARD_WORDS["en"].goal not in text(app)
        assert CARD_WORDS["en"].minutes not in text(app)
        await pilot.press("enter")
    assert app.return_value == given


@pytest.mark.parametrize("language", LANGUAGES)
async def test_ticks_light_as_the_goal_is_typed(language: str) -> None:
    app, words = setup(language), CARD_WORDS[language]
    async with app.run_test() as pilot:
        await until(pilot, lambda: f"· {words.smart['T']}" in text(app))
        app.screen.query_one("#goal").focus()
        await pilot.press(*{"en": "by friday", "nl": "elke vrijdag"}[language])
        await until(pilot, lambda: f"✓ {words.smart['T']}" in text(app))
        assert f"· {words.smart['A']}" in text(app)


BEFORE = {"ab": Before("2026-11-12", ("I call three customers on Friday.", "I ask first."))}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_was_planned_last_time_is_shown_for_who_is_typed(language: str) -> None:
    app, words = setup(language, before=BEFORE), CARD_WORDS[language]
    told = words.before.format(
        day="2026-11-12", plan="“I call three customers on Friday.” “I ask first.”"
    )
    async with app.run_test() as pilot:
        await until(pilot, lambda: words.card in text(app))
        assert "2026-11-12" not in text(app)
        await pilot.press("A", "b")
        await until(pilot, lambda: told in " ".join(text(app).split()))
        await pilot.press("c")
        await until(pilot, lambda: "2026-11-12" not in text(app))


async def test_what_was_planned_is_shown_for_who_was_given_by_option() -> None:
    offered = replace(PLAIN, coachee="AB")
    app = setup(offered=offered, given=("coachee",), before=BEFORE)
    async with app.run_test() as pilot:
        await until(pilot, lambda: "I ask first" in text(app))
        await pilot.press("enter")
    assert app.return_value == offered


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_length_that_cannot_be_says_so(language: str) -> None:
    app, words = setup(language, replace(PLAIN, minutes=None)), CARD_WORDS[language]
    async with app.run_test() as pilot:
        await until(pilot, lambda: words.card in text(app))
        app.screen.query_one("#minutes").focus()
        await pilot.press("9", "9", "9", "enter")
        await until(pilot, lambda: words.bad_minutes in text(app))
        await pilot.press("backspace", "enter")
    assert app.return_value == replace(PLAIN, minutes=99)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_opened_before_the_other_has_agreed(language: str) -> None:
    check, words = Heard(HEADSET, feed.levels(1)), CARD_WORDS[language]
    app = setup(language, ask_consent=True, check=check)
    async with app.run_test() as pilot:
        await until(pilot, lambda: words.consent in text(app))
        assert not check.begun
        await pilot.press("y")
        await until(pilot, lambda: "Built-in speakers" in text(app))
        for label, boxes, device in (
            (words.mic, "■■■■■■■■□□", "Headset"),
            (words.call, "■■□□□□□□□□", "Built-in speakers"),
        ):
            assert re.search(rf"{label} +{boxes}  {device}", text(app))


async def test_what_is_wrong_with_a_device_stands_in_its_place_until_it_is_well() -> None:
    app = setup(check=Heard(HEADSET, feed.levels(1), feed.mic_lost(1)))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "▲ The microphone is gone." in text(app))
        assert "Built-in speakers" in text(app)
        app._tell(Health(to_samples(2), HealthState.OK, "mic", ""))
        await until(pilot, lambda: "Headset" in text(app))
        assert "▲" not in text(app)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_devices_that_cannot_be_opened_are_a_sentence_and_no_gate(language: str) -> None:
    failure = AudioError(Sentence("device.no_server"))
    app = setup(language, check=Heard(failure=failure))
    told = " ".join(f"▲ {failure.told(language)}".split())
    async with app.run_test() as pilot:
        await until(pilot, lambda: told in " ".join(text(app).split()))
        await pilot.press("enter")
    assert app.return_value == PLAIN


async def test_meters_move_and_fall_slowly() -> None:
    app = setup(check=Heard(HEADSET))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "Headset" in text(app))
        for seconds, level, boxes in ((1.0, -12.0, 9), (1.5, -90.0, 8), (9.0, -90.0, 0)):
            app._tell(feed.levels(seconds, level, -90.0))
            await until(pilot, lambda n=boxes: "■" * n + "□" * (10 - n) + "  Headset" in text(app))


async def test_nothing_blinks_on_the_card() -> None:
    app = setup()
    async with app.run_test() as pilot:
        await until(pilot, lambda: CARD_WORDS["en"].card in text(app))
        assert not [field for field in app.screen.query(Input) if field.cursor_blink]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
class TestPictures:
    async def test_consent(
        self, picture: SnapshotAssertion, size: tuple[int, int], language: str
    ) -> None:
        app = setup(language, ask_consent=True)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: CARD_WORDS[language].consent in text(app))
            await pilot.pause()
            assert app.export_screenshot() == picture

    async def test_card(
        self, picture: SnapshotAssertion, size: tuple[int, int], language: str
    ) -> None:
        app = setup(language, LAST[language], check=Heard(HEADSET, feed.levels(1, -22.0, -46.0)))
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: LAST[language].goal in text(app))
            await until(pilot, lambda: "■■■■■■■□□□" in text(app))
            await pilot.pause()
            assert app.export_screenshot() == picture


@pytest.mark.parametrize("language", LANGUAGES)
async def test_picture_of_what_was_planned(picture: SnapshotAssertion, language: str) -> None:
    app = setup(language, LAST[language], before=BEFORE)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "I ask first" in text(app))
        await pilot.pause()
        assert app.export_screenshot() == picture


async def test_the_cards_fit_the_smallest_window() -> None:
    app = setup("nl", LAST["nl"], ask_consent=True)
    async with app.run_test(size=(40, 6)) as pilot:
        await until(pilot, lambda: "ja" in text(app))
        await pilot.press("j")
        await until(pilot, lambda: "Enter" in text(app) and "Coachee" in text(app))
        await pilot.press("enter")
    assert app.return_value == LAST["nl"]


async def test_what_cannot_be_held_is_told_while_the_cards_stand() -> None:
    may_fail = threading.Event()

    def rehearse() -> None:
        may_fail.wait()
        raise ModelError("It does not load.")

    app = setup(ask_consent=True, rehearse=rehearse)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, ConsentScreen))
        may_fail.set()
        await until(pilot, lambda: app.failure is not None)
    assert isinstance(app.failure, ModelError)
    assert app.return_value is None


async def test_a_model_that_loads_leaves_the_cards_alone() -> None:
    tried = threading.Event()
    app = setup(ask_consent=True, rehearse=tried.set)
    async with app.run_test() as pilot:
        await until(pilot, tried.is_set)
        await pilot.pause(0.1)
        assert isinstance(app.screen, ConsentScreen)
        assert app.failure is None
