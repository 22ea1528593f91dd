"""The session card: what the two agree before they begin. Everything may be skipped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from live_coach.audio.remembered import Chosen
from live_coach.coaching.goal import smart
from live_coach.coaching.markers import Language
from live_coach.flow.messages import Health, Levels
from live_coach.screen.card_entry import MINUTES, Before, CardEntry
from live_coach.screen.card_words import CardWords
from live_coach.screen.widgets.choice import Choice
from live_coach.screen.widgets.meters import Meters

_TEXTS = ("coachee", "minutes", "goal", "manager_expects", "coachee_expects", "frames")
_FIELDS = ("coachee", "preset", "language", "minutes", *_TEXTS[2:])
_LONGEST = 300
"""Characters of one field."""


class CardScreen(Screen[CardEntry | None]):
    """Ends with what was filled in, or None where all of it was skipped.

    `offered` fills the fields, `presets` and `languages` can be chosen; those in `given` were decided already and are not asked. `before` is
    what was planned last time, by the coachee's nickname in small letters.
    """

    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-middle"), (18, "-high"), (30, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "Begin"),
        Binding("escape,ctrl+s", "dismiss(None)", "Skip", priority=True),
        # At once, before the next key: what is typed fast lands in the field that it was meant for.
        Binding("tab,down", "app.focus_next", "Next", priority=True),
        Binding("shift+tab,up", "app.focus_previous", "Previous", priority=True),
    ]

    def __init__(
        self,
        words: CardWords,
        wording: Language,
        offered: CardEntry,
        presets: Sequence[str],
        languages: Sequence[str],
        *,
        given: Collection[str] = (),
        colour: bool,
        on_standing: Callable[[], None] = lambda: None,
        before: Mapping[str, Before] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        self._words = words
        self._wording = wording
        self._offered = offered
        self._on_standing = on_standing
        self._before = before
        self._choices: Mapping[str, Mapping[str, str]] = {
            "preset": {name: words.presets.get(name, name) for name in presets},
            "language": {name: words.languages[name] for name in languages},
        }
        self._asked = tuple(name for name in _FIELDS if name not in given)
        self._key_style, self._hint_style = ("", "$quiet") if colour else ("bold", "dim")

    def compose(self) -> ComposeResult:
        """One row per field, the ticks under the goal."""
        with Vertical(id="body", classes="card"):
            yield Static(self._words.card, classes="card-heading")
            with VerticalScroll(classes="card-parts", can_focus=False):
                for name in self._asked:
                    with Horizontal(classes=f"card-row card-{name}"):
                        yield Static(getattr(self._words, name), classes="card-label")
                        yield self._field(name)
                    if name == "goal":
                        yield Static(id="ticks")
            yield Static(id="before")
            yield Meters(self._words, id="meters")
            yield Static(id="card-trouble")
            yield Static(self._keys(), classes="card-keys")

    def on_mount(self) -> None:
        """The ticks of the goal that is offered; news of the devices may come now."""
        self._tick()
        self._look_back()
        self.query_one("#card-trouble").display = False
        self._on_standing()

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Light the ticks as the goal is typed; show the last plan of the coachee who is typed."""
        self._tick()
        self._look_back()

    def on_choice_changed(self, _event: Choice.Changed) -> None:
        """The goal is read in the language of the talk."""
        self._tick()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """Enter goes on from every field."""
        self.action_begin()

    def action_begin(self) -> None:
        """Go on with what stands on the card, unless a field cannot be used."""
        entry = self._entry()
        if entry is None:
            trouble = self.query_one("#card-trouble", Static)
            trouble.update(self._words.bad_minutes)
            trouble.display = True
            self.query_one("#minutes", Input).focus()
        else:
            self.dismiss(entry)

    def hear(self, told: Chosen | Levels | Health | str) -> None:
        """News of the devices that the conversation will use."""
        self.query_one(Meters).take(told)

    def _field(self, name: str) -> Input | Choice:
        value = getattr(self._offered, name)
        if name in self._choices:
            return Choice(self._choices[name], value, id=name)
        field = Input(
            _written(value),
            placeholder=self._words.hints.get(name, ""),
            restrict=r"\d{0,3}" if name == "minutes" else None,
            max_length=_LONGEST,
            compact=True,
            id=name,
        )
        field.cursor_blink = False
        return field

    def _look_back(self) -> None:
        coachee = self._offered.coachee
        if "coachee" in self._asked:
            coachee = self.query_one("#coachee", Input).value
        before = self._before.get(coachee.strip().casefold())
        place = self.query_one("#before", Static)
        place.display = before is not None
        if before is not None:
            plan = " ".join(f"“{sentence}”" for sentence in before.plan)
            place.update(Content(self._words.before.format(day=before.day, plan=plan)))

    def _tick(self) -> None:
        if "goal" not in self._asked:
            return
        goal = self.query_one("#goal", Input).value
        lit = smart(goal, self._talk_language()).ticks()
        parts = [
            (
                f"{'✓' if on else '·'} {self._words.smart[letter]}  ",
                "bold" if on else "dim",
            )
            for letter, on in lit
        ]
        self.query_one("#ticks", Static).update(Content.assemble(*parts))

    def _talk_language(self) -> Language:
        chosen = self._offered.language
        if "language" in self._asked:
            chosen = self.query_one("#language", Choice).value
        return "en" if chosen == "en" else "nl" if chosen == "nl" else self._wording

    def _entry(self) -> CardEntry | None:
        """What stands on the card; None where the length cannot be."""
        values: dict[str, Any] = {
            name: self.query_one(f"#{name}", Choice).value
            if name in self._choices
            else self.query_one(f"#{name}", Input).value.strip()
            for name in self._asked
        }
        if "minutes" in values:
            minutes = int(values["minutes"] or 0)
            if values["minutes"] and not MINUTES[0] <= minutes <= MINUTES[1]:
                return None
            values["minutes"] = minutes or None
        if "frames" in values:
            parts = (part.strip() for part in values["frames"].split(";"))
            values["frames"] = tuple(part for part in parts if part)
        return replace(self._offered, **values)

    def _keys(self) -> Content:
        words, key, hint = self._words, self._key_style, self._hint_style
        return Content.assemble(
            ("Enter", key), (f" {words.begin}   ", hint),
            ("Esc", key), (f" {words.skip}   ", hint),
            ("← →", key), (f" {words.choose}", hint),
        )  # fmt: skip


def _written(value: str | float | tuple[str, ...] | None) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return f"{value:g}" if isinstance(value, float | int) else value or ""
