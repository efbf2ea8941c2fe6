"""Findings: each rule's latest result on each device since when, and every transition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory.store import Store
from inventory.times import stamp


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's result for one device (DESIGN §8.9): replayable by its two hashes.

    ``result``: pass, fail, unknown, error, not_applicable, waived; ``reason``: a code or empty;
    ``evidence``: the report it rests on and the facts that decided, in plain JSON types.
    """

    device: str
    policy: str
    policy_version: str
    rule: str
    rule_hash: str
    facts_hash: str
    result: str
    reason: str
    explanation_vi: str
    explanation_en: str
    evidence: dict[str, Any]


def record(store: Store, found: Iterable[Finding], now: datetime) -> Counter[str]:
    """Keep findings, all or none; gives how many were new, changed and same."""
    counts: Counter[str] = Counter()
    with store.write() as db:
        for finding in found:
            counts[_record(db, finding, stamp(now))] += 1
    return counts


def _record(db: Database, finding: Finding, at: str) -> str:
    key = (finding.device, finding.policy, finding.rule)
    row = db.execute(
        "SELECT result, since FROM findings WHERE device = ? AND policy = ? AND rule = ?", key
    ).fetchone()
    old, since = row or (None, at)
    changed = old != finding.result
    if changed:
        since = at
        hashes = (finding.rule_hash, finding.facts_hash)
        db.execute(
            "INSERT INTO transitions (device, policy, rule, at, old, new, reason, rule_hash, "
            "facts_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, at, old, finding.result, finding.reason, *hashes),
        )
    evidence = msgspec.json.encode(finding.evidence, order="sorted").decode()
    db.execute(
        "INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(*key, finding.policy_version, finding.rule_hash, finding.facts_hash),
            *(finding.result, finding.reason, finding.explanation_vi, finding.explanation_en),
            *(evidence, since, at),
        ),
    )
    return "new" if old is None else "changed" if changed else "same"


def latest(store: Store, policy: str) -> list[dict[str, Any]]:
    """The findings of a policy as rows, by device and rule."""
    found = store.reader().query(
        "SELECT * FROM findings WHERE policy = ? ORDER BY device, rule", (policy,)
    )
    return [row | {"evidence": msgspec.json.decode(row["evidence"])} for row in found]


def since(store: Store, policy: str) -> dict[tuple[str, str], str]:
    """(device, rule) → since when (ISO 8601) the rule has its latest result on the device."""
    rows = store.reader().execute(
        "SELECT device, rule, since FROM findings WHERE policy = ?", (policy,)
    )
    return {(device, rule): at for device, rule, at in rows.fetchall()}


def history(store: Store, device: str, rule: str) -> list[dict[str, Any]]:
    """Every transition of one rule on one device, oldest first."""
    return list(
        store.reader().query(
            "SELECT policy, at, old, new, reason, rule_hash, facts_hash FROM transitions "
            "WHERE device = ? AND rule = ? ORDER BY id",
            (device, rule),
        )
    )
