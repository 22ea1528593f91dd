"""Where and when figures were taken: a figure without its machine says nothing."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from live_coach import __version__

_ENGINES = ("ctranslate2", "faster-whisper")


def machine() -> dict[str, str | int]:
    """Processor, cores, memory in GB (10^9 bytes), system and Python."""
    return {
        "cpu": _processor(),
        "cores": psutil.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """This program and what decodes for it."""
    return {"live-coach": __version__} | {name: version(name) for name in _ENGINES}


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def _processor() -> str:
    """The name on the box; Linux alone does not tell it to Python."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in told.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()
