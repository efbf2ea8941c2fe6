"""The contract tests of the store know no engine."""

from __future__ import annotations

import re

from tests.conftest import ROOT

SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA|sqlite3|sqlite_utils)\b|\.execute\(")


def test_no_contract_test_speaks_sql() -> None:
    files = sorted((ROOT / "tests" / "inventory" / "contract").glob("test_*.py"))
    assert len(files) >= 2
    assert {file.name: SQL.findall(file.read_text("utf-8")) for file in files} == {
        file.name: [] for file in files
    }


def test_the_pattern_finds_what_it_is_for() -> None:
    """The control."""
    assert SQL.search('store.reader().execute("SELECT 1")')
    assert SQL.search("import sqlite3")
