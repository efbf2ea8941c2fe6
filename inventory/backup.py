"""Backup and restore of a data folder: one file, checked by hashes, all or nothing both ways."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from inventory import audit, folder
from inventory.connection import in_our_words
from inventory.errors import BadArchive, InventoryError
from inventory.store import Store
from inventory.times import stamp
from language.said import Said, said
from language.system import reason

FORMAT = 1  #: of the archive
MANIFEST = "manifest.json"
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
KEYS = ("ca.pem", "ca.key", "server.pem", "server.key", "ack.key")
LONGEST_MANIFEST = 1 << 16  #: bytes; ours has about 1,000


class _Member(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    size: int
    sha256: str


class _Manifest(msgspec.Struct, forbid_unknown_fields=True):
    rasoat_backup: int
    made_at: str
    members: list[_Member]


def backup(
    folder_: Path, out: Path, *, with_keys: bool, by: str, now: datetime | None = None
) -> list[str]:
    """Write the inventory (and, if asked, the keys) to ``out``, while others go on working.

    Gives the names in the archive. The file is private to its owner; an existing one is kept.

    Raises:
        InventoryError: the folder is not ours or damaged, or ``out`` exists.
    """
    if out.exists():
        raise InventoryError(said("{out}: exists already; name another file with --out", out=out))
    at = now or datetime.now(UTC)
    store = Store.open(folder_)
    try:
        with tempfile.TemporaryDirectory(prefix=folder.WORK, dir=out.absolute().parent) as work:
            with store.write() as db:
                audit.append(db, by, "backup made", {"file": out.name, "keys": with_keys}, at)
            copy = Path(work) / folder.DATABASE
            _copy_database(store, copy)
            keys = [folder_ / name for name in KEYS if with_keys]
            files = [copy, *(key for key in keys if key.exists())]
            part = Path(work) / "archive"
            _pack(files, part, at)
            part.rename(out)
            folder.sync(out.absolute().parent)
    finally:
        store.close()
    return [file.name for file in files]


def restore(archive: Path, folder_: Path, *, by: str, now: datetime | None = None) -> list[str]:
    """Make a new data folder from a backup; gives the names restored.

    Raises:
        BadArchive: not a backup of ours, cut short, or changed since it was made.
        FolderExists, NotOurFolder: the folder's name is taken.
    """
    at = now or datetime.now(UTC)
    with folder.made(folder_) as work:
        names = _unpack(archive, work)
        _check_copy(archive, work / folder.DATABASE)
        with closing(_adopted(archive, work)) as store, store.write() as db:
            audit.append(db, by, "backup restored", {"file": archive.name, "members": names}, at)
    return names


def _adopted(archive: Path, work: Path) -> Store:
    try:
        return Store.adopt(work)
    except InventoryError as fault:
        what = fault.said.but(file=said("its database"))  # not the path where it was unpacked
        raise BadArchive(said("{archive}: {what}", archive=archive, what=what)) from fault


def _copy_database(store: Store, copy: Path) -> None:
    """A consistent copy of one moment, by SQLite's own online backup, in one file."""
    with in_our_words(copy), closing(sqlite3.connect(copy)) as target:
        store.reader().conn.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def _pack(files: list[Path], out: Path, at: datetime) -> None:
    members = [_Member(file.name, file.stat().st_size, _hash(file)) for file in files]
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            manifest = _Manifest(FORMAT, stamp(at), members)
            archive.writestr(MANIFEST, msgspec.json.encode(manifest))
            for file in files:
                archive.write(file, file.name)
        raw.flush()
        os.fsync(raw.fileno())


def _unpack(archive: Path, work: Path) -> list[str]:
    """Only names that a backup may hold are ever written, each checked against the manifest."""
    try:
        with zipfile.ZipFile(archive) as packed:
            with packed.open(MANIFEST) as content:
                manifest = msgspec.json.decode(content.read(LONGEST_MANIFEST), type=_Manifest)
            _check_names(archive, manifest, packed.namelist())
            _check_sizes(archive, manifest, packed, work)
            for member in manifest.members:
                _extract(archive, packed, member, work / member.name)
    except OSError as fault:
        raise BadArchive(
            said("{archive}: {why}; nothing was restored", archive=archive, why=reason(fault))
        ) from fault
    except (KeyError, EOFError, zipfile.BadZipFile, zlib.error, msgspec.MsgspecError) as fault:
        raise _bad(archive, said("not a whole backup of Rà Soát ({fault})", fault=fault)) from fault
    except (ValueError, RuntimeError, NotImplementedError) as fault:
        raise _bad(
            archive, said("not a backup that this program made ({fault})", fault=fault)
        ) from fault
    return [member.name for member in manifest.members]


def _check_names(archive: Path, manifest: _Manifest, names: list[str]) -> None:
    if manifest.rasoat_backup > FORMAT:
        raise _bad(archive, said("made by a newer Rà Soát; update this one"))
    wanted = [member.name for member in manifest.members]
    allowed = {folder.DATABASE, *KEYS}
    twice = len(set(wanted)) != len(wanted)
    if twice or sorted([MANIFEST, *wanted]) != sorted(names) or not set(wanted) <= allowed:
        raise _bad(archive, said("holds files that its manifest does not allow"))
    if folder.DATABASE not in wanted:
        raise _bad(archive, said("holds no database"))


def _check_sizes(archive: Path, manifest: _Manifest, packed: zipfile.ZipFile, work: Path) -> None:
    """Before anything is written: the sizes agree, and there is room for them."""
    for member in manifest.members:
        info = packed.getinfo(member.name)
        if info.file_size != member.size or info.compress_type not in _PACKED:
            raise _bad(archive, said("{name} is not what was backed up", name=member.name))
    needed, free = sum(member.size for member in manifest.members), shutil.disk_usage(work).free
    if needed > free:
        raise _bad(
            archive, said("needs {needed} bytes where {free} are free", needed=needed, free=free)
        )


def _extract(archive: Path, packed: zipfile.ZipFile, member: _Member, target: Path) -> None:
    digest, size = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out, packed.open(member.name) as content:
        while chunk := content.read(1 << 20):
            size += len(chunk)
            if size > member.size:
                break
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if size != member.size or digest.hexdigest() != member.sha256:
        raise _bad(archive, said("{name} is not what was backed up", name=member.name))


def _check_copy(archive: Path, database: Path) -> None:
    """The database must be whole before the folder takes its name."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
            found: Any = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as fault:
        found = fault
    if found != "ok":
        raise _bad(archive, said("its database is damaged ({found})", found=found))


def _bad(archive: Path, what: Said) -> BadArchive:
    return BadArchive(said("{archive}: {what}; nothing was restored", archive=archive, what=what))


def _hash(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
