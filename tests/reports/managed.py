"""A small district with every kind of gap, for the reports that management reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reports.figures import (
    ContradictionLine,
    Distribution,
    Part,
    ProblemLine,
    RuleTurn,
    Since,
    TrendPoint,
    UnitCount,
    UnitLine,
    UnsaidLine,
)
from reports.letterhead import Letterhead
from reports.summary import (
    RESULTS,
    Coverage,
    DepartureLine,
    DeviceLine,
    FindingLine,
    RuleLine,
    Summary,
    WaiverLine,
)

AT = datetime(2026, 2, 5, 3, 0, tzinfo=UTC)
LONG_NAME = "may-tinh-phong-tai-chinh-ke-hoach-so-muoi-bay-tang-hai-nha-b-xx"  # 63, as DNS allows
TITLES = {"FW-001": ("Tường lửa bật", "Firewall on"), "AV-001": ("Có diệt vi-rút", "Antivirus on")}


def w(vi, en):
    return {"vi": vi, "en": en}


def rule(name, verdict, **counts: int):
    return RuleLine(
        id=name,
        title=w(*TITLES[name]),
        severity="high",
        verdict=verdict,
        sentence=w(
            f"{TITLES[name][0]}: 2/5 máy (40,0 %). Không đạt: 1. Chưa thể kết luận là đạt.",
            f"{TITLES[name][1]}: 2 of 5 machines (40.0 %). Fail: 1. Cannot be stated as met.",
        ),
        counts=dict.fromkeys(RESULTS, 0) | counts,
        fix=w("Bật lại trong GPO.", "Turn it on in the GPO."),
    )


def device(name, unit, *results: str, state="managed", expected=True):
    heard = AT - timedelta(hours=2) if state == "managed" else None
    findings = tuple(
        FindingLine(rule, "high", result, None, w(f"{rule}: {result}", f"{rule}: {result}"))
        for rule, result in zip(TITLES, results, strict=True)
    )
    return DeviceLine(
        id=f"d-{name[:12]}",
        name=name,
        status="approved",
        alert=None,
        system="Windows 10 10.0.19045" if heard else None,
        received_at=heard,
        report=f"{name[:6]}/1/1" if heard else None,
        facts_hash="0" * 64 if heard else None,
        findings=findings,
        expected=expected,
        state=state,
        unit=unit,
    )


def _unit(code, name, expected, headline, **more: Any):
    states = {"managed": sum(headline.values()) - headline.get("unknown", 0), "silent": 0}
    above = (w("UBND xã Bảo Hà", "Bảo Hà commune"),)
    return UnitLine(code, name, above, expected, states, headline, {"high": 1}, 0, **more)


DEVICES = (
    device("UBND-01", "VP", "pass", "pass"),
    device("UBND-02", "VP", "pass", "fail"),
    device(LONG_NAME, "KT", "fail", "waived"),
    device("UBND-04", "KT", "unknown", "unknown", state="silent"),
    device("UBND-05", "KT", "unknown", "unknown", state="missing"),
)

UNITS = (
    _unit("VP", w("Văn phòng HĐND và UBND", "Committee office"), 2, {"pass": 2}),
    _unit(
        "KT",
        w("Phòng Kinh tế", "Economy office"),
        3,
        {"fail": 1, "unknown": 2},
        valid_to="2026-01-31",
        successors=(w("Phòng Kinh tế - Hạ tầng", "Economy and infrastructure office"),),
    ),
)


def since():
    turn = RuleTurn("FW-001", w(*TITLES["FW-001"]), "met", "undecided", 4, 2, 4, 5)
    better = RuleTurn("AV-001", w(*TITLES["AV-001"]), "not_met", "not_met", 0, 1, 4, 5)
    return Since(
        "office-baseline-20260105T030000Z",
        "cd" * 32,
        AT - timedelta(days=31),
        same_policy=False,
        rules=(better, turn),
        worse=(),
        better=(),
        lost=(),
        appeared=("UBND-05",),
        gone=(),
    )


def trend():
    early = TrendPoint("r1", AT - timedelta(days=31), "aa", "met", 4, 0, 4, 4, 4)
    return (early, replace(early, report="r2", at=AT, verdict="undecided", passed=2, total=5))


def managed(**changes: Any) -> Summary:
    """The district; ``changes`` replace fields of its summary."""
    made = Summary(
        generated_at=AT,
        policy="office-baseline",
        policy_version="3",
        policy_hash="ab" * 32,
        policy_title=w("Mức cơ bản", "Office baseline"),
        rules=(
            rule("FW-001", "undecided", **{"pass": 2, "fail": 1, "unknown": 2}),
            rule("AV-001", "not_met", **{"pass": 1, "fail": 1, "unknown": 2, "waived": 1}),
        ),
        devices=DEVICES,
        coverage=Coverage(
            expected=5,
            current=3,
            silent=1,
            never_reported=1,
            quarantined=0,
            states={"managed": 3, "silent": 1, "no_agent": 0, "missing": 1}
            | {"unregistered": 0, "unknown_device": 2},
        ),
        waivers=(_waiver(),),
        extends="nen",
        departures=(DepartureLine("FW-001", "looser", w("ngưỡng 80 %", "asks 80 %")),),
        letterhead=letterhead(),
        units=UNITS,
        inventory=(
            Distribution(
                "systems",
                w("Hệ điều hành", "Operating systems"),
                5,
                2,
                (Part(w("Windows 10", "Windows 10"), 3, "bad"),),
            ),
        ),
        contradictions=(_contradiction(),),
        problems=(_problem("FW-001"), _problem("AV-001")),
        unsaid=(
            UnsaidLine("too_old", 1, 2, w("1 máy: báo cáo đã quá cũ.", "1 machine: too old.")),
        ),
        since=since(),
        trend=trend(),
    )
    return replace(made, **changes)


def _waiver():
    return WaiverLine(
        id="w1",
        rule="AV-001",
        scope="unit",
        subject="KT",
        reason="Đang thay phần mềm",
        approved_by="Trần Thị B",
        expires="2026-02-20",
        days_left=15,
        used=1,
        unneeded=False,
    )


def _problem(name):
    return ProblemLine(
        rule=name,
        title=w(*TITLES[name]),
        severity="high",
        failing=1,
        unknown=2,
        total=5,
        fix=w("Bật lại trong GPO.", "Turn it on in the GPO."),
        units=(UnitCount("KT", w("Phòng Kinh tế", "Economy office"), 1),),
        machines=(LONG_NAME,),
    )


def _contradiction():
    return ContradictionLine(
        device="d-UBND-02",
        name="UBND-02",
        unit="VP",
        about="firewall",
        agent_says="on",
        network_shows="open",
        agent_at="2026-02-05T01:00:00Z",
        network_at="2026-02-04T01:00:00Z",
        evidence=("report UBND-0/1/1", "scan 1"),
    )


def letterhead():
    return Letterhead(
        superior=w("UBND tỉnh Lào Cai", "Lào Cai Provincial People's Committee"),
        issuer=w("Ủy ban nhân dân xã Bảo Hà", "Bảo Hà Commune People's Committee"),
        symbol="BC-UBND",
        place=w("Bảo Hà", "Bảo Hà"),
        authority=w("TM. Ủy ban nhân dân", "For the People's Committee"),
        capacity=(w("KT. Chủ tịch", "For the Chair"), w("Phó Chủ tịch", "Deputy Chair")),
        signer="Nguyễn Văn A",
        recipients=(w("Như trên;", "As above;"), w("Lưu: VT.", "Archive.")),
    )
