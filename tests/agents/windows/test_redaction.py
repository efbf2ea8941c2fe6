"""A recorded Windows without its names: nothing of them is left, and the facts are still facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agents.collect import collect
from agents.record import record
from agents.recorded import RecordedMachine
from tests.agents.windows.authored import TABLE, Pc

SECRETS = (
    "ketoan-phong-tang2",
    "KETOAN-PHONG-TA",
    "UBND-HUYEN",
    "S62BNX0R123456",
    "11111111-2222-3333-4444-555555555555",
    "00:1b:21:aa:bb:cc",
    "ABC1",
    "BOARD1",
)


@pytest.fixture
def pc() -> Pc:
    machine = Pc()
    machine.table = TABLE
    machine.values["domain"] = {"name": "UBND-HUYEN", "kind": "domain"}
    return machine


def written(pc: Pc, folder: Path, *, redact: bool) -> str:
    """Everything that the folder of a recording says."""
    record(pc, redact=redact).write(str(folder))
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"\n".join(path.read_bytes() for path in files).decode("utf-8", "replace")


def test_names_and_serials_are_replaced(pc: Pc, tmp_path: Path) -> None:
    left = written(pc, tmp_path / "redacted", redact=True)
    assert [secret for secret in SECRETS if secret in left] == []
    whole = written(pc, tmp_path / "whole", redact=False)
    assert [secret for secret in SECRETS if secret not in whole] == [], "the control"


def test_the_facts_keep_their_shape(pc: Pc, tmp_path: Path) -> None:
    written(pc, tmp_path / "redacted", redact=True)
    sections = ("hardware", "os", "volumes", "network")
    replayed: dict[str, Any] = collect(RecordedMachine(str(tmp_path / "redacted")), sections)
    live = collect(pc, sections)
    facts = replayed["facts"]
    assert facts["os"]["hostname"] == "host-1"
    assert (facts["network"]["domain"], facts["network"]["domain_joined"]) == ("DOMAIN-1", True)
    assert facts["network"]["interfaces"][0]["mac"].startswith("02:00:00:00:")
    assert facts["hardware"]["disks"][0]["size"] == live["facts"]["hardware"]["disks"][0]["size"]
    assert json.dumps(facts["volumes"]).count("Volume{00000000-0000-0000-0000-") == 1


def test_a_workgroup_that_is_everybodys_names_nobody(pc: Pc) -> None:
    pc.values["domain"] = {"name": "WORKGROUP", "kind": "workgroup"}
    assert record(pc, redact=True).values["domain"]["name"] == "WORKGROUP"
