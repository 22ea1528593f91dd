"""Numbers from what a listener did: delays, word errors, load; and the medians over several runs."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from live_coach.bench.alignment import first_times
from live_coach.bench.hearings import Hearing, Standing, last_text
from live_coach.bench.reference import Lines, Reference, turn_ends
from live_coach.bench.word_errors import errors

PERCENTS = (50, 95, 99)

Delays = dict[str, list[float]]
"""Seconds late, by measure."""

Figures = dict[str, float | None]
"""Numbers by name; None where there was nothing to measure."""

TEXT = {
    "word_to_shown": "word end → first shown",
    "word_to_stable": "word end → stable",
    "turn_to_final": "turn end → final (reference)",
}
OURS = {
    "end_to_final": "turn end → final (voice activity)",
    "onset_to_message": "speech onset → message",
    "turn_to_nudge": "turn end → nudge",
}
MEASURES = TEXT | OURS
"""Everything that is measured in seconds; peers tell only what TEXT names."""


def text_delays(hearings: Sequence[Hearing], reference: Reference) -> Delays:
    """How late text was, the same for every listener.

    `word_to_shown` and `word_to_stable`: from the end of a word to when it was first shown in its
    place, and to when it was there and not to change any more by what the listener says.
    `turn_to_final`: from the end of the last word before a pause (reference.TURN_PAUSE_S) to when final
    text reaches it. What came before the end of its word (times are rough) counts as 0.
    """
    delays: Delays = {name: [] for name in TEXT}
    for speaker, said in reference.by_speaker().items():
        times = first_times(said, (each for each in hearings if each.speaker == speaker))
        ends = turn_ends(said)
        for name, first, places in (
            ("word_to_shown", times.shown, range(len(said))),
            ("word_to_stable", times.stable, range(len(said))),
            ("turn_to_final", times.read, ends),
        ):
            delays[name] += [max(0.0, first[n] - said[n].end) for n in places if n in first]
    return delays


def text_figures(
    hearings: Sequence[Hearing], reference: Reference, delays: Delays, least: Standing
) -> Figures:
    """Word error rate (None against our own text), and words that were never right on the screen,
    or never settled there: they have no delay.

    The error rate is that of what had at least the standing `least` at the end: the final text, or, of a
    peer that never calls its last words final, all that it showed.
    """
    wrong = sum(
        errors([one.word for one in said], last_text(hearings, speaker, least))
        for speaker, said in reference.by_speaker().items()
    )
    count = len(reference.said)
    return {
        "word_error_rate": wrong / count if count and not reference.own else None,
        "words_never_shown": float(count - len(delays["word_to_shown"])),
        "words_never_stable": float(count - len(delays["word_to_stable"])),
    }


def our_delays(lines: Lines) -> Delays:
    """What only our own message stream tells.

    `end_to_final`: from the end of a run of speech, as voice activity has it, to its final text.
    `onset_to_message`: from the onset of speech to the message about it. `turn_to_nudge`: from the
    end of the last utterance that a nudge rests on to the nudge; nudges that rest on a measure only,
    such as the length of a monologue, have no such utterance and are left out.
    """
    ends = {line["id"]: line["end"] for line in lines if line["type"] == "utterance"}
    return {
        "end_to_final": [
            line["emitted"] - line["end"]
            for line in lines
            if line["type"] == "utterance" and line["stage"] == "final"
        ],
        "onset_to_message": [
            line["emitted"] - line["at"]
            for line in lines
            if line["type"] == "speech" and line["event"] == "start"
        ],
        "turn_to_nudge": [
            line["emitted"] - max(rests)
            for line in lines
            if line["type"] == "nudge"
            and (rests := [ends[b["utterance"]] for b in line["because"] if b["utterance"] in ends])
        ],
    }


def percentiles(delays: Delays) -> Figures:
    """`<measure>_p50` and so on."""
    return {
        f"{name}_p{percent}": percentile(values, percent)
        for name, values in delays.items()
        for percent in PERCENTS
    }


def percentile(values: Sequence[float], percent: float) -> float | None:
    """By the nearest rank: a value that occurred; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[round(percent / 100 * (len(ordered) - 1))]


def medians(runs: Sequence[Mapping[str, float | None]]) -> Figures:
    """The median of each number over the runs that have it."""
    told = {name: [value for run in runs if (value := run[name]) is not None] for name in runs[0]}
    return {name: statistics.median(values) if values else None for name, values in told.items()}
