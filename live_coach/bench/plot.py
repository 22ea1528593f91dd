"""Results for the eye: how many words were there after how long, as SVG."""

from __future__ import annotations

from pathlib import Path

from live_coach.bench.bench import Listener, Results

_PANELS = {"word_to_shown": "first shown", "word_to_stable": "stable"}
_FROM_S, _TO_S = 0.05, 30.0


def plot(results: Results, path: Path) -> None:
    """Write one curve per listener: the part of its words that were there within so many seconds."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # Words as text, so that they can be searched; names and no date, so that equal results are equal files.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "live_coach"}):
        figure = Figure(figsize=(9, 3.6), layout="constrained")
        panels = figure.subplots(1, len(_PANELS), sharey=True)
        for panel, (measure, title) in zip(panels, _PANELS.items(), strict=True):
            for listener in results.listeners:
                panel.plot(*_curve(listener, measure), label=listener.name, drawstyle="steps-post")
            panel.set(xscale="log", xlim=(_FROM_S, _TO_S), ylim=(0, 100))
            panel.set(title=f"Word end → {title}", xlabel="seconds")
            panel.set_xticks([0.1, 0.3, 1, 3, 10, 30], ["0.1", "0.3", "1", "3", "10", "30"])
            panel.grid(alpha=0.3)
        panels[0].set_ylabel("% of the words")
        panels[-1].legend(loc="upper left", frameon=False)
        about = results.about
        figure.supxlabel(
            f"{about['recording']} · {about['model']} · {about['machine']['cpu']},"
            f" {about['machine']['cores']} cores · {about['date']}",
            fontsize="small",
        )
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(path, format="svg", metadata=nothing)


def _curve(listener: Listener, measure: str) -> tuple[list[float], list[float]]:
    """Seconds, and the part of all words in percent; words that never came keep it below 100."""
    late = sorted(listener.delays[measure])
    never = sum(run["words_never_shown"] or 0 for run in listener.runs)
    count = len(listener.delays["word_to_shown"]) + never
    return (
        [_FROM_S, *(max(_FROM_S, each) for each in late), _TO_S],
        [100 * n / count for n in [*range(len(late) + 1), len(late)]],
    )
