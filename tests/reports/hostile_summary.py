"""A summary with one text in every field that a machine, a person or the register gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from reports.figures import (
    BesideLine,
    ContradictionLine,
    DeviceTurn,
    Distribution,
    Part,
    Since,
    SoftwareLine,
    TrendPoint,
    UnitLine,
)
from reports.summary import Specs, Summary, WaiverLine

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def poisoned(summary: Summary, evil: str) -> Summary:
    """The summary with the text wherever it can come to stand."""
    both = {"vi": evil, "en": evil}
    turn = DeviceTurn(evil, evil, "U-1", "FW-001", "pass", "fail")
    return replace(
        summary,
        devices=tuple(_device(one, evil) for one in summary.devices),
        units=(_unit("U-1", evil), _unit("U-2", evil)),
        inventory=(Distribution("systems", both, 3, 1, (Part(both, 2, "bad"),)),),
        software=(SoftwareLine(evil, evil, 2, ((evil, 2),)),),
        contradictions=(
            ContradictionLine(
                *("d-1", evil, "U-1", "name", evil, evil),
                *("2026-11-22T01:00:00Z", "2026-11-22T02:00:00Z", (evil,)),
            ),
        ),
        beside=(BesideLine("d-9", evil, "unknown_device", evil, "U-1", evil, evil, AT),),
        waivers=(
            WaiverLine("w-1", "FW-001", "device", evil, evil, evil, "2027-01-01", 39, 1, False),
        ),
        since=Since(
            *("earlier", "ab" * 32, AT, True, ()),
            *((turn,), (turn,), (turn,), (evil,), (evil,)),
        ),
        trend=(TrendPoint("earlier", AT, "ab" * 32, "not_met", 1, 1, 3, 3, 2),),
        simulated=True,
    )


def _device(one, evil):
    explained = {"vi": evil, "en": evil}
    return replace(
        one,
        name=evil,
        system=evil,
        alert=evil,
        unit="U-1",
        asset=evil,
        kind=evil,
        address=evil,
        state="managed",
        specs=Specs(evil, evil, 8 * 2**30, 256 * 10**9, evil, evil, "2027-10-12"),
        findings=tuple(replace(each, explanation=explained) for each in one.findings),
    )


def _unit(code: str, name: str) -> UnitLine:
    both = {"vi": name, "en": name}
    counts = {"pass": 1, "fail": 1, "unknown": 1}
    return UnitLine(code, both, (both,), 3, {"managed": 3}, counts, {"high": 1}, 0, None, (both,))
