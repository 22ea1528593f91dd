"""Heavy libraries load where they are used: help is instant, and the core needs no screen or device."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "textual", "sounddevice", "faster_whisper", "ctranslate2", "onnxruntime", "tokenizers",
    "soundfile", "soxr", "av", "jinja2", "huggingface_hub", "asyncio", "matplotlib",
}  # fmt: skip
_SHOW = (
    "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
)
_EVERY_MODULE = """
import importlib, json, pkgutil, sys
room = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(getattr(room, "__path__", []), room.__name__ + "."):
    importlib.import_module(module.name)
"""


def _loaded(code: str, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{_SHOW}", *arguments],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_loads_nothing_heavy() -> None:
    help_page = (
        "import sys\nfrom live_coach.cli import cli\ncli.main(['--help'], standalone_mode=False)"
    )
    assert not _loaded(help_page) & (HEAVY | {"numpy", "pydantic", "rich"})


@pytest.mark.parametrize(
    ("room", "own"),
    [
        ("flow", set()),
        ("settings", set()),
        ("logs", set()),
        ("audio", {"soundfile", "soxr"}),
        ("speech", set()),
        ("transcript", set()),
        ("conversation", set()),
        ("coaching", set()),
        ("archive", set()),
        ("reports", set()),
        ("session", {"soundfile", "soxr"}),
        ("bench", set()),
        ("commands", {"soundfile", "soxr"}),
    ],
)
def test_a_room_loads_engines_devices_and_screens_only_when_it_needs_them(
    room: str, own: set[str]
) -> None:
    assert not _loaded(_EVERY_MODULE, f"live_coach.{room}") & HEAVY - own - {"asyncio"}
