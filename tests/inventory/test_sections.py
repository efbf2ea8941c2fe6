"""Sections that are named by their hash: resolved by content, provable, never guessed."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from agents.transport import signed_report
from inventory import devices, intake, sections
from inventory.document import DocumentRefused, decode_report
from inventory.intake import Incoming, Receipt, accept
from inventory.store import Store
from inventory.verify import verify
from server.evidence import check_signature, packed
from tests.inventory.office import NOW, Machine, at, rows

A = {"effective": "on"}
B = {"effective": "off"}
LINUX = {"family": "linux", "name": "Debian"}
STORED, UNKNOWN = Receipt("stored"), Receipt("refused", "section_unknown")


def digest(facts: Any, unknown: dict[str, Any] | None = None) -> str:
    """The hash of a section by the protocol's words, made without the code under test."""
    content = {"unknown": unknown or {}} | ({} if facts is None else {"facts": facts})
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def sends(
    machine: Machine,
    sequence: int,
    facts: dict[str, Any],
    unchanged: dict[str, str] | None = None,
    unknown: dict[str, Any] | None = None,
) -> Incoming:
    """A report as it stands after admission."""
    document = {
        "catalogue": 1,
        "agent": {"version": "0.1.0"},
        "collected_at": "2026-11-23T08:00:00Z",
        "facts": facts,
        "unknown": unknown or {},
    }
    if unchanged is not None:
        document["unchanged"] = unchanged
    raw = json.dumps(document).encode()
    body = gzip.compress(raw, mtime=0)
    request = signed_report(machine.identity, 1, sequence, body, int(NOW.timestamp()))
    return Incoming(
        agent=machine.agent,
        epoch=1,
        sequence=sequence,
        digest=hashlib.sha256(body).digest(),
        signed=packed("POST", "/api/v1/reports", request.headers),
        body=body,
        report=decode_report(raw),
        received_at=at(sequence * 3600),
        peer="10.0.0.1",
        skew_seconds=0,
        sections=sections.given(raw),
    )


@pytest.fixture
def machine(store: Store) -> Machine:
    one = Machine()
    one.enrol(store)
    return one


def seen(store: Store, machine: Machine) -> dict[str, Any]:
    view: dict[str, Any] = msgspec.json.decode(devices.view(store, machine.device).view or b"{}")
    return {name: value for name, value in view["facts"].items() if name not in {"agent", "device"}}


def clean(store: Store) -> Sequence[str]:
    return verify(store, check_signature).problems


def test_a_section_that_is_named_stands_in_the_view(store: Store, machine: Machine) -> None:
    first = sends(machine, 1, {"os": LINUX, "firewall": A})
    second = sends(machine, 2, {"firewall": B}, {"os": digest(LINUX)})
    assert accept(store, [first, second]) == [STORED, STORED]
    assert seen(store, machine) == {"os": LINUX, "firewall": B}
    assert clean(store) == []
    assert verify(store, check_signature).sections == 3


def test_a_to_b_to_a_works_and_each_way_is_a_change(store: Store, machine: Machine) -> None:
    batch = [
        sends(machine, 1, {"os": LINUX, "firewall": A}),
        sends(machine, 2, {"firewall": B}, {"os": digest(LINUX)}),
        sends(machine, 3, {}, {"os": digest(LINUX), "firewall": digest(A)}),
    ]
    assert accept(store, batch) == [STORED] * 3
    assert seen(store, machine) == {"os": LINUX, "firewall": A}
    changed = rows(store, "SELECT path, old, new FROM changes ORDER BY id")
    assert changed == [
        ("firewall.effective", '"on"', '"off"'),
        ("firewall.effective", '"off"', '"on"'),
    ]
    assert clean(store) == []


def test_what_is_unknown_belongs_to_its_section(store: Store, machine: Machine) -> None:
    why = {"firewall.effective": {"reason": "not_elevated", "detail": "x"}}
    lists = {"volumes[0].free": {"reason": "failed"}, "software": {"reason": "timed_out"}}
    first = sends(machine, 1, {"os": LINUX, "firewall": {}, "volumes": [{}]}, None, why | lists)
    named = {
        "firewall": digest({}, why),
        "volumes": digest([{}], {"volumes[0].free": lists["volumes[0].free"]}),
        "software": digest(None, {"software": lists["software"]}),
        "os": digest(LINUX),
    }
    assert accept(store, [first]) == [STORED]
    before = devices.view(store, machine.device).view
    assert accept(store, [sends(machine, 2, {}, named)]) == [STORED]
    view = msgspec.json.decode(devices.view(store, machine.device).view or b"")
    old = msgspec.json.decode(before or b"")
    for one in (view, old):
        assert one["unknown"].pop("device.support_ends") == {"reason": "not_reported"}
    assert view["unknown"] == why | lists
    assert view["facts"]["agent"].pop("last_report") == "2026-11-23T10:00:00Z"
    old["facts"]["agent"].pop("last_report")
    assert view == old


@pytest.mark.parametrize("name", ["os", "firewall"])
def test_a_hash_that_is_not_known_is_refused_and_changes_nothing(
    store: Store, machine: Machine, name: str
) -> None:
    accept(store, [sends(machine, 1, {"os": LINUX, "firewall": A})])
    before = [list(store.reader()[table].rows) for table in ("reports", "sections", "views")]
    assert accept(store, [sends(machine, 2, {}, {name: "0" * 64})]) == [UNKNOWN]
    wrong = digest(A) if name == "os" else digest(LINUX)  # known, of another section
    assert accept(store, [sends(machine, 3, {}, {name: wrong})]) == [UNKNOWN]
    after = [list(store.reader()[table].rows) for table in ("reports", "sections", "views")]
    assert before == after
    assert accept(store, [sends(machine, 4, {"os": LINUX})]) == [STORED]


def test_the_content_of_another_agent_is_not_lent(store: Store, machine: Machine) -> None:
    other = Machine("pc-2")
    other.enrol(store)
    accept(store, [sends(other, 1, {"os": LINUX})])
    assert accept(store, [sends(machine, 1, {}, {"os": digest(LINUX)})]) == [UNKNOWN]


def test_a_late_report_is_evidence_and_leaves_the_newer_facts(
    store: Store, machine: Machine
) -> None:
    accept(store, [sends(machine, 1, {"os": LINUX, "firewall": A})])
    named = {"os": digest(LINUX)}
    assert accept(store, [sends(machine, 3, {"firewall": A}, named)]) == [STORED]
    assert accept(store, [sends(machine, 2, {"firewall": B}, named)]) == [STORED]
    assert seen(store, machine)["firewall"] == A
    assert clean(store) == []


@pytest.mark.parametrize(
    ("facts", "unknown", "named", "words"),
    [
        ({"os": LINUX}, {}, {"os": "0" * 64}, "section os is carried, and named"),
        ({}, {"os.name": {"reason": "failed"}}, {"os": "0" * 64}, "section os is carried"),
        ({}, {"software[3].name": {"reason": "failed"}}, {"software": "0" * 64}, "software is car"),
        ({}, {}, {"os": "0" * 63}, "unchanged.os"),
        ({}, {}, {"os": "A" * 64}, "unchanged.os"),
        ({}, {}, {"agent": "0" * 64}, "unknown field unchanged.agent"),
        ({}, {}, {"scan": "0" * 64}, "unknown field unchanged.scan"),
        ({}, {}, {"os": None}, "unchanged.os"),
    ],
)
def test_what_names_a_section_wrongly_is_refused(
    facts: Any, unknown: Any, named: Any, words: str
) -> None:
    with pytest.raises(DocumentRefused, match=words):
        sends(Machine(), 1, facts, named, unknown)


def test_numbers_are_hashed_as_they_were_written(store: Store, machine: Machine) -> None:
    """The catalogue's numbers are floats; an agent that writes 5 for 5.0 is found again."""
    for text in ("5", "5.0", "1e3", "0.1"):
        raw = b'{"facts": {"os": {"x": %s}}, "unknown": {}}' % text.encode()
        (content,) = sections.given(raw).values()
        assert (
            content
            == b'{"facts":%s,"unknown":{}}'
            % json.dumps({"x": json.loads(text)}).replace(" ", "").encode()
        )


def test_all_sections_together_are_bounded(
    store: Store, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(store, [sends(machine, 1, {"os": LINUX, "firewall": A})])
    both = {"os": digest(LINUX), "firewall": digest(A)}
    monkeypatch.setattr(sections, "LONGEST_RESOLVED", 90)
    assert accept(store, [sends(machine, 2, {}, both)]) == [UNKNOWN]
    monkeypatch.setattr(sections, "LONGEST_RESOLVED", 900)
    assert accept(store, [sends(machine, 3, {}, both)]) == [STORED]


def test_a_changed_section_is_found_by_verify(store: Store, machine: Machine) -> None:
    accept(store, [sends(machine, 1, {"os": LINUX, "firewall": A})])
    accept(store, [sends(machine, 2, {}, {"os": digest(LINUX), "firewall": digest(A)})])
    assert clean(store) == []
    with store.write() as db:
        other = db.execute("SELECT content FROM sections WHERE name = 'os'").fetchone()[0]
        with pytest.raises(Exception, match="stays"):
            db.execute("UPDATE sections SET content = ? WHERE name = 'firewall'", (other,))
        db.execute("DROP TRIGGER sections_are_not_rewritten")
        db.execute("UPDATE sections SET content = ? WHERE name = 'firewall'", (other,))
    found = "\n".join(clean(store))
    assert "section firewall of agent" in found
    assert "its facts do not follow from its report" in found


def test_a_section_that_was_taken_out_is_found_by_verify(store: Store, machine: Machine) -> None:
    accept(store, [sends(machine, 1, {"os": LINUX, "firewall": A})])
    accept(store, [sends(machine, 2, {}, {"os": digest(LINUX), "firewall": digest(A)})])
    with store.write() as db:
        db.execute("DELETE FROM sections WHERE name = 'firewall'")
    assert any("do not follow" in problem for problem in clean(store))


def test_retention_keeps_what_the_view_rests_on(store: Store, machine: Machine) -> None:
    accept(store, [sends(machine, 1, {"os": LINUX, "firewall": A})])
    accept(store, [sends(machine, 2, {"firewall": B}, {"os": digest(LINUX)})])
    later = NOW + timedelta(days=400)
    assert intake.forget_bodies(store, later) == 1
    assert rows(store, "SELECT name, hash FROM sections ORDER BY name") == [
        ("firewall", digest(B)),
        ("os", digest(LINUX)),
    ]
    assert clean(store) == []
    again = sends(machine, 3, {}, {"os": digest(LINUX), "firewall": digest(A)})
    assert accept(store, [again]) == [UNKNOWN]


def test_retention_leaves_what_a_waiting_report_may_name(store: Store, machine: Machine) -> None:
    accept(store, [sends(machine, 1, {"os": LINUX, "firewall": A})])
    accept(store, [sends(machine, 2, {"firewall": B}, {"os": digest(LINUX)})])
    intake.forget_bodies(store, NOW + timedelta(days=60))
    again = sends(machine, 3, {}, {"os": digest(LINUX), "firewall": digest(A)})
    assert accept(store, [again]) == [STORED]
