"""A real terminal (a pseudo-terminal): what it gets, and what it must never get."""

from __future__ import annotations

import ctypes
import io
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live_coach.screen import terminal
from tests.screen.program import SECRET
from tests.terminal import Terminal

pty = pytest.importorskip("pty", reason="pseudo-terminals are a thing of Unix")
termios = pytest.importorskip("termios", reason="pseudo-terminals are a thing of Unix")

COLOUR = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m")


Open = Callable[..., Terminal]


@pytest.fixture
def open_terminal() -> Iterator[Open]:
    opened: list[Terminal] = []

    def new(how: str, **options: object) -> Terminal:
        opened.append(Terminal(how, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield new
    for one in opened:
        one.close()


def test_native_noise_never_reaches_the_terminal(open_terminal: Open) -> None:
    here = open_terminal("noise")
    here.read_until(b"62%")
    here.type(b"q")
    here.read_until(b"All went well")
    here.type(b"q")
    assert here.read_to_the_end() == 0
    assert b"noise" not in here.got
    assert b"the screen has gone" in here.got


def test_no_colour_reaches_a_terminal_that_wants_none(open_terminal: Open) -> None:
    here = open_terminal("wait", NO_COLOR="1")
    here.read_until(b"62%")
    here.type(b"q")
    here.read_until(b"All went well")
    here.type(b"\r")
    assert here.read_to_the_end() == 0
    assert COLOUR.search(here.got) is None


def test_colour_reaches_a_terminal_that_can_show_it(open_terminal: Open) -> None:
    here = open_terminal("wait")
    here.read_until(b"62%")
    assert COLOUR.search(here.got) is not None


def test_no_bell_no_blink_no_mouse(open_terminal: Open) -> None:
    here = open_terminal("wait")
    here.read_until(b"62%")
    here.type(b"?")
    here.read_until(b"No nudge yet")
    here.type(b"\x03\x03")
    here.read_to_the_end()
    assert b"\x07" not in re.sub(rb"\x1b\][^\x07]*\x07", b"", here.got)
    assert not re.search(rb"\x1b\[(?:[\d;]*;)?[56](?:;[\d;]*)?m", here.got)
    assert b"\x1b[?1000h" not in here.got


def test_a_failure_is_a_sentence_after_the_screen_has_gone(open_terminal: Open) -> None:
    here = open_terminal("fail")
    assert here.read_to_the_end() == 1
    screen_left = here.got.rindex(b"\x1b[?1049l")
    assert b"live-coach: The microphone is gone. Plug it in." in here.got[screen_left:]
    assert b"Traceback" not in here.got


def test_a_bug_of_the_screen_is_a_sentence_without_words_of_anybody(open_terminal: Open) -> None:
    here = open_terminal("crash")
    assert here.read_to_the_end() == 1
    after = here.got[here.got.rindex(b"\x1b[?1049l") :]
    assert b"Something unexpected went wrong (ZeroDivisionError)." in after
    assert b"Traceback" not in here.got
    assert SECRET.encode() not in here.got


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_properly_and_a_second_one_leaves(
    open_terminal: Open, number: signal.Signals
) -> None:
    here = open_terminal("wait")
    here.read_until(b"62%")
    here.process.send_signal(number)
    here.read_until(b"All went well")
    here.process.send_signal(number)
    assert here.read_to_the_end() == 0
    assert b"\x1b[?1049l" in here.got


def test_a_closed_terminal_leaves_no_program_behind(open_terminal: Open) -> None:
    here = open_terminal("wait")
    here.read_until(b"62%")
    here.process.send_signal(signal.SIGHUP)
    assert here.read_to_the_end() == 0


def test_a_terminal_of_20_by_5_gets_a_sentence(open_terminal: Open) -> None:
    here = open_terminal("wait", size=(20, 5))
    here.read_until(b"Make the window")
    here.type(b"\x03\x03")
    assert here.read_to_the_end() == 0


def test_noise_goes_to_the_file_that_was_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sink = tmp_path / "noise"
    before = sys.__stderr__
    with terminal.native_noise_to(sink):
        ctypes.CDLL(None).perror(b"noise of C code")
        assert sys.__stderr__ is not before
        print("drawn", file=sys.__stderr__, flush=True)
    os.write(2, b" and back")
    assert sink.read_bytes().startswith(b"noise of C code: ")
    assert sys.__stderr__ is before
    assert capfd.readouterr().err == "drawn\n and back"


def test_noise_goes_nowhere_when_its_file_cannot_be_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with terminal.native_noise_to(tmp_path / "missing" / "noise"):
        os.write(2, b"noise")
    assert capfd.readouterr().err == ""


def test_a_terminal_is_usable_and_a_pipe_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "wb", buffering=0), os.fdopen(theirs, "w") as tty:
        for name in ("__stdin__", "__stdout__", "__stderr__"):
            monkeypatch.setattr(sys, name, tty)
        monkeypatch.setenv("TERM", "xterm")
        assert terminal.unusable() is None
        monkeypatch.setenv("TERM", "dumb")
        assert "TERM" in str(terminal.unusable())
        monkeypatch.setattr(sys, "__stdout__", io.StringIO())
        assert "Standard output is not a terminal" in str(terminal.unusable())
        monkeypatch.setattr(sys, "__stdin__", None)
        assert "Standard input is not a terminal" in str(terminal.unusable())
