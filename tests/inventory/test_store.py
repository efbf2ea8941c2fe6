"""The store: made whole or not at all, refused when it is not right, one writer at a time."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from inventory import audit
from inventory import folder as folders
from inventory import store as stores
from inventory.errors import (
    CannotUseDatabase,
    DamagedDatabase,
    FolderExists,
    InventoryError,
    NewerDatabase,
    NotOurFolder,
    StoreBusy,
)
from inventory.store import Store
from tests.conftest import ROOT
from tests.inventory.office import NOW, rows

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but SQLite's own working files."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith(("-wal", "-shm"))
    }


def note(store: Store, text: str) -> None:
    with store.write() as db:
        audit.append(db, "test", text, {}, NOW)


def many(store: Store, count: int) -> None:
    with store.write() as db:
        for number in range(count):
            audit.append(db, "test", "note", {"text": "x" * 100, "number": number}, NOW)


def broken_off(store: Store, fault: type[Exception]) -> None:
    with store.write() as db:
        audit.append(db, "test", "lost", {}, NOW)
        raise fault


def notes(store: Store) -> int:
    return int(rows(store, "SELECT count(*) FROM audit")[0][0])


def test_a_new_folder_is_private_and_opens_again(folder: Path):
    with closing(Store.create(folder)) as store:
        note(store, "hello")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not (folder / "inventory.db-wal").exists()  # closed by a checkpoint
    assert [file.name for file in folder.parent.iterdir()] == [folder.name]
    for read_only in (True, False):
        with closing(Store.open(folder, read_only=read_only)) as store:
            assert notes(store) == 1


def test_the_pragmas_are_in_force(store: Store):
    with store.write() as db:
        found = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            db.execute("INSERT INTO views VALUES ('nobody', 1, x'00', '')")
    assert found == PRAGMAS
    with pytest.raises(CannotUseDatabase, match="readonly"):
        store.reader().execute("DELETE FROM agents")


def test_an_empty_folder_is_filled_and_made_private(folder: Path):
    folder.mkdir(parents=True, mode=0o755)
    (folder / f"{folders.WORK}left-by-a-kill").mkdir()
    before = folder.stat().st_ino
    Store.create(folder).close()
    Store.open(folder).close()
    assert folder.stat().st_ino == before  # it may be a mount
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_others_is_left_alone(folder: Path):
    folder.mkdir(parents=True)
    (folder / "thesis.txt").write_text("mine")
    before = contents(folder)
    for attempt in (Store.create, Store.open):
        with pytest.raises(NotOurFolder):
            attempt(folder)
    with pytest.raises(NotOurFolder):
        Store.create(folder / "thesis.txt")
    with pytest.raises(NotOurFolder, match="rasoat up"):
        Store.open(folder / "nowhere")
    assert contents(folder) == before
    assert len(list(folder.parent.iterdir())) == 1


def test_a_folder_of_ours_is_not_made_anew(store: Store):
    note(store, "hello")
    with pytest.raises(FolderExists):
        Store.create(store.folder)
    assert notes(store) == 1


@pytest.mark.parametrize(
    "marker", ["", "[]", "{}", '{"rasoat": true}', '{"rasoat": "1"}', '{"rasoat": 0}', "[" * 9999]
)
def test_a_marker_that_is_not_ours_is_none(store: Store, marker: str):
    (store.folder / folders.MARKER).write_text(marker)
    with pytest.raises(NotOurFolder):
        Store.open(store.folder)


def test_making_fails_whole(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def fails(*_: object) -> None:
        raise RuntimeError("power")

    for name in ("_mark", "_rename"):
        with monkeypatch.context() as patch:
            patch.setattr(folders, name, fails)
            with pytest.raises(RuntimeError, match="power"):
                Store.create(folder)
        assert not folder.parent.exists()  # made for it, so gone with it
    Store.create(folder).close()


@pytest.fixture
def filled(folder: Path) -> Path:
    """A data folder with some pages, closed."""
    with closing(Store.create(folder)) as store:
        many(store, 300)
    return folder


@pytest.fixture
def open_to_all(filled: Path) -> Iterator[Path]:
    """The same where others may come: pytest closes its own folders, at every start of another."""
    with tempfile.TemporaryDirectory(prefix="rasoat-store-") as place:
        Path(place).chmod(0o755)
        moved = Path(place) / filled.name
        shutil.copytree(filled, moved)
        moved.chmod(0o755)
        yield moved


def refused_unchanged(folder: Path) -> str:
    """The message of a damaged database; nothing was written to it."""
    file = folder / folders.DATABASE
    before = file.read_bytes()
    messages = set()
    for read_only in (True, False):
        with pytest.raises(DamagedDatabase) as caught:
            Store.open(folder, read_only=read_only)
        messages.add(str(caught.value))
        assert file.read_bytes() == before
    assert all(str(file) in message and "rasoat restore" in message for message in messages)
    return messages.pop()


def test_a_database_cut_short_is_refused_at_any_length(filled: Path):
    file = filled / folders.DATABASE
    whole = file.read_bytes()
    lengths = [0, 1, 15, 16, 99, 100, 4095, *range(4096, len(whole), 8191), len(whole) - 1]
    for length in lengths:
        file.write_bytes(whole[:length])
        refused_unchanged(filled)
    assert len(lengths) > 15
    file.write_bytes(whole)
    with closing(Store.open(filled)) as store:  # the control: whole again, it opens
        assert notes(store) == 300


def _zeroed(page: int) -> Callable[[bytes], bytes]:
    return lambda raw: raw[: page * 4096] + bytes(4096) + raw[page * 4096 + 4096 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"PK" + raw[2:],
        lambda raw: bytes(100) + raw[100:],
        lambda raw: raw[:100] + bytes(3996) + raw[4096:],
        lambda raw: b"",
        *[_zeroed(page) for page in (1, 2, 5, 9, 20, 30)],
    ],
)
def test_an_overwritten_database_is_refused(filled: Path, damage: Callable[[bytes], bytes]):
    file = filled / folders.DATABASE
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert file.read_bytes() != whole
    refused_unchanged(filled)


def test_a_missing_or_foreign_database_is_refused(filled: Path):
    file = filled / folders.DATABASE
    file.unlink()
    with pytest.raises(DamagedDatabase, match="is missing"):
        Store.open(filled)
    with closing(sqlite3.connect(file)) as foreign:
        foreign.execute("CREATE TABLE recipes (title)")
    assert "no inventory" in refused_unchanged(filled)


def test_damage_that_shows_later_is_named_too(filled: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stores, "QUICK_CHECK_BYTES", 0)
    file = filled / folders.DATABASE
    whole = file.read_bytes()
    with closing(sqlite3.connect(file)) as db:
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'audit'").fetchone()[0]
    file.write_bytes(_zeroed(page - 1)(whole))
    with closing(Store.open(filled)) as store:
        with pytest.raises(DamagedDatabase, match="rasoat restore"):
            rows(store, "SELECT * FROM audit")
        with pytest.raises(DamagedDatabase, match="rasoat restore"):
            note(store, "hello")


def test_a_newer_database_or_folder_is_refused(filled: Path):
    with closing(sqlite3.connect(filled / folders.DATABASE)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('rasoat', 'm999_next_year', '')"
        )
    before = contents(filled)
    with pytest.raises(NewerDatabase, match="m999_next_year"):
        Store.open(filled)
    assert contents(filled) == before
    (filled / folders.MARKER).write_text('{"rasoat": 2}')
    with pytest.raises(NewerDatabase):
        Store.open(filled)


def test_a_transaction_is_undone_as_a_whole_and_the_next_one_works(store: Store):
    with pytest.raises(ZeroDivisionError):
        broken_off(store, ZeroDivisionError)
    assert notes(store) == 0
    note(store, "kept")
    assert notes(store) == 1


def test_a_commit_that_fails_is_undone_too(store: Store):
    def refused_by_commit_alone() -> None:
        with store.write() as db:
            db.execute("PRAGMA defer_foreign_keys=ON")
            db.execute("INSERT INTO views VALUES ('nobody', 1, x'00', '')")

    with pytest.raises(sqlite3.IntegrityError):
        refused_by_commit_alone()
    note(store, "kept")
    assert (notes(store), rows(store, "SELECT * FROM views")) == (1, [])


def test_a_full_disk_is_said_and_nothing_is_half_written(store: Store):
    with store.write() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(CannotUseDatabase, match="full"):
        many(store, 1000)
    assert notes(store) == 0
    with store.write() as db:
        db.execute(f"PRAGMA max_page_count={pages * 100}")
    note(store, "room again")
    assert notes(store) == 1


def test_another_program_that_holds_the_lock_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stores, "LOCK_SECONDS", 0.2)
    with closing(Store.open(store.folder)) as other, store.write():
        caught: list[BaseException] = []

        def try_to_write() -> None:
            with pytest.raises(StoreBusy) as why:
                note(other, "hello")
            caught.append(why.value)

        thread = threading.Thread(target=try_to_write)
        thread.start()
        thread.join()
    assert len(caught) == 1
    note(store, "control")


def test_readers_of_threads_that_ended_are_closed(store: Store):
    def read() -> None:
        notes(store)

    for _ in range(50):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert len(store._readers) <= 2
    assert len(_open_files(store.folder)) < 10


def _open_files(folder: Path) -> list[str]:
    links = list(Path("/proc/self/fd").iterdir())
    found = [link.readlink() for link in links if link.is_symlink()]
    return [file.name for file in found if folder in file.parents]


def test_close_lets_a_reading_thread_fail_and_not_crash(store: Store):
    reading = threading.Event()
    outcome: list[str] = []

    def read() -> None:
        store.reader().conn.create_function("started", 0, reading.set)
        try:
            store.reader().execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                "SELECT count(started()) FROM n"
            ).fetchone()
        except sqlite3.Error as fault:
            outcome.append(str(fault))

    thread = threading.Thread(target=read)
    thread.start()
    assert reading.wait(10)
    note(store, "a writer is open too")
    store.close()
    thread.join(10)
    assert not thread.is_alive()
    assert len(outcome) == 1
    assert _open_files(store.folder) == []
    assert not (store.folder / "inventory.db-wal").exists()
    with pytest.raises(ValueError, match="closed"):
        store.reader()


def test_a_reader_opens_what_was_killed_before_its_checkpoint(store: Store, tmp_path: Path):
    note(store, "in the log alone")
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in (folders.MARKER, "inventory.db", "inventory.db-wal"):  # not -shm
        (copy / name).write_bytes((store.folder / name).read_bytes())
    with closing(Store.open(copy, read_only=True)) as other:
        assert notes(other) == 1
        with pytest.raises(PermissionError):
            note(other, "no")


def run_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    head = "import sys\nfrom pathlib import Path\nfrom inventory.store import Store\n"
    head += "from inventory import audit\nfrom tests.inventory.office import NOW\n"
    return subprocess.Popen(
        [sys.executable, "-c", head + textwrap.dedent(code), *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


READ_AS_NOBODY = """
    import os
    Store.open(Path(sys.argv[1]), read_only=True).close()  # the imports, while they can be read
    for name in ("inventory.db-shm", "inventory.db-wal"):
        if "keep" not in sys.argv:
            (Path(sys.argv[1]) / name).unlink(missing_ok=True)
    os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
    try:
        store = Store.open(Path(sys.argv[1]), read_only=True)
        print(store.reader().execute("SELECT count(*) FROM audit").fetchone()[0])
        store.close()
    except Exception as fault:
        print(type(fault).__name__, fault)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
def test_a_folder_that_may_only_be_read(open_to_all: Path):
    filled = open_to_all
    (filled / folders.DATABASE).chmod(0o644)
    (filled / folders.MARKER).chmod(0o644)
    out = run_python(READ_AS_NOBODY, filled).communicate(timeout=60)
    assert out[0] == "300\n", out
    assert sorted(file.suffix for file in filled.iterdir()) == [".db", ".json", ".lock"]
    (filled / folders.DATABASE).chmod(0o600)
    out = run_python(READ_AS_NOBODY, filled).communicate(timeout=60)
    assert out[0].startswith("CannotUseDatabase "), out
    (filled / folders.DATABASE).chmod(0o644)
    with closing(Store.open(filled)) as store:
        note(store, "in the log")
        for name in ("inventory.db-shm", "inventory.db-wal"):
            (filled / name).chmod(0o644)
        out = run_python(READ_AS_NOBODY, filled, "keep").communicate(timeout=60)
        assert out[0] == "301\n", out  # beside a running collector
        log = (filled / "inventory.db-wal").read_bytes()
    assert not (filled / "inventory.db-shm").exists()
    (filled / "inventory.db-wal").write_bytes(log)
    out = run_python(READ_AS_NOBODY.replace("Store.open", "#", 1), filled, "keep").communicate()
    assert out[0].startswith("CannotUseDatabase "), out
    assert "owns it" in out[0]


def test_a_fork_does_not_use_its_parents_connections(store: Store):
    note(store, "parent")
    child = os.fork()
    if child == 0:
        refused = 0
        for attempt in (store.reader, lambda: note(store, "child")):
            try:
                attempt()
            except ValueError:
                refused += 1
        store.close()
        os._exit(refused)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    note(store, "parent again")
    assert notes(store) == 2


COUNT = """
    store = Store.open(Path(sys.argv[1]))
    print("ready", flush=True)
    for number in range(int(sys.argv[2])):
        with store.write() as db:
            audit.append(db, "process", "counted", {"number": number}, NOW)
    store.close()
"""


def test_processes_and_threads_write_at_once_and_nothing_is_lost(store: Store):
    each, children, threads = 60, 3, 2
    running = [run_python(COUNT, store.folder, each) for _ in range(children)]

    def write() -> None:
        for _ in range(each):
            note(store, "thread")

    writers = [threading.Thread(target=write) for _ in range(threads)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    for child in running:
        _, errors = child.communicate(timeout=100)
        assert child.returncode == 0, errors
    assert notes(store) == each * (children + threads)
    assert list(audit.problems(store.reader())) == []
    assert rows(store, "PRAGMA integrity_check") == [("ok",)]


KILLED = """
    store = Store.open(Path(sys.argv[1]))
    round = 0
    while True:
        with store.write() as db:
            for number in range(50):
                audit.append(db, "process", "batch", {"round": round}, NOW)
                if number == 25:
                    print("amid", flush=True)
        round += 1
"""


def test_a_kill_leaves_no_half_batch(store: Store):
    kills, amid = 8, 0
    for number in range(kills):
        child = run_python(KILLED, store.folder)
        assert child.stdout is not None
        for _ in range(number * 3 + 1):
            assert child.stdout.readline() == "amid\n"
            amid += 1
        os.kill(child.pid, signal.SIGKILL)
        child.communicate(timeout=30)
        found = notes(store)
        assert found % 50 == 0
        assert list(audit.problems(store.reader())) == []
        with pytest.raises(TimeoutError):  # the dead one's lock is free
            broken_off(store, TimeoutError)
    assert amid >= kills
    assert notes(store) > 100  # something was committed, so something could have been halved


def test_every_error_says_what_it_is_in_one_sentence():
    known = [kind for kind in InventoryError.__subclasses__() if kind.__module__.startswith("inv")]
    assert len(known) >= 9
    assert all((kind.__doc__ or "").count("\n") == 0 and kind.exit_code in (2, 3) for kind in known)
