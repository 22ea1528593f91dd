"""Whether a folder is one that a cloud copies to other computers: conversations should not get there unasked."""

from __future__ import annotations

import os
import re
from pathlib import Path

_NAMES = {
    "Dropbox": r"dropbox",
    "OneDrive": r"onedrive",
    "iCloud": r"icloud( ?drive)?|mobile documents",
    "Google Drive": r"google ?drive|my drive|mijn drive",
    "Nextcloud": r"nextcloud",
}
"""What the folders of each service are called, also with an account behind: “OneDrive - Acme”."""
_MARKS = {"Dropbox": (".dropbox.cache",), "Nextcloud": (".sync_*.db", ".nextcloudsync.log")}
"""What a service leaves in the top of its folder, whatever that is called."""


def service_of(directory: Path) -> str | None:
    """The name of the service that copies this folder, as far as names and files tell; else None.

    The folder need not exist.
    """
    there = directory.expanduser().resolve()
    for folder in (there, *there.parents):
        for service, names in _NAMES.items():
            if re.match(rf"({names})($|[ (-])", folder.name.casefold()):
                return service
        for service, marks in _MARKS.items():
            if any(_holds(folder, mark) for mark in marks):
                return service
    own = {os.environ.get(name, "") for name in ("OneDrive", "OneDriveCommercial")} - {""}
    if any(there.is_relative_to(Path(folder).resolve()) for folder in own):
        return "OneDrive"
    return None


def _holds(folder: Path, mark: str) -> bool:
    try:
        return any(folder.glob(mark))
    except OSError:
        return False
