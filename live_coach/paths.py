"""Where things are on this computer."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import platformdirs

_APP = "live-coach"


@cache
def shipped(folder: str) -> Path:
    """A folder that comes with the program: `config` or `models`.

    In a checkout it stands beside the package, in an installed wheel inside it.
    """
    package = Path(__file__).resolve().parent
    inside = package / folder
    return inside if inside.is_dir() else package.parent / folder


def user_settings() -> Path:
    """The person's own settings file; it need not exist."""
    override = os.environ.get("LIVE_COACH_CONFIG")
    return Path(override) if override else Path(platformdirs.user_config_dir(_APP)) / "config.toml"


def data_directory() -> Path:
    """Where the archive and the log are kept, unless the settings say otherwise."""
    return Path(platformdirs.user_data_dir(_APP))


def model_directories() -> tuple[Path, ...]:
    """Where models are looked for, in order: beside the program, then the platform's cache."""
    return shipped("models"), model_cache()


def model_cache() -> Path:
    """Where `models pull` puts models."""
    return Path(platformdirs.user_cache_dir(_APP)) / "models"


def peer_environments() -> Path:
    """Where benchmarks put the environments of the programs that they compare with."""
    return Path(platformdirs.user_cache_dir(_APP)) / "peers"


def remembered_devices() -> Path:
    """The names of the microphone and of the call that were named last and could be used."""
    return Path(platformdirs.user_state_dir(_APP)) / "devices.json"


def remembered_card() -> Path:
    """What stood on the session card last."""
    return Path(platformdirs.user_state_dir(_APP)) / "card.json"


def log_file() -> Path:
    """The log: what happened and when, never a word of what was said."""
    return Path(platformdirs.user_log_dir(_APP)) / "live-coach.log"


def make_owner_only(directory: Path) -> None:
    """Let only its owner into an empty folder (0700); on Windows what is made in it inherits that.

    Raises OSError. Where Windows' `icacls` fails, the folder keeps what it inherited.
    """
    directory.chmod(0o700)
    if sys.platform == "win32":
        subprocess.run(owner_only_command(directory), capture_output=True, check=False)


def owner_only_command(directory: Path) -> list[str]:
    """What gives a folder on Windows an access list with its owner and the system, and no one else.

    By their identifiers (OWNER RIGHTS and Local System), since the names are translated. (OI)(CI) lets files
    and folders inherit, F is full control.
    """
    whole = "(OI)(CI)F"
    granted = [f"*S-1-3-4:{whole}", f"*S-1-5-18:{whole}"]
    return ["icacls", str(directory), "/inheritance:r", "/grant:r", *granted]


def replace_private(path: Path, text: str) -> None:
    """Write a file that only this person can read (0600), all of it or nothing. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text, encoding="utf-8")
    new.replace(path)
