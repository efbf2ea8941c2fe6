"""python.org's embeddable Python for Windows, trimmed and closed: it imports from the bundle alone.

Source: Python docs, "Using Python on Windows", The embeddable package; a ``._pth`` file beside
python.exe replaces sys.path, and switches off the registry, the environment and site.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

from language.said import said
from server.bundles.tree import BundleProblem, Tree

_PATHS = re.compile(r"python3(\d+)\._pth")
#: Parts of the standard library that the agent never imports; 3 MB.
_LEFT_OUT = re.compile(
    r"(_asyncio|_decimal|_elementtree|_msi|_multiprocessing|_overlapped|_queue|_sqlite3|_uuid|"
    r"_wmi|_zoneinfo|pyexpat|winsound)\.pyd|sqlite3\.dll|.*\.cat"
)
_MACHINES = {0x8664: "amd64", 0x014C: "win32"}  #: IMAGE_FILE_HEADER.Machine (PE format)
_LARGEST = 64 << 20  #: bytes of all files


class Embedded:
    """An embeddable Python: its files, "3.13", and "amd64" or "win32"."""

    def __init__(self, tree: Tree, python: str, arch: str) -> None:
        self.tree = tree
        self.python = python
        self.arch = arch


def embedded(archive: Path, sha256: str) -> Embedded:
    """The trimmed content of the zip, with a ``._pth`` that leads to the bundle's own folders.

    ``sha256`` is the sum that python.org's page of the release states; an archive that nobody
    vouches for is refused.

    Raises:
        BundleProblem: it is another file, or no embeddable Python.
    """
    content = archive.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256.lower():
        raise BundleProblem(
            said(
                "{archive}: its SHA-256 is {found}, not {sha256}; download it again from "
                "python.org, and copy the sum from the page of that release",
                archive=archive,
                found=found,
                sha256=sha256,
            )
        )
    try:
        return _opened(archive, content)
    except (zipfile.BadZipFile, EOFError, KeyError) as fault:
        raise BundleProblem(
            said(
                "{archive}: no embeddable Python for Windows: {fault}", archive=archive, fault=fault
            )
        ) from None


def _opened(archive: Path, content: bytes) -> Embedded:
    tree, python = Tree(), ""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(member.file_size for member in packed.infolist()) > _LARGEST:
            raise BundleProblem(
                said("{archive}: unpacks to over {most} bytes", archive=archive, most=_LARGEST)
            )
        arch = _architecture(packed.read("python.exe"))
        for name in packed.namelist():
            paths = _PATHS.fullmatch(name)
            if paths:
                python = f"3.{paths[1]}"
                tree.add(name, _search_path(paths[1]))
            elif not name.endswith("/") and not _LEFT_OUT.fullmatch(name):
                tree.add(name, packed.read(name))
    if not python or arch not in _MACHINES.values():
        raise BundleProblem(
            said(
                "{archive}: no embeddable Python for Windows: it has no ._pth file", archive=archive
            )
        )
    return Embedded(tree, python, arch)


def _search_path(minor: str) -> bytes:
    """The standard library, then the bundle's own two folders, and nothing of the machine's."""
    lines = [f"python3{minor}.zip", ".", r"..\packages", r"..\app", ""]
    return "\r\n".join(lines).encode("ascii")


def _architecture(program: bytes) -> str:
    """Which processor an .exe is for, by its PE header."""
    start = int.from_bytes(program[0x3C:0x40], "little")
    machine = int.from_bytes(program[start + 4 : start + 6], "little")
    return _MACHINES.get(machine, "") if program[start : start + 4] == b"PE\0\0" else ""
