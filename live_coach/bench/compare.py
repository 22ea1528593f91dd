"""Other streaming listeners beside ours: same sound, same weights, same decoder, an environment each."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from live_coach import paths
from live_coach.bench import peers
from live_coach.bench.machine import versions
from live_coach.bench.program import Watched, watched
from live_coach.errors import LiveCoachError, WrongUsage

KNOWN = {
    "whisper_streaming": "whisper_streaming.py",
    "RealtimeSTT": "realtime_stt.py",
    "WhisperLive": "whisper_live.py",
}
_DRIVERS = Path(peers.__file__).parent
_PATIENCE_S = 180.0
"""For a peer to load, and to come to its end after the sound has."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A driver, and what it needs: `requirements` with what they need, `alone` without.

    Alone are packages that ask for far more than listening takes, such as servers and other engines.
    """

    name: str
    driver: Path
    requirements: tuple[str, ...]
    alone: tuple[str, ...]


def peer(name: str) -> Peer:
    """A known peer by its name in any case, or the driver in a file (`….py`). Raises WrongUsage for another."""
    if name.endswith(".py"):
        label, driver = Path(name).stem, Path(name)
    else:
        names = {known.casefold(): known for known in KNOWN}
        label = names.get(name.casefold(), "")
        driver = _DRIVERS / KNOWN[label] if label else Path()
    if not label or not driver.is_file():
        raise WrongUsage(
            f"There is no driver for “{name}”.",
            hint=f"Known are {', '.join(KNOWN)}, or name a driver: FILE.py.",
        )
    spec = importlib.util.spec_from_file_location(f"{__name__}.{label}", driver)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Peer(label, driver.resolve(), module.REQUIREMENTS, module.ALONE)


class Comparison:
    """Peers that are ready to listen to one recording (mono, 16 kHz, 16 bits) with one model."""

    def __init__(self, peers: Sequence[Peer], recording: Path, model: Path, language: str) -> None:
        self.peers = tuple(peers)
        self._recording = recording
        self._model = model
        self._language = language

    def prepare(self, say: Callable[[str], None]) -> None:
        """Make the environments that are not there. Raises LiveCoachError where one cannot be made."""
        for each in self.peers:
            _make(each, say)

    def listen(self, each: Peer, duration_s: float) -> Watched:
        """One run in real time: what it showed, and what it used. Raises LiveCoachError when it fails."""
        arguments = [
            _python(each),
            "-P",
            _DRIVERS / "host.py",
            each.driver,
            self._model,
            self._language,
            self._recording,
        ]
        try:
            return watched(
                [str(part) for part in arguments],
                env={**os.environ, "HF_HUB_OFFLINE": "1"},
                timeout=duration_s + _PATIENCE_S,
            )
        except LiveCoachError as error:
            raise LiveCoachError(
                f"{each.name} failed: {error}",
                hint=f"Leave it out, or remove its environment ({_folder(each)}) to make it anew.",
            ) from None


def in_one_channel(recording: Path, to: Path) -> None:
    """Write a recording as peers take it: one channel, 16 kHz, 16 bits. Raises AudioError for no recording."""
    import soundfile

    from live_coach.audio.recording import open_recording
    from live_coach.flow.messages import RATE

    frames = open_recording(recording, manager="mono", block=RATE).frames()
    with soundfile.SoundFile(to, "w", RATE, 1, "PCM_16") as file:
        for frame in frames:
            file.write(frame.samples)


def _make(each: Peer, say: Callable[[str], None]) -> None:
    folder, stamp = _folder(each), _folder(each) / "installed"
    wanted = "\n".join([*_constraints(), *each.requirements, *each.alone, ""])
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say(f"Making an environment for {each.name} in {folder}.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LiveCoachError(
            f"The environment could not be made: “{error.filename}”: {error.strerror}.",
            hint="Make room for it there.",
        ) from None
    installs = bool(each.requirements or each.alone)
    _run(
        [
            sys.executable,
            "-m",
            "venv",
            "--clear",
            *([] if installs else ["--without-pip"]),
            str(folder),
        ]
    )
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join([*_constraints(), ""]), encoding="utf-8")
    for packages, options in (
        (each.requirements, ["--constraint", str(constraints)]),
        (each.alone, ["--no-deps"]),
    ):
        if packages:
            say(f"pip install {' '.join(packages)}")
            _run(
                [
                    str(_python(each)),
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    *options,
                    *packages,
                ]
            )
    stamp.write_text(wanted, encoding="utf-8")


def _run(arguments: list[str]) -> None:
    done = subprocess.run(
        arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        errors = [
            line for line in done.stderr.splitlines() if line.startswith("ERROR")
        ] or done.stderr.splitlines()
        raise LiveCoachError(
            f"The environment could not be made: {' '.join(errors[-1:])}",
            hint="Your own pip settings (index, proxy, certificate) are used. Run the same command to go on.",
        )


def _constraints() -> list[str]:
    """Peers decode with the versions that we decode with."""
    return [f"{name}=={version}" for name, version in versions().items() if name != "live-coach"]


def _folder(each: Peer) -> Path:
    return paths.peer_environments() / each.name


def _python(each: Peer) -> Path:
    scripts = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    return _folder(each).joinpath(*scripts)
