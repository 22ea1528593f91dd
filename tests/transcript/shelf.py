"""Small models that are whole in every way but their knowledge, a manifest that names them, and wheels."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from live_coach import paths

Files = dict[str, bytes]


def weights_file(payload: int = 3000) -> bytes:
    """A CTranslate2 file (binary version 6) with two variables and one alias."""

    def name(text: bytes) -> bytes:
        return struct.pack("<H", len(text) + 1) + text + b"\0"

    def variable(text: bytes, shape: tuple[int, ...], content: bytes) -> bytes:
        dimensions = struct.pack(f"<B{len(shape)}I", len(shape), *shape)
        return name(text) + dimensions + struct.pack("<BI", 1, len(content)) + content

    numbers = bytes(index % 251 for index in range(payload))
    return b"".join(
        (
            struct.pack("<I", 6),
            name(b"WhisperSpec"),
            struct.pack("<II", 3, 2),
            variable(b"decoder/activation", (), b"\x02"),
            variable(b"encoder/weight", (payload,), numbers),
            struct.pack("<I", 1),
            name(b"decoder/projection/weight"),
            name(b"encoder/weight"),
        )
    )


def model_files(*, multilingual: bool, payload: int = 3000) -> Files:
    """The four files of a Whisper model."""
    size = 51_865 if multilingual else 51_864
    return {
        "config.json": b'{"lang_ids": [50259]}',
        "model.bin": weights_file(payload),
        "tokenizer.json": b'{"version": "1.0"}',
        "vocabulary.txt": b"a\n" * size,
    }


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@dataclass
class Shelf:
    """A program folder with a manifest, its cache, and what the models in it should be."""

    program: Path
    cache: Path
    files: dict[str, Files] = field(default_factory=dict)

    def in_cache(self, name: str) -> Path:
        """Install a model of the manifest."""
        return put(self.cache / name, self.files[name])

    def write(self) -> None:
        """Write the manifest: `mini` knows both languages, `mini.en` and `other.en` English."""
        self.files = {
            "mini": model_files(multilingual=True),
            "mini.en": model_files(multilingual=False),
            "other.en": model_files(multilingual=False, payload=500),
            "voice": {"voice.onnx": b"onnx"},
        }
        text = [
            '[choice]\nen = ["other.en", "mini.en", "mini"]\nnl = ["mini"]\nauto = ["mini"]',
            self._entry("mini", '["en", "nl"]', "hub", ("mini-part1", "mini-part2")),
            self._entry("mini.en", '["en"]', "hub", ("mini-en",)),
            self._entry("other.en", '["en"]', "hub", ()),
            self._entry("voice", '["en", "nl"]', "package", ("mini-voice",)),
        ]
        (self.program / "manifest.toml").write_text("\n".join(text), encoding="utf-8")

    def _entry(self, name: str, languages: str, prefer: str, packages: tuple[str, ...]) -> str:
        files = self.files[name]
        purpose = "voice" if name == "voice" else "transcribe"
        lines = [
            f'[[model]]\nname = "{name}"\npurpose = "{purpose}"\nlanguages = {languages}',
            f'multilingual = {"true" if "nl" in languages else "false"}\nlicence = "MIT"',
            f'prefer = "{prefer}"\n[model.files]',
        ]
        for file, content in files.items():
            digest = hashlib.sha256(content).hexdigest()
            lines.append(f'"{file}" = {{ size = {len(content)}, sha256 = ["{digest}"] }}')
        lines.append(f'[model.hub]\nrepository = "someone/{name}"\nrevision = "abc"')
        if packages:
            requirements = json.dumps([f"{package}==1.0" for package in packages])
            lines.append(f'[model.package]\nrequirements = {requirements}\nextra = "dutch"')
            lines.append("[model.package.members]")
            for file, members in members_of(files, packages).items():
                lines.append(f'"{file}" = {json.dumps(list(members))}')
        return "\n".join(lines)


def prepared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Small models instead of those that come with the program; nothing is installed yet."""
    program = folder / "program" / "models"
    program.mkdir(parents=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setattr(paths, "shipped", program.parent.joinpath)
    shelf = Shelf(program, paths.model_cache())
    shelf.write()
    return shelf


def members_of(files: Files, packages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """With two packages model.bin is in two parts, the rest in the first."""
    modules = [package.replace("-", "_") for package in packages]
    if len(packages) == 1:
        return {file: (f"{modules[0]}/data/{file}",) for file in files}
    members = {file: (f"{modules[0]}/data/{file}",) for file in files}
    members["model.bin"] = tuple(
        f"{module}/data/model.bin.part{number}" for number, module in enumerate(modules, start=1)
    )
    return members


def contents(files: Files, packages: tuple[str, ...]) -> dict[str, dict[str, bytes]]:
    """What each package holds: its data, and a module that must never be imported."""
    held: dict[str, dict[str, bytes]] = {}
    for package in packages:
        module = package.replace("-", "_")
        held[package] = {f"{module}/__init__.py": b"raise RuntimeError('imported')\n"}
    for file, members in members_of(files, packages).items():
        step = -(-len(files[file]) // len(members))
        for number, member in enumerate(members):
            package = packages[number]
            held[package][member] = files[file][number * step : (number + 1) * step]
    return held


def metadata(package: str) -> dict[str, bytes]:
    """The records that an installer reads."""
    folder = f"{package.replace('-', '_')}-1.0.dist-info"
    return {
        f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n".encode(),
        f"{folder}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{folder}/RECORD": b"",
    }


def wheel(folder: Path, package: str, held: Mapping[str, bytes]) -> Path:
    """Build a wheel that pip can download."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{package.replace('-', '_')}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**held, **metadata(package)}.items():
            archive.writestr(name, content)
    return path


def installed(site: Path, package: str, held: Mapping[str, bytes]) -> None:
    """Put a package into a folder as an installer would."""
    for name, content in {**held, **metadata(package)}.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
