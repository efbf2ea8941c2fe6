"""Issued files are known again by their beginning, and what was checked stands beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory import audit, issued
from inventory.issued import Issued
from inventory.store import Store

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


def file(content: bytes, report: str = "office-baseline-20261129T010000Z") -> Issued:
    return Issued(
        sha256=hashlib.sha256(content).hexdigest(),
        length=len(content),
        report=report,
        figures=hashlib.sha256(report.encode()).hexdigest(),
        policy="office-baseline",
        lang="vi",
        format="pdf",
        file="office-baseline-vi.pdf",
        made_at="2026-11-29T01:00:00Z",
    )


def given_out(store: Store, *contents: bytes) -> list[Issued]:
    made = [file(one, f"r-{number}") for number, one in enumerate(contents)]
    for one in made:
        assert issued.record(store, one, by="an", now=NOW)
    return made


def test_what_is_issued_is_kept(store: Store, reopened: Callable[[Store], Store]) -> None:
    one, other = given_out(store, b"one", b"other")
    again = reopened(store)
    assert issued.issued(again) == sorted([one, other], key=lambda given: given.sha256)
    assert issued.issued(again, "r-1") == [other]


def test_the_same_file_is_issued_once(store: Store) -> None:
    (one,) = given_out(store, b"one")
    assert not issued.record(store, one, by="an", now=NOW)
    assert issued.issued(store) == [one]
    assert [entry.action for entry in audit.read(store.reader())].count(issued.ISSUED) == 1


@pytest.mark.parametrize(
    ("pdf", "expected"),
    [
        (b"report", 0),
        (b"report + signature", 0),
        (b"report, the longer one + signature", 1),
        (b"repor", None),
        (b"Report + signature", None),
        (b"", None),
    ],
)
def test_a_copy_is_known_by_its_beginning(store: Store, pdf: bytes, expected: int | None) -> None:
    made = given_out(store, b"report", b"report, the longer one")
    found = issued.find_by_prefix(store, pdf)
    assert found == (None if expected is None else made[expected])


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=60), place=st.integers(0, 59), tail=st.binary())
def test_a_changed_beginning_is_never_known(
    store: Store, content: bytes, place: int, tail: bytes
) -> None:
    one = file(b"%" + content, content.hex())
    issued.record(store, one, by="an", now=NOW)
    assert issued.find_by_prefix(store, b"%" + content) == one
    changed = bytearray(content)
    changed[place % len(content)] ^= 1
    found = issued.find_by_prefix(store, b"%" + bytes(changed) + tail)
    assert found is None or found.sha256 != one.sha256


def test_a_file_is_found_by_its_figures(store: Store) -> None:
    one, other = given_out(store, b"one", b"other")
    assert issued.find_by_figures(store, other.figures) == other
    assert issued.find_by_figures(store, one.figures) == one
    assert issued.find_by_figures(store, "0" * 64) is None


def test_a_check_stands_beside_the_file_and_in_the_audit_log(store: Store) -> None:
    (one,) = given_out(store, b"one")
    signers = ["CN=Nguyễn Thị Hường (serial: 1)"]
    issued.checked(store, "a" * 64, one, faults=[], signers=signers, by="an", now=NOW)
    issued.checked(store, "b" * 64, one, faults=["unsigned"], signers=[], by="an", now=NOW)
    issued.checked(store, "c" * 64, None, faults=["not_issued"], signers=[], by="an", now=NOW)
    assert [(copy.sha256[0], copy.good, copy.signers) for copy in issued.copies(store, one)] == [
        ("a", True, tuple(signers)),
        ("b", False, ()),
    ]
    entries = [one for one in audit.read(store.reader()) if one.action == issued.CHECKED]
    assert len(entries) == 3
    assert "Nguyễn Thị Hường" in entries[0].detail
    assert '"report":null' in entries[2].detail
