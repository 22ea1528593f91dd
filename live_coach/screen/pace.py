"""How often the screen may repaint."""

from __future__ import annotations

from collections.abc import Callable

SHORTEST = 0.1
"""Seconds between any two repaints: ten a second at most."""
ORDINARY = 0.25
"""Seconds before a repaint that shows only new readings: a still screen needs no more."""


class Pace:
    """Paints at once after a rest, and what comes during the rest together at its end.

    `after(seconds, callback)` is a timer of the screen; there is no clock in here.
    """

    def __init__(
        self, paint: Callable[[], None], after: Callable[[float, Callable[[], None]], object]
    ) -> None:
        self._paint = paint
        self._after = after
        self._asked: bool | None = None
        self._urgent_may = True
        self._all_may = True
        self._paints = 0

    def ask(self, *, urgent: bool) -> None:
        """There is something to paint."""
        self._asked = urgent or bool(self._asked)
        self._paint_if_due()

    def _paint_if_due(self) -> None:
        if self._asked is None or not (self._urgent_may if self._asked else self._all_may):
            return
        self._asked = None
        self._urgent_may = self._all_may = False
        self._paints += 1
        self._after(SHORTEST, self._short_rest_over)
        self._paint()

    def _short_rest_over(self) -> None:
        self._urgent_may = True
        paints = self._paints
        self._after(ORDINARY - SHORTEST, lambda: self._rest_over(paints))
        self._paint_if_due()

    def _rest_over(self, paints: int) -> None:
        if paints == self._paints:
            self._all_may = True
            self._paint_if_due()
