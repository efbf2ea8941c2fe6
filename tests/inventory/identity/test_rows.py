"""A row of the register in the store: it says what it says now, whenever it was typed."""

from __future__ import annotations

from inventory.identity import observers
from inventory.identity.evidence import Evidence, Kind
from inventory.identity.keeping import FOREVER
from inventory.identity.settling import observations_of
from inventory.store import Store


def test_a_corrected_row_no_longer_says_what_was_wrong(store: Store) -> None:
    with store.write() as db:
        observers.of_asset(db, "1", {"serial": "WRONG-1", "name": "PC-7"}, None, 1_000)
        observers.of_asset(db, "1", {"serial": "RIGHT-1", "name": "PC-7"}, None, 2_000)
        (row,), _ = observations_of(db, {"asset:1"})
    assert row.evidence == {
        Evidence(Kind.SERIAL, "RIGHT-1", 0, FOREVER),
        Evidence(Kind.NAME, "pc-7", 0, FOREVER),
    }
