"""`live-coach voice` as a person uses it, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from live_coach.archive.sessions import load
from live_coach.commands.voice_words import to_read, words
from live_coach.flow.messages import RATE, Speaker
from tests.journey.program import (
    excerpt,
    finals,
    of_type,
    recording,
    require_model,
    run,
    script_share,
    stream,
)
from tests.speech import voices


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """An archive of its own, empty."""
    return {"LIVE_COACH_ARCHIVE__DIRECTORY": str(tmp_path / "data")}


@pytest.mark.models
def test_a_voice_is_enrolled_shown_and_deleted(own: dict[str, str], tmp_path: Path) -> None:
    voices.printer()
    assert run("voice", env=own).stdout == "No voice is enrolled.\n"
    enrolled = run("voice", "enrol", "--from", recording("en"), "--manager", "left", env=own)
    assert (enrolled.returncode, enrolled.stderr) == (0, "")
    assert "from 20 s of speech" in enrolled.stdout
    (kept,) = (tmp_path / "data").iterdir()
    assert str(kept) in run("voice", env=own).stdout
    assert run("voice", "delete", env=own).returncode == 2
    assert kept.exists()
    assert run("voice", "delete", "--yes", env=own).returncode == 0
    assert not list((tmp_path / "data").iterdir())


@pytest.mark.models
@pytest.mark.parametrize(
    ("language", "said"), [("en", "More than one voice"), ("nl", "meer dan één stem")]
)
def test_two_people_are_refused_and_nothing_is_kept(
    language: str, said: str, own: dict[str, str], tmp_path: Path
) -> None:
    voices.printer()
    done = run("voice", "enrol", "--from", recording(language), "--language", language, env=own)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "data").exists()


def test_what_does_not_go_together_is_wrong_usage(own: dict[str, str]) -> None:
    assert run("voice", "enrol", "--mic", "a", "--from", "b.wav", env=own).returncode == 2
    assert run("voice", "enrol", "--manager", "left", env=own).returncode == 2


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_what_is_read_aloud_fits_the_terminal(language: str, width: int) -> None:
    told = to_read(language, width)
    assert max(map(len, told.splitlines())) <= min(width, 90)
    assert told.split() == f"{words(language)['guide']} {words(language)['text']}".split()


def test_both_languages_say_the_same_things() -> None:
    assert words("en").keys() == words("nl").keys()
    for name, sentence in words("en").items():
        fields = [field for field in ("{seconds}", "{day}", "{path}") if field in sentence]
        assert all(field in words("nl")[name] for field in fields)


@pytest.mark.models
def test_with_one_microphone_the_enrolled_manager_is_told_apart(
    own: dict[str, str], tmp_path: Path
) -> None:
    voices.printer()
    model = require_model("en")
    talk = excerpt("en", 20, 60, tmp_path / "talk.wav")
    told = tmp_path / "talk.jsonl"
    replay = ("replay", talk, "--manager", "mono", "--language", "en", "--model", model)
    without = run(*replay, "--jsonl", told, env=own)
    assert "No voice is enrolled" in without.stderr
    assert {line["speaker"] for line in of_type(stream(told), "speech")} == {"unknown"}

    run("voice", "enrol", "--from", recording("en"), "--manager", "left", env=own)
    again = run(*replay, "--jsonl", told, env=own)
    assert (again.returncode, again.stderr) == (0, "")
    lines = stream(told)
    assert {line["speaker"] for line in finals(lines)} >= {"manager", "coachee"}
    share = of_type(lines, "metrics")[-1]["talk_share"]["session"]
    assert share == pytest.approx(script_share("en", 20, 60), abs=0.08)
    twice = tmp_path / "twice.jsonl"
    run(*replay, "--jsonl", twice, env=own)

    def comparable(path: Path) -> list[dict[str, object]]:
        return [line for line in stream(path) if line["type"] != "session"]

    assert comparable(told) == comparable(twice)


@pytest.mark.models
@pytest.mark.parametrize("language", ["en", "nl"])
def test_turns_before_both_voices_were_known_are_put_right_in_talk_share_and_transcript(
    language: str, own: dict[str, str], tmp_path: Path
) -> None:
    sound, truth = voices.alike(language, *[Speaker.COACHEE, Speaker.MANAGER] * 3)
    talk, told = tmp_path / "talk.wav", tmp_path / "talk.jsonl"
    soundfile.write(talk, sound, RATE)
    run("voice", "enrol", "--from", recording(language), "--manager", "left", env=own)
    about = ("--manager", "mono", "--language", language, "--model", require_model(language))
    own["LIVE_COACH_ARCHIVE__KEEP_TRANSCRIPT"] = "true"
    done = run("replay", talk, *about, "--jsonl", told, "--save", env=own)
    assert done.returncode == 0
    lines = stream(told)
    assert of_type(lines, "learnt")
    assert not of_type(lines, "nudge")

    def who_spoke(begin: int, end: int) -> Speaker:
        middle = (begin + end) // 2
        return next(who for start, stop, who in truth if start <= middle < stop)

    at_once = {line["speaker"] for line in finals(lines) if line["end"] < truth[1][0] / RATE}
    assert Speaker.COACHEE not in at_once
    kept = load(tmp_path / "data", "last")
    known = [one for one in kept.utterances if one.speaker is not Speaker.UNKNOWN]
    assert len(known) >= len(truth) - 1
    assert known[0].span.end < truth[1][0]
    for one in (*known, *(turn for turn in kept.turns if turn.spoken > RATE)):
        assert one.speaker is who_spoke(one.span.start, one.span.end)

    spoken = {who: sum(end - start for start, end, one in truth if one is who) for *_, who in truth}
    share = spoken[Speaker.MANAGER] / sum(spoken.values())
    assert kept.readings[-1].talk_share.session == pytest.approx(share, abs=0.06)
