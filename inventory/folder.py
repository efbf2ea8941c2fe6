"""The data folder: its marker, and the checks that it is ours and whole before any write."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from inventory.errors import (
    CannotUseDatabase,
    DamagedDatabase,
    FolderExists,
    NewerDatabase,
    NotOurFolder,
)
from inventory.times import stamp
from language.said import Said, said

MARKER = "rasoat.json"
DATABASE = "inventory.db"
LOCK = "write.lock"
WORK = ".rasoat-"  #: begins the name of a folder being filled; one that was killed leaves it behind
FORMAT = 1  #: of the folder, as the marker says
_LONGEST_MARKER = 4096  # bytes; ours has about 60


def is_ours(folder: Path) -> bool:
    """Whether the folder holds our marker."""
    return _marker(folder) is not None


def check_ours(folder: Path) -> None:
    """Refuse a folder that is not ours.

    Raises:
        NotOurFolder: it does not exist, or holds no marker of ours.
        NewerDatabase: a newer release made it.
    """
    if not folder.is_dir():
        raise NotOurFolder(
            said("{folder}: no such data folder; make one with: rasoat up", folder=folder)
        )
    found = _marker(folder)
    if found is None:
        raise NotOurFolder(
            said(
                "{folder}: not a data folder of Rà Soát (it has no {marker}); name "
                "another with --data",
                folder=folder,
                marker=MARKER,
            )
        )
    if found > FORMAT:
        raise NewerDatabase(
            said("{folder}: made by a newer Rà Soát; update this one", folder=folder)
        )


def check_database(file: Path) -> None:
    """Refuse a database file that is cut short or is something else; nothing beside it is made.

    Only SQLite opens the file: were it opened and closed by other means, this process would lose
    its locks on it (sqlite.org/howtocorrupt.html §2.2), and another one could then delete the log
    of changes under a running collector. Changes still in that log make it unlike the file.

    Raises:
        DamagedDatabase: says what is wrong with the file.
        CannotUseDatabase: it cannot be read.
    """
    if not file.exists():
        raise damaged(file, said("is missing"))
    if has_wal(file):
        return
    uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as look:
            look.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (pages,), (page,) = (
                look.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
            )
    except sqlite3.Error as fault:
        code = getattr(fault, "sqlite_errorcode", 0) & 0xFF  # the primary code of an extended one
        if code == sqlite3.SQLITE_NOTADB:
            raise damaged(file, said("not a SQLite database any more")) from fault
        if code == sqlite3.SQLITE_CORRUPT:
            size = file.stat().st_size
            raise damaged(
                file, said("cut short ({size} bytes) or overwritten", size=size)
            ) from fault
        raise CannotUseDatabase(
            said("{file}: {fault}; nothing was changed", file=file, fault=fault)
        ) from fault
    size = file.stat().st_size
    if size < pages * page and not has_wal(file):  # a last page that is not whole SQLite overlooks
        raise damaged(
            file, said("cut short, {size} of {whole} bytes", size=size, whole=pages * page)
        )


def damaged(file: Path, what: Said) -> DamagedDatabase:
    """The error for a database that cannot be read."""
    return DamagedDatabase(
        said(
            "{file}: {what}; nothing was changed; restore a backup into a new folder "
            "with: rasoat restore",
            file=file,
            what=what,
        )
    )


def has_wal(file: Path) -> bool:
    """Whether changes lie beside the database that are not in the file itself yet."""
    wal = file.with_name(file.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


@contextmanager
def made(folder: Path) -> Iterator[Path]:
    """A new data folder, all or nothing: the body fills a temporary one, which then takes the name.

    An empty folder that is there already keeps its owner and its mount, and becomes private; it is
    filled by moves, the marker last.

    Raises:
        FolderExists: a data folder of ours is there.
        NotOurFolder: the name belongs to a file, or to a folder with something else in it.
    """
    _check_free(folder)
    there = folder.exists()
    parent = folder if there else folder.absolute().parent
    missing = [up for up in (parent, *parent.parents) if not up.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=WORK, dir=parent))
    try:
        yield work
        _mark(work)
        if there:
            _move_up(work, folder)
        else:
            _rename(work, folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        with suppress(OSError):  # somebody else put something there meanwhile
            for up in missing:
                up.rmdir()
        raise


def _check_free(folder: Path) -> None:
    if is_ours(folder):
        raise FolderExists(
            said("{folder}: is a data folder already; name a new one with --data", folder=folder)
        )
    if folder.exists() and (not folder.is_dir() or _holds_something(folder)):
        raise NotOurFolder(
            said(
                "{folder}: holds something else, and is left as it is; name another with --data",
                folder=folder,
            )
        )


def _holds_something(folder: Path) -> bool:
    return any(not file.name.startswith(WORK) for file in folder.iterdir())


def _rename(work: Path, folder: Path) -> None:
    try:
        work.rename(folder)
    except OSError:
        _check_free(folder)  # the name was taken meanwhile: that is the better message
        raise
    sync(folder.absolute().parent)


def _move_up(work: Path, folder: Path) -> None:
    _check_free(folder)
    folder.chmod(0o700)
    for file in sorted(work.iterdir(), key=lambda file: file.name == MARKER):
        file.rename(folder / file.name)
    sync(folder)
    work.rmdir()


def _mark(folder: Path) -> None:
    marker = {"rasoat": FORMAT, "created_at": stamp(datetime.now(UTC))}
    write_durably(folder / MARKER, (json.dumps(marker) + "\n").encode())


def _marker(folder: Path) -> int | None:
    """The folder's format by its marker; None where there is none that is ours.

    Raises:
        OSError: it cannot be known: the folder or the marker may not be read.
    """
    try:
        with (folder / MARKER).open("rb") as handle:
            found = json.loads(handle.read(_LONGEST_MARKER))["rasoat"]
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return found if type(found) is int and found > 0 else None


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
