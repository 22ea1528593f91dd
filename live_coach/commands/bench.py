"""`live-coach bench`: how late each word is, how right, and what it costs."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

import click

from live_coach.errors import LiveCoachError
from live_coach.sentences import Sentence

if TYPE_CHECKING:
    from live_coach.bench.bench import Results
    from live_coach.bench.compare import Comparison
    from live_coach.bench.reference import Reference

Side = Literal["left", "right", "mono"] | None
"""Which channel is the manager; None: as the file suggests."""

_FILE = click.Path(path_type=Path, readable=False)
_NEEDED = ("psutil", "matplotlib")


@click.command(
    epilog="Example: live-coach bench talk.wav --words talk.words.json --manager mono --output results"
)
@click.argument("recording", required=False, type=_FILE)
@click.option(
    "--words", type=_FILE, help='What was said: {"words": [[word, start, end], …]} of one channel.'
)
@click.option(
    "--script", type=_FILE, help="What was said, by both: in the form of the bundled scripts."
)
@click.option(
    "--manager",
    type=click.Choice(["left", "right", "mono"]),
    help="Which channel is the manager; mono: both in one. Default: left of a stereo file.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "nl"]),
    default="en",
    help="Language of the talk. Default: en.",
)
@click.option(
    "--model",
    metavar="NAME|DIR",
    help="Speech model. Default: the best installed one for the language.",
)
@click.option(
    "--runs",
    type=click.IntRange(1, 100),
    default=3,
    help="How often. Default: 3, and the median counts.",
)
@click.option("--output", type=_FILE, metavar="DIR", help="Write bench.json and bench.svg there.")
@click.option(
    "--busy",
    type=click.IntRange(0, 256),
    default=0,
    help="So many processes keep the computer busy beside it, from 15 to 75 % of the recording.",
)
@click.option(
    "--compare",
    metavar="NAME,…",
    help="Peers that listen too, all to one channel: whisper_streaming, RealtimeSTT, WhisperLive, a driver FILE.py, or all. "
    "The first time this installs them, each in an environment of its own.",
)
def command(
    recording: Path | None,
    words: Path | None,
    script: Path | None,
    manager: Side,
    language: str,
    model: str | None,
    runs: int,
    output: Path | None,
    busy: int,
    compare: str | None,
) -> None:
    """Measure how late text is: a recording in real time, by default the bundled conversation.

    Without --words or --script, the words that the program itself hears at full speed are the measure.
    """
    if words and script:
        raise click.UsageError("--words and --script are two ways to say the same: give one")
    if (words or script) and recording is None:
        raise click.UsageError("--words and --script belong to a RECORDING")
    _require_extra()
    _require_folder(output)

    from live_coach.bench import bench, table

    if recording is None:
        recording, script = bench.bundled(language)
        manager = manager or "left"
    title = recording.name
    with TemporaryDirectory() as folder:
        comparison = None
        if compare is not None:
            manager = "mono"
            recording, comparison = _comparison(compare, recording, Path(folder), model, language)
        task = bench.Task(
            title=title,
            recording=recording,
            manager=manager,
            language=language,
            model=model,
            reference=_reference(recording, words, script, manager, language, model),
            runs=runs,
            busy=busy,
        )
        results = bench.measure(task, _say, comparison)
    if output is not None:
        _write(results, output)
    click.echo(table.table(results), nl=False)


def _comparison(
    names: str, recording: Path, folder: Path, model: str | None, language: str
) -> tuple[Path, Comparison]:
    """The recording in one channel, which all listen to, and the peers, ready to do so."""
    from live_coach.bench import compare
    from live_coach.settings import load
    from live_coach.transcript.weights import find

    asked = list(compare.KNOWN) if names == "all" else [name.strip() for name in names.split(",")]
    peers = [compare.peer(name) for name in asked]
    settings = load({"transcript.model": model}).settings
    weights = find(settings.transcript.model, language, say=_say).directory
    mixed = folder / "one channel.wav"
    compare.in_one_channel(recording, mixed)
    comparison = compare.Comparison(peers, mixed, weights, language)
    comparison.prepare(_say)
    return mixed, comparison


def _reference(
    recording: Path,
    words: Path | None,
    script: Path | None,
    manager: Side,
    language: str,
    model: str | None,
) -> Reference:
    """The words that are measured against. Raises LiveCoachError where there are none."""
    from live_coach.bench import bench, reference

    if script is not None:
        found = reference.from_script(script, language)
        if _is_mono(recording, manager):
            found = reference.in_one_channel(found)
    elif words is not None:
        speaker = "unknown" if _is_mono(recording, manager) else "manager"
        found = reference.from_words(words, language, speaker)
    else:
        _say("No words are given: reading the recording at full speed first.")
        found = bench.own_reference(recording, manager, language, model)
    if not found.said:
        raise LiveCoachError(
            "There is no word to measure.", hint="Give a recording with speech, or its words."
        )
    return found


def _is_mono(recording: Path, manager: Side) -> bool:
    """Whether everybody is one unknown speaker. Raises AudioError for a file that cannot be read."""
    if manager is not None:
        return manager == "mono"
    from live_coach.audio.recording import open_recording
    from live_coach.flow.messages import RATE, Channel

    return open_recording(recording, manager=None, block=RATE).channels == (Channel.ROOM,)


def _require_extra() -> None:
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise LiveCoachError(
            f"Benchmarks need {' and '.join(missing)}.",
            hint='Install them: pip install "live-coach[bench]"',
        )


def _require_folder(output: Path | None) -> None:
    """Make the folder before the minutes of measuring. Raises LiveCoachError where that cannot be."""
    if output is None:
        return
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LiveCoachError(
            f"“{output}” cannot be used: {error.strerror}.", hint="Choose another folder."
        ) from None


def _write(results: Results, output: Path) -> None:
    from live_coach.bench import plot

    told = json.dumps(results.as_json(), ensure_ascii=False, indent=1)
    (output / "bench.json").write_text(f"{told}\n", encoding="utf-8")
    plot.plot(results, output / "bench.svg")


def _say(sentence: Sentence | str) -> None:
    click.echo(f"live-coach: {sentence}", err=True)
