"""Packing a tree so that the same files always give the same bytes: fixed dates, order, owners.

ZIP: PKWARE APPNOTE 6.3. tar: POSIX.1-2001 (pax). ar and .deb: ar(5), deb(5).
"""

from __future__ import annotations

import io
import tarfile
import time
import zipfile
import zlib
from collections.abc import Iterable

from server.bundles.tree import FOLDER, MOMENT, Tree

_GZIP = 31  #: zlib's window bits for a gzip wrapper, which then holds no time and no name
_UNIX = 3  #: "made by" of a zip entry whose mode is in its attributes


def zipped(tree: Tree, top: str) -> bytes:
    """A zip with everything below the folder ``top``."""
    made = io.BytesIO()
    date = time.gmtime(MOMENT)[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for entry in tree:
            about = zipfile.ZipInfo(f"{top}/{entry.path}", date)
            about.create_system = _UNIX
            about.external_attr = (0o100000 | entry.mode) << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(about, entry.content)
    return made.getvalue()


def tarred(tree: Tree, top: str) -> bytes:
    """A tar with everything below the folder ``top``, owned by root."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as packed:
        for folder in ["", *tree.folders()]:
            about = _member(f"{top}/{folder}".rstrip("/"), FOLDER)
            about.type = tarfile.DIRTYPE
            packed.addfile(about)
        for entry in tree:
            about = _member(f"{top}/{entry.path}", entry.mode)
            about.size = len(entry.content)
            packed.addfile(about, io.BytesIO(entry.content))
    return made.getvalue()


def _member(name: str, mode: int) -> tarfile.TarInfo:
    about = tarfile.TarInfo(name)
    about.mode, about.mtime = mode, MOMENT
    about.uname = about.gname = "root"
    return about


def gzipped(content: bytes) -> bytes:
    """gzip without a time or a name in it (RFC 1952)."""
    maker = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return maker.compress(content) + maker.flush()


def ar(members: Iterable[tuple[str, bytes]]) -> bytes:
    """An ar archive of these members, owned by root."""
    made = bytearray(b"!<arch>\n")
    for name, content in members:
        made += f"{name:<16}{MOMENT:<12}{0:<6}{0:<6}{0o100644:<8o}{len(content):<10}`\n".encode()
        made += content + b"\n" * (len(content) % 2)
    return bytes(made)
