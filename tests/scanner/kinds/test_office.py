"""Kinds of a simulated office: right on 95 of 100 hosts, and never wrong and sure."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.conftest import require
from tests.lab.lan import Lan, office_lan
from tests.lab.namespaces import possible

pytestmark = [pytest.mark.netns, pytest.mark.slow]
SURE = 0.7  #: a confidence that a person acts on


def scanned(lan: Lan) -> list[dict[str, Any]]:
    """Every sighting that the command prints of the office's hosts."""
    argv = [sys.executable, "-m", "rasoat", "scan", str(lan.network), "--fast", "--json"]
    lines = [json.loads(line) for line in lan.run(*argv).stdout.splitlines()]
    return [one for one in lines if "ip" in one and one["ip"] != lan.address]


def share_right(lan: Lan, said: dict[str, str]) -> float:
    """The share of hosts whose kind is right."""
    return sum(kind == lan.host(ip).kind for ip, kind in said.items()) / len(said)


@pytest.mark.parametrize("seed", [1, 7])
def test_kinds_of_an_office(seed: int) -> None:
    require("network namespaces", possible())
    with office_lan(seed=seed) as lan:
        found = scanned(lan)
        assert len(found) >= 560
        with_evidence = [one for one in found if one.get("kind_reasons")]
        assert len(with_evidence) >= 550
        said = {one["ip"]: one.get("kind", "unknown") for one in with_evidence}
        assert share_right(lan, said) >= 0.95
        wrong_and_sure = [
            (one["ip"], lan.host(one["ip"]).kind, one["kind"], one["kind_reasons"])
            for one in found
            if one.get("kind_confidence", 0) >= SURE and one["kind"] != lan.host(one["ip"]).kind
        ]
        assert wrong_and_sure == []
        sure = [one for one in found if one.get("kind_confidence", 0) >= SURE]
        assert len({one["kind"] for one in sure}) >= 6, "sure of nothing is no merit"
        # The control: whoever calls everything a PC does not reach the share.
        assert share_right(lan, dict.fromkeys(said, "pc")) < 0.95
