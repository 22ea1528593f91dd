"""What a conversation needs of this computer: each check says what it found and what to do about it."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal

from live_coach import paths, settings
from live_coach.errors import ArchiveError, AudioError, ModelError, SettingsError
from live_coach.sentences import Sentence
from live_coach.settings import Settings, TranscriptSettings

if TYPE_CHECKING:
    from live_coach.transcript.weights import Model

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
_LIBRARIES = {
    "numpy": "numpy",
    "ctranslate2": "ctranslate2",
    "onnxruntime": "onnxruntime",
    "faster-whisper": "faster_whisper",
    "soundfile": "soundfile",
    "soxr": "soxr",
    "webrtcvad-wheels": "webrtcvad",
    "textual": "textual",
}
_PLATFORMS = (
    "Ready-made ones exist for 64-bit Windows, macOS, and Linux with glibc 2.28 or later"
    " (Debian 10, Ubuntu 20.04, not Alpine) on x86-64 and ARM64."
)
_LITTLE_ROOM_MB, _NO_ROOM_MB = 500, 20
"""An hour of conversation takes about 1 MB in the archive; the rest is for the system to live on."""


class State(StrEnum):
    """How a check came out: fine; better mended; no conversation without it."""

    OK = "OK"
    NOTE = "--"
    BAD = "!!"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: a sentence, and what to do where it is not OK."""

    subject: str
    state: State
    sentence: str
    hint: str = ""


def examine(say: Callable[[Sentence], None]) -> Iterator[Finding]:
    """All findings, each as soon as it is known. `say` is told in a sentence what takes long."""
    yield python(sys.version_info[:2])
    yield libraries()
    yield loudspeakers()
    loaded, finding = own_settings()
    yield finding
    yield sound_server()
    yield portaudio()
    yield microphone(loaded.audio.mic if loaded else "")
    yield call(loaded.audio.call if loaded else "")
    yield from models(
        loaded.transcript if loaded else None,
        loaded.conversation.language if loaded else "auto",
        say,
    )
    yield archive(loaded)
    yield window()
    yield letters_and_colours()
    yield log()


def python(running: tuple[int, int]) -> Finding:
    """The running Python is one that the libraries are made for."""
    here = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if OLDEST_PYTHON <= running <= NEWEST_PYTHON:
        return Finding("Python", State.OK, here)
    return Finding("Python", State.BAD, here, "Install Python 3.11, 3.12 or 3.13.")


def libraries() -> Finding:
    """Every library with native code loads."""
    versions = []
    for package, module in _LIBRARIES.items():
        try:
            import_module(module)
            versions.append(f"{package} {version(package)}")
        except (ImportError, OSError, PackageNotFoundError):
            return Finding(
                "Libraries", State.BAD, f"{package} cannot be loaded on this computer.", _PLATFORMS
            )
    return Finding("Libraries", State.OK, ", ".join(versions))


def loudspeakers() -> Finding:
    """The call's echo can be told from the manager; without that, a headset is needed."""
    try:
        import_module("pywebrtc_audio")
    except (ImportError, OSError):
        return Finding(
            "Loudspeakers",
            State.NOTE,
            "pywebrtc-audio cannot be loaded: a call on loudspeakers would count as you speaking.",
            "Install it (pip install pywebrtc-audio), or wear a headset.",
        )
    return Finding("Loudspeakers", State.OK, "a call on them is not taken for you")


def own_settings() -> tuple[Settings | None, Finding]:
    """The settings, or None where they cannot be used."""
    try:
        loaded = settings.load().settings
    except SettingsError as error:
        return None, Finding("Settings", State.BAD, error.sentence, error.hint)
    own = paths.user_settings()
    return loaded, Finding("Settings", State.OK, str(own) if own.exists() else "the defaults")


def sound_server() -> Finding:
    """On Linux: PipeWire or PulseAudio answers. Elsewhere the system itself carries the sound."""
    from live_coach.audio import pulse

    if sys.platform != "linux":
        return Finding("Sound server", State.OK, f"that of {platform.system()}")
    if not pulse.has_pactl():
        return Finding(
            "Sound server",
            State.NOTE,
            "Without pactl it cannot be asked, and single devices cannot be named.",
            "Install it: sudo apt-get install pulseaudio-utils",
        )
    try:
        source, _sink = pulse.defaults()
    except pulse.PulseError:
        return Finding(
            "Sound server",
            State.BAD,
            "No sound server (PipeWire or PulseAudio) answers.",
            "Start one: systemctl --user start pipewire-pulse   or   pulseaudio --start",
        )
    return Finding("Sound server", State.OK, f"it answers; its default source is {source}")


def portaudio() -> Finding:
    """PortAudio is there, and on Linux it has the bridge to the sound server."""
    from live_coach.audio import devices

    try:
        names = [str(each["name"]) for each in devices.portaudio_inputs()]
    except AudioError as error:
        return Finding("PortAudio", State.BAD, error.sentence, error.hint)
    inputs = f"{len(names)} input{'' if len(names) == 1 else 's'}"
    if sys.platform == "linux" and "pulse" not in names:
        return Finding(
            "PortAudio",
            State.NOTE if names else State.BAD,
            f"It is here, with {inputs}, but not joined to a sound server.",
            "Start the sound server, and install the bridge: sudo apt-get install libasound2-plugins",
        )
    return Finding("PortAudio", State.OK, f"it is here, with {inputs}")


def microphone(wanted: str) -> Finding:
    """The microphone of the settings, or the system's default."""
    return _device("Microphone", "mic", wanted, State.BAD)


def call(wanted: str) -> Finding:
    """What the computer plays can be heard; a talk in one room does without."""
    if wanted == "none":
        return Finding("Call sound", State.OK, "none: a talk in one room, by your settings")
    return _device("Call sound", "call", wanted, State.NOTE)


def models(
    wanted: TranscriptSettings | None, language: str, say: Callable[[Sentence], None]
) -> Iterator[Finding]:
    """A model for English and one for Dutch; without one for the language of the talk it is `BAD`.

    What a live conversation would be read with, and how fast this computer reads; without settings
    only what is there.
    """
    from live_coach.transcript import weights
    from live_coach.transcript.engine import EngineLost

    found: dict[str, Finding] = {}
    for code, spoken in {"en": "English", "nl": "Dutch"}.items():
        try:
            told = (
                _reading(wanted, code, say)
                if wanted
                else _place(weights.find("auto", code, say=say))
            )
        except (ModelError, EngineLost) as error:
            found[code] = Finding(spoken, State.NOTE, error.sentence, error.hint)
        else:
            found[code] = Finding(spoken, State.OK, told)
    none_at_all = all(finding.state is State.NOTE for finding in found.values())
    for code, finding in found.items():
        needed = none_at_all or code == language
        bad = finding.state is State.NOTE and needed
        yield Finding(
            finding.subject, State.BAD if bad else finding.state, finding.sentence, finding.hint
        )


def _reading(wanted: TranscriptSettings, language: str, say: Callable[[Sentence], None]) -> str:
    """Which models would read a conversation in this language, and why those."""
    from live_coach.transcript.choice import choose, reading_time

    chosen = choose(
        wanted, language, partials=True, measure=lambda one: reading_time(one, wanted), say=say
    )
    reading = reading_time(chosen.quick or chosen.model, wanted)
    told = _place(chosen.model)
    if chosen.quick:
        told += f", with {chosen.quick.name} for what is still being said"
    on = "on the NVIDIA card" if reading.device == "cuda" else "here"
    told += f"; {'that one' if chosen.quick else 'it'} reads four seconds of speech in {reading.seconds:.2f} s {on}"
    if chosen.too_slow:
        told += f"; too slow here: {', '.join(chosen.too_slow)}"
    if reading.card_refused:
        told += f"; the NVIDIA card is not used ({reading.card_refused}): install the extra `cuda`"
    return told


def _place(model: Model) -> str:
    known = "verified" if model.verified else "not one that live-coach knows"
    return f"{model.name} ({known}) in {model.directory}"


def archive(loaded: Settings | None) -> Finding:
    """The archive opens, or could be made, and its disk has room."""
    from live_coach.archive import database, synced

    directory = database.directory_of(loaded.archive) if loaded else paths.data_directory()
    try:
        if database.exists(directory):
            with database.opened(directory):
                pass
    except ArchiveError as error:
        return Finding("Archive", State.BAD, error.sentence, error.hint)
    there = next(folder for folder in (directory, *directory.parents) if folder.exists())
    elsewhere = "Choose another place: archive.directory in your settings."
    if not there.is_dir() or not os.access(there, os.W_OK):
        return Finding("Archive", State.BAD, f"{there} cannot be written.", elsewhere)
    free_mb = shutil.disk_usage(there).free // 1_000_000
    if free_mb < _LITTLE_ROOM_MB:
        state = State.BAD if free_mb < _NO_ROOM_MB else State.NOTE
        return Finding(
            "Archive", state, f"The disk of {directory} has {free_mb} MB free.", elsewhere
        )
    if service := synced.service_of(directory):
        told = f"{directory} is copied to other computers by {service}."
        return Finding("Archive", State.NOTE, told, elsewhere)
    return Finding("Archive", State.OK, f"{directory}, {free_mb / 1000:.0f} GB free")


def window() -> Finding:
    """A terminal that is large enough for the live screen."""
    from live_coach.screen import terminal
    from live_coach.screen.sized_screen import SMALLEST

    if reason := terminal.unusable():
        return Finding(
            "Terminal",
            State.NOTE,
            str(reason),
            "Without one: live-coach live --headless (see its --help).",
        )
    size = shutil.get_terminal_size()
    if size.columns < SMALLEST[0] or size.lines < SMALLEST[1]:
        return Finding(
            "Terminal",
            State.NOTE,
            f"It has {size.columns} columns and {size.lines} rows.",
            f"Make the window larger: {SMALLEST[0]} by {SMALLEST[1]} at least.",
        )
    return Finding("Terminal", State.OK, f"{size.columns} columns and {size.lines} rows")


def letters_and_colours() -> Finding:
    """The terminal shows typographic letters and colours."""
    from rich.console import Console

    encoding = locale.getencoding().upper()
    if os.name != "nt" and encoding.replace("-", "") != "UTF8":
        return Finding(
            "Letters", State.NOTE, f"The locale is {encoding}.", "Set LANG=C.UTF-8, or your own."
        )
    colours = Console().color_system
    return Finding("Letters", State.OK, f"{encoding}, {colours or 'no'} colours")


def log() -> Finding:
    """The log can be written."""
    path = paths.log_file()
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    if not os.access(there, os.W_OK):
        return Finding("Log", State.NOTE, f"{path} cannot be written.", "Mend its permissions.")
    return Finding("Log", State.OK, str(path))


def _device(subject: str, kind: Literal["mic", "call"], wanted: str, otherwise: State) -> Finding:
    from live_coach.audio import pulse
    from live_coach.audio.remembered import choose_device

    try:
        chosen = choose_device(kind, wanted)
    except AudioError as error:
        return Finding(subject, otherwise, error.sentence, error.hint)
    named = f"{chosen.description} ({chosen.name})"
    with suppress(pulse.PulseError):
        if chosen.system == "pulse" and pulse.is_muted(chosen.name):
            unmute = "Unmute it in the sound settings of your computer."
            return Finding(subject, State.NOTE, f"{named} is muted.", unmute)
    return Finding(subject, State.OK, named)
