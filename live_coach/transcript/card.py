"""NVIDIA cards: whether there is one, and the library that CTranslate2 needs to compute with it."""

from __future__ import annotations

import ctypes
import importlib.util
from contextlib import suppress
from pathlib import Path

_CUBLAS = ("libcublasLt.so.12", "libcublas.so.12", "cublasLt64_12.dll", "cublas64_12.dll")
"""What CTranslate2 opens by its bare name, after what that one needs; on Linux, then on Windows."""


def devices(wanted: str) -> tuple[str, ...]:
    """Where to run, in the order to try: `auto` is the card, if this computer has one, else the processor."""
    if wanted != "auto":
        return (wanted,)
    import ctranslate2

    return ("cuda", "cpu") if ctranslate2.get_cuda_device_count() else ("cpu",)


def open_cublas() -> None:
    """Load cuBLAS from its Python package, if that is installed, where CTranslate2 will find it.

    A library that is loaded already is found by its name; nobody has to set a search path for it.
    """
    for folder in _package_folders():
        for name in _CUBLAS:
            for library in folder.glob(f"*/{name}"):
                with suppress(OSError):  # CTranslate2 says what is missing
                    ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)


def _package_folders() -> list[Path]:
    with suppress(ImportError):  # there is no package `nvidia` at all
        package = importlib.util.find_spec("nvidia.cublas")
        if package is not None:
            return [Path(folder) for folder in package.submodule_search_locations or ()]
    return []
