"""Laws over every source file: who may start programs or speak SQL, what is never tracked."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, require

PARTS = ("agents", "scanner", "inventory", "policies", "reports", "server", "rasoat")
#: module → the files that may import it
HOMES = {
    "subprocess": re.compile(
        r"agents/machine\.py|server/bundles/building\.py|scanner/nmap/run\.py"
    ),
    "pty": re.compile(r"(?!)"),
    "multiprocessing": re.compile(r"(?!)"),
    "pickle": re.compile(r"(?!)"),
    "sqlite3": re.compile(r"inventory/.*"),
    "sqlite_utils": re.compile(r"inventory/.*"),
    "winreg": re.compile(r"agents/machine\.py|agents/windows/.*"),
    "scapy": re.compile(r"scanner/.*"),
    "nmap": re.compile(r"scanner/.*"),
    "pymanuf": re.compile(r"scanner/.*"),
}
#: calls that start a program by another door
STARTERS = re.compile(r"os\.(system|popen|exec\w+|spawn\w+|posix_spawn\w*|fork\w*|startfile)")
SQL = re.compile(
    r"^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|PRAGMA)\s", re.IGNORECASE
)


def sources() -> list[Path]:
    """Every Python file of the seven parts."""
    return sorted(path for part in PARTS for path in (ROOT / part).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level names of all modules that a file imports, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def broken_laws(name: str, text: str) -> list[str]:
    """What in this file breaks a law; ``name`` is its path from the root."""
    tree = ast.parse(text)
    broken = [
        f"{name} imports {module}"
        for module in imported(tree)
        if module in HOMES and not HOMES[module].fullmatch(name)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and STARTERS.fullmatch(ast.unparse(node)):
            broken.append(f"{name}:{node.lineno} starts a program")
        elif isinstance(node, ast.Constant) and SQL.match(str(node.value)):
            broken.append(f"{name}:{node.lineno} speaks SQL")
    return [law for law in broken if not at_home(law, name)]


def at_home(law: str, name: str) -> bool:
    """Whether this file is the one that may."""
    if law.endswith("starts a program"):
        return name in {"agents/machine.py", "agents/programs.py"}
    return law.endswith("speaks SQL") and name.startswith("inventory/")


def test_programs_and_sql_stay_in_their_homes() -> None:
    files = sources()
    assert len(files) >= 60, "the parts are not where this test looks"
    broken = [law for path in files for law in broken_laws(named(path), path.read_text("utf-8"))]
    assert broken == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("server/app.py", "import subprocess"),
        ("inventory/store.py", "def f():\n    from subprocess import run"),
        ("agents/linux/os.py", "import os\nos.execv('/bin/true', [])"),
        ("rasoat/cli.py", "import sqlite3"),
        ("reports/html.py", "q = 'SELECT * FROM devices'"),
        ("policies/load.py", "import scapy.all"),
    ],
)
def test_a_broken_law_is_seen(name: str, text: str) -> None:
    assert len(broken_laws(name, text)) == 1


def test_the_homes_are_lived_in() -> None:
    """Were the code to move, the laws above would hold over nothing."""
    lived_in = {
        module
        for path in sources()
        for module in imported(ast.parse(path.read_text("utf-8")))
        if module in HOMES
    }
    assert {"subprocess", "sqlite_utils"} <= lived_in


def test_every_module_says_its_purpose_and_none_is_called_utils() -> None:
    files = sources()
    silent = [
        named(path) for path in files if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []
    assert [
        named(path) for path in files if path.stem in {"utils", "util", "helpers", "misc"}
    ] == []


def named(path: Path) -> str:
    """The path from the root, as a law names it."""
    return path.relative_to(ROOT).as_posix()


# What a tracked file never holds. Written in pieces, so that this file does not hold it either.
FORBIDDEN = re.compile(
    "|".join(
        re.escape("".join(pieces))
        for pieces in [
            ("pypi", ".org"),
            ("files.python", "hosted"),
            ("registry.npm", "js"),
            ("deb.debian", ".org"),
            ("proxy.golang", ".org"),
            ("/opt/", "wheels"),
            ("/opt/", "pypi"),
            ("/wo", "rk/"),
            ("/tmp/", "rs/"),
            ("/root/", ".pyenv"),
            (".lib", "rary/"),
            ("--find", "-links="),
            ("--index", "-url="),
            ("PRIVATE", " KEY-----\nM"),
        ]
    )
)


def tracked() -> list[Path]:
    """Every file that git tracks."""
    git = shutil.which("git")
    require("a git checkout", git is not None and (ROOT / ".git").exists())
    listed = subprocess.run(
        [str(git), "-c", "core.quotepath=off", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return [
        ROOT / name
        for name in listed.stdout.decode().split("\0")
        if name and (ROOT / name).exists()
    ]


def test_no_registry_host_machine_path_or_key_is_tracked() -> None:
    files = tracked()
    assert len(files) >= 100
    found = []
    for path in files:
        match = FORBIDDEN.search(path.read_bytes().decode("utf-8", "replace"))
        if match:
            found.append(f"{named(path)}: {match[0]!r}")
    assert found == []


def test_a_registry_host_would_be_seen() -> None:
    assert FORBIDDEN.search("https://" + "pypi" + ".org/simple")
    assert FORBIDDEN.search("-----BEGIN " + "PRIVATE" + " KEY-----\nMC4CAQAw")
