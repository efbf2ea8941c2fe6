"""Mutation testing of the rules' logic: every small fault put into it must fail a test.

Each mutant is one change of one node of a module's syntax tree (a comparison, a constant, an order,
a word of the logic). It is loaded in place of the module in a process of its own, which runs the
tests of the rules. Prints each mutant that lived, and the share that was killed.

Run: python tools/mutants.py [--at-least 95]
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = (
    *("policies/logic.py", "policies/quantifiers.py", "policies/bounds.py"),
    *("policies/tables.py", "policies/answers.py"),
)
TESTS = (
    *("tests/policies/test_logic.py", "tests/policies/test_bounds.py"),
    "tests/policies/test_tables.py",
    "tests/policies/test_judge.py",
    *("tests/policies/test_evaluators.py", "tests/policies/second", "tests/policies/test_fleet.py"),
)
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_TRUTHS = ("TRUE", "FALSE", "UNKNOWN", "ERROR")
#: Put in front of pytest: the mutant under the module's name, before anything imports it.
_RUNNER = """
import importlib.util, sys, types
name, file, tests = sys.argv[1], sys.argv[2], sys.argv[3:]
source = sys.stdin.read()
module = types.ModuleType(name)
module.__file__ = file
module.__package__ = name.rpartition('.')[0]
sys.modules[name] = module
exec(compile(source, file, 'exec'), module.__dict__)
import pytest
raise SystemExit(pytest.main(['-q', '-x', '-m', 'not slow', '-p', 'no:cacheprovider', *tests]))
"""


def main() -> int:
    """0 where enough mutants were killed."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--at-least", type=float, default=95.0, help="percent")
    wanted = reading.parse_args().at_least
    if not _killed_by_nothing():
        sys.stderr.write("the tests fail without any mutant\n")
        return 1
    made = [(file, *one) for file in MODULES for one in mutants(ROOT / file)]
    with ThreadPoolExecutor(2) as pool:
        killed = list(pool.map(lambda one: _is_killed(one[0], one[2]), made))
    for (file, what, _), dead in zip(made, killed, strict=True):
        if not dead:
            sys.stdout.write(f"lived: {file}:{what}\n")
    share = 100 * sum(killed) / len(made)
    sys.stdout.write(f"{sum(killed)} of {len(made)} mutants killed ({share:.1f} %)\n")
    return 0 if share >= wanted else 1


def mutants(file: Path) -> Iterator[tuple[str, str]]:
    """(where and what, source) of every mutant of a module."""
    source = file.read_text("utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    for at, node in enumerate(nodes):
        for number in range(len(list(_changes(node)))):
            changed = ast.parse(source)
            target = next(islice(ast.walk(changed), at, None))
            what = next(islice(_changes(target), number, None))
            yield f"{getattr(node, 'lineno', 0)}: {what}", ast.unparse(changed)


def _changes(node: ast.AST) -> Iterator[str]:
    """Change a node in place, one way after another, and say how; whoever stops keeps the last."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _TURNED:
        before = node.ops[0]
        node.ops[0] = _TURNED[type(before)]()
        yield f"{type(before).__name__} turned"
        node.ops[0] = before
    if isinstance(node, ast.BoolOp):
        before_op = node.op
        node.op = ast.Or() if isinstance(before_op, ast.And) else ast.And()
        yield "and/or turned"
        node.op = before_op
    if isinstance(node, ast.Attribute) and node.attr in _TRUTHS:
        mine = node.attr
        for other in _TRUTHS:
            if other != mine:
                node.attr = other
                yield f"{mine} → {other}"
        node.attr = mine
    if isinstance(node, ast.Name) and node.id in ("all", "any"):
        mine = node.id
        node.id = "any" if mine == "all" else "all"
        yield f"{mine} turned"
        node.id = mine


def _killed_by_nothing() -> bool:
    return all(not _is_killed(file, (ROOT / file).read_text("utf-8")) for file in MODULES)


def _is_killed(file: str, source: str) -> bool:
    """Whether the tests fail on this source of a module."""
    name = file.removesuffix(".py").replace("/", ".")
    done = subprocess.run(
        [sys.executable, "-c", _RUNNER, name, str(ROOT / file), *TESTS],
        cwd=ROOT,
        input=source,
        text=True,
        capture_output=True,
        check=False,
        timeout=600,
    )
    return done.returncode != 0


if __name__ == "__main__":
    raise SystemExit(main())
