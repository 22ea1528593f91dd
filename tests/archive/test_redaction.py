"""Names become initials, in both languages, and nothing else changes."""

from __future__ import annotations

import unicodedata

import pytest

from live_coach.archive.redaction import redactor


@pytest.mark.parametrize(
    ("names", "text", "kept"),
    [
        (["Anna"], "So Anna, what would you do?", "So A., what would you do?"),
        (["Anna"], "Dus Anna, wat zou jij doen?", "Dus A., wat zou jij doen?"),
        (["Anna"], "That is Anna's plan, and Anna’s time.", "That is A.'s plan, and A.’s time."),
        (["Anna"], "Dat is Anna's plan, en Anna’s tijd.", "Dat is A.'s plan, en A.’s tijd."),
        (["Jan"], "Neem Jans auto, Jan!", "Neem J.s auto, J.!"),
        (["Hans"], "Hans' idea, Hans’ idee", "H.' idea, H.’ idee"),
        (["anna"], "ANNA said it to Anna", "A. said it to A."),
        (["Anna"], "Annabel and Hanna stay; Joanna too", "Annabel and Hanna stay; Joanna too"),
        (["Mark"], "Mark the mark, Mark.", "M. the mark, M.."),
        (["Al"], "Als je Al vraagt", "Als je A. vraagt"),
        (["Anna de Vries"], "De klant van Anna de Vries", "De klant van A. de V."),
        (["jan van dijk"], "Van Dijk vraagt Jan van alles", "Van D. vraagt J. van alles"),
        (["Jan-Willem"], "Jan-Willem, of Jan Willem", "J.-W., of J. W."),
        (["O'Brien"], "O’Brien’s plan", "O.’s plan"),
        (["Zoë"], "Vraag het Zoë, niet Zoëlle", "Vraag het Z., niet Zoëlle"),
        (["Łukasz", "Øystein"], "Łukasz en Øystein's team", "Ł. en Ø.'s team"),
        (["Émile"], "émile, Émile", "émile, É."),
        (["IJsbrand"], "IJsbrand belt", "I. belt"),
        (["Anna", "Annabel"], "Annabel en Anna", "A. en A."),
        (["Jo+Bo (x)"], "Jo+Bo stays", "J. stays"),
    ],
)
def test_names_become_initials(names: list[str], text: str, kept: str) -> None:
    assert redactor(names)(text) == kept


@pytest.mark.parametrize("name", ["", " ", "A", "A.", "A.B.", "AB", "A. B.", "J-W", "a"])
def test_initials_are_no_name(name: str) -> None:
    text = "A. says AB is a J.W., and Anna too"
    assert redactor([name])(text) == text


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_it_does_not_matter_how_letters_are_composed(form: str, typed: str) -> None:
    redact = redactor([unicodedata.normalize(typed, "Zoë")])  # type: ignore[arg-type]
    assert redact(unicodedata.normalize(form, "Zoë's plan, Zoëlle")) == "Z.'s plan, Zoëlle"  # type: ignore[arg-type]


def test_redacting_twice_changes_nothing_more() -> None:
    redact = redactor(["Anna de Vries", "Bob"])
    once = redact("Anna de Vries and Bob's plan")
    assert redact(once) == once == "A. de V. and B.'s plan"
