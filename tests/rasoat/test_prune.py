"""A retention drops what nothing rests on, to the second, and `verify` can tell it from a hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory import devices, retention
from inventory.store import Store
from inventory.times import moment
from inventory.verify import verify
from server.evidence import check_signature
from tests.rasoat.conftest import called

NOW = datetime.now(UTC)
SECOND = timedelta(seconds=1)
_OLD = {
    "reports": "SELECT min(received_at) FROM reports WHERE id NOT IN (SELECT report FROM views)",
    "scans": "SELECT min(received_at) FROM scans WHERE number NOT IN (SELECT scan FROM hosts)",
}
_THERE = {
    "reports": "SELECT count(*) FROM reports WHERE body IS NOT NULL",
    "scans": "SELECT count(*) FROM scans",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated district: each agent has reported more than once."""
    folder = tmp_path_factory.mktemp("demo") / "dữ liệu"
    assert called("demo", folder).code == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy to prune."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """Its inventory."""
    with closing(Store.open(folder)) as opened:
        yield opened


def count(store: Store, kind: str) -> int:
    return int(store.reader().execute(_THERE[kind]).fetchone()[0])


@pytest.mark.parametrize("kind", ["reports", "scans"])
def test_the_boundary_is_exact(store: Store, kind: str) -> None:
    oldest = moment(store.reader().execute(_OLD[kind]).fetchone()[0])
    there = count(store, kind)
    retention.prune(store, oldest, by="officer", now=NOW)
    assert count(store, kind) == there
    gone = {one.kind: one.count for one in retention.prune(store, oldest + SECOND, by="o", now=NOW)}
    assert gone[kind] >= 1
    assert count(store, kind) == there - gone[kind]


def test_all_that_is_known_stays_and_the_store_is_whole(store: Store) -> None:
    before = devices.everything(store, NOW)
    due = retention.due(store, NOW)
    gone = retention.prune(store, NOW, by="officer", now=NOW)
    assert gone == due
    assert gone[0].count > 500
    assert gone[1].count > 0
    assert devices.everything(store, NOW) == before
    found = verify(store, check_signature)
    assert (found.problems, found.forgotten) == ([], gone[0].count)
    assert [one.count for one in retention.prune(store, NOW, by="officer", now=NOW)] == [0, 0]


@pytest.mark.parametrize(
    ("by_hand", "said"),
    [
        ("UPDATE reports SET body = NULL WHERE id = 1", "have no body"),
        ("DELETE FROM scans WHERE number = 1", "was taken in, and is not there any more"),
    ],
)
def test_a_hand_in_the_database_is_told_from_a_retention(
    store: Store, by_hand: str, said: str
) -> None:
    with store.write() as db:
        db.execute("DELETE FROM hosts WHERE scan = 1")
        db.execute("DELETE FROM sightings WHERE scan = 1")
        db.execute(by_hand)
    assert any(said in line for line in verify(store, check_signature).problems)


def test_a_dry_run_drops_nothing_and_says_what_would_go(folder: Path) -> None:
    done = called("--data", folder, "prune", "--days", 90, "--dry-run", "--json")
    assert done.code == 0, done.err
    with closing(Store.open(folder)) as store:
        due = retention.due(store, retention.begin(datetime.now(UTC), 90))
        assert [one["count"] for one in json.loads(done.out)] == [one.count for one in due]
    shown = called("--data", folder, "--lang", "vi", "prune")
    assert shown.code == 0
    assert "nội dung báo cáo" in shown.out
    refused = called("--data", folder, "prune", "--days", 30)
    assert (refused.code, refused.out) == (2, "")
    assert "90" in refused.err
