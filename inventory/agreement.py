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


def problems(db: Database) -> Iterator[str]:
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


def _tokens(db: Database, log: _Log) -> Iterator[str]:
    there = set()
    for row in db.query(
        "SELECT id AS token, approve, unit, max_uses AS uses, expires_at, "
        "lower(hex(hash)) AS sha256, uses AS used FROM tokens"
    ):
        number, used = row["token"], row.pop("used")
        there.add(number)
        said = log.tokens.get(number, {})
        if said != row | {"approve": bool(row["approve"])}:
            yield f"token {number}: is not as the audit log says it was made"
        if used != log.uses[number]:
            yield f"token {number}: was used {used} times, by the audit log {log.uses[number]}"
    for number in log.tokens.keys() - there:
        yield f"token {number}: was made, and is not there any more"


def _agents(db: Database, log: _Log) -> Iterator[str]:
    there = set()
    for row in db.query("SELECT id, name, epoch, alert FROM agents"):
        there.add(row["id"])
        said = log.agents.get(row["id"], {})
        for name in ("name", "epoch", "alert"):
            if said and row[name] != said.get(name):
                yield (
                    f"agent {row['id']}: its {name} is {row[name]!r}, "
                    f"by the audit log {said.get(name)!r}"
                )
    for name in log.agents.keys() - there:
        yield f"agent {name}: was enrolled, and is not there any more"


def _sensors(db: Database, log: _Log) -> Iterator[str]:
    for name, sensor in db.execute("SELECT id, sensor FROM agents"):
        said = bool(log.agents.get(name, {}).get("sensor"))
        if bool(sensor) != said:
            word = "a sensor" if sensor else "no sensor"
            yield f"agent {name}: is {word}, and the audit log says otherwise"


def _scans(db: Database, log: _Log) -> Iterator[str]:
    """Each scan is what the log says was taken in, and its sightings are those of its body."""
    there = set()
    for number, name, body in db.execute("SELECT number, id, body FROM scans"):
        there.add(name)
        if sightings.digest(body).hex() != log.scans.get(name, {}).get("sha256"):
            yield f"scan {name}: is not as the audit log says it was taken in"
        kept = db.execute("SELECT ip, document FROM sightings WHERE scan = ?", (number,)).fetchall()
        if dict(kept) != sightings.rows(body):
            yield f"scan {name}: its sightings are not those that it carries"
    forgotten = {name for (name,) in db.execute("SELECT id FROM forgotten_scans")}
    for name in log.scans.keys() - there - (forgotten & log.scans_forgotten):
        yield f"scan {name}: was taken in, and is not there any more"
    for name in forgotten ^ log.scans_forgotten:
        yield f"scan {name}: the audit log and the record of dropped scans disagree"
    for name in forgotten & there:
        yield f"scan {name}: was dropped by a retention, and is there again"


def _bodies(db: Database, log: _Log) -> Iterator[str]:
    missing = db.execute("SELECT count(*) FROM reports WHERE body IS NULL").fetchone()[0]
    if missing != log.forgotten:
        yield (
            f"reports: {missing} have no body, but by the audit log "
            f"a retention dropped {log.forgotten}"
        )


def _words(db: Database, log: _Log) -> Iterator[str]:
    """Nobody excepts a machine, or states a requirement, beside the audit log."""
    rows = db.execute(
        "SELECT 'waiver', id, expires, ended_at IS NOT NULL FROM waivers UNION ALL "
        "SELECT 'attestation', id, expires, ended_at IS NOT NULL FROM attestations"
    ).fetchall()
    for kind, one, expires, ended in rows:
        if log.words.get(one) != expires or bool(ended) != (one in log.ended):
            yield f"{kind} {one}: is not as the audit log says it was given or ended"
    there = {one for _, one, *_ in rows}
    for one in log.words.keys() - there:
        yield f"{one}: was given, and is not there any more"


def _findings(db: Database) -> Iterator[str]:
    """A finding's result is where its transitions lead, since then."""
    rows = db.execute(
        "SELECT f.device, f.policy, f.rule FROM findings f LEFT JOIN transitions t ON t.id = "
        "(SELECT max(id) FROM transitions WHERE (device, policy, rule) = "
        "(f.device, f.policy, f.rule)) WHERE t.new IS NOT f.result OR t.at IS NOT f.since"
    )
    for device, policy, rule in rows:
        yield f"finding {policy}/{rule} of device {device}: does not follow from its transitions"
    broken = db.execute(
        "SELECT device, policy, rule, at FROM (SELECT *, lag(new) OVER "
        "(PARTITION BY device, policy, rule ORDER BY id) AS before FROM transitions) "
        "WHERE old IS NOT before"
    )
    for device, policy, rule, at in broken:
        yield f"finding {policy}/{rule} of device {device}: a transition before {at} is missing"


def _tables(db: Database) -> Iterator[str]:
    """Tables, indexes and triggers are those that this release makes, none more and none less."""
    fresh = Database(memory=True)
    try:
        MIGRATIONS.apply(fresh)
        wanted, found = _made(fresh), _made(db)
    finally:
        fresh.close()
    for name in sorted(wanted.keys() | found):
        if wanted.get(name) != found.get(name):
            state = "missing" if name not in found else "changed" if name in wanted else "foreign"
            yield f"database: {name} is {state}"
    for name in sorted(NAMES - {step.name for step in MIGRATIONS.applied(db)}):
        yield f"database: the record of step {name} is missing"


def _made(db: Database) -> dict[str, str]:
    """What this program made, in its words; the record of steps is sqlite-utils' own."""
    rows = db.execute(
        "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL "
        "AND tbl_name != ? AND name NOT LIKE 'sqlite~_stat%' ESCAPE '~'",
        (MIGRATIONS.migrations_table,),
    )
    return {name: " ".join(sql.split()) for name, sql in rows}
