"""The audit log: whatever is done to it afterwards is found."""

from __future__ import annotations

import sqlite3

import pytest

from inventory import audit
from inventory.store import Store
from tests.inventory.office import at

COPIED = (
    "INSERT INTO audit SELECT 11, at, actor, action, detail, hash, hash FROM audit "
    "WHERE number = 10"
)
TRIGGERS = ("audit_is_not_rewritten", "audit_is_not_shortened")


@pytest.fixture
def log(store: Store) -> Store:
    """A store with ten entries."""
    with store.write() as db:
        for number in range(10):
            audit.append(db, f"officer {number}", "did", {"what": "Tường lửa"}, at(number))
    return store


def tampered(store: Store, *statements: str) -> list[str]:
    """What verify says after somebody with the file's password changed it."""
    with store.write() as db:
        for trigger in TRIGGERS:
            db.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            db.execute(statement)
    return list(audit.problems(store.reader()))


def test_an_untouched_log_is_clean(log: Store):
    assert list(audit.problems(log.reader())) == []
    entries = list(audit.read(log.reader()))
    assert [one.number for one in entries] == list(range(1, 11))
    assert entries[0].previous == audit.START
    assert tampered(log) == []  # the control: dropping the triggers changes no entry


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        *[
            ([f"UPDATE audit SET {column} = {value} WHERE number = 4"], "audit entry 4: was chang")  # noqa: S608
            for column, value in {
                "at": "'2020-01-01T00:00:00Z'",
                "actor": "'somebody'",
                "action": "'did not'",
                "detail": "'{}'",
                "hash": f"'{'0' * 64}'",
            }.items()
        ],
        (["DELETE FROM audit WHERE number = 4"], "audit entry 5: an entry before it is missing"),
        (["DELETE FROM audit WHERE number = 1"], "audit entry 2: an entry before it is missing"),
        (["DELETE FROM audit WHERE number > 8"], "ends at entry 8, but 10 were written"),
        (["DELETE FROM audit"], "ends at entry 0, but 10 were written"),
        (
            [
                "UPDATE audit SET number = 99 WHERE number = 4",
                "UPDATE audit SET number = 4 WHERE number = 5",
                "UPDATE audit SET number = 5 WHERE number = 99",
            ],
            "audit entry 4: an entry before it is missing or was moved",
        ),
        (
            [COPIED],
            "audit entry 11: was changed",
        ),
        (["UPDATE audit_head SET entries = 9"], "ends at entry 10, but 9 were written"),
        (["DELETE FROM audit_head"], "ends at entry 10, but 0 were written"),
    ],
)  # fmt: skip
def test_every_change_is_found(log: Store, statements: list[str], says: str):
    found = tampered(log, *statements)
    assert any(says in line for line in found), found


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET actor = 'x'", "DELETE FROM audit WHERE number = 10", "DELETE FROM audit"],
)
def test_it_is_append_only(log: Store, statement: str):
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), log.write() as db:
        db.execute(statement)
    assert len(list(audit.read(log.reader()))) == 10
