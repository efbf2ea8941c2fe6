"""Reports, scans, transactions and the audit log: all or nothing, once, and never overwritten."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from inventory import agents, audit, devices, findings, intake, sightings
from inventory.store import Store
from inventory.times import stamp
from inventory.verify import verify
from server.evidence import check_signature
from tests.inventory.identity.network import host, take_in
from tests.inventory.office import FACTS, NOW, Machine, at, finding

PC = Machine("pc-1")


def outcomes(store: Store, *sent: intake.Incoming) -> list[str]:
    return [receipt.outcome for receipt in intake.accept(store, sent)]


def log(store: Store) -> list[str]:
    return [entry.action for entry in audit.read(store.reader())]


def test_a_transaction_is_whole_or_not_at_all(store: Store) -> None:
    def half() -> None:
        with store.write() as db:
            audit.append(db, "officer", "half", {}, NOW)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half()
    assert log(store) == []
    with store.write() as db:
        audit.append(db, "officer", "whole", {}, NOW)
    assert log(store) == ["whole"]


def test_readers_see_what_is_committed_and_nothing_else(store: Store) -> None:
    seen: list[list[str]] = []
    with store.write() as db:
        audit.append(db, "officer", "waiting", {}, NOW)
        other = threading.Thread(target=lambda: seen.append(log(store)))
        other.start()
        other.join(10)
    assert (seen, log(store)) == ([[]], ["waiting"])


def test_writers_take_turns_and_none_is_lost(store: Store) -> None:
    def write(number: int) -> None:
        for _ in range(20):
            with store.write() as db:
                audit.append(db, f"officer {number}", "did", {}, NOW)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(log(store)) == 80
    assert list(audit.problems(store.reader())) == []


def test_what_was_acknowledged_is_there_after_opening_again(
    store: Store, reopened: Callable[[Store], Store]
) -> None:
    PC.enrol(store)
    assert outcomes(store, PC.sends(1)) == ["stored"]
    take_in(store, 1, at(5), host("10.1.0.9", name="PC-9"))
    again = reopened(store)
    assert [one.name for one in agents.all_agents(again)] == ["pc-1"]
    assert devices.view(again, PC.device).report == f"{PC.agent}/1/1"
    assert [scan.hosts for scan in sightings.scans(again)] == [1]
    assert verify(again, check_signature).problems == []


def test_the_same_report_is_stored_once_and_other_bytes_are_two_machines(store: Store) -> None:
    PC.enrol(store)
    assert outcomes(store, PC.sends(1), PC.sends(1)) == ["stored", "duplicate"]
    assert outcomes(store, PC.sends(1)) == ["duplicate"]
    other = PC.sends(1, facts=FACTS | {"hardware": {"serial": "ANOTHER"}})
    assert outcomes(store, other) == ["conflict"]
    known = agents.get(store, PC.agent)
    assert known is not None
    assert (known.status, known.alert is not None) == ("quarantined", True)
    assert verify(store, check_signature).quarantined == 1


def test_an_older_report_is_kept_and_is_not_the_latest(store: Store) -> None:
    PC.enrol(store)
    outcomes(store, PC.sends(3, facts={"os": {"name": "new"}}, seconds=1))
    outcomes(store, PC.sends(2, facts={"os": {"name": "old"}}, seconds=2))
    shown = devices.show(store, PC.device)
    assert shown["facts"]["os"]["name"] == "new"
    assert verify(store, check_signature).reports == 2


def test_changes_name_path_values_and_report(store: Store) -> None:
    PC.enrol(store)
    for number, name in enumerate(("Debian", "Debian", "Ubuntu"), start=1):
        outcomes(store, PC.sends(number, facts={"os": {"name": name}}, seconds=number))
    (change,) = devices.show(store, PC.device)["changes"]
    assert (change["path"], change["old"], change["new"], change["report"]) == (
        *("os.name", '"Debian"', '"Ubuntu"'),
        f"{PC.agent}/1/3",
    )


def test_findings_keep_the_latest_and_every_transition(store: Store) -> None:
    PC.enrol(store)
    for second, result in enumerate(("fail", "fail", "pass", "unknown")):
        findings.record(store, [finding(result, PC)], at(second))
    (latest,) = findings.latest(store, "office-baseline")
    assert latest["result"] == "unknown"
    path = [(one["old"], one["new"]) for one in findings.history(store, PC.device, "FW-001")]
    assert path == [(None, "fail"), ("fail", "pass"), ("pass", "unknown")]
    known = findings.kept(store, "office-baseline")
    assert findings.since(store, "office-baseline") == {k: one.since for k, one in known.items()}
    assert findings.since(store, "office-baseline") == {(PC.device, "FW-001"): stamp(at(3))}
    assert findings.since(store, "another") == {}


def test_a_batch_of_findings_is_kept_whole_or_not_at_all(store: Store) -> None:
    PC.enrol(store)

    def dies() -> Iterator[findings.Finding]:
        yield finding("fail", PC)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        findings.record(store, dies(), NOW)
    assert findings.latest(store, "office-baseline") == []


def test_the_audit_log_is_a_chain_that_goes_on_after_opening_again(
    store: Store, reopened: Callable[[Store], Store]
) -> None:
    for number in range(3):
        with store.write() as db:
            audit.append(db, "officer", f"act {number}", {"n": number}, at(number))
    again = reopened(store)
    with again.write() as db:
        made = audit.append(db, "officer", "act 3", {}, at(3))
    assert made.number == 4
    assert list(audit.problems(again.reader())) == []


def test_a_store_that_was_closed_refuses(store: Store) -> None:
    store.close()
    with pytest.raises(ValueError, match="closed"):
        store.reader()
