"""Backup and restore: whole or not at all, and never more than a backup may hold."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inventory import audit, intake
from inventory import backup as archives
from inventory import folder as folders
from inventory.backup import KEYS, MANIFEST, backup, restore
from inventory.errors import BadArchive, FolderExists, InventoryError, NotOurFolder
from inventory.store import Store
from inventory.verify import verify
from server.evidence import check_signature
from tests.inventory.office import NOW, Machine, at, rows

PC = Machine()
LINUX = {"os": {"family": "linux"}}


@pytest.fixture
def office(store: Store) -> Store:
    """A machine that reported twice, and the keys of a collector (not real ones)."""
    PC.enrol(store)
    intake.accept(store, [PC.sends(1), PC.sends(2, facts=LINUX)])
    for name in KEYS:
        (store.folder / name).write_bytes(b"made up: " + name.encode())
    return store


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder for archives, in which nothing temporary is left."""
    made = tmp_path / "sao lưu #1"
    made.mkdir()
    yield made
    assert [file.name for file in made.iterdir() if file.name.startswith(folders.WORK)] == []


@pytest.fixture
def archive(office: Store, place: Path) -> Path:
    """A backup with the keys in it."""
    backup(office.folder, place / "whole.backup", with_keys=True, by="officer", now=NOW)
    return place / "whole.backup"


@pytest.mark.parametrize("with_keys", [False, True])
def test_there_and_back(office: Store, place: Path, with_keys: bool):
    out = place / "office.backup"
    names = backup(office.folder, out, with_keys=with_keys, by="officer", now=NOW)
    assert names == ["inventory.db", *(KEYS if with_keys else ())]
    assert out.stat().st_mode & 0o777 == 0o600
    assert (b"made up" in b"".join(_contents(out).values())) is with_keys
    target = place / "new" / "office"
    assert restore(out, target, by="officer", now=at(60)) == names
    assert sorted(file.name for file in target.iterdir()) == sorted(
        [folders.MARKER, folders.LOCK, *names]
    )
    assert all(file.stat().st_mode & 0o077 == 0 for file in [target, *map(target.joinpath, names)])
    with closing(Store.open(target)) as again:
        for table in ("agents", "devices", "tokens", "reports", "views", "changes"):
            ours, theirs = (rows(one, f"SELECT * FROM {table}") for one in (office, again))  # noqa: S608
            assert ours == theirs
        assert rows(again, "SELECT body FROM reports WHERE id = 1") == [(PC.sends(1).body,)]
        assert [one.action for one in audit.read(again.reader())][-2:] == [
            *("backup made", "backup restored")
        ]
        assert verify(again, check_signature).problems == []
        told = intake.accept(again, [PC.sends(2, facts=LINUX), PC.sends(3)])
        assert [one.code or one.outcome for one in told] == ["duplicate", "stored"]
    assert verify(office, check_signature).clean


def test_a_backup_beside_a_writer_is_one_moment(office: Store, place: Path):
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        while not stop.is_set():
            with office.write() as db:
                for _ in range(10):
                    audit.append(db, "test", "batch", {"filler": "x" * 500}, NOW)
            written += 10

    thread = threading.Thread(target=write)
    thread.start()
    try:
        kept = []
        for number in range(5):
            out = place / f"{number}.backup"
            backup(office.folder, out, with_keys=False, by="officer")
            target = place / f"restored {number}"
            restore(out, target, by="officer")
            with closing(Store.open(target)) as again:
                assert verify(again, check_signature).problems == []
                found = rows(again, "SELECT count(*) FROM audit WHERE action = 'batch'")[0][0]
            assert found % 10 == 0  # no half batch
            kept.append(found)
    finally:
        stop.set()
        thread.join()
    assert kept == sorted(kept)
    assert 0 < kept[-1] <= written
    assert len(set(kept)) > 1, "nothing was written meanwhile: the test has proved nothing"


def test_an_existing_file_is_kept(office: Store, place: Path):
    out = place / "thesis"
    out.write_text("mine")
    with pytest.raises(InventoryError, match="exists already"):
        backup(office.folder, out, with_keys=False, by="officer")
    assert out.read_text() == "mine"
    with pytest.raises(NotOurFolder):
        backup(place, place / "x", with_keys=False, by="officer")
    with pytest.raises(FileNotFoundError):
        backup(office.folder, place / "nowhere" / "x", with_keys=False, by="officer")
    assert [one.action for one in audit.read(office.reader())][-1] != "backup made"


def _contents(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _write(archive: Path, contents: dict[str, bytes]) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in contents.items():
            packed.writestr(name, content)


def _manifest(contents: dict[str, bytes]) -> Any:
    return json.loads(contents[MANIFEST])


def refused(archive: Path, says: str) -> None:
    """Restore refuses with that message, and leaves nothing behind."""
    place = archive.parent
    before = sorted(place.parent.rglob("*"))
    for target in (place / "target", place / "deep" / "er" / "target"):
        with pytest.raises(BadArchive, match=says) as caught:
            restore(archive, target, by="officer")
        assert str(archive) in str(caught.value)
        assert sorted(place.parent.rglob("*")) == before
    empty = place / "empty"
    empty.mkdir()
    with pytest.raises(BadArchive):
        restore(archive, empty, by="officer")
    assert list(empty.iterdir()) == []
    empty.rmdir()


Change = Callable[[dict[str, bytes], Any], None]


def _named(name: str) -> Change:
    """The manifest and the archive agree on one more member, of that name."""

    def change(contents: dict[str, bytes], manifest: Any) -> None:
        contents[name] = b"payload"
        manifest["members"].append(
            {"name": name, "size": 7, "sha256": hashlib.sha256(b"payload").hexdigest()}
        )

    return change


def _database(content: bytes) -> Change:
    """Another database, rightly declared."""

    def change(contents: dict[str, bytes], manifest: Any) -> None:
        contents["inventory.db"] = content
        digest = hashlib.sha256(content).hexdigest()
        manifest["members"][0] |= {"size": len(content), "sha256": digest}

    return change


def _member(**said: Any) -> Change:
    return lambda _, manifest: manifest["members"][0].update(said)


def _all(**said: Any) -> Change:
    return lambda _, manifest: manifest.update(said)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_member(sha256="0" * 64), "inventory.db is not what was backed up"),
        (_member(size=1 << 50), "inventory.db is not what was backed up"),
        (_member(size=-1), "inventory.db is not what was backed up"),
        (_member(size=0), "inventory.db is not what was backed up"),
        (_member(name="../inventory.db"), "does not allow"),
        (_named("../../evil"), "does not allow"),
        (_named("/tmp/evil"), "does not allow"),
        (_named("C:\\evil"), "does not allow"),
        (_named("rasoat.json"), "does not allow"),
        (_named("sub/ca.key"), "does not allow"),
        (lambda contents, _: contents.update({"extra": b""}), "does not allow"),
        (lambda contents, _: contents.pop("ca.key"), "does not allow"),
        (lambda _, manifest: manifest["members"].pop(), "does not allow"),
        (lambda _, manifest: manifest["members"].append(manifest["members"][0]), "does not allow"),
        (_all(rasoat_backup=2), "newer Rà Soát"),
        (_all(more=1), "not a whole backup"),
        (_all(members="x"), "not a whole backup"),
        (_all(made_at="x" * 100_000), "not a whole backup"),
        (lambda contents, _: contents.pop("manifest.json"), "not a whole backup"),
        (_database(b""), "its database"),
        (_database(b"SQLite format 3\0" + bytes(5000)), "its database"),
        (_database(b"text" * 5000), "its database"),
    ],
)  # fmt: skip
def test_an_archive_that_is_not_as_we_made_it_is_refused(archive: Path, change: Change, says: str):
    contents = _contents(archive)
    manifest = _manifest(contents)
    change(contents, manifest)
    if MANIFEST in contents:
        contents[MANIFEST] = json.dumps(manifest).encode()
    _write(archive, contents)
    refused(archive, says)


def test_the_control_of_those(archive: Path):
    """Unpacked and packed again without a change, it is restored."""
    contents = _contents(archive)
    _write(archive, {**contents, MANIFEST: json.dumps(_manifest(contents)).encode()})
    restore(archive, archive.parent / "target", by="officer")
    Store.open(archive.parent / "target").close()


def test_a_database_of_a_newer_release_or_of_others_is_refused(archive: Path, tmp_path: Path):
    contents = _contents(archive)
    file = tmp_path / "x.db"
    for statement, says in (
        ("INSERT INTO _sqlite_migrations VALUES (99, 'rasoat', 'm999', '')", "newer"),
        ("DELETE FROM _sqlite_migrations", "holds no inventory"),
    ):
        file.write_bytes(contents["inventory.db"])
        with closing(sqlite3.connect(file)) as db, db:
            db.execute(statement)
        changed, manifest = dict(contents), _manifest(contents)
        _database(file.read_bytes())(changed, manifest)
        changed[MANIFEST] = json.dumps(manifest).encode()
        _write(archive, changed)
        file.unlink()
        refused(archive, says)


def test_a_member_given_twice_is_refused(archive: Path):
    with (
        zipfile.ZipFile(archive, "a") as packed,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        packed.writestr("ca.key", b"another")
    refused(archive, "does not allow")


#: a zip with the one member manifest.json ("{}\n"), encrypted by the old PKWARE way
ENCRYPTED = base64.b64decode(
    "UEsDBAoACQAAAAAAIQAGk5rhDwAAAAMAAAANAAAAbWFuaWZlc3QuanNvbgAAAAAAAAAAAAAAAAAAAFBLBwgGk5rhDwAAAAMA"
    "AABQSwECHgMKAAkAAAAAACEABpOa4Q8AAAADAAAADQAAAAAAAAAAAAAApIEAAAAAbWFuaWZlc3QuanNvblBLBQYAAAAAAQAB"
    "ADsAAABKAAAAAAA="
)


def test_an_encrypted_archive_is_refused(archive: Path):
    archive.write_bytes(ENCRYPTED)
    refused(archive, "encrypted")


def test_a_bomb_is_refused_before_it_is_written(archive: Path, monkeypatch: pytest.MonkeyPatch):
    contents = _contents(archive)
    manifest = _manifest(contents)
    _database(bytes(50 << 20))(contents, manifest)
    contents[MANIFEST] = json.dumps(manifest).encode()
    _write(archive, contents)
    assert archive.stat().st_size < 1 << 20
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=40 << 20))
    extracted = []
    monkeypatch.setattr(archives, "_extract", lambda *said: extracted.append(said))
    refused(archive, "bytes where")
    assert extracted == []


def test_it_is_refused_when_cut_at_any_length(archive: Path):
    whole = archive.read_bytes()
    lengths = [0, 1, 4, *range(100, len(whole), len(whole) // 20), len(whole) - 1]
    assert len(lengths) > 20
    for length in lengths:
        archive.write_bytes(whole[:length])
        refused(archive, "not a whole backup|not a backup")


def test_a_flipped_byte_is_refused_or_harmless(archive: Path):
    """Dates and rights in a zip's own lists protect nothing; every byte of content does."""
    whole = archive.read_bytes()
    told = {"refused": 0, "restored": 0}
    target = archive.parent / "target"
    step = max(1, len(whole) // 150)
    good = _contents(archive)
    for place in [*range(0, len(whole), step), *range(len(whole) - 40, len(whole))]:
        raw = bytearray(whole)
        raw[place] ^= 0xFF
        archive.write_bytes(raw)
        try:
            restore(archive, target, by="officer")
        except BadArchive:
            told["refused"] += 1
            assert not target.exists()
            continue
        told["restored"] += 1
        assert all((target / name).read_bytes() == good[name] for name in KEYS)
        with closing(Store.open(target)) as again:
            assert verify(again, check_signature).problems == []
        shutil.rmtree(target)
    assert told["refused"] > 100, told


def test_not_a_zip_and_not_there(archive: Path):
    for content in (b"", b"text", b"SQLite format 3\0" * 1000, b"PK\3\4" * 1000):
        archive.write_bytes(content)
        refused(archive, "not a whole backup|not a backup")
    with pytest.raises(BadArchive, match="No such file"):
        restore(archive.parent / "nowhere", archive.parent / "target", by="officer")
    with pytest.raises(BadArchive, match="directory"):
        restore(archive.parent, archive.parent / "target", by="officer")


def test_a_target_that_is_taken_is_left_alone(archive: Path, office: Store):
    with pytest.raises(FolderExists):
        restore(archive, office.folder, by="officer")
    taken = archive.parent / "taken"
    taken.mkdir()
    (taken / "thesis").write_text("mine")
    with pytest.raises(NotOurFolder):
        restore(archive, taken, by="officer")
    assert [file.name for file in taken.iterdir()] == ["thesis"]
    assert verify(office, check_signature).clean
