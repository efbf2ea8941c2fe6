"""The Windows bundle: the same bytes twice, scripts for cmd.exe, an MSI with sound tables."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from server.bundles import windows
from server.bundles.archives import zipped
from server.bundles.embedded import embedded
from server.bundles.msi import msi
from server.bundles.tree import Tree
from server.bundles.wheels import Target, packages
from tests.conftest import ROOT, require
from tests.server.bundles.conftest import Supplies

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def parts(brought: Supplies) -> windows.Parts:
    require(
        "mingw (gcc-mingw-w64-x86-64-win32)", shutil.which(windows.COMPILERS["amd64"]) is not None
    )
    python = embedded(brought.archive, brought.sha256)
    wheels = packages(
        brought.wheels, ROOT / "requirements" / "agent.txt", Target("3.13", "win_amd64")
    )
    launcher = windows.compiled("amd64")
    return windows.Parts(python, wheels, launcher, brought.enrol.read_bytes())


def files(tree: Tree) -> dict[str, bytes]:
    return {entry.path: entry.content for entry in tree}


def test_the_launcher_is_small_has_no_console_and_no_date(parts: windows.Parts) -> None:
    assert parts.launcher
    assert len(parts.launcher) < 16 << 10
    header = int.from_bytes(parts.launcher[0x3C:0x40], "little")
    assert parts.launcher[header : header + 4] == b"PE\0\0"
    assert int.from_bytes(parts.launcher[header + 8 : header + 12], "little") == 0  # TimeDateStamp
    assert int.from_bytes(parts.launcher[header + 0x5C : header + 0x5E], "little") == 2  # GUI


def test_the_folder_holds_what_the_scripts_name(parts: windows.Parts) -> None:
    held = files(windows.bundle(parts))
    assert len(held) >= 150
    for name in ("install.cmd", "uninstall.cmd"):
        text = held[name].decode("ascii")
        assert text.count("\r\n") == text.count("\n") >= 15
        assert "$" not in text
    script = held["install.cmd"].decode("ascii")
    for name in ("rasoat-agent.exe", "uninstall.cmd", "office.enrol", "python\\python.exe"):
        assert name in script
        assert name.replace("\\", "/") in held
    assert '--program "%HOME%\\rasoat-agent.exe"' in script


def test_without_a_compiler_the_task_starts_python_itself(parts: windows.Parts) -> None:
    bare = windows.Parts(parts.python, parts.packages, None, parts.enrolment)
    script = files(windows.bundle(bare))["install.cmd"].decode("ascii")
    assert "rasoat-agent.exe" not in script
    assert "--enrol" in script


def test_the_zip_holds_what_the_agent_says_in_vietnamese(parts: windows.Parts) -> None:
    with ZipFile(io.BytesIO(zipped(windows.bundle(parts), "rasoat-agent"))) as made:
        (name,) = [name for name in made.namelist() if name.endswith("agents/vi.mo")]
        assert made.read(name) == (ROOT / "agents" / "vi.mo").read_bytes()


@pytest.mark.parametrize("change", [False, True])
@pytest.mark.parametrize("face", ["zip", "msi"])
def test_two_builds_are_the_same_bytes(parts: windows.Parts, face: str, change: bool) -> None:
    """Control: another enrolment gives other bytes."""
    made: list[bytes] = []
    for umask in (0o022, 0o077):
        if made:
            time.sleep(1.1)  # a build that held its time would show it
            if change:
                parts = windows.Parts(parts.python, parts.packages, parts.launcher, b"{}")
        before = os.umask(umask)
        try:
            made.append(
                msi(parts, "0.1.0")
                if face == "msi"
                else zipped(windows.bundle(parts), "rasoat-agent")
            )
        finally:
            os.umask(before)
    assert (made[0] == made[1]) is not change
    assert len(made[0]) > 5 << 20


def exported(package: Path, table: str) -> list[list[str]]:
    done = subprocess.run(
        ["msiinfo", "export", package, table], check=True, capture_output=True, text=True
    )
    return [line.rstrip("\r\n").split("\t") for line in done.stdout.splitlines()][3:]


def test_the_tables_of_the_msi(parts: windows.Parts, tmp_path: Path) -> None:
    require("wixl and msitools", all(map(shutil.which, ("wixl", "msiinfo", "msiextract"))))
    package = tmp_path / "agent.msi"
    package.write_bytes(msi(parts, "0.1.0"))
    properties = dict(exported(package, "Property"))
    assert properties["ALLUSERS"] == "1"
    assert properties["ProductVersion"] == "0.1.0"
    actions = {row[0]: row for row in exported(package, "CustomAction")}
    deferred_without_impersonation = 0x400 | 0x800
    for name in ("Schedule", "Unschedule"):
        assert int(actions[name][1]) & deferred_without_impersonation == 0xC00
    assert "install --enrol" in actions["Schedule"][3]
    assert "--remove-file" in actions["Schedule"][3]
    order = {row[0]: (int(row[2]), row[1]) for row in exported(package, "InstallExecuteSequence")}
    begin, end = order["InstallInitialize"][0], order["InstallFinalize"][0]
    assert begin < order["Unschedule"][0] < order["RemoveFiles"][0]
    assert order["InstallFiles"][0] < order["Schedule"][0] < end
    assert order["Unschedule"][1] == 'REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE'
    held = {*files(windows.program(parts)), "office.enrol"}
    out = tmp_path / "extracted"
    subprocess.run(["msiextract", "-C", out, package], check=True, capture_output=True)
    home = next(out.rglob("office.enrol")).parent
    found = {one.relative_to(home).as_posix() for one in home.rglob("*") if one.is_file()}
    assert found == held
    for path, content in files(windows.program(parts)).items():
        assert (home / path).read_bytes() == content
