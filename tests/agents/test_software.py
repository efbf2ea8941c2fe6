"""Software: dpkg's status file and genuine rpm databases, read byte by byte."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.commands import COMMANDS
from agents.linux import rpm, software
from agents.linux.sqlite_table import blobs
from agents.outcome import Answers, Unknown, attempt
from tests.conftest import require
from tests.lab import rpm_database

PACKAGES = [
    ("bash", "0", "5.1.8", "9.el9", "Red Hat, Inc."),
    ("openssl-libs", "1", "3.0.7", "27.el9", "Red Hat, Inc."),
    ("tiếng-việt", "0", "1.0", "1", "Nhà phát hành"),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require("rpm and rpmbuild", rpm_database.possible())
    many = [(f"filler{number}", "0", "1", "1", "Nobody") for number in range(30)]
    packages = [one for one in PACKAGES if one[0].isascii()] + many
    return rpm_database.make(tmp_path_factory.mktemp("rpm"), packages, filler=20_000)


def rows(answers: Answers) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = software.parse(answers).values[""]
    return found


def test_rpm_database_read_directly_agrees_with_rpm_itself(database: Path) -> None:
    command = COMMANDS["rpm_packages"]
    argv = [command.program, "--dbpath", str(database.parent), *command.arguments]
    words = subprocess.run(argv, check=True, capture_output=True).stdout
    asked = rpm.packages(Answers(**{"rpm words": words}))
    read = rpm.packages(Answers(**{"rpm database": database.read_bytes()}))
    key = json.dumps
    assert sorted(read, key=key) == sorted(asked, key=key)
    assert len(read) == 32
    bash = next(row for row in read if row["name"] == "bash")
    assert {**bash, "installed_at": ""} == {
        "name": "bash",
        "version": "5.1.8-9.el9",
        "architecture": "noarch",
        "publisher": "Red Hat, Inc.",
        "installed_at": "",
        "source": "rpm",
    }
    assert next(r for r in read if r["name"] == "openssl-libs")["version"] == "1:3.0.7-27.el9"


def test_a_cut_rpm_database_is_unreadable(database: Path) -> None:
    content = database.read_bytes()
    answers = Answers(**{"rpm database": content[: len(content) // 2], "dpkg": b""})
    with pytest.raises(Unknown) as why:
        software.parse(answers)
    assert why.value.reason == "unreadable"


@given(st.data())
def test_a_damaged_rpm_database_never_raises_anything_else(
    database: Path, data: st.DataObject
) -> None:
    content = bytearray(database.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, 8192))] = data.draw(st.integers(0, 255))
    answer = attempt(rpm.packages, Answers(**{"rpm database": bytes(content)}))
    assert isinstance(answer, list) or answer.reason == "unreadable"


@given(st.binary(max_size=400))
def test_any_bytes_are_no_database(content: bytes) -> None:
    with pytest.raises(Unknown):
        blobs(b"SQLite format 3\x00" + content, "Packages")


def test_dpkg_status_agrees_with_dpkg_itself() -> None:
    require("dpkg", shutil.which("dpkg-query") is not None)
    form = "${db:Status-Status} ${Package} ${Version} ${Architecture}\n"
    printed = subprocess.run(["dpkg-query", "-W", "-f", form], check=True, capture_output=True)
    asked = {
        tuple(row.split()[1:])
        for row in printed.stdout.decode().splitlines()
        if row.startswith("installed ")
    }
    content = Path(software.DPKG_STATUS).read_bytes()
    read = {(r["name"], r["version"], r["architecture"]) for r in rows(Answers(dpkg=content))}
    assert read == asked
    assert len(read) > 50


def test_packages_of_which_settings_alone_are_left_are_not_installed() -> None:
    text = (
        "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n"
        "Package: here\nStatus: install ok installed\nVersion: 2:1.0-1\nArchitecture: amd64\n"
        "Description: lies\n Status: install ok installed\n\n"
        "Package: held\nStatus: hold ok installed\nVersion: 3\n"
    )
    names = [row["name"] for row in rows(Answers(dpkg=text.encode()))]
    assert names == ["held", "here"]


def test_no_package_manager_at_all_is_unknown() -> None:
    with pytest.raises(Unknown):
        software.parse(Answers(dpkg=Unknown("not_found", "no file")))
