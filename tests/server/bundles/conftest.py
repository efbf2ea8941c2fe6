"""What the tests of bundles are made of: a Windows Python in a zip, wheels, an enrolment file."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.conftest import ROOT, require

PYTHONS = ROOT / ".venv" / "wine"  #: where tools/wine_pythons.py puts them
ENROLMENT = {
    "rasoat_enrolment": 1,
    "url": "https://127.0.0.1:8443",
    "ca": "made up",
    "token": "made up",
    "expires_at": "2099-01-01T00:00:00Z",
}


@dataclass(frozen=True)
class Supplies:
    """What an administrator brings."""

    archive: Path
    sha256: str
    wheels: Path
    enrol: Path

    def options(self) -> list[str]:
        """For `rasoat agent bundle --platform windows`."""
        return [
            *("--python-embed", str(self.archive), "--python-sha256", self.sha256),
            *("--wheels", str(self.wheels), "--enrol", str(self.enrol)),
        ]


@pytest.fixture(scope="session", params=["3.13"])
def brought(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Supplies:
    """An embeddable Python as python.org packs it, and the wheels for it; read, never changed."""
    home, folder = PYTHONS / request.param, tmp_path_factory.mktemp("supplies")
    require("a Windows Python (tools/wine_pythons.py)", (home / "wheels").is_dir())
    archive = folder / "python-embed.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted((home / "python").iterdir()):
            packed.write(file, file.name)
    enrol = folder / "office.enrol"
    enrol.write_text(json.dumps(ENROLMENT), encoding="utf-8")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    return Supplies(archive, digest, home / "wheels", enrol)


@pytest.fixture
def supplies(brought: Supplies, tmp_path: Path) -> Supplies:
    """The same in copies that a test may damage."""
    archive = Path(shutil.copy(brought.archive, tmp_path / brought.archive.name))
    enrol = Path(shutil.copy(brought.enrol, tmp_path / brought.enrol.name))
    return replace(brought, archive=archive, enrol=enrol)


@pytest.fixture
def supplies_win32(supplies: Supplies) -> Supplies:
    """The same for 32-bit Windows: real wheels, and a Python whose header says that it is i386.

    python.org's 32-bit package is not to be had here, and nothing here could run it.
    """
    archive = supplies.archive.with_name("python-win32.zip")
    with zipfile.ZipFile(supplies.archive) as old, zipfile.ZipFile(archive, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, as_i386(content) if name == "python.exe" else content)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    wheels = supplies.wheels.with_name("wheels-win32")
    return Supplies(archive, digest, wheels, supplies.enrol)


def as_i386(program: bytes) -> bytes:
    """A program whose PE header names the other processor."""
    machine = int.from_bytes(program[0x3C:0x40], "little") + 4
    return program[:machine] + (0x014C).to_bytes(2, "little") + program[machine + 2 :]
