"""The report as NDJSON for programs that take a line at a time: its head, machines, findings.

Every line has a ``type``: ``report`` (once, first), ``rule``, ``device``, ``beside``, ``finding``.
Times are UTC ISO 8601; texts are as they came, escaped by JSON alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from inventory.times import stamp
from reports import plain
from reports.summary import DeviceLine, Summary

FORMAT = 1  #: raised when a field changes its meaning or goes away


def render(summary: Summary, lang: str) -> bytes:
    """All lines; explanations in ``lang``."""
    return b"".join(plain.encoded(line) + b"\n" for line in _lines(summary, lang))


def _lines(summary: Summary, lang: str) -> Iterator[dict[str, Any]]:
    yield _head(summary)
    for rule in summary.rules:
        yield {
            "type": "rule",
            "rule": rule.id,
            "title": rule.title.get(lang, ""),
            "severity": rule.severity,
            "verdict": rule.verdict,
            "counts": rule.counts,
        }
    for device in summary.devices:
        yield _device(device)
        yield from _findings(device, lang)
    for other in summary.beside:
        yield {"type": "beside"} | _moments(msgspec.to_builtins(other), seen_at=other.seen_at)


def _head(summary: Summary) -> dict[str, Any]:
    return {
        "type": "report",
        "rasoat_lines": FORMAT,
        "id": summary.id,
        "generated_at": stamp(summary.generated_at),
        "policy": summary.policy,
        "policy_version": summary.policy_version,
        "policy_hash": summary.policy_hash,
        "figures_hash": plain.digest_of(summary),
        "unit": summary.unit,
        "simulated": summary.simulated,
        "compliant": summary.compliant,
        "coverage": msgspec.to_builtins(summary.coverage),
    }


def _device(device: DeviceLine) -> dict[str, Any]:
    names = ("id", "name", "state", "expected", "status", "alert", "unit", "unit_from", "asset")
    more = ("kind", "address", "system", "report", "facts_hash")
    line = {"type": "device"} | {name: getattr(device, name) for name in (*names, *more)}
    line["specs"] = msgspec.to_builtins(device.specs)
    return _moments(line, received_at=device.received_at, seen_at=device.seen_at)


def _findings(device: DeviceLine, lang: str) -> Iterator[dict[str, Any]]:
    for one in device.findings:
        yield {
            "type": "finding",
            "device": device.id,
            "rule": one.rule,
            "severity": one.severity,
            "result": one.result,
            "reason": one.reason,
            "since": one.since,
            "explanation": one.explanation.get(lang, ""),
        }


def _moments(line: dict[str, Any], **moments: Any) -> dict[str, Any]:
    return line | {name: stamp(at) if at else None for name, at in moments.items()}
