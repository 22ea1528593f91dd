"""The coachee's own plan: the manager says which sentences it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from live_coach.screen.plan_words import PlanWords

_LONGEST = 300
"""Characters of one sentence."""

_NOT_WHILE_TYPING = frozenset(("mark", "change", "add", "done"))


class Sentence(Static, can_focus=True):
    """One sentence with its tick, for which it takes to be confirmed."""

    def __init__(self, text: str, *, kept: bool = False) -> None:
        super().__init__(classes="sentence")
        self.text = text
        self.kept = kept

    def on_mount(self) -> None:
        """Show it."""
        self.say(self.text, kept=self.kept)

    def say(self, text: str, *, kept: bool) -> None:
        """Stand for this text, confirmed or not."""
        self.text, self.kept = text, kept
        self.set_class(kept, "-kept")
        self.update(Content(f"{'✓' if kept else '·'} {text}"))


class PlanScreen(Screen[tuple[str, ...]]):
    """Ends with the sentences that the manager confirmed, in their order; none where none was.

    Nothing is confirmed unless it was marked, changed or added by key.
    """

    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-middle"), (18, "-high"), (30, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        # At once, before the next key: each is for the sentence that was meant.
        Binding("down", "app.focus_next", "Next", priority=True),
        Binding("up", "app.focus_previous", "Previous", priority=True),
        Binding("space", "mark", "Mark", priority=True),
        Binding("e", "change", "Change", priority=True),
        Binding("a", "add", "Add", priority=True),
        Binding("enter", "done", "Done", priority=True),
        Binding("escape", "back", "None", priority=True),
    ]

    def __init__(self, words: PlanWords, offered: Sequence[str], *, colour: bool) -> None:
        super().__init__()
        self._words = words
        self._offered = offered
        self._changing: Sentence | None = None
        self._key_style, self._hint_style = ("", "$quiet") if colour else ("bold", "dim")

    def compose(self) -> ComposeResult:
        """What was heard, a place to type, the keys."""
        with Vertical(id="body", classes="card"):
            yield Static(self._words.heading, classes="card-heading")
            yield Static(self._words.about, id="plan-about")
            with VerticalScroll(id="sentences", classes="card-parts", can_focus=False):
                for text in self._offered:
                    yield Sentence(text)
            yield self._place_to_type()
            yield Static(id="plan-keys", classes="card-keys")

    def on_mount(self) -> None:
        """Begin at the first sentence."""
        self._close_input()
        self.set_focus(self.query(Sentence).first())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed, its keys are letters."""
        del parameters
        return action not in _NOT_WHILE_TYPING or not self.query_one(Input).display

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed, for the sentence that is changed or as one more; empty: drop it."""
        if not event.input.display:
            return
        text = " ".join(event.value.split())
        sentence = self._changing
        if sentence is not None:
            sentence.say(text or sentence.text, kept=bool(text))
        elif text:
            sentence = Sentence(text, kept=True)
            self.query_one("#sentences").mount(sentence)
        self._close_input()
        self.set_focus(sentence or self.query(Sentence).first())

    def action_mark(self) -> None:
        """Confirm the sentence, or take that back."""
        sentence = self.focused
        if isinstance(sentence, Sentence):
            sentence.say(sentence.text, kept=not sentence.kept)

    def action_change(self) -> None:
        """Put the sentence into the place to type."""
        if isinstance(self.focused, Sentence):
            self._open_input(self.focused)

    def action_add(self) -> None:
        """Type a sentence that was not heard."""
        self._open_input(None)

    def action_done(self) -> None:
        """Go on with what is marked."""
        self.dismiss(tuple(one.text for one in self.query(Sentence) if one.kept))

    def action_back(self) -> None:
        """Leave the sentence as it was; without one being changed, go on with none."""
        if not self.query_one(Input).display:
            self.dismiss(())
            return
        sentence = self._changing or self.query(Sentence).first()
        self._close_input()
        self.set_focus(sentence)

    def _place_to_type(self) -> Input:
        place = Input(
            placeholder=self._words.typing,
            max_length=_LONGEST,
            select_on_focus=False,
            compact=True,
            id="plan-input",
        )
        place.cursor_blink = False
        return place

    def _open_input(self, sentence: Sentence | None) -> None:
        self._changing = sentence
        place = self.query_one(Input)
        place.value = sentence.text if sentence else ""
        place.display = True
        self.set_focus(place)
        words = self._words
        self._tell_keys(("Enter", words.apply), ("Esc", words.back))

    def _close_input(self) -> None:
        self._changing = None
        self.query_one(Input).display = False
        words = self._words
        self._tell_keys(
            ("↑ ↓", words.choose),
            (words.space, words.keep),
            ("e", words.edit),
            ("a", words.add),
            ("Enter", words.done),
            ("Esc", words.none),
        )

    def _tell_keys(self, *keys: tuple[str, str]) -> None:
        parts = [((key, self._key_style), (f" {does}  ", self._hint_style)) for key, does in keys]
        told = Content.assemble(*(part for pair in parts for part in pair))
        self.query_one("#plan-keys", Static).update(told)
