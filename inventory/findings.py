"""Findings: each rule's latest result on each device since when, and every transition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from sys import intern
from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from inventory import judged
from inventory.judged import JudgedView
from inventory.store import Store
from inventory.times import stamp


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's result for one device (DESIGN §8.9): replayable by its two hashes.

    ``result``: pass, fail, unknown, error, not_applicable, waived; ``reason``: a code or empty;
    ``evidence``: the report it rests on and the facts that decided, in plain JSON types;
    ``holds_until``: the first second since 1970 at which it may be another without any news, None:
    it stands until news comes.
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
    holds_until: int | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What findings rest on, by hash: canonical rules, and what the rules were shown."""

    rules: Mapping[str, bytes]
    views: Mapping[str, JudgedView]


NOTHING = Basis({}, {})


class Kept(NamedTuple):
    """What tells whether a finding still stands: what it was made of, and until when it holds."""

    result: str
    rule_hash: str
    facts_hash: str
    holds_until: int | None
    since: str


def record(
    store: Store, found: Iterable[Finding], now: datetime, basis: Basis = NOTHING
) -> Counter[str]:
    """Keep findings, all or none; gives how many were new, changed and same.

    Of those that turned, what they rest on is kept too, as far as ``basis`` has it. A large fleet's
    findings need not be in memory at once: each is taken and forgotten, best device by device.
    """
    counts: Counter[str] = Counter()
    with store.write() as db:
        for (policy, device), of in groupby(found, key=lambda one: (one.policy, one.device)):
            before = _kept(db, policy, device)
            for finding in of:
                how = _record(db, finding, before.get((device, finding.rule)), stamp(now))
                counts[how] += 1
                if how != "same":
                    _keep_basis(db, finding, basis, stamp(now))
    return counts


def _keep_basis(db: Database, finding: Finding, basis: Basis, at: str) -> None:
    if finding.rule_hash in basis.rules:
        judged.keep_rule(db, finding.rule_hash, basis.rules[finding.rule_hash], at)
    if finding.facts_hash in basis.views:
        judged.keep_view(db, finding.facts_hash, basis.views[finding.facts_hash])


def _record(db: Database, finding: Finding, before: Kept | None, at: str) -> str:
    key = (finding.device, finding.policy, finding.rule)
    turned = before is None or before.result != finding.result
    since = at if before is None or turned else before.since
    if turned:
        old = before.result if before else None
        hashes = (finding.rule_hash, finding.facts_hash)
        db.execute(
            "INSERT INTO transitions (device, policy, rule, at, old, new, reason, rule_hash, "
            "facts_hash, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, at, old, finding.result, finding.reason, *hashes, _cause(finding, before)),
        )
    evidence = msgspec.json.encode(finding.evidence, order="sorted").decode()
    db.execute(
        "INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(*key, finding.policy_version, finding.rule_hash, finding.facts_hash),
            *(finding.result, finding.reason, finding.explanation_vi, finding.explanation_en),
            *(evidence, since, at, finding.holds_until),
        ),
    )
    return "new" if before is None else "changed" if turned else "same"


def _cause(finding: Finding, before: Kept | None) -> str:
    """What turned a result: a rule or the facts that are others, a waiver, or time alone."""
    if before is None:
        return "first"
    if before.rule_hash != finding.rule_hash:
        return "rule"
    if "waived" in (before.result, finding.result):
        return "waiver"
    return "facts" if before.facts_hash != finding.facts_hash else "time"


def forget(store: Store, policy: str, gone: Iterable[tuple[str, str]]) -> None:
    """Take away findings (device, rule) of which nothing is asked any more; transitions stay."""
    with store.write() as db:
        for device, rule in gone:
            db.execute(
                "DELETE FROM findings WHERE device = ? AND policy = ? AND rule = ?",
                (device, policy, rule),
            )


def kept(store: Store, policy: str, device: str | None = None) -> dict[tuple[str, str], Kept]:
    """(device, rule) → what its finding rests on; of one device, or of all."""
    return _kept(store.reader(), policy, device)


def _kept(db: Database, policy: str, device: str | None) -> dict[tuple[str, str], Kept]:
    query = (
        "SELECT device, rule, result, rule_hash, facts_hash, holds_until, since FROM findings "
        "WHERE policy = ?"
    )
    asked = (policy,) if device is None else (policy, device)
    rows = db.execute(f"{query}{'' if device is None else ' AND device = ?'}", asked)
    return {(row[0], row[1]): Kept(*row[2:]) for row in rows.fetchall()}


def since(store: Store, policy: str) -> dict[tuple[str, str], str]:
    """(device, rule) → since when its result stands (ISO 8601); equal texts are one in memory."""
    query = "SELECT device, rule, since FROM findings WHERE policy = ?"
    rows = store.reader().execute(query, (policy,))
    found: dict[tuple[str, str], str] = {}
    while some := rows.fetchmany(_AT_ONCE):
        found |= {(intern(device), intern(rule)): intern(at) for device, rule, at in some}
    return found


_AT_ONCE = 10_000  #: rows


def latest(store: Store, policy: str) -> list[dict[str, Any]]:
    """The findings of a policy as rows, by device and rule."""
    found = store.reader().query(
        "SELECT * FROM findings WHERE policy = ? ORDER BY device, rule", (policy,)
    )
    return [row | {"evidence": msgspec.json.decode(row["evidence"])} for row in found]


def history(store: Store, device: str, rule: str) -> list[dict[str, Any]]:
    """Every transition of one rule on one device, oldest first."""
    return list(
        store.reader().query(
            "SELECT policy, at, old, new, reason, cause, rule_hash, facts_hash FROM transitions "
            "WHERE device = ? AND rule = ? ORDER BY id",
            (device, rule),
        )
    )
