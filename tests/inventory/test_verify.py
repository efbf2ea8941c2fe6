"""Verify: whatever is changed behind the program's back is found and named."""

# ruff: noqa: S608 - the statements are the tampering

from __future__ import annotations

import dataclasses
import gzip
from collections.abc import Callable
from typing import Any

import pytest

from inventory import agents, findings, intake
from inventory import folder as folders
from inventory.store import Store
from inventory.verify import Verification, has_wal_reset_bug, verify
from server.evidence import check_signature
from tests.inventory.office import Machine, at, finding

PC, CLONED, QUIET = Machine("pc-1"), Machine("pc-2"), Machine("pc-3")


def named(name: str) -> dict[str, Any]:
    return {"os": {"family": "linux", "name": name}}


@pytest.fixture
def office(store: Store) -> Store:
    """Three machines: one reports three times, one was cloned, one never reported."""
    for machine in (PC, CLONED, QUIET):
        machine.enrol(store)
    batch = [PC.sends(number, facts=named(str(number)), seconds=number) for number in (1, 2, 3)]
    batch += [CLONED.sends(1)]
    batch += [CLONED.sends(1, facts=named(name), peer="10.9.9.9") for name in "xy"]
    told = [one.outcome for one in intake.accept(store, batch)]
    assert told == ["stored"] * 4 + ["conflict"] * 2
    for seconds, result in enumerate(("fail", "unknown", "pass")):
        findings.record(store, [finding(result, PC)], at(seconds))
    return store


def verified(store: Store, *statements: str) -> Verification:
    """Verify after somebody who knows the tables has changed the file, and covered the tracks."""
    with store.write() as db:
        pass
    db.execute("PRAGMA foreign_keys=OFF")  # cannot be switched inside a transaction
    with store.write() as db:
        guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert len(guards) >= 2
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert db.execute(statement).rowcount > 0, f"changed nothing: {statement}"
        for _, made in guards:
            db.execute(made)
    return verify(store, check_signature)


def test_what_was_left_alone_is_clean(office: Store):
    for found in (verify(office, check_signature), verified(office)):
        assert found.problems == []
        assert found.clean
        assert (found.reports, found.quarantined, found.views, found.forgotten) == (4, 2, 2, 0)
        assert found.audit_entries == 7  # three tokens, three enrolments, one quarantine


def test_an_empty_inventory_is_clean(store: Store):
    found = verify(store, check_signature)
    assert (found.clean, found.reports, found.audit_entries) == (True, 0, 0)
    assert {found.reports_head, found.audit_head} == {"0" * 64}


def test_the_last_hashes_move_with_what_they_stand_for(office: Store):
    before = verify(office, check_signature)
    intake.accept(office, [PC.sends(4, seconds=4)])
    after = verify(office, check_signature)
    assert after.reports_head != before.reports_head
    assert after.audit_head == before.audit_head
    agents.revoke(office, QUIET.agent, by="officer", why="sold")
    assert verify(office, check_signature).audit_head != before.audit_head


FIRST, LAST = f"report {PC.agent}/1/1", f"report {PC.agent}/1/3"
WHERE = f"WHERE agent = '{PC.agent}' AND sequence = 1"
DEVICE = f"device {PC.device}: its facts"


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            f"UPDATE reports SET body = CAST(body || x'00' AS BLOB) {WHERE}",
            f"{FIRST}: the body is not the one",
        ),
        (f"UPDATE reports SET body = x'' {WHERE}", f"{FIRST}: content-digest does not match"),
        (f"UPDATE reports SET digest = zeroblob(32) {WHERE}", f"{FIRST}: the body is not the one"),
        (
            f"UPDATE reports SET signed = CAST(replace(signed, 'POST', 'PUT') AS BLOB) {WHERE}",
            f"{FIRST}: the signature does not match",
        ),
        (f"UPDATE reports SET signed = x'7b7d' {WHERE}", f"{FIRST}: the signed headers cannot"),
        (f"UPDATE reports SET signed = x'' {WHERE}", f"{FIRST}: the signed headers cannot"),
        (f"UPDATE reports SET agent = '{QUIET.agent}' {WHERE}", "was signed under another agent"),
        (f"UPDATE reports SET epoch = 2 {WHERE}", f"report {PC.agent}/2/1: was signed under anoth"),
        (f"UPDATE reports SET sequence = 9 {WHERE}", f"report {PC.agent}/1/9: was signed under an"),
        (f"DELETE FROM reports {WHERE}", "reports: 1 removed of the 4"),
        ("DELETE FROM quarantined_reports WHERE id = 1", "quarantined_reports: 1 removed of the 2"),
        ("UPDATE quarantined_reports SET body = x'00'", f"quarantined report {CLONED.agent}/1/1: "),
        (f"UPDATE views SET view = x'7b7d' WHERE device = '{PC.device}'", f"{DEVICE} were changed"),
        (f"UPDATE views SET hash = '' WHERE device = '{PC.device}'", f"{DEVICE} were changed"),
        (f"UPDATE views SET report = 1 WHERE device = '{PC.device}'", f"{DEVICE} are not those of"),
        (f"UPDATE views SET report = 4 WHERE device = '{PC.device}'", f"{DEVICE} do not follow"),
        (f"DELETE FROM views WHERE device = '{PC.device}'", f"device {PC.device}: has reports, bu"),
        ("UPDATE reports SET received_at = '2030-01-01T00:00:00Z' WHERE id = 3", f"{DEVICE} do no"),
        ("UPDATE reports SET skew_seconds = 60 WHERE id = 3", f"{DEVICE} do not follow"),
        ("UPDATE reports SET body = NULL WHERE id = 3", f"device {PC.device}: the report behind"),
        (
            f"UPDATE agents SET public_key = randomblob(32) WHERE id = '{PC.agent}'",
            f"{FIRST}: the signature names another key",
        ),
        (
            f"UPDATE agents SET public_key = randomblob(32) WHERE id = '{QUIET.agent}'",
            f"agent {QUIET.agent}: has the key of another agent",
        ),
        (
            f"UPDATE agents SET status = 'approved' WHERE id = '{CLONED.agent}'",
            f"agent {CLONED.agent}: is approved, but the audit log says quarantined",
        ),
        (
            f"UPDATE agents SET last_report_at = NULL WHERE id = '{PC.agent}'",
            f"agent {PC.agent}: its report of",
        ),
        ("UPDATE audit SET detail = '{}' WHERE number = 2", "audit entry 2: was changed"),
        ("UPDATE audit SET detail = 'not JSON' WHERE number = 2", "does not know of its enrolment"),
        ("DELETE FROM audit", "audit log: ends at entry 0"),
        (f"UPDATE reports SET peer = '10.9.9.8' {WHERE}", f"{FIRST}: how it came"),
        (f"UPDATE reports SET received_at = '2020-01-01T00:00:00Z' {WHERE}", f"{FIRST}: how it c"),
        ("UPDATE changes SET new = '\"off\"' WHERE report = 2", f"report {PC.agent}/1/2: how it c"),
        ("DELETE FROM changes WHERE report = 2", f"report {PC.agent}/1/2: how it came or what it"),
        ("DELETE FROM report_head", "reports: end after 4, but 0 were stored"),
        ("UPDATE tokens SET max_uses = 1000", "token 1: is not as the audit log says it was made"),
        ("UPDATE tokens SET approve = 1 - approve", "token 1: is not as the audit log says"),
        ("UPDATE tokens SET hash = randomblob(32)", "token 1: is not as the audit log says"),
        ("UPDATE tokens SET uses = 0 WHERE id = 2", "token 2: was used 0 times, by the audit log"),
        ("DELETE FROM tokens WHERE id = 2", "token 2: was made, and is not there any more"),
        (
            f"UPDATE agents SET name = 'another' WHERE id = '{QUIET.agent}'",
            f"agent {QUIET.agent}: its name is 'another', by the audit log 'pc-3'",
        ),
        (
            f"UPDATE agents SET alert = NULL WHERE id = '{CLONED.agent}'",
            f"agent {CLONED.agent}: its alert is None, by the audit log",
        ),
        (f"DELETE FROM agents WHERE id = '{QUIET.agent}'", f"agent {QUIET.agent}: was enrolled"),
        (f"UPDATE reports SET body = NULL {WHERE}", "reports: 1 have no body, but by the audit"),
        ("UPDATE findings SET result = 'fail'", "finding office-baseline/FW-001"),
        ("UPDATE findings SET since = '2020-01-01T00:00:00Z'", "finding office-baseline/FW-001"),
        ("UPDATE transitions SET old = 'unknown' WHERE id = 2", "finding office-baseline/FW-001"),
        ("DELETE FROM transitions WHERE id = 1", "finding office-baseline/FW-001"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_named(office: Store, statement: str, says: str):
    found = verified(office, statement)
    assert not found.clean
    assert any(says in line for line in found.problems), found.problems


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DROP TRIGGER reports_are_not_removed", "trigger reports_are_not_removed is missing"),
        ("DROP INDEX changes_by_device", "database: index changes_by_device is missing"),
        ("CREATE TABLE notes (x)", "database: table notes is foreign"),
        ("ALTER TABLE views ADD COLUMN x TEXT", "database: table views is changed"),
    ],
)
def test_tables_that_are_not_as_this_release_makes_them_are_named(
    office: Store, statement: str, says: str
):
    with office.write() as db:
        db.execute(statement)
    found = verify(office, check_signature).problems
    assert [line for line in found if says in line], found


def test_a_step_taken_out_of_the_record_is_named(office: Store):
    found = verified(office, "DELETE FROM _sqlite_migrations WHERE name = 'm004_audit'")
    assert "database: the record of step m004_audit is missing" in found.problems


def test_an_agent_without_enrolment_is_named(office: Store):
    """The whole log emptied, its head too: then nobody was ever enrolled."""
    found = verified(office, "DELETE FROM audit", "DELETE FROM audit_head")
    said = [line for line in found.problems if "does not know of its enrolment" in line]
    assert len(said) == 3


def test_the_newest_report_taken_out_is_named(office: Store):
    """With all that followed from it: consistent, but the agent's own row remembers."""
    found = verified(
        office,
        f"DELETE FROM views WHERE device = '{CLONED.device}'",
        "DELETE FROM reports WHERE id = 4",
    )
    assert any(f"agent {CLONED.agent}: its report of" in line for line in found.problems)


def test_a_signature_by_another_key_is_named(office: Store):
    """A whole report made up by somebody: its digest is right, its signature cannot be."""
    forged = PC.sends(1, facts={"os": {"name": "firewall on, honest"}}, seconds=1)
    other = dataclasses.replace(forged, signed=QUIET.sends(1).signed)
    with office.write() as db:
        db.execute(
            "UPDATE reports SET body = ?, digest = ?, signed = ? WHERE id = 1",
            (other.body, other.digest, other.signed),
        )
    found = verify(office, check_signature)
    assert any(f"{FIRST}: the signature names another key" in line for line in found.problems)
    assert verify(office, lambda *_: None).problems  # the number gives it away all the same


def test_the_check_of_signatures_is_asked_for_every_report(office: Store):
    asked: list[bytes] = []

    def refuses(_: bytes, __: bytes, body: bytes) -> str:
        asked.append(body)
        return "no"

    found = verify(office, refuses)
    assert len(asked) == len([line for line in found.problems if line.endswith(": no")]) == 6
    assert all(gzip.decompress(body) for body in asked)


def test_forgotten_bodies_are_counted_and_not_hidden(office: Store):
    assert intake.forget_bodies(office, at(100)) == 1  # a finding rests on the other old one
    found = verify(office, check_signature)
    assert (found.problems, found.reports, found.forgotten) == ([], 3, 1)


def test_decisions_of_people_are_followed(office: Store):
    steps: list[Callable[[], object]] = [
        lambda: agents.approve(office, CLONED.agent, by="officer"),
        lambda: agents.revoke(office, CLONED.agent, by="officer", why="sold"),
        lambda: CLONED.enrol(office),
        lambda: agents.revoke(office, QUIET.agent, by="officer", why="sold"),
    ]
    for step in steps:
        step()
        assert verify(office, check_signature).problems == []


def test_a_page_that_went_bad_is_named_and_the_rest_still_checked(office: Store):
    office.close()
    file = office.folder / folders.DATABASE
    store = Store.open(office.folder)
    root = store.reader().execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'changes_by_device'"
    )
    page = root.fetchone()[0]
    raw = bytearray(file.read_bytes())
    raw[(page - 1) * 4096 : page * 4096] = bytes(4096)
    file.write_bytes(raw)
    store.close()
    store = Store(office.folder, read_only=True)  # as one that was opened before it went bad
    found = verify(store, check_signature)
    store.close()
    assert any(line.startswith("database: ") for line in found.problems)
    assert (found.reports, found.audit_entries) == (4, 7)


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        *[("3.6.23", False), ("3.7.0", True), ("3.8.10.2", True), ("3.40.1", True)],
        *[("3.44.5", True), ("3.44.6", False), ("3.44.9", False), ("3.45.0", True)],
        *[("3.50.6", True), ("3.50.7", False), ("3.51.0", True), ("3.51.2", True)],
        *[("3.51.3", False), ("3.52.0", False), ("4.0.0", False)],
    ],
)
def test_which_sqlite_has_the_wal_reset_bug(version: str, has_it: bool):
    assert has_wal_reset_bug(version) is has_it
