"""Which slips in a file no test would notice: python -m benchmarks.mutants FILE TEST… [--save FILE.json].

Each comparison, number, and/or, not, sum and min/max of FILE is changed in turn; then the TESTs run, stopping at
the first that fails. A change that none notices is a survivor and is printed. A reason for one, kept in
benchmarks/results/mutants-reasons.toml under the file's name (`"line of code: before → after" = "why"`), is
printed beside it; a survivor without a reason makes the exit status 1. Each mutant runs in a process of its own that already has the libraries; it takes
half a second. Tests that need a plugin of pytest cannot be used. Not part of the tests.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import json
import os
import signal
import sys
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

import hypothesis
import numpy as np
import pydantic
import pytest

LIBRARIES = (hypothesis, np, pydantic)
REASONS = Path(__file__).parent / "results" / "mutants-reasons.toml"
_LONGEST_CPU_S = 60
_QUICK = [
    "-x",
    "-q",
    "-p",
    "no:cacheprovider",
    "--no-header",
    "-W",
    "ignore",
    "-o",
    "addopts=",
    "--assert=plain",
]
"""Without plugins, and without telling what a failed assertion compared: three times as fast."""
_SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


def changed(node: ast.AST) -> Iterator[ast.AST]:
    """Each way to get this node wrong."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _SWAPS:
            yield _with(node, ops=[_SWAPS[type(op)]()])
        case ast.Compare(ops=[first, second]):
            yield _with(node, ops=[_SWAPS[type(first)](), second])
            yield _with(node, ops=[first, _SWAPS[type(second)]()])
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in _SWAPS:
            yield _with(node, op=_SWAPS[type(op)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=(int() | float()) as value):
            yield ast.Constant(value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield _with(node, func=ast.Name(_CALLS[name], ast.Load()))


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    copied = deepcopy(node)
    for name, value in fields.items():
        setattr(copied, name, value)
    return copied


def mutants(source: str) -> Iterator[tuple[int, str, ast.Module]]:
    """Line, what is changed, and the changed file. What decorates stays as it is."""
    tree = ast.parse(source)
    lines = source.splitlines()
    decorators = {
        id(inner)
        for node in ast.walk(tree)
        for decorator in getattr(node, "decorator_list", ())
        for inner in ast.walk(decorator)
    }
    for at, node in enumerate(ast.walk(tree)):
        if id(node) in decorators:
            continue
        for other in changed(node):
            mutant = deepcopy(tree)
            target = next(n for number, n in enumerate(ast.walk(mutant)) if number == at)
            _replace(mutant, target, other)
            line = node.lineno  # type: ignore[attr-defined]
            what = f"{lines[line - 1].strip()}: {ast.unparse(node)} → {ast.unparse(other)}"
            yield line, what, ast.fix_missing_locations(mutant)


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    ast.copy_location(new, old)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                setattr(parent, name, [new if each is old else each for each in value])


def survives(path: Path, tree: ast.Module, tests: list[str]) -> bool:
    """Whether all tests pass with the changed file, in a process of their own."""
    child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(BaseException):
            signal.setitimer(signal.ITIMER_PROF, _LONGEST_CPU_S)
            code = _test(path, tree, tests)
        os._exit(code)
    _, status = os.waitpid(child, 0)
    return status == 0


class Changed(SourceFileLoader):
    """Gives a module other code than its file holds."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        super().__init__(name, str(path))
        self._tree = tree

    def get_code(self, _: str) -> CodeType:
        return compile(self._tree, self.path, "exec")

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        return spec_from_file_location(name, self.path, loader=self) if name == self.name else None


def _test(path: Path, tree: ast.Module, tests: list[str]) -> int:
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    sys.meta_path.insert(0, Changed(name, path, tree))  # type: ignore[arg-type]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        return int(pytest.main([*_QUICK, *tests]))


def main() -> None:
    """Try each mutant, print the survivors, and keep them if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--save", type=Path)
    asked = parser.parse_args()
    source = asked.file.read_text(encoding="utf-8")
    if not survives(asked.file, ast.parse(source), asked.tests):
        sys.exit("The tests fail already without any change.")
    known = tomllib.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    reasons = known.get(asked.file.as_posix(), {})
    tried, survivors = 0, []
    for line, what, tree in mutants(source):
        tried += 1
        if survives(asked.file, tree, asked.tests):
            survivors.append({"line": line, "what": what, "reason": reasons.get(what)})
            print(f"{asked.file}:{line}  {what}  {reasons.get(what) or ''}", flush=True)
    print(f"{tried} mutants of {asked.file}, {len(survivors)} survived")
    if asked.save:
        kept = json.loads(asked.save.read_text(encoding="utf-8")) if asked.save.exists() else {}
        kept[asked.file.as_posix()] = {"mutants": tried, "survivors": survivors}
        asked.save.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    sys.exit(not all(survivor["reason"] for survivor in survivors))


if __name__ == "__main__":
    main()
