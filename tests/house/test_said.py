"""What a person reads of an error is said: it can be spoken in their language, and nobody forgets.

The types ask for it already (`SaidError` takes a `Said` alone, and so do the collectors of
problems); these laws see what types do not: that every such error is one, that click's own errors
are said as well, that the catalogues can find the message, and that no part of one stays English.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.house.test_sources import named, sources

ROOT_CLASS = "language.said.SaidError"
CLICKS = {"UsageError", "BadParameter", "ClickException", "BadOptionUsage", "BadArgumentUsage"}

Trees = dict[str, ast.Module]


@cache
def trees() -> Trees:
    """Every module outside agents/, which knows of no language, by its dotted name."""
    found = {}
    for path in sources():
        name = named(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if not name.startswith("agents"):
            found[name] = ast.parse(path.read_text("utf-8"))
    return found


def meant(module: str, tree: ast.Module) -> dict[str, str]:
    """Name in a module → the dotted name of what it stands for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            names |= {one.asname or one.name: one.name for one in node.names}
    names |= {
        node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, ast.ClassDef)
    }
    return names


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """What an expression such as ``click.UsageError`` names."""
    first, _, rest = ast.unparse(node).partition(".")
    return ".".join(filter(None, (names.get(first, first), rest)))


def spoken_classes(modules: Trees) -> set[str]:
    """All classes below `SaidError`, whichever file they stand in."""
    bases = {}
    for module, tree in modules.items():
        names = meant(module, tree)
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                bases[f"{module}.{node.name}"] = {dotted(base, names) for base in node.bases}
    found = {ROOT_CLASS}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found


def broken_laws(modules: Trees, spoken: set[str]) -> list[str]:
    """Every place where something that a person reads would stay English."""
    broken = []
    for module, tree in modules.items():
        names = meant(module, tree)
        for node in ast.walk(tree):
            broken += [f"{module}:{what}" for what in _of_class(module, node, spoken)]
            broken += [f"{module}:{what}" for what in _of_raise(node, names, spoken)]
            broken += [f"{module}:{what}" for what in _of_call(node)]
        broken += [f"{module}:{what}" for what in _of_hints(tree)]
    return broken


def _of_class(module: str, node: ast.AST, spoken: set[str]) -> Iterator[str]:
    """An exit code is for the command line: its error is read by a person."""
    if isinstance(node, ast.ClassDef) and f"{module}.{node.name}" not in spoken:
        targets = [
            target
            for one in node.body
            if isinstance(one, ast.Assign | ast.AnnAssign)
            for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        ]
        if any(isinstance(one, ast.Name) and one.id == "exit_code" for one in targets):
            yield f"{node.lineno} {node.name} has an exit code and is no SaidError"


def _of_raise(node: ast.AST, names: dict[str, str], spoken: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        called = dotted(node.exc.func, names)
        clicks = called.startswith("click.") and called.rpartition(".")[2] in CLICKS
        if (clicks or called in spoken) and node.exc.args and not _may_be_said(node.exc.args[0]):
            yield f"{node.lineno} {called} is raised with a text that is not said"


def _of_call(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if name == "fail" and node.args and not _may_be_said(node.args[0]):
        yield f"{node.lineno} click's fail gets a text that is not said"
    if name in ("Fields", "Reader") and any(map(_english, node.args[1:2])):
        yield f"{node.lineno} what is read has an English name"
    if name == "said":
        key = node.args[0] if node.args else None
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            yield f"{node.lineno} the catalogues cannot find a message that is no plain text"
        if any(_english(one.value) for one in node.keywords):
            yield f"{node.lineno} a part of a message is English"


def _of_hints(tree: ast.Module) -> Iterator[str]:
    """What goes behind a message, such as ``; did you mean …?``, is a message itself."""
    keys = {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "said" and node.args
    }
    inside = {
        id(one)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for one in node.values[1:]
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        hint = node.value.startswith("; ") and node.value[2:3].isalpha()
        if hint and id(node) not in keys and id(node) not in inside:
            yield f"{node.lineno} a hint is English: {node.value!r}"


def _may_be_said(node: ast.expr) -> bool:
    """Whether it is no text made on the spot."""
    if isinstance(node, ast.IfExp):
        return _may_be_said(node.body) and _may_be_said(node.orelse)
    if isinstance(node, ast.BoolOp):
        return all(map(_may_be_said, node.values))
    if isinstance(node, ast.Call):
        made = getattr(node.func, "id", getattr(node.func, "attr", ""))
        return made not in {"str", "join", "format", "replace"}
    return not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp)


def _english(node: ast.expr) -> bool:
    """Whether words are written in it that no call makes speakable: two letters round a blank."""
    if isinstance(node, ast.Call):
        return False
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and _has_words(node.value)
    if isinstance(node, ast.JoinedStr):
        return _has_words(
            "".join(
                str(getattr(one, "value", ""))
                for one in node.values
                if isinstance(one, ast.Constant)
            )
        )
    return any(_english(one) for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))


def _has_words(text: str) -> bool:
    return any(one.isalpha() for one in text) and " " in text.strip()


def test_what_a_person_reads_of_an_error_is_said() -> None:
    modules = trees()
    spoken = spoken_classes(modules)
    assert {"policies.problems.PolicyRefused", "scanner.problems.BadTarget"} <= spoken
    assert "inventory.units.values.Bad" in spoken
    assert broken_laws(modules, spoken) == []


HEAD = """\
from language.said import SaidError, said
from inventory.errors import NoSuchDevice
import click
"""


def laws_broken_by(text: str) -> list[str]:
    """What breaks a law in a module with this text, beside all the others."""
    trial = {"rasoat.trial": ast.parse(HEAD + text)}
    return broken_laws(trial, known() | spoken_classes(trial))


@cache
def known() -> set[str]:
    """The spoken classes that there are."""
    return spoken_classes(trees())


@pytest.mark.parametrize(
    "text",
    [
        "raise NoSuchDevice('no device')",
        "raise NoSuchDevice(f'no device {x}')",
        "raise NoSuchDevice('no ' + x)",
        "raise NoSuchDevice('\\n'.join(x))",
        "raise NoSuchDevice(str(fault))",
        "raise NoSuchDevice(said('no device') if x else 'none')",
        "raise click.UsageError('not so')",
        "raise click.BadParameter(f'{x}')",
        "self.fail('not so', param, ctx)",
        "class Gone(Exception):\n    exit_code = 2",
        "class Gone(SaidError):\n    pass\nraise Gone('it went')",
        "Fields(node, 'a rule', keys, problems)",
        "said(f'no {x}')",
        "said(x)",
        "said('no device{hint}', hint=near or 'no such thing')",
        "said('no device{hint}', hint=f'see it: {x}')",
        "hint = near or '; see: rasoat devices'",
        "hint = f'; did you mean {near}?'",
    ],
)
def test_a_text_that_is_not_said_is_seen(text: str) -> None:
    assert len(laws_broken_by(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "raise NoSuchDevice(said('no device {id}', id=x))",
        "raise NoSuchDevice(fault.said)",
        "raise NoSuchDevice(made(x)) from fault",
        "raise",
        "raise ValueError('misuse inside the code')",
        "class Bad(Exception):\n    pass\nraise Bad('a code')",
        "said('{names}', names=', '.join(x))",
        "said('{place}', place=f'{x}:{y}')",
        "Fields(node, 'sources', keys, problems)",
    ],
)
def test_what_is_said_or_passed_along_is_let_through(text: str) -> None:
    assert laws_broken_by(text) == []
