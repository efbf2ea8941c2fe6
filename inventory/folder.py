"""The data folder: its marker, and the checks that it is ours and whole before any write."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from inventory.errors import DamagedDatabase, FolderExists, NotOurFolder
from inventory.times import stamp

MARKER = "rasoat.json"
DATABASE = "inventory.db"
LOCK = "write.lock"
FORMAT = 1  #: of the folder, as the marker says
_MAGIC = b"SQLite format 3\x00"  # SQLite file format §1.3
_HEADER = 100  # bytes of the database header


def is_ours(folder: Path) -> bool:
    """Whether the folder holds our marker."""
    return _marker(folder) is not None


def check_ours(folder: Path) -> None:
    """Refuse a folder that is not ours.

    Raises:
        NotOurFolder: it does not exist, or holds no marker of ours.
    """
    if not folder.is_dir():
        raise NotOurFolder(f"{folder}: no such data folder; make one with: rasoat up")
    if not is_ours(folder):
        raise NotOurFolder(
            f"{folder}: not a data folder of Rà Soát (it has no {MARKER}); name another with --data"
        )


def check_database(folder: Path) -> None:
    """Refuse a database file that is cut short or is something else, without opening it.

    Raises:
        DamagedDatabase: says what is wrong with the file.
    """
    file = folder / DATABASE
    try:
        size = file.stat().st_size
        with file.open("rb") as handle:
            header = handle.read(_HEADER)
    except OSError as fault:
        raise DamagedDatabase(f"{file}: {fault.strerror}; {_RESTORE}") from fault
    if len(header) < _HEADER or not header.startswith(_MAGIC):
        raise DamagedDatabase(f"{file}: not a SQLite database any more; {_RESTORE}")
    page = int.from_bytes(header[16:18], "big") or 1
    page = 65536 if page == 1 else page
    expected = page * int.from_bytes(header[28:32], "big")
    if size < expected and not _has_wal(file):
        raise DamagedDatabase(f"{file}: cut short, {size} of {expected} bytes; {_RESTORE}")


_RESTORE = "nothing was changed; restore a backup into a new folder with: rasoat restore"


def damaged(folder: Path, fault: Exception) -> DamagedDatabase:
    """The error for a database that SQLite itself refuses."""
    return DamagedDatabase(f"{folder / DATABASE}: {fault}; {_RESTORE}")


def _has_wal(file: Path) -> bool:
    wal = file.with_name(file.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


@contextmanager
def made(folder: Path) -> Iterator[Path]:
    """A new data folder, all or nothing: the body fills a temporary one, which then takes the name.

    Raises:
        FolderExists: a data folder of ours is there.
        NotOurFolder: the name belongs to a file, or to a folder with something else in it.
    """
    if is_ours(folder):
        raise FolderExists(f"{folder}: is a data folder already; name a new one with --data")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotOurFolder(
            f"{folder}: holds something else, and is left as it is; name another with --data"
        )
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=parent))
    try:
        yield work
        _mark(work)
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
        sync(parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _mark(folder: Path) -> None:
    marker = {"rasoat": FORMAT, "created_at": stamp(datetime.now(UTC))}
    write_durably(folder / MARKER, (json.dumps(marker) + "\n").encode())


def _marker(folder: Path) -> int | None:
    try:
        found = json.loads((folder / MARKER).read_bytes())["rasoat"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, int) else None


def write_durably(file: Path, content: bytes) -> None:
    """A new file, private to its owner, on the disk when this returns."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    sync(file.parent)


def sync(folder: Path) -> None:
    """Make the names in a folder durable (POSIX; Windows does so by itself)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
