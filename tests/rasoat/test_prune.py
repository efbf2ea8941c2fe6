"""A retention drops what nothing rests on, to the second, and `verify` can tell it from a hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory import devices, findings, retention, sightings
from inventory.store import Store
from inventory.times import moment
from inventory.verify import verify
from server.evidence import check_signature
from tests.inventory.identity.network import host, take_in
from tests.inventory.identity.seen import mac
from tests.inventory.office import Machine, finding
from tests.rasoat.conftest import called

NOW = datetime.now(UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
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


@pytest.mark.parametrize(("kind", "other"), [("reports", "scans"), ("scans", "reports")])
def test_each_kind_has_a_retention_of_its_own(store: Store, kind: str, other: str) -> None:
    before = count(store, other)
    gone = retention.prune(store, NOW, by="officer", now=NOW, kinds=[kind])
    named = [one.kind for one in gone]
    assert named == (["reports", "sections"] if kind == "reports" else ["scans"])
    assert gone[0].count > 0
    assert count(store, other) == before
    assert verify(store, check_signature).problems == []


def test_all_that_is_known_stays_and_the_store_is_whole(store: Store) -> None:
    before = devices.everything(store, NOW)
    due = retention.due(store, NOW)
    gone = retention.prune(store, NOW, by="officer", now=NOW)
    assert gone == due
    assert {one.kind: one.count for one in gone}["reports"] > 500
    assert {one.kind: one.count for one in gone}["scans"] > 0
    assert devices.everything(store, NOW) == before
    found = verify(store, check_signature)
    assert (found.problems, found.forgotten) == ([], gone[0].count)
    assert [one.count for one in retention.prune(store, NOW, by="officer", now=NOW)] == [0, 0, 0]


def test_what_a_finding_names_stays_though_a_newer_report_came(store: Store) -> None:
    row = store.reader().execute(_OLD["reports"].replace("min(received_at)", "id")).fetchone()
    name = store.reader().execute(
        "SELECT agent || '/' || epoch || '/' || sequence, agent FROM reports WHERE id = ?", row
    )
    report, agent = name.fetchone()
    pc = Machine(agent)
    pc.device = store.reader().execute("SELECT device FROM views LIMIT 1").fetchone()[0]
    findings.record(store, [finding("fail", pc, evidence={"report": report})], NOW)
    retention.prune(store, NOW, by="officer", now=NOW)
    there = "SELECT body IS NOT NULL, (SELECT count(*) FROM reports WHERE body IS NULL) > 0"
    assert store.reader().execute(f"{there} FROM reports WHERE id = ?", row).fetchone() == (1, 1)


def test_a_scan_that_was_dropped_never_comes_in_again(tmp_path: Path) -> None:
    with closing(Store.create(tmp_path / "data")) as store:
        take_in(store, 1, NOW - 2 * DAY, host("10.1.0.5", mac("A")))
        take_in(store, 2, NOW - DAY)  # nobody was there: the last word on this network
        take_in(store, 3, NOW, host("10.1.0.5", mac("A")))
        take_in(store, 4, NOW)
        gone = retention.prune(store, NOW + DAY, by="officer", now=NOW)
        assert {one.kind: one.count for one in gone}["scans"] == 2
        assert [scan.id for scan in sightings.scans(store)] == [f"{n:016x}" for n in (4, 3)]
        with pytest.raises(AssertionError, match="duplicate"):
            take_in(store, 1, NOW - 2 * DAY, host("10.1.0.5", mac("A")))
        with pytest.raises(AssertionError, match="conflict"):
            take_in(store, 2, NOW - DAY, host("10.1.0.6"))
        assert verify(store, check_signature).problems == []
        with store.write() as db:
            db.execute("DELETE FROM forgotten_scans WHERE id = ?", (f"{1:016x}",))
        found = verify(store, check_signature).problems
        assert any("is not there any more" in line for line in found)


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
