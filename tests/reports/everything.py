"""A summary with every part that a report can have; texts of machines are whatever a test asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from reports.figures import (
    BesideLine,
    ContradictionLine,
    DeviceTurn,
    Distribution,
    Part,
    ProblemLine,
    RuleTurn,
    Since,
    SoftwareLine,
    TrendPoint,
    UnitCount,
    UnitLine,
    UnsaidLine,
)
from reports.summary import (
    RESULTS,
    Coverage,
    DepartureLine,
    DeviceLine,
    FindingLine,
    RuleLine,
    Specs,
    Summary,
    WaiverLine,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HEARD = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
FIREWALL = {"vi": "Tường lửa đang có hiệu lực", "en": "Firewall on"}
UNITS = {
    "": {"vi": "Chưa rõ đơn vị", "en": "Unit not known"},
    "X1": {"vi": "Xã Đồi Mộng", "en": "Doi Mong Commune"},
    "X2": {"vi": "Xã Ánh Dương", "en": "Anh Duong Commune"},
    "X3": {"vi": "Phòng Y tế", "en": "Health"},
}
_SEVERITIES = ("critical", "high", "medium", "low")
NAMES = ("Đồi-01", "Anh-02", "Ánh-03", "may-10", "may-9", "Dung-04", "dũng-05", "ưng-06")


def everything(texts: Sequence[str] = NAMES) -> Summary:
    """One machine for each text, which stands in every field that a device controls."""
    devices = tuple(_device(place, text) for place, text in enumerate(texts))
    return Summary(
        generated_at=NOW,
        policy="office-baseline",
        policy_version="2",
        policy_hash="ab" * 32,
        policy_title={"vi": "Mức cơ bản", "en": "Office baseline"},
        rules=tuple(_rule(name, severity, devices) for name, severity in _rules()),
        devices=devices,
        coverage=_coverage(len(texts)),
        waivers=(_waiver(texts[0]),),
        extends="base",
        departures=(DepartureLine("FW-001", "looser", {"vi": "nới lỏng", "en": "looser"}),),
        units=_units(devices),
        inventory=(_distribution(texts),),
        software=tuple(SoftwareLine(t, t, 12 - n % 7, ((t, 2),)) for n, t in enumerate(texts)),
        contradictions=tuple(_contradiction(text) for text in texts),
        problems=(_problem(texts, devices),),
        unsaid=(UnsaidLine("too_old", 1, 2, {"vi": "1 máy, 2 kết quả.", "en": "1 machine."}),),
        beside=tuple(_beside(place, text) for place, text in enumerate(texts)),
        since=_since(texts),
        trend=(_point(30), _point(0)),
    )


def _rules() -> Sequence[tuple[str, str]]:
    return [(f"FW-00{place}", severity) for place, severity in enumerate(_SEVERITIES, start=1)]


def _result(machine: int, rule: int) -> str:
    """Different for each machine and rule, every result among them."""
    return ("fail", "pass", "unknown", "waived", "error", "not_applicable")[(machine + rule) % 6]


def _device(place: int, text: str) -> DeviceLine:
    findings = tuple(
        FindingLine(
            rule=rule,
            severity=severity,
            result=_result(place, number),
            reason=None,
            explanation={"vi": f"Giải thích: {text}", "en": f"Explanation: {text}"},
            since="2026-11-01T02:03:04Z",
        )
        for number, (rule, severity) in enumerate(_rules())
    )
    return DeviceLine(
        id=f"d-{place}",
        name=text,
        status="approved",
        alert=text if place == 0 else None,
        system=text,
        received_at=HEARD - timedelta(hours=place),
        report=f"abc/1/{place}",
        facts_hash=f"{place:064x}",
        findings=findings,
        state="managed",
        unit=("X1", "X2", "X3", "")[place % 4],
        asset=text,
        kind="pc",
        address=text,
        seen_at=HEARD,
        specs=Specs(text, text, 8 * 2**30, 256_000_000_000, "off", text, "2025-10-14"),
    )


def _rule(name: str, severity: str, devices: Sequence[DeviceLine]) -> RuleLine:
    results = [f.result for one in devices for f in one.findings if f.rule == name]
    return RuleLine(
        id=name,
        title=FIREWALL,
        severity=severity,
        verdict="not_met",
        sentence={"vi": "Đạt: 1.234 máy.", "en": "Pass: 1,234 machines."},
        counts={result: results.count(result) for result in RESULTS},
        fix={"vi": "Bật tường lửa.", "en": "Turn the firewall on."},
    )


def _coverage(n: int) -> Coverage:
    states = {"managed": n, "silent": 0, "no_agent": 0, "missing": 0}
    states |= {"unregistered": 2, "unknown_device": 3}
    return Coverage(n + 1, n, 0, 0, 0, refused=1, states=states)


def _units(devices: Sequence[DeviceLine]) -> tuple[UnitLine, ...]:
    made = []
    for code, name in UNITS.items():
        mine = [one for one in devices if one.unit == code]
        first = [one.findings[0].result for one in mine]
        made.append(
            UnitLine(
                code=code,
                name=name,
                above=(),
                expected=len(mine),
                states={"managed": len(mine)},
                headline={result: first.count(result) for result in RESULTS},
                fails={"critical": first.count("fail")},
                contradicted=len(mine),
                valid_to="2025-06-30" if code == "X3" else None,
                successors=(UNITS["X2"],) if code == "X3" else (),
            )
        )
    return tuple(made)


def _distribution(texts: Sequence[str]) -> Distribution:
    parts = tuple(Part({"vi": text, "en": text}, 1, "bad") for text in texts)
    title = {"vi": "Hệ điều hành", "en": "Operating systems"}
    return Distribution("systems", title, len(texts) + 1, 1, parts)


def _waiver(text: str) -> WaiverLine:
    return WaiverLine("w-1", "FW-001", "device", text, text, text, "2026-12-01", 8, 1, False)


def _contradiction(text: str) -> ContradictionLine:
    at = "2026-11-22T01:00:00Z"
    return ContradictionLine("d-0", text, "X1", "system", text, text, at, at, (text,))


def _problem(texts: Sequence[str], devices: Sequence[DeviceLine]) -> ProblemLine:
    failing = sum(one.findings[0].result == "fail" for one in devices)
    where = (UnitCount("X1", UNITS["X1"], failing),)
    fix = {"vi": "Bật tường lửa.", "en": "Turn the firewall on."}
    args = (failing, 1, len(devices), fix, where, tuple(texts))
    return ProblemLine("FW-001", FIREWALL, "critical", *args)


def _beside(place: int, text: str) -> BesideLine:
    kind = ("printer", "switch", text)[place % 3]
    return BesideLine(f"b-{place}", text, "unknown_device", kind, "X1", text, text, HEARD)


def _since(texts: Sequence[str]) -> Since:
    turn = DeviceTurn("d-0", "", "X1", "FW-001", "pass", "fail")
    turns = tuple(replace(turn, name=text) for text in texts)
    rule = RuleTurn("FW-001", FIREWALL, "met", "not_met", 8, 3, 8, 8)
    at = NOW - timedelta(days=30)
    return Since("r-1", "cd" * 32, at, False, (rule,), turns, turns, turns, (texts[0],), ())


def _point(days: int) -> TrendPoint:
    at = NOW - timedelta(days=days)
    return TrendPoint(f"r-{days}", at, "ab" * 32, "not_met", 2, 1, 8, 9, 8)
