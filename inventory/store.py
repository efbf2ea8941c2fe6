"""The store: one SQLite database (WAL, synchronous=FULL), one writer at a time over all processes.

SQLite before 3.51.3 can corrupt a WAL database when two connections write or checkpoint at once
(the WAL-reset bug, sqlite.org/wal.html). So every write transaction, and the close of a writing
connection (which checkpoints), holds one lock file; readers open the file read-only and cannot
checkpoint.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from inventory import folder as folders
from inventory.connection import Connection, connect
from inventory.errors import NewerDatabase, StoreBusy
from inventory.migrations import MIGRATIONS, NAMES
from language.said import said, verbatim

LOCK_SECONDS = 60  #: that a write waits for another process; a commit takes milliseconds
POLL_SECONDS = 0.002  #: between two tries for the lock: seldom enough to cost nothing
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
        self._lock = FileLock(
            folder / folders.LOCK, timeout=LOCK_SECONDS, poll_interval=POLL_SECONDS
        )
        self._mutex = threading.RLock()  #: who writes
        self._reading = threading.RLock()  #: who opens or closes a reader
        self._readers: dict[threading.Thread, Database] = {}
        self._writer: Database | None = None
        self._process = os.getpid()
        self._closed = False

    @classmethod
    def create(cls, folder: Path) -> Store:
        """A new data folder with an empty inventory.

        Raises:
            FolderExists, NotOurFolder: the name is taken; nothing in it was touched.
        """
        with folders.made(folder) as work:
            fresh = cls(work, read_only=False)
            try:
                with fresh._locked():
                    MIGRATIONS.apply(fresh._writing())
            finally:
                fresh.close()
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> Store:
        """The inventory of an existing data folder, brought up to this release's tables.

        Raises:
            NotOurFolder: not a data folder of ours.
            DamagedDatabase: the database is cut short, or SQLite refuses it; it was left as it is.
            NewerDatabase: a newer release wrote it.
            CannotUseDatabase: it may be whole, but cannot be read now.
        """
        folders.check_ours(folder)
        return cls.adopt(folder, read_only=read_only)

    @classmethod
    def adopt(cls, folder: Path, *, read_only: bool = False) -> Store:
        """As ``open``, of a folder that has no marker yet (`folder.made`)."""
        store = cls(folder, read_only=read_only)
        folders.check_database(store._file)
        try:
            store._check()
            if not read_only:
                store._migrate()
            elif MIGRATIONS.pending(store.reader()):
                cls.adopt(folder).close()  # a reader cannot do it, and needs today's tables
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def write(self) -> Iterator[Database]:
        """One transaction, alone over all processes: durable as a whole afterwards, or undone.

        Raises:
            StoreBusy: another process held the lock for LOCK_SECONDS.
            DamagedDatabase, CannotUseDatabase: nothing was written.
        """
        self._check_usable()
        with self._mutex, self._locked():
            db = self._writing()
            db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.conn.execute("COMMIT")
            except BaseException:
                db.rollback()
                raise

    def reader(self) -> Database:
        """This thread's read-only connection; it sees what is committed."""
        self._check_usable()
        found = self._readers.get(threading.current_thread())
        return self._new_reader() if found is None else found

    def close(self) -> None:
        """Close every connection; the writing one under the lock, since it checkpoints."""
        if os.getpid() != self._process:
            return  # a fork's copies: the files and their locks are the parent's
        with self._mutex, self._reading:
            self._closed = True
            while self._readers:
                self._readers.popitem()[1].close()
            if self._writer is not None:
                with self._locked():
                    self._writer.close()
                self._writer = None

    def _new_reader(self) -> Database:
        with self._reading:  # not the writers' mutex: who reads need not wait for a long write
            self._check_usable()
            for thread in [thread for thread in self._readers if not thread.is_alive()]:
                self._readers.pop(thread).close()
            made = Database(connect(self._file, "ro"))
            self._readers[threading.current_thread()] = made
        return made

    def _check_usable(self) -> None:
        if self._closed:
            raise ValueError(f"{self.folder}: this store was closed")
        if os.getpid() != self._process:
            raise ValueError(f"{self.folder}: opened before the fork; open it in each process")

    def _writing(self) -> Database:
        self._check_usable()
        if self._writer is None:
            if self.read_only:
                raise PermissionError(f"{self.folder}: opened for reading only")
            self._writer = Database(_prepared(connect(self._file, "rwc")))
        return self._writer

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._lock.acquire()
        except Timeout as fault:
            raise StoreBusy(
                said(
                    "{file}: another process has been writing for {seconds} s; try again",
                    file=self._file,
                    seconds=LOCK_SECONDS,
                )
            ) from fault
        try:
            yield
        finally:
            self._lock.release()

    def _check(self) -> None:
        db = self.reader()
        if self._file.stat().st_size <= QUICK_CHECK_BYTES:
            found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise folders.damaged(self._file, verbatim(str(found).splitlines()[-1]))
        applied = {migration.name for migration in MIGRATIONS.applied(db)}
        if not applied:
            raise folders.damaged(self._file, said("holds no inventory of Rà Soát"))
        ahead = applied - NAMES
        if ahead:
            raise NewerDatabase(
                said(
                    "{file}: written by a newer Rà Soát ({ahead}); update this one",
                    file=self._file,
                    ahead=", ".join(sorted(ahead)),
                )
            )

    def _migrate(self) -> None:
        if MIGRATIONS.pending(self.reader()):
            with self._mutex, self._locked():
                MIGRATIONS.apply(self._writing())


def _prepared(conn: Connection) -> Connection:
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            conn.execute(f"PRAGMA {pragma}")
    except BaseException:
        conn.close()
        raise
    return conn
