"""A connection to the database file, and SQLite's faults in the inventory's words.

A database may turn out to be damaged, or the disk full, long after it was opened; whoever reads or
writes then gets an error of ours that names the file, and never a traceback of the driver.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from inventory.errors import CannotUseDatabase, InventoryError, StoreBusy
from inventory.folder import damaged, has_wal
from language.said import said, verbatim

BUSY_MS = 10_000  #: that SQLite itself waits for a lock

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_MACHINE = frozenset(
    {
        *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN),
    }
)

_OURS = _DAMAGED | _BUSY | _MACHINE

_Given = TypeVar("_Given")


class _Cursor(sqlite3.Cursor):
    """Translates faults, and keeps its connection from being closed under a running statement."""

    connection: Connection

    def execute(self, *arguments: Any) -> _Cursor:
        self.connection.guarded(super().execute, *arguments)
        return self

    def executemany(self, *arguments: Any) -> _Cursor:
        self.connection.guarded(super().executemany, *arguments)
        return self

    def executescript(self, *arguments: Any) -> _Cursor:
        self.connection.guarded(super().executescript, *arguments)
        return self

    def fetchone(self) -> Any:
        return self.connection.guarded(super().fetchone)

    def fetchmany(self, *arguments: Any) -> list[Any]:
        return self.connection.guarded(super().fetchmany, *arguments)

    def fetchall(self) -> list[Any]:
        return self.connection.guarded(super().fetchall)

    def __next__(self) -> Any:
        return self.connection.guarded(super().__next__)


class Connection(sqlite3.Connection):
    """A connection that another thread may close at any time.

    The driver would crash the process if that happened amid a statement, so both take turns.
    """

    file, mode = Path(), ""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._turn = threading.RLock()

    def cursor(self, factory: Any = _Cursor) -> Any:
        """A cursor whose faults are errors of the inventory."""
        return super().cursor(factory)

    def execute(self, *arguments: Any) -> Any:
        """As the driver's, by a cursor of ours."""
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        """As the driver's, by a cursor of ours."""
        return self.cursor().executemany(*arguments)

    def executescript(self, *arguments: Any) -> Any:
        """As the driver's, by a cursor of ours."""
        return self.cursor().executescript(*arguments)

    def guarded(self, work: Callable[..., _Given], *arguments: Any) -> _Given:
        """Do one step of a statement.

        Raises:
            DamagedDatabase, StoreBusy, CannotUseDatabase: what SQLite met.
        """
        with self._turn:
            try:
                return work(*arguments)
            except sqlite3.Error as fault:
                if _primary(fault) not in _OURS:
                    raise
                raise _ours(fault, self.file) from fault

    def close(self) -> None:
        """Close, when the statement of another thread is through with its step.

        A reader's is broken off. A writer's is not: the checkpoint would be broken off too.
        """
        if self.mode == "ro":
            with suppress(sqlite3.ProgrammingError):  # closed before
                self.interrupt()
        with self._turn:
            super().close()


def connect(file: Path, mode: str) -> Connection:
    """Open the database: ``ro``, or ``rwc`` to write.

    Raises:
        DamagedDatabase, CannotUseDatabase: what SQLite met.
    """
    uri = f"{file.absolute().as_uri()}?mode={mode}"
    if mode == "ro" and _cannot_share(file):
        uri += "&immutable=1"
    with in_our_words(file):
        conn = sqlite3.connect(
            *(uri, 0, 0, None, False, Connection, 256),  # 256 statements are kept prepared
            uri=True,
        )
        conn.file, conn.mode = file, mode
        conn.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    return conn


@contextmanager
def in_our_words(file: Path) -> Iterator[None]:
    """Faults of SQLite in the block as errors of ours, where they are about the file."""
    try:
        yield
    except sqlite3.Error as fault:
        if _primary(fault) not in _OURS:
            raise
        raise _ours(fault, file) from fault


def _cannot_share(file: Path) -> bool:
    """Whether a reader cannot make the file by which SQLite's connections meet.

    In a folder that cannot be written nobody of our rights writes the database either: it is read
    as it lies, unless the last changes are still in its log.

    Raises:
        CannotUseDatabase: they are.
    """
    if os.access(file.parent, os.W_OK) or file.with_name(file.name + "-shm").exists():
        return False
    if has_wal(file):
        raise CannotUseDatabase(
            said(
                "{file}: was not closed cleanly and its folder cannot be written; run "
                "the command once as the user who owns it",
                file=file,
            )
        )
    return True


def _primary(fault: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 for the driver's own errors."""
    return getattr(fault, "sqlite_errorcode", 0) & 0xFF


def _ours(fault: sqlite3.Error, file: Path) -> InventoryError:
    code = _primary(fault)
    if code in _DAMAGED:
        return damaged(file, verbatim(str(fault)))
    if code in _BUSY:
        return StoreBusy(
            said("{file}: another program holds it ({fault}); try again", file=file, fault=fault)
        )
    return CannotUseDatabase(
        said(
            "{file}: {fault}; look at the disk's free space and the file's owner, then try again",
            file=file,
            fault=fault,
        )
    )
