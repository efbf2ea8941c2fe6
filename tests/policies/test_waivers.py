"""Waivers: what may be given, what one changes, and to the instant until when."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.devices import DeviceView
from inventory.waivers import Waiver
from policies.fleet import statement
from policies.judge import Verdict
from policies.load import load_text
from policies.waivers import Refused, applied, checked_days, checked_reason, day_of

RESULTS = ("pass", "fail", "unknown", "error", "not_applicable")
NOON = datetime(2027, 3, 31, 5, 0, tzinfo=UTC)  # 12:00 in the office


def machine(name: str, *path: str) -> DeviceView:
    return replace(DeviceView.of_document(name, name, b"{}", NOON), unit_path=path)


def verdict(device: str, result: str, rule: str = "FW-001") -> Verdict:
    return Verdict(device, rule, result, "", "Tắt.", "Off.", (), "r", "f")


def waiver(scope: str = "device", subject: str = "d-1", **more: str) -> Waiver:
    known = {
        "id": "w-1", "policy": "p", "rule": "FW-001", "scope": scope, "subject": subject,
        "reason": "replaced in April", "approved_by": "A", "starts": "2027-01-01",
        "expires": "2027-03-31", "entered_at": "", "entered_by": "", "source": "",
    }  # fmt: skip
    return Waiver(**(known | more))


MACHINES = {name: machine(name, "BY", unit) for name, unit in (("d-1", "BH"), ("d-2", "XT"))}


@pytest.mark.parametrize(
    ("moment", "result"),
    [
        ("2027-03-31T16:59:59.999999+00:00", "waived"),  # the last instant of the office's day
        ("2027-03-31T17:00:00+00:00", "fail"),
        ("2026-12-31T16:59:59+00:00", "fail"),
        ("2026-12-31T17:00:00+00:00", "waived"),
    ],
)
def test_the_last_day_belongs_to_it_and_the_next_instant_does_not(moment: str, result: str) -> None:
    at = datetime.fromisoformat(moment)
    (one,), _ = applied([verdict("d-1", "fail")], [waiver()], MACHINES, at)
    assert one.result == result


def test_it_keeps_why_it_fails_and_says_who_and_until_when() -> None:
    (one,), _ = applied([verdict("d-1", "fail")], [waiver()], MACHINES, NOON)
    assert one.explanation_en == "Off. Waived until 2027-03-31 by A: replaced in April."
    assert one.explanation_vi == (
        "Tắt. Miễn trừ đến hết 31/03/2027, người duyệt A: replaced in April."
    )
    assert {"waiver": "w-1", "approved_by": "A"} in one.evidence


def test_the_narrowest_covers_first_and_what_passes_needs_none() -> None:
    given_ones = [
        waiver("rule", "", id="w-all"),
        waiver("unit", "BY", id="w-unit"),
        waiver("device", "d-1", id="w-device"),
        waiver("unit", "ELSEWHERE", id="w-elsewhere"),
    ]
    _, used = applied([verdict("d-1", "fail"), verdict("d-2", "pass")], given_ones, MACHINES, NOON)
    by = {one.waiver.id: one for one in used}
    assert {name: one.used for name, one in by.items() if one.used} == {"w-device": ("d-1",)}
    assert by["w-unit"].idle == by["w-all"].idle == ("d-2",)
    assert {name for name, one in by.items() if one.unneeded} == {"w-unit", "w-all"}


def test_an_ended_one_covers_nothing() -> None:
    over = waiver(ended_at="2027-01-02T00:00:00Z", ended_by="B", ended_why="x")
    (one,), used = applied([verdict("d-1", "fail")], [over], MACHINES, NOON)
    assert (one.result, used) == ("fail", [])


def test_waived_is_no_pass_in_the_statement() -> None:
    rule = load_text(
        "policy: p\nversion: 1\ntitle: t\nrules:\n  - id: FW-001\n    title: t\n"
        "    require: {firewall.effective: on}\n"
    ).rules[0]
    verdicts = [verdict("d-1", "fail"), verdict("d-2", "pass")]
    given_ones, _ = applied(verdicts, [waiver()], MACHINES, NOON)
    said = statement(rule, given_ones, 2)
    assert (said.result, said.total, said.counts["waived"]) == ("not_met", 2, 1)
    assert "Waived: 1" in said.sentence_en


_verdicts = st.lists(
    st.builds(
        verdict,
        st.sampled_from(list(MACHINES)),
        st.sampled_from(RESULTS),
        st.sampled_from(["FW-001", "FW-002"]),
    ),
    max_size=12,
)
_waivers = st.lists(
    st.builds(
        lambda number, where, rule, expires: waiver(
            *where, id=f"w-{number}", rule=rule, expires=expires
        ),
        st.integers(0, 9),
        st.sampled_from([("device", "d-1"), ("unit", "BH"), ("unit", "BY"), ("rule", "")]),
        st.sampled_from(["FW-001", "FW-002"]),
        st.sampled_from(["2027-03-30", "2027-03-31", "2027-12-31"]),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(_verdicts, _waivers, st.randoms())
def test_laws(verdicts: list[Verdict], waivers: list[Waiver], chance: object) -> None:
    """Only fails change, none is lost, twice is once, and the order of waivers is nothing."""
    after, used = applied(verdicts, waivers, MACHINES, NOON)
    for before, now in zip(verdicts, after, strict=True):
        assert now == before or (before.result, now.result) == ("fail", "waived")
    counts = Counter(one.result for one in after)
    assert counts["fail"] + counts["waived"] == sum(one.result == "fail" for one in verdicts)
    assert sum(len(one.used) for one in used) == counts["waived"]
    assert applied(after, waivers, MACHINES, NOON)[0] == after
    mixed = list(waivers)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert applied(verdicts, mixed, MACHINES, NOON) == (after, used)


TODAY = "2026-11-23"


@pytest.mark.parametrize(
    ("starts", "expires", "said"),
    [
        ("", "2027-11-25", "the latest day is 2027-11-24"),
        ("", "2027", "is no day; write it as"),
        ("", "31-12-2026", "is no day"),
        ("", "2026-02-30", "is no day"),
        ("", "2026-11-22", "is over"),
        ("2026-11-22", "2026-12-31", "never covers days before it was given"),
        ("2026-12-31", "2026-12-30", "before its first day"),
    ],
)
def test_days_that_may_not_be(starts: str, expires: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        checked_days(starts, expires, TODAY)


def test_days_that_may_be() -> None:
    assert checked_days("", "24/11/2027", TODAY) == (TODAY, "2027-11-24")
    assert checked_days("2026-12-01", "2026-12-01", TODAY) == ("2026-12-01", "2026-12-01")
    assert day_of(" 2027-03-31 ", "until") - day_of("31/03/2027", "until") == timedelta(0)


@pytest.mark.parametrize("reason", ["", "ok", "  a   b  "])
def test_a_reason_says_something(reason: str) -> None:
    with pytest.raises(Refused, match="says too little"):
        checked_reason(reason)
