"""The tables, step by step; a step that has shipped is never changed, a new one is added below."""

from __future__ import annotations

import msgspec
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from inventory import chain
from inventory.identity import observers
from inventory.times import moment

MIGRATIONS = Migrations("rasoat")


@MIGRATIONS()
def m001_agents_and_devices(db: Database) -> None:
    """Who may report, and which machine that is."""
    db.executescript("""
        CREATE TABLE devices (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, platform TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE agents (
            id TEXT PRIMARY KEY,
            public_key BLOB NOT NULL UNIQUE CHECK (length(public_key) = 32),
            device TEXT NOT NULL REFERENCES devices(id),
            name TEXT NOT NULL, platform TEXT NOT NULL, unit TEXT,
            status TEXT NOT NULL CHECK
                (status IN ('pending', 'approved', 'revoked', 'quarantined')),
            epoch INTEGER NOT NULL, peer TEXT NOT NULL,
            enrolled_at TEXT NOT NULL, last_report_at TEXT, alert TEXT
        ) STRICT;
        CREATE INDEX agents_by_device ON agents(device);
        CREATE TABLE tokens (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            approve INTEGER NOT NULL, unit TEXT,
            expires_at TEXT NOT NULL, max_uses INTEGER NOT NULL, uses INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL, created_by TEXT NOT NULL,
            CHECK (uses <= max_uses)
        ) STRICT;
    """)


@MIGRATIONS()
def m002_reports(db: Database) -> None:
    """The evidence: what agents signed, and what two machines signed with one key."""
    db.executescript("""
        CREATE TABLE reports (
            id INTEGER PRIMARY KEY,
            agent TEXT NOT NULL REFERENCES agents(id),
            epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            signed BLOB NOT NULL, body BLOB,
            collected_at TEXT NOT NULL, received_at TEXT NOT NULL,
            peer TEXT NOT NULL, skew_seconds INTEGER NOT NULL,
            UNIQUE (agent, epoch, sequence)
        ) STRICT;
        CREATE TABLE quarantined_reports (
            id INTEGER PRIMARY KEY,
            agent TEXT NOT NULL REFERENCES agents(id),
            epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            signed BLOB NOT NULL, body BLOB NOT NULL,
            received_at TEXT NOT NULL, peer TEXT NOT NULL,
            UNIQUE (agent, epoch, sequence, digest)
        ) STRICT;
        CREATE TABLE views (
            device TEXT PRIMARY KEY REFERENCES devices(id),
            report INTEGER NOT NULL REFERENCES reports(id),
            view BLOB NOT NULL, hash TEXT NOT NULL
        ) STRICT;
        CREATE TABLE changes (
            id INTEGER PRIMARY KEY,
            device TEXT NOT NULL REFERENCES devices(id),
            report INTEGER NOT NULL REFERENCES reports(id),
            path TEXT NOT NULL, element TEXT, old TEXT, new TEXT, at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX changes_by_device ON changes(device, id);
    """)


@MIGRATIONS()
def m003_findings(db: Database) -> None:
    """Each rule's latest result on each device, and every change of one."""
    db.executescript("""
        CREATE TABLE findings (
            device TEXT NOT NULL REFERENCES devices(id),
            policy TEXT NOT NULL, rule TEXT NOT NULL,
            policy_version TEXT NOT NULL, rule_hash TEXT NOT NULL, facts_hash TEXT NOT NULL,
            result TEXT NOT NULL CHECK (result IN
                ('pass', 'fail', 'unknown', 'error', 'not_applicable', 'waived')),
            reason TEXT NOT NULL, explanation_vi TEXT NOT NULL, explanation_en TEXT NOT NULL,
            evidence TEXT NOT NULL, since TEXT NOT NULL, evaluated_at TEXT NOT NULL,
            PRIMARY KEY (device, policy, rule)
        ) STRICT;
        CREATE TABLE transitions (
            id INTEGER PRIMARY KEY,
            device TEXT NOT NULL, policy TEXT NOT NULL, rule TEXT NOT NULL, at TEXT NOT NULL,
            old TEXT, new TEXT NOT NULL, reason TEXT NOT NULL,
            rule_hash TEXT NOT NULL, facts_hash TEXT NOT NULL
        ) STRICT;
        CREATE INDEX transitions_by_finding ON transitions(device, policy, rule, id);
    """)


@MIGRATIONS()
def m004_audit(db: Database) -> None:
    """What people did, each entry chained to the one before; the head says how many there are."""
    db.executescript("""
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL,
            previous TEXT NOT NULL, hash TEXT NOT NULL
        ) STRICT;
        CREATE TABLE audit_head (
            id INTEGER PRIMARY KEY CHECK (id = 1), entries INTEGER NOT NULL, hash TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    """)


@MIGRATIONS()
def m005_chain_of_reports(db: Database) -> None:
    """How each report came and what it changed, chained like the audit log (`inventory.chain`)."""
    db.executescript("""
        CREATE TABLE report_chain (  -- apart: reports' rows are large, and would be written twice
            report INTEGER PRIMARY KEY REFERENCES reports(id), hash TEXT NOT NULL
        ) STRICT;
        CREATE INDEX changes_by_report ON changes(report, id);
        CREATE TABLE report_head (
            id INTEGER PRIMARY KEY CHECK (id = 1), reports INTEGER NOT NULL, hash TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER reports_are_not_removed BEFORE DELETE ON reports
            BEGIN SELECT RAISE(ABORT, 'reports are evidence, and stay'); END;
    """)
    for (report,) in db.execute("SELECT id FROM reports ORDER BY id").fetchall():
        chain.link(db, report)


@MIGRATIONS()
def m006_sections(db: Database) -> None:
    """What reports name by its hash and do not send again (`inventory.sections`)."""
    db.executescript("""
        CREATE TABLE sections (
            agent TEXT NOT NULL REFERENCES agents(id), name TEXT NOT NULL, hash TEXT NOT NULL,
            content BLOB NOT NULL, given_at TEXT NOT NULL,
            PRIMARY KEY (agent, name, hash)
        ) STRICT;
        CREATE INDEX sections_by_time ON sections(given_at);
        CREATE TRIGGER sections_are_not_rewritten
            BEFORE UPDATE OF agent, name, hash, content ON sections
            BEGIN SELECT RAISE(ABORT, 'a section is what its hash names, and stays'); END;
    """)


@MIGRATIONS()
def m007_sightings(db: Database) -> None:
    """What sensors saw of the networks, scan by scan, and which agents may say so."""
    db.executescript("""
        ALTER TABLE agents ADD COLUMN sensor INTEGER NOT NULL DEFAULT 0 CHECK (sensor IN (0, 1));
        CREATE TABLE scans (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE, sensor TEXT NOT NULL,
            agent TEXT REFERENCES agents(id), epoch INTEGER, sequence INTEGER,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            signed BLOB, body BLOB NOT NULL,
            targets TEXT NOT NULL, started_at TEXT NOT NULL, complete INTEGER NOT NULL,
            hosts INTEGER NOT NULL, received_at TEXT NOT NULL, peer TEXT NOT NULL,
            UNIQUE (agent, epoch, sequence)
        ) STRICT;
        CREATE TABLE sightings (
            scan INTEGER NOT NULL REFERENCES scans(number),
            ip TEXT NOT NULL, mac TEXT, document BLOB NOT NULL,
            PRIMARY KEY (scan, ip)
        ) STRICT;
        CREATE INDEX sightings_by_mac ON sightings(mac, scan);
        CREATE TRIGGER scans_are_not_rewritten BEFORE UPDATE ON scans
            BEGIN SELECT RAISE(ABORT, 'scans are evidence, and stay as they came'); END;
    """)


@MIGRATIONS()
def m008_units_and_register(db: Database) -> None:
    """Which parts the office has had, with their dates and networks; which machines should exist.

    Dates are ISO days; ``valid_to`` is the last day, NULL: still valid.
    """
    db.executescript("""
        CREATE TABLE units (
            code TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT,
            parent TEXT, kind TEXT NOT NULL, name_vi TEXT NOT NULL, name_en TEXT NOT NULL,
            PRIMARY KEY (code, valid_from)
        ) STRICT;
        CREATE TABLE unit_networks (
            unit TEXT NOT NULL, network TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT,
            PRIMARY KEY (unit, network, valid_from)
        ) STRICT;
        CREATE TABLE unit_successors (
            old TEXT NOT NULL, new TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (old, new, at)
        ) STRICT;
        CREATE TABLE assets (
            id TEXT PRIMARY KEY,
            tag TEXT, name TEXT NOT NULL, unit TEXT, kind TEXT NOT NULL,
            row TEXT NOT NULL, place TEXT NOT NULL,
            scope TEXT NOT NULL,  -- the list that it stands in: file!sheet
            first_import INTEGER NOT NULL, last_import INTEGER NOT NULL, retired_at TEXT
        ) STRICT;
        CREATE TABLE register_imports (
            number INTEGER PRIMARY KEY,
            at TEXT NOT NULL, by TEXT NOT NULL, file TEXT NOT NULL, digest BLOB NOT NULL,
            added INTEGER NOT NULL, changed INTEGER NOT NULL, retired INTEGER NOT NULL,
            same INTEGER NOT NULL, refused INTEGER NOT NULL,
            uncounted INTEGER NOT NULL  -- refused rows that no asset stands for
        ) STRICT;
        CREATE TABLE asset_changes (
            id INTEGER PRIMARY KEY,
            asset TEXT NOT NULL REFERENCES assets(id), import INTEGER NOT NULL,
            column_name TEXT NOT NULL, old TEXT, new TEXT, at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX assets_by_scope ON assets(scope);
        CREATE INDEX asset_changes_by_asset ON asset_changes(asset, id);
    """)


@MIGRATIONS()
def m009_identity(db: Database) -> None:
    """What identifies each thing that was observed, and which device that makes it.

    Times are seconds since 1970; ``evidence.last`` NULL: it stood in the latest look.
    ``unsettled``: observations whose device must be found anew (`inventory.identity.settling`).
    """
    db.executescript("""
        CREATE TABLE observations (
            id TEXT PRIMARY KEY,
            source TEXT NOT NULL CHECK (source IN ('agent', 'asset', 'host')),
            ref TEXT NOT NULL, name TEXT NOT NULL,
            own TEXT NOT NULL REFERENCES devices(id),
            device TEXT NOT NULL REFERENCES devices(id),
            first INTEGER NOT NULL, last INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX observations_by_device ON observations(device);
        CREATE INDEX observations_by_own ON observations(own);
        CREATE INDEX observations_by_ref ON observations(ref);
        CREATE TABLE evidence (
            observation TEXT NOT NULL REFERENCES observations(id),
            kind TEXT NOT NULL, value TEXT NOT NULL,
            first INTEGER NOT NULL, last INTEGER,
            PRIMARY KEY (observation, kind, value)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX evidence_by_value ON evidence(kind, value);
        CREATE TABLE hosts (  -- the newest sighting of each host
            observation TEXT PRIMARY KEY, scan INTEGER NOT NULL REFERENCES scans(number),
            ip TEXT NOT NULL, at INTEGER NOT NULL, ports_asked INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE unsettled (observation TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY,
            one TEXT NOT NULL, other TEXT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('together', 'apart')),
            at TEXT NOT NULL, by TEXT NOT NULL, why TEXT NOT NULL, undone_at TEXT,
            CHECK (one < other)
        ) STRICT;
        CREATE TABLE moves (
            id INTEGER PRIMARY KEY,
            observation TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX moves_by_device ON moves(new, id);
    """)
    agents = db.execute("SELECT id, enrolled_at FROM agents").fetchall()
    for agent, enrolled_at in agents:
        observers.of_enrolment(db, agent, moment(enrolled_at))
    views = db.execute(
        "SELECT r.agent, v.view, r.received_at FROM views v JOIN reports r ON r.id = v.report"
    )
    for agent, view, received_at in views.fetchall():
        observers.of_report(db, agent, msgspec.json.decode(view), received_at)


@MIGRATIONS()
def m010_rules_and_people(db: Database) -> None:
    """Exceptions and statements made by people; scans that a retention dropped.

    Days are ISO days in the office's time zone and inclusive. ``waivers.subject``: a device's id,
    a unit's code, or empty for every machine.
    """
    db.executescript("""
        CREATE TABLE waivers (
            id TEXT PRIMARY KEY,
            policy TEXT NOT NULL, rule TEXT NOT NULL,
            scope TEXT NOT NULL CHECK (scope IN ('device', 'unit', 'rule')), subject TEXT NOT NULL,
            reason TEXT NOT NULL, approved_by TEXT NOT NULL,
            starts TEXT NOT NULL, expires TEXT NOT NULL,
            entered_at TEXT NOT NULL, entered_by TEXT NOT NULL, source TEXT NOT NULL,
            ended_at TEXT, ended_by TEXT, ended_why TEXT
        ) STRICT;
        CREATE INDEX waivers_by_rule ON waivers(policy, rule);
        CREATE TABLE attestations (
            id TEXT PRIMARY KEY,
            framework TEXT NOT NULL, requirement TEXT NOT NULL, unit TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('met', 'partly', 'not_met', 'not_applicable')),
            statement TEXT NOT NULL, evidence TEXT NOT NULL,
            attested_by TEXT NOT NULL, attested_on TEXT NOT NULL, expires TEXT NOT NULL,
            entered_at TEXT NOT NULL, entered_by TEXT NOT NULL,
            ended_at TEXT, ended_by TEXT, ended_why TEXT
        ) STRICT;
        CREATE INDEX attestations_by_requirement ON attestations(framework, requirement);
        CREATE TABLE forgotten_scans (  -- what a retention dropped; its number is never used again
            id TEXT PRIMARY KEY, agent TEXT, epoch INTEGER, sequence INTEGER,
            digest BLOB NOT NULL CHECK (length(digest) = 32), forgotten_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX forgotten_scans_by_number ON forgotten_scans(agent, epoch, sequence);
    """)


@MIGRATIONS()
def m011_findings_that_hold(db: Database) -> None:
    """Until when a finding holds by itself, and what turned it: first, rule, facts, waiver, time.

    Seconds since 1970; 0: judge it again, it was made before this was known.
    """
    db.executescript("""
        ALTER TABLE findings ADD COLUMN holds_until INTEGER DEFAULT 0;
        ALTER TABLE transitions ADD COLUMN cause TEXT NOT NULL DEFAULT '';
    """)


@MIGRATIONS()
def m012_what_verdicts_rest_on(db: Database) -> None:
    """The rules and the facts behind every result that turned, by their hashes: to judge again.

    ``content`` is the rule's canonical JSON; ``view`` is packed with zlib.
    """
    db.executescript("""
        CREATE TABLE judged_rules (
            hash TEXT PRIMARY KEY, content BLOB NOT NULL, at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE judged_views (
            hash TEXT PRIMARY KEY, view BLOB NOT NULL, compared BLOB NOT NULL,
            received_at TEXT, seen_at TEXT
        ) STRICT, WITHOUT ROWID;
    """)


@MIGRATIONS()
def m013_issued_reports(db: Database) -> None:
    """The files that reports were issued as, and the copies of them that were checked."""
    db.executescript("""
        CREATE TABLE issued_reports (
            sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
            length INTEGER NOT NULL CHECK (length > 0),
            report TEXT NOT NULL, figures TEXT NOT NULL CHECK (length(figures) = 64),
            policy TEXT NOT NULL, lang TEXT NOT NULL, format TEXT NOT NULL, file TEXT NOT NULL,
            made_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX issued_reports_by_length ON issued_reports(length);
        CREATE INDEX issued_reports_by_figures ON issued_reports(figures);
        CREATE TABLE checked_copies (
            number INTEGER PRIMARY KEY,
            at TEXT NOT NULL, by TEXT NOT NULL,
            issued TEXT NOT NULL REFERENCES issued_reports(sha256),
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            good INTEGER NOT NULL CHECK (good IN (0, 1)),
            faults TEXT NOT NULL, signers TEXT NOT NULL
        ) STRICT;
        CREATE INDEX checked_copies_by_issued ON checked_copies(issued, number);
    """)


#: of every step that this release knows
NAMES = frozenset(step.name for step in MIGRATIONS._migrations)  # noqa: SLF001 - no public list
