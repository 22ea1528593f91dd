"""Results for people: a table of plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from live_coach.bench.bench import Listener, Results
from live_coach.bench.figures import MEASURES, PERCENTS, Figures

_OTHERS = {
    "word_error_rate": ("word error rate of final text", 100, "%"),
    "words_never_shown": ("words never shown", 1, ""),
    "words_never_stable": ("words never stable", 1, ""),
    "cpu_s_per_s": ("CPU seconds per second", 1, ""),
    "peak_memory_mb": ("peak memory of the process tree", 1, "MB"),
    "dropped": ("dropped", 1, "samples"),
    "untranscribed": ("utterances without text", 1, ""),
}
_RUN = {
    "word_to_shown_p50": "shown",
    "word_to_shown_p95": "p95",
    "word_to_stable_p50": "stable",
    "word_to_stable_p95": "p95",
    "words_never_stable": "never",
    "turn_to_final_p50": "final",
    "word_error_rate": "WER %",
    "cpu_s_per_s": "CPU s/s",
    "peak_memory_mb": "MB",
}


def table(results: Results) -> str:
    """Every figure of ours, each run, the health of the ladder, and the peers beside it."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Results) -> Iterator[str]:
    about, ours = results.about, results.listeners[0]
    yield f"{about['recording']}, {about['duration']:.0f} s, {about['words']} words · {about['model']} · {about['date']}"
    machine = about["machine"]
    yield f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}" + (
        f" · {about['busy']} busy processes beside it" if about["busy"] else ""
    )
    if about["reference"] != "given":
        yield "Measured against the program's own final text: no word error rate, and its own word times."
    yield ""
    yield f"{f'median of {len(ours.runs)} runs, seconds':36}" + "".join(
        f"{f'p{p}':>8}" for p in PERCENTS
    )
    median = ours.median
    for name, title in MEASURES.items():
        yield f"{title:36}" + "".join(f"{_number(median[f'{name}_p{p}']):>8}" for p in PERCENTS)
    for name, (title, factor, unit) in _OTHERS.items():
        yield f"{title:36}{_number(median[name], factor):>8} {unit}".rstrip()
    yield ""
    yield from _runs(results.listeners)
    for n, lines in enumerate(ours.health, 1):
        for line in lines:
            yield f"run {n}, {line['emitted']:.1f} s: {line['stream']} {line['state']} – {line['sentence']}"


def _runs(listeners: Sequence[Listener]) -> Iterator[str]:
    yield f"{'median in seconds':20}{'run':>8}" + "".join(f"{title:>9}" for title in _RUN.values())
    for one in listeners:
        runs: list[tuple[str, Figures]] = [(str(n), run) for n, run in enumerate(one.runs, 1)]
        for title, figures in [*runs, ("median", one.median)]:
            numbers = (
                _number(figures[name], 100 if name == "word_error_rate" else 1) for name in _RUN
            )
            yield f"{one.name:20}{title:>8}" + "".join(f"{number:>9}" for number in numbers)


def _number(value: float | None, factor: int = 1) -> str:
    if value is None:
        return "–"
    told = round(value * factor, 2)
    return f"{told:.0f}" if told >= 100 or told == int(told) else f"{told:.2f}"
