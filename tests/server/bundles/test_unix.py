"""The Debian package and the tars, as Debian's own tools and a shell see them."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from server.bundles import unix
from server.bundles.agent_files import agent_code
from tests.conftest import require

TOKEN = b'{"token": "made up"}'


@pytest.fixture
def package(tmp_path: Path) -> Path:
    require("dpkg-deb", shutil.which("dpkg-deb") is not None)
    made = tmp_path / "agent.deb"
    made.write_bytes(unix.deb("0.1.0", TOKEN))
    return made


def said(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_dpkg_reads_the_package(package: Path) -> None:
    fields = said("dpkg-deb", "--field", package)
    assert "Package: rasoat-agent\nVersion: 0.1.0\n" in fields
    assert "Depends: python3 (>= 3.8), python3-psutil, python3-nacl\n" in fields
    lines = said("dpkg-deb", "--contents", package).splitlines()
    assert len(lines) >= 60
    assert all(" root/root " in line for line in lines)
    (token,) = [line for line in lines if line.endswith("office.enrol")]
    assert token.startswith("-rw------- ")
    assert "./usr/lib/rasoat-agent/agents/linux/firewall.py" in "\n".join(lines)


def test_the_unpacked_package_runs(package: Path, tmp_path: Path) -> None:
    """By this Python, which has psutil and nacl; Debian's own would have its packages of them."""
    said("dpkg-deb", "--extract", package, tmp_path / "root")
    main = tmp_path / "root" / "usr" / "lib" / "rasoat-agent" / "agents" / "__main__.py"
    shown = said(sys.executable, "-I", "-B", main, "show", "--json", "--section", "os")
    assert '"family": "linux"' in shown
    assert "in danh tính tác tử" in said(sys.executable, "-I", "-B", main, "--lang", "vi", "help")
    assert not list((tmp_path / "root").rglob("__pycache__"))


def test_its_sums_are_those_of_its_files(package: Path, tmp_path: Path) -> None:
    said("dpkg-deb", "--raw-extract", package, tmp_path / "raw")
    sums = (tmp_path / "raw" / "DEBIAN" / "md5sums").read_text()
    assert len(sums.splitlines()) >= 60
    done = subprocess.run(
        ["md5sum", "--check", "--quiet", "DEBIAN/md5sums"], cwd=tmp_path / "raw", check=False
    )
    assert done.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="dpkg installs as root")
def test_dpkg_installs_and_removes_it_in_a_root_of_its_own(package: Path, tmp_path: Path) -> None:
    """Its scripts are not run: there is no Python in that root, and this machine is left alone."""
    root = tmp_path / "root"
    for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "tmp"):
        (root / folder).mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()
    common = ("--root", root, "--force-depends", "--force-not-root", "--log=/dev/null")
    said("dpkg", *common, "--unpack", package)
    assert (root / "usr/bin/rasoat-agent").stat().st_mode & 0o777 == 0o755
    token = root / "usr/lib/rasoat-agent/office.enrol"
    assert (token.read_bytes(), token.stat().st_mode & 0o777) == (TOKEN, 0o600)
    for script in ("prerm", "postrm"):
        (root / f"var/lib/dpkg/info/rasoat-agent.{script}").unlink()
    said("dpkg", *common, "--remove", "rasoat-agent")
    assert not (root / "usr/lib/rasoat-agent").exists()


@pytest.mark.parametrize("name", ["postinst", "prerm", "postrm"])
def test_its_scripts_are_scripts(package: Path, tmp_path: Path, name: str) -> None:
    said("dpkg-deb", "--control", package, tmp_path / "control")
    said("sh", "-n", tmp_path / "control" / name)


@pytest.mark.parametrize("platform", ["linux", "macos"])
def test_a_tar_unpacks_to_scripts_that_a_shell_takes(platform: str, tmp_path: Path) -> None:
    packed = unix.tar(platform, None, TOKEN)
    with tarfile.open(fileobj=io.BytesIO(packed)) as opened:
        opened.extractall(tmp_path, filter="data")
    home = tmp_path / "rasoat-agent"
    assert {one.name for one in home.iterdir()} == {
        *("install.sh", "uninstall.sh", "lib", "office.enrol")
    }
    for name in ("install.sh", "uninstall.sh"):
        said("sh", "-n", home / name)
        assert unix.HOMES[platform] in (home / name).read_text("utf-8")
        if shutil.which("shellcheck"):
            said("shellcheck", home / name)
    assert (home / "office.enrol").stat().st_mode & 0o077 == 0


def test_install_sh_refuses_without_root(tmp_path: Path) -> None:
    require("setpriv", shutil.which("setpriv") is not None and os.geteuid() == 0)
    with tarfile.open(fileobj=io.BytesIO(unix.tar("linux", None, TOKEN))) as opened:
        script = opened.extractfile("rasoat-agent/install.sh")
        assert script
        text = script.read()
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    done = subprocess.run([*user, "sh"], input=text, capture_output=True, check=False, cwd="/")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"Not root" in done.stderr


def test_every_module_of_the_agent_is_in_it() -> None:
    names = {entry.path for entry in agent_code()}
    wanted = {"agents/__main__.py", "agents/run.py", "agents/linux/firewall.py"}
    assert wanted | {"agents/windows/machine.py", "agents/macos/machine.py"} <= names
    others = [name for name in names if "__pycache__" in name or not name.endswith(".py")]
    assert others == ["agents/vi.mo"]
