"""A small office for the tests of the store: machines with real keys, and what they send."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from agents.identity import Identity
from agents.transport import signed_report
from inventory import agents, tokens
from inventory.document import decode_report
from inventory.findings import Finding
from inventory.intake import Incoming
from inventory.store import Store
from server import evidence

NOW = datetime(2026, 11, 23, 8, 0, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {"os": {"family": "linux", "name": "Debian"}}


def at(seconds: int) -> datetime:
    """A moment so many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def token(store: Store, *, approve: bool = True, uses: int = 1) -> str:
    """A token of one hour."""
    return tokens.create(
        store,
        approve=approve,
        expires_at=at(3600),
        max_uses=uses,
        unit=None,
        by="officer",
        now=NOW,
    )


class Machine:
    """One PC with a key of its own, the same for the same name."""

    def __init__(self, name: str = "pc-1") -> None:
        self.name = name
        self.identity = Identity(hashlib.sha256(name.encode()).digest())
        self.agent = agents.agent_id(self.identity.public_key)
        self.device = f"d-{self.agent[:12]}"

    def enrol(self, store: Store, *, approve: bool = True) -> agents.Agent:
        """Enrol, with a new token."""
        return agents.enrol(
            store,
            token=token(store, approve=approve),
            public_key=self.identity.public_key,
            name=self.name,
            platform="linux",
            peer="10.0.0.1",
            now=NOW,
        )

    def sends(
        self,
        sequence: int = 1,
        *,
        epoch: int = 1,
        facts: dict[str, Any] | None = None,
        unknown: dict[str, Any] | None = None,
        seconds: int = 0,
        peer: str = "10.0.0.1",
    ) -> Incoming:
        """A report as it stands after admission, rightly signed."""
        document = {
            "catalogue": 1,
            "agent": {"version": "0.1.0"},
            "collected_at": "2026-11-23T08:00:00Z",
            "facts": FACTS if facts is None else facts,
            "unknown": unknown or {},
        }
        raw = json.dumps(document).encode()
        body = gzip.compress(raw, mtime=0)
        request = signed_report(self.identity, epoch, sequence, body, int(NOW.timestamp()))
        headers = {name.lower(): value for name, value in request.headers.items()}
        return Incoming(
            agent=self.agent,
            epoch=epoch,
            sequence=sequence,
            digest=hashlib.sha256(body).digest(),
            signed=evidence.packed("POST", "/api/v1/reports", headers),
            body=body,
            report=decode_report(raw),
            received_at=at(seconds),
            peer=peer,
            skew_seconds=0,
        )


def rows(store: Store, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """What a question to the database gives."""
    return list(store.reader().execute(sql, parameters).fetchall())


def finding(result: str, machine: Machine, **other: Any) -> Finding:
    """What one rule says of a machine."""
    made = Finding(
        device=machine.device,
        policy="office-baseline",
        policy_version="1",
        rule="FW-001",
        rule_hash="r1",
        facts_hash="f1",
        result=result,
        reason="not_elevated" if result == "unknown" else "",
        explanation_vi="Tường lửa tắt",
        explanation_en="The firewall is off",
        evidence={"report": f"{machine.agent}/1/1", "values": {"firewall.effective": "off"}},
    )
    return dataclasses.replace(made, **other)
