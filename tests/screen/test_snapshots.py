"""Pictures of every screen. `pytest tests/screen --snapshot-update` makes them anew; look at them then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from live_coach.flow.messages import Message, NudgeClass, Severity
from live_coach.screen.words import WORDS
from tests.screen import feed
from tests.screen.conftest import Stage, until

NewStage = Callable[..., Stage]
LANGUAGES = ["en", "nl"]

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
    here: Stage,
    picture: SnapshotAssertion,
    size: tuple[int, int],
    language: str,
    text: str,
    *more: Message,
) -> None:
    """Compare the live screen once this text stands on it."""
    async with here.app.run_test(size=size) as pilot:
        here.play(*before(language), *more, at=552)
        await until(pilot, lambda: text in " ".join(here.text().split()))
        await pilot.pause()
        assert here.app.export_screenshot() == picture


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 6)], ids=lambda s: f"{s[0]}x{s[1]}")
class TestLive:
    async def test_normal(
        self, stage: NewStage, picture: SnapshotAssertion, size: tuple[int, int], language: str
    ) -> None:
        await show(stage(language=language), picture, size, language, "62%")

    async def test_nudge(
        self, stage: NewStage, picture: SnapshotAssertion, size: tuple[int, int], language: str
    ) -> None:
        nudge = feed.nudge(552, language, detail=feed.DETAILS[language])
        await show(stage(language=language), picture, size, language, nudge.text, nudge)

    async def test_device_lost(
        self, stage: NewStage, picture: SnapshotAssertion, size: tuple[int, int], language: str
    ) -> None:
        await show(
            stage(language=language), picture, size, language, "▲ Micro", feed.mic_lost(552, 3.2)
        )

    async def test_no_colour(
        self, stage: NewStage, picture: SnapshotAssertion, size: tuple[int, int], language: str
    ) -> None:
        nudge = feed.nudge(552, language, severity=Severity.FIRM)
        here = stage(language=language, colour=False)
        await show(here, picture, size, language, nudge.text, nudge)


@pytest.mark.parametrize("language", LANGUAGES)
class TestMore:
    async def test_sentence_to_say(
        self, stage: NewStage, picture: SnapshotAssertion, language: str
    ) -> None:
        text, detail = MIRACLE[language]
        nudge = feed.nudge(
            552, language, text=text, detail=detail, nudge_class=NudgeClass.SUGGESTION
        )
        await show(stage(language=language), picture, (80, 24), language, text, nudge)

    async def test_firm(self, stage: NewStage, picture: SnapshotAssertion, language: str) -> None:
        nudge = feed.nudge(552, language, severity=Severity.FIRM)
        await show(stage(language=language), picture, (80, 24), language, nudge.text, nudge)

    async def test_calm(self, stage: NewStage, picture: SnapshotAssertion, language: str) -> None:
        here = stage(language=language, density="calm")
        await show(here, picture, (80, 24), language, "62%")

    async def test_one_line(
        self, stage: NewStage, picture: SnapshotAssertion, language: str
    ) -> None:
        nudge = feed.nudge(552, language)
        here = stage(language=language, density="line")
        await show(here, picture, (80, 1), language, nudge.text, nudge)

    async def test_too_small(
        self, stage: NewStage, picture: SnapshotAssertion, language: str
    ) -> None:
        await show(stage(language=language), picture, (20, 5), language, "40×6")

    async def test_why(self, stage: NewStage, picture: SnapshotAssertion, language: str) -> None:
        here = stage(language=language)
        async with here.app.run_test(size=(80, 24)) as pilot:
            here.play(*before(language), feed.nudge(552, language), at=552)
            await until(pilot, lambda: feed.NUDGES[language] in here.text())
            await pilot.press("question_mark")
            await until(pilot, lambda: WORDS[language].why in here.text())
            await pilot.pause()
            assert here.app.export_screenshot() == picture


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 6)], ids=lambda s: f"{s[0]}x{s[1]}")
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
