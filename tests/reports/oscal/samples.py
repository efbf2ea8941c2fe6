"""A summary with all that OSCAL must tell apart, and texts as a hostile machine sends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from reports.figures import ContradictionLine
from reports.letterhead import Letterhead
from reports.summary import (
    RESULTS,
    Coverage,
    DeviceLine,
    FindingLine,
    RuleLine,
    Summary,
    WaiverLine,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HEARD = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
HOSTILE = (
    '=cmd|"/c calc"!A1',
    "<script>alert(1)</script>",
    "a\nb\r\nc\td",
    "\u0000\u001b[31mred\u0085\u2028\u2029",
    "\u202egnp.exe",
    "\ufeff bom \u00a0",
    "{{ 7*7 }} ${x} #{y}",
    '"}],"status":{"state":"satisfied"}',
    "x" * 10_000,
    " ",
    "",
)


def rule(name: str, verdict: str, **counts: int) -> RuleLine:
    """A rule with its verdict and counts."""
    return RuleLine(
        id=name,
        title={"vi": f"Quy tắc {name}", "en": f"Rule {name}"},
        severity="high",
        verdict=verdict,
        sentence={"vi": f"{name}: đếm.", "en": f"{name}: counted."},
        counts=dict.fromkeys(RESULTS, 0) | counts,
        fix={"vi": "Bật lên.", "en": "Turn it on."},
    )


def finding(name: str, result: str, reason: str | None = None) -> FindingLine:
    """A rule's result on a machine."""
    said = {"vi": f"{name}: {result}", "en": f"{name}: {result}"}
    return FindingLine(name, "high", result, reason, said, "2026-11-01T00:00:00Z")


def machine(name: str, heard: datetime | None, *findings: FindingLine, **more: Any) -> DeviceLine:
    """A machine with its findings."""
    whole: dict[str, Any] = {
        "id": f"d-{name}",
        "name": name,
        "status": "approved",
        "alert": None,
        "system": "Debian 12" if heard else None,
        "received_at": heard,
        "report": f"agent-{name}/1/7" if heard else None,
        "facts_hash": "f" * 64 if heard else None,
        "findings": findings,
    }
    return DeviceLine(**whole | more)


WAIVER = WaiverLine(
    id="w-1",
    rule="NOT-002",
    scope="device",
    subject="pc-3",
    reason="the old scanner speaks SMB 1",
    approved_by="Head of office",
    expires="2026-12-31",
    days_left=38,
    used=1,
    unneeded=False,
)
CONTRADICTION = ContradictionLine(
    device="d-pc-1",
    name="pc-1",
    unit="",
    about="firewall",
    agent_says="on",
    network_shows="open",
    agent_at="2026-11-20T01:30:00Z",
    network_at="2026-11-22T01:30:00Z",
    evidence=("agent-pc-1/1/7", "scan 4"),
)


def sample() -> Summary:
    """One rule of each verdict; three machines, one of which never reported."""
    return Summary(
        generated_at=NOW,
        policy="office-baseline",
        policy_version="1",
        policy_hash="ab" * 32,
        policy_title={"vi": "Mức cơ bản", "en": "Office baseline"},
        rules=(
            rule("MET-001", "met", **{"pass": 2, "unknown": 1}),
            rule("NOT-002", "not_met", **{"pass": 1, "fail": 1, "waived": 1}),
            rule("3-UNDECIDED", "undecided", **{"pass": 2, "unknown": 1}),
            rule("NA-004", "not_applicable", not_applicable=3),
        ),
        devices=(
            machine("pc-1", HEARD, finding("MET-001", "pass"), finding("NOT-002", "fail")),
            machine("pc-2", None, finding("3-UNDECIDED", "unknown", "never_reported")),
            machine("pc-3", NOW, finding("NOT-002", "waived")),
        ),
        coverage=Coverage(expected=3, current=2, silent=0, never_reported=1, quarantined=0),
        waivers=(WAIVER,),
        contradictions=(CONTRADICTION,),
        letterhead=Letterhead(issuer={"vi": "UBND xã Mẫu", "en": "Commune of Mẫu"}),
    )


def hostile(text: str) -> Summary:
    """The sample with one text in every field that a machine or a file controls."""
    made = sample()
    words = {"vi": text, "en": text}
    lines = tuple(
        replace(
            one,
            name=text,
            system=text,
            alert=text,
            unit=text,
            asset=text,
            address=text,
            findings=tuple(replace(each, explanation=words) for each in one.findings),
        )
        for one in made.devices
    )
    return replace(
        made,
        devices=lines,
        waivers=(replace(WAIVER, reason=text, approved_by=text, subject=text),),
        contradictions=(replace(CONTRADICTION, name=text, agent_says=text, evidence=(text,)),),
        letterhead=Letterhead(issuer=words),
        policy_title=words,
        rules=tuple(replace(one, title=words, fix=words) for one in made.rules),
    )
