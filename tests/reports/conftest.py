"""One small summary with everything in it that a report must carry, hostile names included."""

from datetime import UTC, datetime

import pytest

from reports.summary import RESULTS, Coverage, DeviceLine, FindingLine, RuleLine, Summary

HOSTILE = '=cmd|"/c calc"!A1<script>alert(1)</script>'


def _rule(name, verdict, **counts: int):
    return RuleLine(
        id=name,
        title={"vi": "Tường lửa bật", "en": "Firewall is on"},
        severity="high",
        verdict=verdict,
        sentence={"vi": "Đạt: 1 trên 3 máy (33,3 %).", "en": "Pass: 1 of 3 machines (33.3 %)."},
        counts=dict.fromkeys(RESULTS, 0) | counts,
        fix={"vi": "Bật tường lửa.", "en": "Turn the firewall on."},
    )


def _device(name, result, received_at):
    finding = FindingLine(
        rule="FW-001",
        severity="high",
        result=result,
        reason=None if result != "unknown" else "never_reported",
        explanation={"vi": f"Tường lửa: {result}", "en": f"Firewall: {result}"},
    )
    return DeviceLine(
        id=f"d-{result}",
        name=name,
        status="approved",
        alert=None,
        system="Debian 12" if received_at else None,
        received_at=received_at,
        report="abc/1/1" if received_at else None,
        facts_hash="0" * 64 if received_at else None,
        findings=(finding,),
    )


@pytest.fixture
def summary():
    heard = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    return Summary(
        generated_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
        policy="office-baseline",
        policy_version="1",
        policy_hash="ab" * 32,
        policy_title={"vi": "Mức cơ bản", "en": "Office baseline"},
        rules=(_rule("FW-001", "not_met", **{"pass": 1, "fail": 1, "unknown": 1}),),
        devices=(
            _device("UBND-01", "pass", heard),
            _device(HOSTILE, "fail", heard),
            _device("UBND-03", "unknown", None),
        ),
        coverage=Coverage(expected=3, current=2, silent=0, never_reported=1, quarantined=0),
    )
