"""What an administrator brings: only the Python and the wheels that somebody vouches for get in."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from server.bundles.embedded import embedded
from server.bundles.tree import BundleProblem
from server.bundles.wheels import Target, packages
from tests.conftest import ROOT
from tests.server.bundles.conftest import Supplies

REQUIREMENTS = ROOT / "requirements" / "agent.txt"
WINDOWS = Target("3.13", "win_amd64")


def test_the_embedded_python_is_trimmed_and_closed(supplies: Supplies) -> None:
    python = embedded(supplies.archive, supplies.sha256)
    files = {entry.path: entry.content for entry in python.tree}
    assert (python.python, python.arch) == ("3.13", "amd64")
    assert files["python313._pth"] == b"python313.zip\r\n.\r\n..\\packages\r\n..\\app\r\n"
    assert {"python.exe", "python313.dll", "_ssl.pyd", "_socket.pyd", "_ctypes.pyd"} <= set(files)
    with zipfile.ZipFile(supplies.archive) as whole:
        left_out = set(whole.namelist()) - set(files)
    assert {"_sqlite3.pyd", "sqlite3.dll", "_asyncio.pyd"} <= left_out
    assert not [
        name for name in left_out if name.endswith((".dll", ".exe")) and "sqlite" not in name
    ]


def test_another_file_than_the_one_vouched_for_is_refused(supplies: Supplies) -> None:
    raw = bytearray(supplies.archive.read_bytes())
    raw[len(raw) // 2] ^= 1
    supplies.archive.write_bytes(raw)
    with pytest.raises(BundleProblem, match=r"its SHA-256 is [0-9a-f]{64}, not"):
        embedded(supplies.archive, supplies.sha256)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_embeddable_python_is_refused(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "x.zip"
    archive.write_bytes(content)
    with pytest.raises(BundleProblem, match="no embeddable Python"):
        embedded(archive, hashlib.sha256(content).hexdigest())


def test_wheels_give_what_the_agent_imports_and_their_licences(supplies: Supplies) -> None:
    names = {entry.path for entry in packages(supplies.wheels, REQUIREMENTS, WINDOWS)}
    tops = {name.split("/")[0] for name in names}
    assert tops == {"psutil", "nacl", "_cffi_backend.cp313-win_amd64.pyd", "licences"}
    assert {"nacl/_sodium.pyd", "nacl/bindings/__init__.py", "psutil/__init__.py"} <= names
    assert sum(name.startswith("licences/") for name in names) >= 2
    assert not [name for name in names if "/tests/" in name]


def test_a_wheel_that_the_requirements_do_not_name_is_refused(
    supplies: Supplies, tmp_path: Path
) -> None:
    folder = tmp_path / "wheels"
    shutil.copytree(supplies.wheels, folder)
    packages(folder, REQUIREMENTS, WINDOWS)  # the control
    wheel = next(folder.glob("psutil-*.whl"))
    with zipfile.ZipFile(wheel, "a") as packed:
        packed.writestr("psutil/evil.py", "")
    with pytest.raises(BundleProblem, match="its hash is not in"):
        packages(folder, REQUIREMENTS, WINDOWS)


@pytest.mark.parametrize(
    "target",
    [Target("3.13", "win32"), Target("3.12", "win_amd64"), Target("3.13", "macosx", "arm64")],
)
def test_wheels_for_another_python_or_system_do_not_count(
    supplies: Supplies, target: Target
) -> None:
    with pytest.raises(BundleProblem, match=r"no wheel of \w+ .*\n  python -m pip download"):
        packages(supplies.wheels, REQUIREMENTS, target)


@pytest.mark.parametrize(
    ("target", "tags", "runs"),
    [
        (WINDOWS, "win_amd64", True),
        (WINDOWS, "win_arm64", False),
        (Target("3.11", "manylinux", "x86_64"), "manylinux2014_x86_64.manylinux_2_17_x86_64", True),
        (Target("3.11", "manylinux", "x86_64"), "musllinux_1_2_x86_64", False),
        (Target("3.11", "manylinux", "x86_64"), "manylinux2014_aarch64", False),
        (Target("3.11", "macosx", "arm64"), "macosx_11_0_arm64", True),
        (Target("3.11", "macosx", "arm64"), "macosx_10_10_universal2", True),
        (Target("3.11", "macosx", "arm64"), "macosx_10_9_x86_64", False),
    ],
)
def test_platform_tags(target: Target, tags: str, runs: bool) -> None:
    assert target.runs(tags) is runs
