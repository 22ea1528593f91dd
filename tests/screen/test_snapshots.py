"""Pictures of every screen. `pytest tests/screen --snapshot-update` makes them anew; look at them then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from live_coach.flow.messages import (
    ListeningPaused,
    Message,
    NudgeClass,
    NudgesSnoozed,
    Phase,
    Severity,
    to_samples,
)
from live_coach.screen.blank_screen import BlankScreen
from live_coach.screen.words import WORDS
from tests.screen import feed
from tests.screen.conftest import Stage, until

NewStage = Callable[..., Stage]
LANGUAGES = ["en", "nl"]
SIZES = [(80, 24), (120, 40)]
PLACES = [*SIZES, (40, 6), (80, 1)]
"""Where the live screen may stand; in a single row it is told to."""

GOALS = {
    "en": "I want to plan my week so that the reports are done by Friday",
    "nl": "Ik wil mijn week zo indelen dat de verslagen vrijdag klaar zijn",
}

SUMMARIES = {
    "en": """\
# Demo, 9 minutes

| | You | Coachee |
|---|---|---|
| Whole conversation | 62% | 38% |
| Last five minutes | 55% | 45% |

## What happened

- **7 questions**, 5 of them open
- 1 silence held

> “You should just call them” (8:08)

## One thing to try

After each of your questions, count to three before you say anything.
""",
    "nl": """\
# Demo, 9 minuten

| | Jij | Coachee |
|---|---|---|
| Hele gesprek | 62% | 38% |
| Laatste vijf minuten | 55% | 45% |

## Wat er gebeurde

- **7 vragen**, waarvan 5 open
- 1 stilte gelaten

> “Je moet ze gewoon bellen” (8:08)

## Eén ding om te proberen

Tel na elke vraag tot drie voordat je iets zegt.
""",
}
MIRACLE = {
    "en": (
        "Miracle question?",
        (
            "Suppose you go home, sleep, and overnight this is solved without you knowing. "
            "What is the first small thing you would notice tomorrow at work?"
        ),
    ),
    "nl": (
        "Wondervraag?",
        (
            "Stel, je gaat naar huis, je slaapt, en vannacht is het opgelost zonder dat je het weet. "
            "Waaraan merk je morgen als eerste dat het anders is?"
        ),
    ),
}


@dataclass(frozen=True)
class Look:
    """A state of the live screen: what leads to it, and a text by which it is known to be there."""

    text: str
    messages: tuple[Message, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


def look(name: str, language: str) -> Look:
    """The state of this name, nine minutes into a conversation."""
    words, nudge = WORDS[language], feed.nudge(552, language)
    text, detail = MIRACLE[language]
    return {
        "normal": Look("62%"),
        "nudge": Look(nudge.text, (feed.nudge(552, language, detail=feed.DETAILS[language]),)),
        "overloaded": Look("▲ Te", (feed.overloaded(552),)),
        "device_lost": Look("▲ Micro", (feed.mic_lost(552, 3.2),)),
        "no_colour": Look(
            nudge.text, (feed.nudge(552, language, severity=Severity.FIRM),), {"colour": False}
        ),
        "firm": Look(nudge.text, (feed.nudge(552, language, severity=Severity.FIRM),)),
        "sentence_to_say": Look(
            text,
            (
                feed.nudge(
                    552, language, text=text, detail=detail, nudge_class=NudgeClass.SUGGESTION
                ),
            ),
        ),
        "hold": Look(f"◔ {words.hold}", (feed.metrics(552, speaking=(), holding=1.5),)),
        "goal": Look(
            f"✓ {words.goal.format(goal='I')}",
            (
                feed.started(language=language, goal=GOALS[language]),
                feed.metrics(552, phase=Phase.OPTIONS, expectations_agreed=True),
            ),
        ),
        "last_minutes": Look(words.minutes_left.format(minutes=2), (feed.metrics(1_712),)),
        "sound_kept": Look(
            f"◉ {words.sound_kept}", (feed.started(language=language, keeps_audio=True),)
        ),
        "sound_kept_no_colour": Look(
            f"◉ {words.sound_kept}",
            (feed.started(language=language, keeps_audio=True),),
            {"colour": False},
        ),
        "sound_kept_calm": Look(
            f"◉ {words.sound_kept}",
            (feed.started(language=language, keeps_audio=True),),
            {"density": "calm"},
        ),
        "sound_kept_line": Look(
            f"◉ {words.sound_kept_short}",
            (feed.started(language=language, keeps_audio=True), nudge),
        ),
        "calm": Look("62%", (), {"density": "calm"}),
        "paused": Look(words.paused_how.split("   ")[0], (ListeningPaused(to_samples(547), True),)),
        "snoozed": Look(
            words.snoozed.format(minutes=10),
            (NudgesSnoozed(to_samples(547), to_samples(547 + 600)),),
        ),
    }[name]


def before(language: str) -> list[Message]:
    """Nine minutes in, with one nudge behind."""
    return [
        feed.started(language=language),
        feed.levels(552),
        feed.final(550.4),
        feed.nudge(488, language),
        feed.metrics(552),
    ]


async def show(
    stage: NewStage, picture: SnapshotAssertion, size: tuple[int, int], language: str, name: str
) -> None:
    """Compare the live screen once it is in this state."""
    wanted = look(name, language)
    line = {"density": "line"} if size[1] == 1 else {}
    here = stage(language=language, **(line | wanted.options))
    async with here.app.run_test(size=size) as pilot:
        here.play(*before(language), *wanted.messages, at=552)
        await until(pilot, lambda: wanted.text in " ".join(here.text().split()))
        await pilot.pause()
        assert here.app.export_screenshot() == picture


def named(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", PLACES, ids=named)
@pytest.mark.parametrize("name", ["normal", "nudge", "overloaded", "device_lost", "no_colour"])
async def test_live(
    stage: NewStage, picture: SnapshotAssertion, size: tuple[int, int], language: str, name: str
) -> None:
    await show(stage, picture, size, language, name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=named)
@pytest.mark.parametrize("name", ["hold", "goal", "paused", "snoozed", "sound_kept"])
async def test_state(
    stage: NewStage, picture: SnapshotAssertion, size: tuple[int, int], language: str, name: str
) -> None:
    await show(stage, picture, size, language, name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name",
    [
        *("firm", "sentence_to_say", "calm", "last_minutes"),
        *("sound_kept_no_colour", "sound_kept_calm"),
    ],
)
async def test_more(stage: NewStage, picture: SnapshotAssertion, language: str, name: str) -> None:
    await show(stage, picture, (80, 24), language, name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["hold", "paused", "sound_kept_line"])
async def test_more_in_one_line(
    stage: NewStage, picture: SnapshotAssertion, language: str, name: str
) -> None:
    await show(stage, picture, (80, 1), language, name)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_too_small(stage: NewStage, picture: SnapshotAssertion, language: str) -> None:
    here = stage(language=language)
    async with here.app.run_test(size=(20, 5)) as pilot:
        await until(pilot, lambda: "40×6" in " ".join(here.text().split()))
        await pilot.pause()
        assert here.app.export_screenshot() == picture


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=named)
@pytest.mark.parametrize("key", ["question_mark", "h", "escape"])
async def test_over_the_live_screen(
    stage: NewStage, picture: SnapshotAssertion, size: tuple[int, int], language: str, key: str
) -> None:
    here, words = stage(language=language), WORDS[language]
    shown = {"question_mark": words.why, "h": words.key_list["q"]}
    async with here.app.run_test(size=size) as pilot:
        here.play(*before(language), feed.nudge(552, language), at=552)
        await until(pilot, lambda: feed.NUDGES[language] in here.text())
        await pilot.press(key)
        if key in shown:
            await until(pilot, lambda: shown[key] in here.text())
        else:
            await until(pilot, lambda: isinstance(here.app.screen, BlankScreen))
        await pilot.pause()
        assert here.app.export_screenshot() == picture


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [*SIZES, (40, 6)], ids=named)
async def test_summary(
    stage: NewStage, picture: SnapshotAssertion, size: tuple[int, int], language: str
) -> None:
    here = stage(language=language, summary=lambda: SUMMARIES[language])
    async with here.app.run_test(size=size) as pilot:
        here.play(*before(language), feed.ended(552), at=552)
        await until(pilot, lambda: "Demo, 9 minu" in here.text())
        await pilot.pause()
        assert here.app.export_screenshot() == picture


async def test_pictures_name_no_other_host(stage: NewStage, picture: SnapshotAssertion) -> None:
    here = stage()
    async with here.app.run_test() as pilot:
        await until(pilot, lambda: WORDS["en"].getting_ready in here.text())
        svg = picture.extension.serialize(here.app.export_screenshot())
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
