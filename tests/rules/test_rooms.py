"""The rooms: who may import whom, what each may touch, and how large a file may grow."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.rules.repository import (
    PACKAGE,
    ROOT,
    imported,
    modules,
    tree,
    walk_at_run_time,
)

NETWORK = {
    "aiohttp", "ftplib", "http", "httpx", "huggingface_hub", "requests", "smtplib", "socket",
    "ssl", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc",
}  # fmt: skip
MAY_OPEN_A_CONNECTION = {"transcript/hub.py"}

CLOCKS = {
    "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter",
    "time.perf_counter_ns", "time.process_time", "time.sleep", "time.localtime", "time.gmtime",
    "time.clock_gettime", "time.clock_gettime_ns", "asyncio.sleep",
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
}  # fmt: skip
MAY_READ_A_CLOCK = {
    "session.py": "the wall clock, once: when a conversation starts",
    "flow/clock.py": "the conversation's clock",
    "flow/runner.py": "threads",
    "audio/": "capture and its watchdog",
    "bench/": "measures from outside; no part of a conversation",
    "transcript/worker.py": "deadlines of the worker process",
    "transcript/engine_child.py": "the worker process: how fast this computer reads",
    "transcript/scheduler.py": "when to decode next",
    "commands/tidy.py": "today: which kept conversations have expired",
    "transcript/hub.py": "the pause before a download is tried again",
}

LONGEST_FILE, LONGEST_FUNCTION = 400, 50
MAY_BE_LONGER = {"flow/messages.py": "every type that crosses a folder border, in one place"}


def test_rooms_import_only_earlier_rooms() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contract_knows_every_room() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = project["tool"]["importlinter"]["contracts"]
    named = {
        name.strip().removeprefix("live_coach.")
        for layer in contract["layers"]
        for name in layer.replace("|", ":").split(":")
    }
    there = {path.parts[0].removesuffix(".py") for path in modules()} - {"__init__"}
    assert there == named


def test_only_the_download_of_models_may_open_a_connection() -> None:
    users = {
        (module.as_posix(), name)
        for module in modules()
        for node in walk_at_run_time(tree(module))
        for name in imported(node)
        if any(name == banned or name.startswith(f"{banned}.") for banned in NETWORK)
    }
    assert {module for module, _ in users} <= MAY_OPEN_A_CONNECTION, users


def test_stages_are_given_the_time_and_never_ask_for_it() -> None:
    readers = {
        f"{module.as_posix()}: {reading}"
        for module in modules()
        if not any(module.as_posix().startswith(allowed) for allowed in MAY_READ_A_CLOCK)
        for reading in _clock_readings(tree(module))
    }
    assert not readers


@pytest.mark.parametrize("reading", ["import time\ntime.sleep(1)", "from time import monotonic",
    "from datetime import datetime\ndatetime.now()", "import datetime\ndatetime.datetime.now()",
    "import time as t\nt.monotonic_ns()"])  # fmt: skip
def test_a_clock_is_found_however_it_is_read(reading: str) -> None:
    assert _clock_readings(ast.parse(reading))


@pytest.mark.parametrize("module", modules(), ids=Path.as_posix)
def test_files_and_functions_stay_readable(module: Path) -> None:
    source = (PACKAGE / module).read_text(encoding="utf-8")
    assert source.count("\n") <= LONGEST_FILE or module.as_posix() in MAY_BE_LONGER
    long = {
        node.name: lines
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.body[0].lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


@pytest.mark.parametrize("module", modules(), ids=Path.as_posix)
def test_every_module_says_what_it_is_for(module: Path) -> None:
    parsed = tree(module)
    assert ast.get_docstring(parsed) or not parsed.body


def _clock_readings(parsed: ast.Module) -> set[str]:
    """The places where a module reads a clock or sleeps, by the name of what it calls or imports."""
    alias = {
        name.asname or name.name: name.name
        for node in ast.walk(parsed)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    found = {name for node in ast.walk(parsed) for name in imported(node) if name in CLOCKS}
    for node in ast.walk(parsed):
        if isinstance(node, ast.Attribute):
            first, *rest = ast.unparse(node).split(".")
            dotted = ".".join([alias.get(first, first), *rest])
            found |= {name for name in CLOCKS if dotted == name or dotted.endswith(f".{name}")}
    return found
