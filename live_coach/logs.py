"""The log: what happened and when. Never a word of what was said, never a name.

Every record is made of constant text and numbers. Exceptions are logged by type and place only,
because a message can quote its input.
"""

from __future__ import annotations

import logging
import traceback
from logging.handlers import RotatingFileHandler

from live_coach import paths

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


def where_to_look() -> str:
    """The hint that goes with an unexpected error."""
    return f"Nothing recorded is lost. The log says where: {paths.log_file()}"
