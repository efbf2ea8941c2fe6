"""The bundle for 32-bit Windows: everything in it is 32-bit. Nothing here can run it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from rasoat.cli import cli
from server.bundles import windows
from tests.conftest import require
from tests.server.bundles.conftest import Supplies

pytestmark = pytest.mark.slow
I386, AMD64 = 0x014C, 0x8664


def machine(program: bytes) -> int:
    """The processor that a PE header names."""
    at = int.from_bytes(program[0x3C:0x40], "little") + 4
    return int.from_bytes(program[at : at + 2], "little")


def built(supplies: Supplies, out: Path, face: str, arch: str = "win32") -> str:
    require(
        "mingw (gcc-mingw-w64-i686-win32)", shutil.which(windows.COMPILERS["win32"]) is not None
    )
    words = ["agent", "bundle", "--platform", "windows", "--arch", arch, "--format", face]
    ran = CliRunner().invoke(cli, [*words, *supplies.options(), "--out", str(out)])
    return "" if ran.exit_code == 0 else str(ran.exception or ran.output)


def test_every_program_and_library_is_32_bit(supplies_win32: Supplies, tmp_path: Path) -> None:
    assert built(supplies_win32, tmp_path / "bundle", "folder") == ""
    ours = [
        file
        for file in (tmp_path / "bundle").rglob("*")
        if file.suffix == ".pyd" and "python" not in file.relative_to(tmp_path / "bundle").parts[:1]
    ]
    launcher = next((tmp_path / "bundle").rglob("rasoat-agent.exe"))
    machines = {file.name: machine(file.read_bytes()) for file in [launcher, *ours]}
    assert len(machines) >= 4
    assert set(machines.values()) == {I386}, machines


def test_the_msi_is_for_intel_and_two_builds_are_one(
    supplies_win32: Supplies, tmp_path: Path
) -> None:
    require("wixl", shutil.which("wixl") is not None)
    for name in ("one.msi", "two.msi"):
        assert built(supplies_win32, tmp_path / name, "msi") == ""
    assert (tmp_path / "one.msi").read_bytes() == (tmp_path / "two.msi").read_bytes()
    said = subprocess.run(
        ["msiinfo", "suminfo", str(tmp_path / "one.msi")],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert "Intel;1033" in said
    assert "x64" not in said


def test_a_python_of_the_other_kind_is_refused(
    supplies: Supplies, supplies_win32: Supplies, tmp_path: Path
) -> None:
    assert "is for amd64, not for win32" in built(supplies, tmp_path / "a", "folder")
    assert "is for win32, not for amd64" in built(supplies_win32, tmp_path / "b", "folder", "amd64")
    mixed = Supplies(supplies_win32.archive, supplies_win32.sha256, supplies.wheels, supplies.enrol)
    assert "no wheel of psutil" in built(mixed, tmp_path / "c", "folder")
    assert not list(tmp_path.glob("[abc]*"))
