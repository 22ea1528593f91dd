"""Bad input from outside, through the whole program: files, options, settings, places, pipes and signals."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import soundfile

from tests.commands.hostile import RATE, call, refused, talk
from tests.journey.program import kill, of_type, require_model, start, until
from tests.needs import program

unix = pytest.mark.skipif(os.name == "nt", reason="devices, pipes and permissions of Unix")
MODEL = ("--language", "en", "--model", "tiny.en")


@pytest.fixture(scope="module")
def hiss(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of hiss in stereo, and the model to hear that nothing is said in it."""
    require_model("en")
    return talk(tmp_path_factory.mktemp("recordings") / "hiss.wav")


@pytest.fixture
def archive(tmp_path: Path) -> dict[str, str]:
    """The setting for an archive of one's own."""
    return {"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "archive")}


def _cut_short(path: Path) -> None:
    whole = talk(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


# ── recordings ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.models
@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("missing.wav", lambda path: None, "There is no file"),
        ("empty.wav", lambda path: path.touch(), "is empty"),
        ("silence.wav", lambda path: talk(path, seconds=0), "0 seconds long"),
        ("film.mp4", lambda path: path.write_bytes(b"\0\0\0\x20ftypisom" * 90), "ffmpeg"),
        ("cut.wav", _cut_short, "only 0.5 seconds of it could be read"),
        ("six.wav", lambda path: talk(path, channels=6), "--manager mono"),
        ("folder.wav", lambda path: path.mkdir(), "is a folder"),
        ("x" * 250 + ".wav", lambda path: None, "There is no file"),
        ("x" * 300 + ".wav", lambda path: None, "cannot be opened"),
    ],
    ids=["missing", "empty", "0 s", "film", "cut", "six channels", "folder", "long", "too long"],
)
def test_a_recording_that_will_not_do(
    name: str, make: object, says: str, tmp_path: Path, hiss: Path
) -> None:
    assert callable(make)
    make(tmp_path / name)
    refused(call("replay", tmp_path / name, *MODEL, "--jsonl", "-"), 1, says)


@pytest.mark.models
def test_where_dutch_is_spoken_it_is_told_in_dutch(tmp_path: Path, hiss: Path) -> None:
    env = {"LIVE_COACH_SCREEN__LANGUAGE": "nl"}
    told = "Controleer de naam en de map."
    refused(call("replay", tmp_path / "missing.wav", *MODEL, env=env), 1, told)


@unix
@pytest.mark.models
def test_names_and_things_of_unix_that_will_not_do(tmp_path: Path, hiss: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for path in (tmp_path / "pipe.wav", Path("/dev/zero")):
        refused(call("replay", path, *MODEL), 1, "is not a file")
    steering = tmp_path / "two\nlines \x1b[31m“😀”.wav"
    refused(call("replay", steering, *MODEL), 1, r"two\nlines \x1b[31m“😀”.wav")


@pytest.mark.models
def test_every_rate_depth_and_level_is_heard_in_one_go(tmp_path: Path, hiss: Path) -> None:
    loud = tmp_path / "clipped.wav"
    soundfile.write(str(loud), soundfile.read(str(hiss))[0] * 40, RATE)
    silent = tmp_path / "silent “q” 😀.wav"
    soundfile.write(str(silent), soundfile.read(str(hiss))[0] * 0, RATE)
    kinds = [
        talk(tmp_path / "telephone.wav", rate=8_000),
        talk(tmp_path / "studio.flac", rate=96_000, subtype="PCM_24"),
        talk(tmp_path / "float.wav", subtype="DOUBLE"),
        loud,
        silent,
    ]
    done = call("replay", *kinds, *MODEL, "--jsonl", "-")
    assert (done.returncode, done.stderr) == (0, "")
    ends = of_type(map(json.loads, done.stdout.splitlines()), "end")
    assert [end["duration"] for end in ends] == pytest.approx([1.0] * len(kinds), abs=0.002)


@pytest.mark.models
def test_the_recording_itself_is_never_written_over(tmp_path: Path) -> None:
    own = talk(tmp_path / "talk.wav")
    before = own.read_bytes()
    refused(call("replay", own, "--jsonl", tmp_path / "." / "talk.wav"), 2, "recording itself")
    assert own.read_bytes() == before


# ── options, models and settings ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("replay", "talk.wav", "--nonsense"), "--nonsense"),
        (("replay", "talk.wav", "--language", "fr"), "'fr'"),
        (("live", "--headless", "--consent", "given", "--seconds", "0"), "--seconds"),
        (("live", "--headless", "--consent", "given", "--seconds", "inf"), "--seconds"),
        (("live", "--length", "-1"), "--length"),
        (("live", "--length", "nan"), "--length"),
        (("label", "--nudges", "--length", "nan"), "--length"),
    ],
)
def test_a_wrong_option(arguments: tuple[str, ...], says: str) -> None:
    refused(call(*arguments), 2, says)


def test_models_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "hollow").mkdir()
    for name, says in [
        ("nonsense", "is not a known model"),
        (str(tmp_path / "nowhere"), "There is no model directory"),
        (str(tmp_path / "hollow"), "no model.bin"),
    ]:
        refused(call("replay", "talk.wav", "--model", name), 1, says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[audio\n", "is not valid TOML"),
        ("\udcff", "is not valid TOML"),
        ("[audio]\nmicc = 1\n", "“audio.micc”"),
        ("[audio]\nmic = 3\n", "“audio.mic”"),
        ("audio = 3\n", "“audio”"),
        ("[speech]\nonset_ms = nan\n", "“speech.onset_ms”"),
        ("[transcript]\nstart_deadline_s = inf\n", "“transcript.start_deadline_s”"),
        ("[archive]\nkeep_days = 999999999999\n", "“archive.keep_days”"),
        ('[conversation]\npreset = "../../x"\n', "There is no preset"),
    ],
)
def test_a_settings_file_that_will_not_do(text: str, says: str, tmp_path: Path, hiss: Path) -> None:
    own = tmp_path / "config.toml"
    own.write_bytes(text.encode("utf-8", "surrogateescape"))
    arguments = ("replay", hiss, *MODEL) if "preset" in text else ("config", "show")
    refused(call(*arguments, env={"LIVE_COACH_CONFIG": str(own)}), 2, says)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LIVE_COACH_NONSENSE", "1", "“nonsense”"),
        ("LIVE_COACH_AUDIO__BLOCK_MS", "wide", "“audio.block_ms”"),
        ("LIVE_COACH_CONFIG", os.sep, "cannot be read"),
    ],
)
def test_an_environment_that_will_not_do(name: str, value: str, says: str) -> None:
    refused(call("config", "show", env={name: value}), 2, says)


@pytest.mark.models
def test_a_preset_nobody_knows_begins_nothing(
    hiss: Path, tmp_path: Path, archive: dict[str, str]
) -> None:
    env = archive | {"LIVE_COACH_CONVERSATION__PRESET": "nonsense"}
    done = call("replay", hiss, *MODEL, "--save", "--speed", "real", env=env)
    refused(done, 2, "There is no preset")
    assert call("sessions", "list", env=archive).stdout == ""


# ── the archive and other places ─────────────────────────────────────────────────────────────────


@pytest.mark.models
@pytest.mark.parametrize("kind", ["a file", "damaged", "newer"])
def test_an_archive_that_will_not_do_is_told_before_anything_is_heard(
    kind: str, hiss: Path, tmp_path: Path, archive: dict[str, str]
) -> None:
    place = Path(archive["LIVE_COACH_ARCHIVE__DIRECTORY"])
    says = {"a file": "File exists", "damaged": "is damaged", "newer": "newer version"}[kind]
    if kind == "a file":
        place.touch()
    elif kind == "damaged":
        place.mkdir()
        (place / "archive.sqlite3").write_bytes(b"\x07" * 9000)
    else:
        assert call("replay", hiss, *MODEL, "--save", env=archive).returncode == 0
        with sqlite3.connect(place / "archive.sqlite3") as connection:
            connection.execute("INSERT INTO migration VALUES (99, 'later')")
        connection.close()
    done = call("replay", hiss, *MODEL, "--save", "--jsonl", "-", env=archive)
    refused(done, 1, says)
    assert done.stdout == ""


def test_no_id_at_all_is_not_the_only_conversation(hiss: Path, archive: dict[str, str]) -> None:
    assert call("replay", hiss, *MODEL, "--save", env=archive).returncode == 0
    refused(call("sessions", "delete", "", "--yes", env=archive), 1, "There is no conversation")
    assert len(call("sessions", "list", env=archive).stdout.splitlines()) == 1


@unix
@pytest.mark.models
def test_what_may_not_be_read_or_written(hiss: Path, tmp_path: Path) -> None:
    powerless: tuple[str, ...] = ()
    if os.geteuid() == 0:
        drop = "-dac_override,-dac_read_search"
        setpriv = program("setpriv", "util-linux")
        powerless = (setpriv, "--bounding-set", drop, "--inh-caps", drop)
    shut = tmp_path / "shut"
    shut.mkdir()
    sound = talk(tmp_path / "talk.wav")
    sound.chmod(0)
    shut.chmod(0)
    try:
        refused(call("replay", sound, *MODEL, before=powerless), 1, "may not be read by you")
        for arguments, env, code in [
            (("sessions", "list"), {"LIVE_COACH_ARCHIVE__DIRECTORY": str(shut)}, 1),
            (("config", "show"), {"LIVE_COACH_CONFIG": str(shut / "config.toml")}, 2),
            (("replay", hiss, "--model", shut), {}, 1),
            (("replay", hiss, *MODEL, "--summary", shut / "x.md"), {}, 1),
        ]:
            refused(call(*arguments, env=env, before=powerless), code, "Permission denied")
    finally:
        shut.chmod(0o700)


@unix
def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    before = ("/bin/sh", "-c", script, "sh")
    refused(call("config", "show", before=before, cwd=tmp_path), 1, "is gone")


# ── a full disk, and readers that go away ────────────────────────────────────────────────────────


@pytest.fixture
def full() -> Path:
    """A device on which there is never any room."""
    path = Path("/dev/full")
    if not path.exists():
        pytest.skip("/dev/full is a thing of Linux")
    return path


@pytest.mark.models
@pytest.mark.parametrize("speed", ["max", "real"])
def test_a_full_disk_under_the_stream_costs_the_stream_alone(
    speed: str, hiss: Path, full: Path, tmp_path: Path, archive: dict[str, str]
) -> None:
    summary = tmp_path / "summary.json"
    done = call(
        *("replay", hiss, *MODEL, "--speed", speed, "--save"),
        *("--jsonl", full, "--summary", summary),
        env=archive,
    )
    assert done.returncode == 1
    kept, told = done.stderr.splitlines()
    assert "Kept as" in kept
    assert told == (
        "live-coach: “/dev/full” cannot be written: No space left on device. Choose another place."
    )
    assert json.loads(summary.read_text(encoding="utf-8"))
    assert " end" in call("sessions", "list", env=archive).stdout


@pytest.mark.models
def test_one_summary_that_cannot_be_written_does_not_cost_the_other(
    hiss: Path, full: Path, tmp_path: Path
) -> None:
    (tmp_path / "full.md").symlink_to(full)
    whole = tmp_path / "whole.md"
    done = call("replay", hiss, *MODEL, "--summary", tmp_path / "full.md", "--summary", whole)
    refused(done, 1, "No space left on device")
    assert whole.read_text(encoding="utf-8").startswith("#")


@unix
def test_standard_output_that_is_full_closed_or_left(full: Path) -> None:
    shell = ("/bin/sh", "-c")
    refused(call("config", "show", before=(*shell, 'exec "$@" >/dev/full', "sh")), 1, "no room")
    for closed in (">&-", "2>&-", "<&- >&- 2>&-"):
        done = call("config", "show", before=(*shell, f'exec "$@" {closed}', "sh"))
        assert (done.returncode, done.stderr) == (0, "")
    left = '{ "$@"; echo $? >&2; } | true'
    done = call("config", "show", before=(*shell, left, "sh"))
    assert done.stderr == "0\n"


@unix
@pytest.mark.models
@pytest.mark.parametrize(("keeping", "seconds"), [((), 0), (("--save",), 1)])
def test_a_reader_that_goes_away_ends_only_what_nobody_wants(
    keeping: tuple[str, ...], seconds: int, tmp_path: Path, archive: dict[str, str]
) -> None:
    require_model("en")
    long = talk(tmp_path / "long.wav", seconds=600 if not keeping else seconds)
    replay = start("replay", long, *MODEL, "--speed", "real", *keeping, "--jsonl", "-", env=archive)
    try:
        assert replay.stdout is not None
        assert '"session"' in replay.stdout.readline()
        replay.stdout.close()
        assert replay.wait(30) == 0
    finally:
        kill(replay)
    kept = call("sessions", "list", env=archive).stdout.splitlines()
    assert [line.split()[-1] for line in kept] == ["end"] * len(keeping)


# ── label ────────────────────────────────────────────────────────────────────────────────────────


def _said(**changes: object) -> bytes:
    row = {"conversation": "c", "turn": 1, "speaker": "manager", "text": "You should call."}
    return json.dumps(row | changes).encode()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (bytes(range(128, 256)), "Line 1 is not UTF-8 text"),
        (_said() + b"\n[", "Line 2 is not JSON"),
        (b"[" * 100_000, "Line 1 is not JSON"),
        (_said(turn=float("nan")), "Line 1 is not JSON"),
        (_said().replace(b"1", b"1e999"), "Line 1 is not JSON"),
        (b'"' + b"x" * 2_000_000, "Line 1 is too long"),
        (_said(text="so " * 6000), "Line 1 has a text of more than"),
        (_said(text=5), "Line 1 has a text that is not a string"),
        (_said(speaker=["manager"]), "Line 1 has a speaker other than"),
    ],
    ids=["bytes", "half", "deep", "nan", "infinite", "long", "wordy", "number", "list"],
)
def test_a_line_that_cannot_be_labelled(given: bytes, says: str) -> None:
    refused(call("label", given=given), 1, says)


@pytest.mark.parametrize("given", [_said(), b"\xef\xbb\xbf" + _said(), b"\n" + _said() + b"\r\n\n"])
def test_marks_and_ends_of_lines_that_editors_leave_are_no_trouble(given: bytes) -> None:
    done = call("label", given=given)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)


# ── signals, a home that cannot be written, and what is left behind ──────────────────────────────


@unix
@pytest.mark.models
@pytest.mark.parametrize("moment", ["while it imports", "with the model", "while it runs"])
def test_ctrl_c_at_any_moment_leaves_nothing_running_and_nothing_half_kept(
    moment: str, tmp_path: Path, archive: dict[str, str]
) -> None:
    require_model("en")
    long = talk(tmp_path / "long.wav", seconds=600)
    replay = start(
        *("replay", long, *MODEL, "--speed", "real", "--save", "--jsonl", tmp_path / "lines"),
        env=archive,
    )
    process = psutil.Process(replay.pid)
    try:
        if moment == "while it imports":
            until(lambda: process.cpu_times().user >= 0.2)
        elif moment == "with the model":
            until(process.children)
        else:
            until(lambda: (tmp_path / "lines").exists() and (tmp_path / "lines").stat().st_size)
        workers = process.children(recursive=True)
        replay.send_signal(signal.SIGINT)
        _, err = replay.communicate(timeout=30)
    finally:
        kill(replay)
    assert "Traceback" not in err
    assert psutil.wait_procs(workers, timeout=10)[1] == []
    place = Path(archive["LIVE_COACH_ARCHIVE__DIRECTORY"])
    left = {path.name for path in place.iterdir()} if place.exists() else set()
    assert left <= {"archive.sqlite3"}


@unix
@pytest.mark.models
def test_a_closed_terminal_ends_a_conversation_properly(
    tmp_path: Path, archive: dict[str, str]
) -> None:
    require_model("en")
    long = talk(tmp_path / "long.wav", seconds=600)
    lines = tmp_path / "lines"
    replay = start(
        "replay", long, *MODEL, "--speed", "real", "--save", "--jsonl", lines, env=archive
    )
    try:
        until(lambda: lines.exists() and lines.stat().st_size)
        replay.send_signal(signal.SIGHUP)
        assert replay.wait(30) == 0
    finally:
        kill(replay)
    assert "interrupted" in call("sessions", "list", env=archive).stdout


@pytest.mark.models
def test_nothing_but_this_programs_own_folders_appears_at_home(hiss: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    names = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    env = {"HOME": str(home)} | {name: str(home / name) for name in names}
    assert call("replay", hiss, *MODEL, "--speed", "real", "--save", env=env).returncode == 0
    assert {path.name for folder in home.iterdir() for path in folder.iterdir()} == {"live-coach"}


def test_a_lost_ctrl_c_comes_again() -> None:
    code = (
        "import sys, time\n"
        "from live_coach import cli\n"
        "class Lost:\n"
        "    def __del__(self): raise KeyboardInterrupt\n"
        "sys.unraisablehook = cli._unraisable\n"
        "end = time.monotonic() + 10\n"
        "try:\n"
        "    lost = Lost()\n"
        "    del lost\n"
        "    while time.monotonic() < end: pass\n"
        "except KeyboardInterrupt:\n"
        "    print('again')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.stdout, done.stderr) == ("again\n", "")
