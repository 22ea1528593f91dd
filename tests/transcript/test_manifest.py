"""The list of models: what it must hold, and that a wrong one is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from live_coach import paths
from live_coach.errors import ModelError
from live_coach.transcript import manifest

_WHISPER = {"tiny.en", "tiny", "base", "base.en", "small", "medium", "large-v3", "distil-large-v3"}


def test_the_shipped_manifest_names_every_model_with_a_pinned_hub_revision() -> None:
    known = manifest.load()
    by_purpose = {
        purpose: {entry.name for entry in known.model if entry.purpose == purpose}
        for purpose in ("transcribe", "voice", "turn")
    }
    assert by_purpose == {"transcribe": _WHISPER, "voice": {"voice"}, "turn": {"turn"}}
    for entry in known.model:
        assert entry.hub is not None
        assert re.fullmatch("[0-9a-f]{40}", entry.hub.revision)
    for entry in known.model:
        if entry.purpose == "transcribe":
            assert {"model.bin", "config.json", "tokenizer.json"} <= entry.files.keys()
            assert entry.files.keys() & {"vocabulary.txt", "vocabulary.json"}


def test_the_embedded_defaults_and_the_small_helpers_come_from_packages_of_one_version() -> None:
    packaged = {entry.name: entry.package for entry in manifest.load().model if entry.package}
    assert packaged.keys() == {"tiny.en", "base", "voice", "turn"}
    for source in packaged.values():
        for requirement in source.requirements:
            assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+", requirement)


def test_extras_of_the_project_are_the_packages_of_the_manifest() -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    if not project.is_file():
        pytest.skip("the tests run outside the checkout")
    text = project.read_text(encoding="utf-8")
    for entry in manifest.load().model:
        if entry.package and entry.package.extra:
            requirements = ", ".join(f'"{one}"' for one in entry.package.requirements)
            assert f"{entry.package.extra} = [{requirements}]" in text


def test_no_language_is_left_to_a_model_that_does_not_know_it() -> None:
    known = manifest.load()
    for language in ("en", "nl"):
        for name in known.choice.order(language):
            assert language in known.known(name).languages
    for name in known.choice.order("auto"):
        assert known.known(name).languages == ("en", "nl")


def test_a_better_model_takes_more_work_but_for_those_measured() -> None:
    known = manifest.load()
    work = {name: known.known(name).work for name in known.choice.nl}
    assert list(work.values()) == sorted(work.values(), reverse=True)
    assert all(each >= 1 for each in work.values())
    assert known.choice.en.index("tiny.en") < known.choice.en.index("base")


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(ModelError, match=r"“huge” is not a known model\. Choose from: tiny\.en, "):
        manifest.load().known("huge")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ModelError, match="“fr” is not a language"):
        manifest.load().choice.order("fr")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("licence =", "license ="),
        ('prefer = "package"', 'prefer = "friend"'),
        ('name = "turn"', 'name = "voice"'),
        ('name = "turn"', 'name = "../turn"'),
        ("size = 8679182", "size = 0"),
        ('sha256 = ["2bb', 'sha256 = ["XYZ'),
        ('"tiny"]', '"huge"]'),
        ('paths = { "speaker_verification.onnx"', 'paths = { "other.onnx"'),
        ('"smart-turn-v3.2-cpu.onnx" = ["pipecat', '"other.onnx" = ["pipecat'),
        ("[choice]", "[choice"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(tmp_path: Path, wrong: str, right: str) -> None:
    text = (paths.shipped("models") / "manifest.toml").read_text(encoding="utf-8")
    assert wrong in text
    path = tmp_path / "manifest.toml"
    path.write_text(text.replace(wrong, right), encoding="utf-8")
    with pytest.raises(ModelError, match=r"manifest\.toml cannot be used"):
        manifest.load(path)


def test_a_missing_manifest_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be used"):
        manifest.load(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["base.en", "my-model_2"])
def test_plain_names_are_file_names(name: str) -> None:
    assert manifest.is_file_name(name)


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "a b", "é", "a\n"])
def test_other_names_are_not(name: str) -> None:
    assert not manifest.is_file_name(name)
