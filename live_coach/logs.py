"""The log: what happened and when. Never a word of what was said, never a name.

Every record is made of constant text and numbers. Exceptions are logged by type and place only,
because a message can quote its input.
"""

from __future__ import annotations

import errno
import logging
import os
import traceback
from logging.handlers import RotatingFileHandler

from live_coach import paths
from live_coach.errors import LiveCoachError
from live_coach.sentences import Sentence, because

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}

logger = logging.getLogger("live_coach")


def start(level: str = "info") -> None:
    """Write records of this level and above to the log file; without one that can be written, to nowhere."""
    logger.setLevel(level.upper())
    logger.propagate = False
    for old in logger.handlers[:]:
        logger.removeHandler(old)
        old.close()
    handler: logging.Handler
    try:
        path = paths.log_file()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
        path.chmod(0o600)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(message)s"))
    logger.addHandler(handler)


def unexpected(error: BaseException) -> None:
    """Log an error that nobody foresaw: its type and the lines it passed through, not its message."""
    if not logger.handlers:
        start()
    places = " < ".join(
        f"{frame.name}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    logger.error("unexpected %s at %s", type(error).__name__, places)


def unforeseen(error: Exception) -> LiveCoachError:
    """Log an error that nobody foresaw, and say in a sentence what can be said of it."""
    unexpected(error)
    if isinstance(error, OSError) and error.errno in _FULL:
        return LiveCoachError(Sentence("disk_full"))
    if isinstance(error, OSError) and error.filename:
        path = os.fsdecode(error.filename)
        return LiveCoachError(Sentence("unusable", path=path, reason=because(error)))
    return LiveCoachError(Sentence("unforeseen", kind=type(error).__name__, log=paths.log_file()))
