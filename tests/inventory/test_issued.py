"""Rows of issued files that were changed by hand are named: the audit log has them too."""

from __future__ import annotations

from inventory import issued
from inventory.store import Store
from tests.inventory.contract.test_issued import given_out


def test_a_row_by_hand_is_not_as_the_log_says(store: Store) -> None:
    one, other = given_out(store, b"one", b"other")
    assert list(issued.problems(store.reader())) == []
    with store.write() as db:
        db.execute("UPDATE issued_reports SET length = 1 WHERE sha256 = ?", (one.sha256,))
        db.execute("DELETE FROM issued_reports WHERE sha256 = ?", (other.sha256,))
    found = list(issued.problems(store.reader()))
    assert len(found) == 2
    assert "is not as the audit log says" in found[0]
    assert "is not there any more" in found[1]
