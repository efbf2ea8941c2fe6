"""A genuine rpm database, made by Debian's own rpm and rpmbuild from packages that hold nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SPEC = """Name: {name}
Version: {version}
Release: {release}
Epoch: {epoch}
Summary: A test
License: MIT
Vendor: {vendor}
BuildArch: noarch
%description
{description}
%files
"""


def possible() -> bool:
    """Whether rpm's tools are here."""
    return all(shutil.which(program) for program in ("rpm", "rpmbuild"))


def make(folder: Path, packages: list[tuple[str, str, str, str, str]], filler: int = 0) -> Path:
    """The path of a new database of ``packages`` (name, epoch, version, release, vendor).

    ``filler`` characters of description make headers that overflow many database pages.
    """
    database = folder / "rpmdb"
    database.mkdir(parents=True)
    _run("rpm", "--dbpath", str(database), "--initdb")
    for name, epoch, version, release, vendor in packages:
        spec = folder / f"{name}.spec"
        text = SPEC.format(
            name=name,
            epoch=epoch,
            version=version,
            release=release,
            vendor=vendor,
            description="word " * (filler // 5 + 1),
        )
        spec.write_text(text, "utf-8")
        _run("rpmbuild", "-bb", "--define", f"_topdir {folder}/build", str(spec))
    made = sorted(map(str, (folder / "build" / "RPMS").rglob("*.rpm")))
    _run("rpm", "--dbpath", str(database), "--install", "--nodeps", "--justdb", *made)
    return database / "rpmdb.sqlite"


def _run(*argv: str) -> None:
    done = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"{argv} ended with {done.returncode}: {done.stdout}{done.stderr}")
