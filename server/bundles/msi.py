"""The MSI for group policy: the same files, and the agent's own `install` after they are there.

Built by wixl (msitools) from a WiX 3 document. Every GUID follows from what it names (UUIDv5), so
that the same input gives the same product, and a newer version replaces an older one.
"""

from __future__ import annotations

import hashlib
import re
import struct
import time
import uuid
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from language.said import said
from server.bundles.building import built, there
from server.bundles.templating import filled
from server.bundles.tree import MOMENT, BundleProblem, Tree
from server.bundles.windows import ENROLMENT, LAUNCHER, Parts, program

_SPACE = uuid.UUID("6f1c5f0e-6f0b-5f7e-9a0b-2f1d0c6b7a11")  #: ours, drawn once
_UPGRADE = str(uuid.uuid5(_SPACE, "upgrade"))  #: the same for every version, or none is replaced
_PROGRAMS = {"amd64": "ProgramFiles64Folder", "win32": "ProgramFilesFolder"}
_VT_FILETIME = 0x40
_DATE = re.compile(rb"\x40\0\0\0(.{8})", re.DOTALL)
_CODE = re.compile(rb"(\x1e\0\0\0\x27\0\0\0)\{[0-9A-F-]{36}\}\0")
_TICKS, _EPOCH = 10_000_000, 116_444_736_000_000_000  #: FILETIME: 100 ns since 1601
_WIXL = {"amd64": "x64", "win32": "x86"}


def msi(parts: Parts, version: str) -> bytes:
    """The package, as the group policy's software installation takes it.

    Raises:
        BundleProblem: wixl is missing or fails.
    """
    if not there("wixl"):
        raise BundleProblem(said("an MSI needs wixl; install it (Debian: apt-get install wixl)"))
    tree = program(parts)
    tree.add(ENROLMENT, parts.enrolment)

    def fill(folder: Path) -> None:
        tree.write(folder / "files")
        (folder / "agent.wxs").write_text(_document(tree, parts, version), encoding="utf-8")

    arch = _WIXL[parts.python.arch]
    words = ("--arch", arch, "--output", "agent.msi", "agent.wxs")
    begun = time.time()
    made = built(fill, "agent.msi", "wixl", *words)
    return _settled(made, _guid("package", tree, version), begun, time.time())


def _settled(content: bytes, package: uuid.UUID, begun: float, ended: float) -> bytes:
    """The same package with what wixl draws or takes from the clock settled.

    The summary information ([MS-OLEPS] 2.15) holds two dates, VT_FILETIME, and the package's code,
    a VT_LPSTR of 39 bytes.

    Raises:
        BundleProblem: they are not where this looks.
    """
    first, last = (int(moment * _TICKS) + _EPOCH for moment in (begun - 1, ended + 1))
    fixed = struct.pack("<IQ", _VT_FILETIME, MOMENT * _TICKS + _EPOCH)

    def settled(date: re.Match[bytes]) -> bytes:
        return fixed if first <= int.from_bytes(date[1], "little") <= last else date[0]

    dates = sum(settled(date) == fixed for date in _DATE.finditer(content))
    code = f"{{{str(package).upper()}}}\0".encode("ascii")
    made, codes = _CODE.subn(lambda found: found[1] + code, _DATE.sub(settled, content))
    if (dates, codes) != (2, 1):
        raise BundleProblem(
            said(
                "the MSI holds {dates} dates of today and {codes} codes; is wixl new?",
                dates=dates,
                codes=codes,
            )
        )
    return made


def _guid(kind: str, tree: Tree, version: str) -> uuid.UUID:
    """The code of a product or package with exactly these files."""
    digest = hashlib.sha256()
    for entry in tree:
        digest.update(entry.path.encode() + b"\0" + hashlib.sha256(entry.content).digest())
    return uuid.uuid5(_SPACE, f"{kind} {version} {digest.hexdigest()}")


def _document(tree: Tree, parts: Parts, version: str) -> str:
    starter = "python/python.exe"
    begin = r"-I -B &quot;[HOME]app\agents\__main__.py&quot; "
    schedule = rf"install --enrol &quot;[HOME]{ENROLMENT}&quot; --remove-file"
    if parts.launcher is not None:
        schedule += rf" --program &quot;[HOME]{LAUNCHER}&quot;"
    return filled(
        "rasoat-agent.wxs",
        product=str(_guid("product", tree, version)),
        upgrade=_UPGRADE,
        version=version,
        programs=_PROGRAMS[parts.python.arch],
        files=_folder(tree, "", parts.python.arch),
        references="\n".join(
            f'      <ComponentRef Id="{_name("c", entry.path)}" />' for entry in tree
        ),
        starter=_name("f", starter),
        schedule=begin + schedule,
        unschedule=begin + "uninstall",
    )


def _folder(tree: Tree, above: str, arch: str) -> str:
    """The Directory and Component elements of everything below ``above``."""
    lines: list[str] = []
    for entry in tree:
        folder, _, name = entry.path.rpartition("/")
        if folder == above:
            lines.append(_component(entry.path, name, arch))
    for folder in tree.folders():
        parent, _, name = folder.rpartition("/")
        if parent == above:
            inside = _folder(tree, folder, arch)
            lines.append(
                f'<Directory Id="{_name("d", folder)}" Name={quoteattr(name)}>\n{inside}\n'
                "</Directory>"
            )
    return "\n".join(lines)


def _component(path: str, name: str, arch: str) -> str:
    wide = ' Win64="yes"' if arch == "amd64" else ""
    guid = uuid.uuid5(_SPACE, f"component {path}")
    source = escape(f"files/{path}", {'"': "&quot;"})
    return (
        f'<Component Id="{_name("c", path)}" Guid="{guid}"{wide}>'
        f'<File Id="{_name("f", path)}" Name={quoteattr(name)} Source="{source}" KeyPath="yes" />'
        "</Component>"
    )


def _name(kind: str, path: str) -> str:
    """An identifier of Windows Installer for a path: letters and digits, at most 72."""
    return kind + hashlib.sha256(path.encode()).hexdigest()[:40]
