"""The store: one SQLite database (WAL, synchronous=FULL), one writer at a time over all processes.

SQLite before 3.51.3 can corrupt a WAL database when two connections write or checkpoint at once
(the WAL-reset bug, sqlite.org/wal.html). So every write transaction, and the close of a writing
connection (which checkpoints), holds one lock file; readers open the file read-only and cannot
checkpoint.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from inventory import folder as folders
from inventory.errors import NewerDatabase, StoreBusy
from inventory.migrations import MIGRATIONS

LOCK_SECONDS = 60  #: that a write waits for another process; a commit takes milliseconds
BUSY_MS = 10_000  #: that SQLite itself waits for a lock
QUICK_CHECK_BYTES = 32 << 20  #: a database up to this size is checked whole when it is opened


class Store:
    """The inventory in one data folder.

    One thread writes at a time (``write`` waits for its turn); any thread reads through ``reader``.
    """

    def __init__(self, folder: Path, *, read_only: bool) -> None:
        """Use ``Store.open`` or ``Store.create``."""
        self.folder = folder
        self.read_only = read_only
        self._file = folder / folders.DATABASE
        self._lock = FileLock(folder / folders.LOCK, timeout=LOCK_SECONDS)
        self._mutex = threading.RLock()
        self._threads = threading.local()
        self._readers: list[Database] = []
        self._writer: Database | None = None

    @classmethod
    def create(cls, folder: Path) -> Store:
        """A new data folder with an empty inventory.

        Raises:
            FolderExists, NotOurFolder: the name is taken; nothing in it was touched.
        """
        with folders.made(folder) as work:
            fresh = cls(work, read_only=False)
            with fresh._locked():
                MIGRATIONS.apply(fresh._writing())
            fresh.close()
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> Store:
        """The inventory of an existing data folder, brought up to this release's tables.

        Raises:
            NotOurFolder: not a data folder of ours.
            DamagedDatabase: the database is cut short, or SQLite refuses it; it was left as it is.
            NewerDatabase: a newer release wrote it.
        """
        folders.check_ours(folder)
        folders.check_database(folder)
        store = cls(folder, read_only=read_only)
        try:
            store._check()
            if not read_only:
                store._migrate()
        except sqlite3.DatabaseError as fault:
            store.close()
            raise folders.damaged(folder, fault) from fault
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def write(self) -> Iterator[Database]:
        """One transaction, alone over all processes: durable as a whole afterwards, or undone.

        Raises:
            StoreBusy: another process held the lock for LOCK_SECONDS.
        """
        with self._mutex, self._locked():
            db = self._writing()
            db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.conn.execute("COMMIT")

    def reader(self) -> Database:
        """This thread's read-only connection; it sees what is committed."""
        found: Database | None = getattr(self._threads, "reader", None)
        if found is None:
            found = self._threads.reader = Database(self._connect("ro"))
            with self._mutex:
                self._readers.append(found)
        return found

    def close(self) -> None:
        """Close every connection; the writing one under the lock, since it checkpoints."""
        with self._mutex:
            for reader in self._readers:
                reader.close()
            self._readers.clear()
            self._threads = threading.local()
            if self._writer is not None:
                with self._locked():
                    self._writer.close()
                self._writer = None

    def _connect(self, mode: str) -> sqlite3.Connection:
        uri = f"{self._file.absolute().as_uri()}?mode={mode}"
        conn = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        conn.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        return conn

    def _writing(self) -> Database:
        if self._writer is None:
            if self.read_only:
                raise PermissionError(f"{self.folder}: opened for reading only")
            conn = self._connect("rwc")
            conn.execute("PRAGMA journal_mode=WAL")
            conn.execute("PRAGMA synchronous=FULL")
            conn.execute("PRAGMA foreign_keys=ON")
            self._writer = Database(conn)
        return self._writer

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._lock.acquire()
        except Timeout as fault:
            raise StoreBusy(
                f"{self._file}: another process has been writing for {LOCK_SECONDS} s; try again"
            ) from fault
        try:
            yield
        finally:
            self._lock.release()

    def _check(self) -> None:
        db = self.reader()
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if self._file.stat().st_size <= QUICK_CHECK_BYTES:
            found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(str(found).splitlines()[-1])
        known = {migration.name for migration in MIGRATIONS.pending(Database(memory=True))}
        ahead = {migration.name for migration in MIGRATIONS.applied(db)} - known
        if ahead:
            raise NewerDatabase(
                f"{self._file}: written by a newer Rà Soát ({', '.join(sorted(ahead))}); "
                "update this one"
            )

    def _migrate(self) -> None:
        if MIGRATIONS.pending(self.reader()):
            with self._mutex, self._locked():
                MIGRATIONS.apply(self._writing())
