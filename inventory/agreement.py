"""Whether the tables agree with the audit log, with each other and with what this release makes.

Whoever changes a row by hand would have to change the log as well, and its chain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlite_utils import Database

from inventory import audit, sightings
from inventory.migrations import MIGRATIONS, NAMES
from language.said import Said, said


@dataclass
class _Log:
    """What the audit log says the tables must hold."""

    tokens: dict[int, dict[str, Any]] = field(default_factory=dict)
    uses: Counter[int] = field(default_factory=Counter)
    agents: dict[str, dict[str, Any]] = field(default_factory=dict)
    scans: dict[str, dict[str, Any]] = field(default_factory=dict)
    forgotten: int = 0
    scans_forgotten: set[str] = field(default_factory=set)
    words: dict[str, str] = field(default_factory=dict)  #: waivers and attestations → until when
    ended: set[str] = field(default_factory=set)

    def take(self, action: str, detail: dict[str, Any]) -> None:
        """Follow one entry."""
        agent = self.agents.setdefault(str(detail["agent"]), {}) if "agent" in detail else {}
        if action == "token made":
            self.tokens[detail["token"]] = detail
        elif action == "agent enrolled":
            self.uses[detail["token"]] += 1
            agent |= {"name": detail["name"], "epoch": int(detail["epoch"])}
        elif action == "agent quarantined":
            agent["alert"] = agent.get("alert") or detail["alert"]
        elif action in {"agent approved", "agent revoked"}:
            agent["alert"] = None
        elif action in {"sensor allowed", "sensor stopped"}:
            agent["sensor"] = action == "sensor allowed"
        elif action == "scan taken in":
            self.scans[detail["scan"]] = detail
        elif action == "bodies forgotten":
            self.forgotten += detail["reports"]
        elif action == "scans forgotten":
            self.scans_forgotten.update(detail["scans"])

    def hear(self, action: str, detail: dict[str, Any]) -> None:
        """Follow one entry about what a person excepted or stated."""
        if action in {"waiver given", "attested"}:
            self.words[detail.get("waiver") or detail["attestation"]] = detail["until"]
        elif action in {"waiver ended", "attestation ended"}:
            self.ended.add(detail.get("waiver") or detail["attestation"])


def problems(db: Database) -> Iterator[Said]:
    """Every disagreement."""
    log = _Log()
    for entry in audit.read(db):
        try:
            detail = msgspec.json.decode(entry.detail, type=dict[str, Any])
            log.take(entry.action, detail)
            log.hear(entry.action, detail)
        except (msgspec.MsgspecError, LookupError, TypeError, ValueError):
            continue  # not what was written: the chain tells
    for check in (_tokens, _agents, _sensors, _scans, _bodies, _words):
        yield from check(db, log)
    yield from _findings(db)
    yield from _tables(db)


def _tokens(db: Database, log: _Log) -> Iterator[Said]:
    there = set()
    for row in db.query(
        "SELECT id AS token, approve, unit, max_uses AS uses, expires_at, "
        "lower(hex(hash)) AS sha256, uses AS used FROM tokens"
    ):
        number, used = row["token"], row.pop("used")
        there.add(number)
        told = log.tokens.get(number, {})
        if told != row | {"approve": bool(row["approve"])}:
            yield said("token {number}: is not as the audit log says it was made", number=number)
        if used != log.uses[number]:
            yield said(
                "token {number}: was used {used} times, by the audit log {uses}",
                number=number,
                used=used,
                uses=log.uses[number],
            )
    for number in log.tokens.keys() - there:
        yield said("token {number}: was made, and is not there any more", number=number)


def _agents(db: Database, log: _Log) -> Iterator[Said]:
    there = set()
    for row in db.query("SELECT id, name, epoch, alert FROM agents"):
        there.add(row["id"])
        told = log.agents.get(row["id"], {})
        for name in ("name", "epoch", "alert"):
            if told and row[name] != told.get(name):
                yield (
                    said(
                        "agent {id}: its {name} is {now!r}, by the audit log {before!r}",
                        id=row["id"],
                        name=name,
                        now=row[name],
                        before=told.get(name),
                    )
                )
    for name in log.agents.keys() - there:
        yield said("agent {name}: was enrolled, and is not there any more", name=name)


def _sensors(db: Database, log: _Log) -> Iterator[Said]:
    for name, sensor in db.execute("SELECT id, sensor FROM agents"):
        told = bool(log.agents.get(name, {}).get("sensor"))
        if bool(sensor) != told:
            what = said("a sensor") if sensor else said("no sensor")
            yield said(
                "agent {name}: is {what}, and the audit log says otherwise", name=name, what=what
            )


def _scans(db: Database, log: _Log) -> Iterator[Said]:
    """Each scan is what the log says was taken in, and its sightings are those of its body."""
    there = set()
    for number, name, body in db.execute("SELECT number, id, body FROM scans"):
        there.add(name)
        if sightings.digest(body).hex() != log.scans.get(name, {}).get("sha256"):
            yield said("scan {name}: is not as the audit log says it was taken in", name=name)
        kept = db.execute("SELECT ip, document FROM sightings WHERE scan = ?", (number,)).fetchall()
        if dict(kept) != sightings.rows(body):
            yield said("scan {name}: its sightings are not those that it carries", name=name)
    forgotten = {name for (name,) in db.execute("SELECT id FROM forgotten_scans")}
    for name in log.scans.keys() - there - (forgotten & log.scans_forgotten):
        yield said("scan {name}: was taken in, and is not there any more", name=name)
    for name in forgotten ^ log.scans_forgotten:
        yield said("scan {name}: the audit log and the record of dropped scans disagree", name=name)
    for name in forgotten & there:
        yield said("scan {name}: was dropped by a retention, and is there again", name=name)


def _bodies(db: Database, log: _Log) -> Iterator[Said]:
    missing = db.execute("SELECT count(*) FROM reports WHERE body IS NULL").fetchone()[0]
    if missing != log.forgotten:
        yield (
            said(
                "reports: {missing} have no body, but by the audit log a retention "
                "dropped {forgotten}",
                missing=missing,
                forgotten=log.forgotten,
            )
        )


_KINDS = {"waiver": said("waiver"), "attestation": said("attestation")}


def _words(db: Database, log: _Log) -> Iterator[Said]:
    """Nobody excepts a machine, or states a requirement, beside the audit log."""
    rows = db.execute(
        "SELECT 'waiver', id, expires, ended_at IS NOT NULL FROM waivers UNION ALL "
        "SELECT 'attestation', id, expires, ended_at IS NOT NULL FROM attestations"
    ).fetchall()
    for kind, one, expires, ended in rows:
        if log.words.get(one) != expires or bool(ended) != (one in log.ended):
            yield said(
                "{kind} {id}: is not as the audit log says it was given or ended",
                kind=_KINDS[kind],
                id=one,
            )
    there = {one for _, one, *_ in rows}
    for one in log.words.keys() - there:
        yield said("{id}: was given, and is not there any more", id=one)


def _findings(db: Database) -> Iterator[Said]:
    """A finding's result is where its transitions lead, since then."""
    rows = db.execute(
        "SELECT f.device, f.policy, f.rule FROM findings f LEFT JOIN transitions t ON t.id = "
        "(SELECT max(id) FROM transitions WHERE (device, policy, rule) = "
        "(f.device, f.policy, f.rule)) WHERE t.new IS NOT f.result OR t.at IS NOT f.since"
    )
    for device, policy, rule in rows:
        yield said(
            "finding {policy}/{rule} of device {device}: does not follow from its transitions",
            policy=policy,
            rule=rule,
            device=device,
        )
    broken = db.execute(
        "SELECT device, policy, rule, at FROM (SELECT *, lag(new) OVER "
        "(PARTITION BY device, policy, rule ORDER BY id) AS before FROM transitions) "
        "WHERE old IS NOT before"
    )
    for device, policy, rule, at in broken:
        yield said(
            "finding {policy}/{rule} of device {device}: a transition before {at} is missing",
            policy=policy,
            rule=rule,
            device=device,
            at=at,
        )


def _tables(db: Database) -> Iterator[Said]:
    """Tables, indexes and triggers are those that this release makes, none more and none less."""
    fresh = Database(memory=True)
    try:
        MIGRATIONS.apply(fresh)
        wanted, found = _made(fresh), _made(db)
    finally:
        fresh.close()
    for name in sorted(wanted.keys() | found):
        if wanted.get(name) != found.get(name):
            if name not in found:
                yield said("database: {name} is missing", name=name)
            elif name in wanted:
                yield said("database: {name} is changed", name=name)
            else:
                yield said("database: {name} is foreign", name=name)
    for name in sorted(NAMES - {step.name for step in MIGRATIONS.applied(db)}):
        yield said("database: the record of step {name} is missing", name=name)


def _made(db: Database) -> dict[str, str]:
    """What this program made, in its words; the record of steps is sqlite-utils' own."""
    rows = db.execute(
        "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL "
        "AND tbl_name != ? AND name NOT LIKE 'sqlite~_stat%' ESCAPE '~'",
        (MIGRATIONS.migrations_table,),
    )
    return {name: " ".join(sql.split()) for name, sql in rows}
