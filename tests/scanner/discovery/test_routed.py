"""Hosts behind a router: found without a MAC, over a lossy line and a slow one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest

from scanner.ports.lists import named
from tests.conftest import ROOT, require
from tests.lab.far import Far, far_lan
from tests.lab.hosts import Host
from tests.lab.lan import Lan, office_lan
from tests.lab.namespaces import possible

pytestmark = [pytest.mark.netns, pytest.mark.slow]
NEAR = 24  #: hosts of the near LAN


@pytest.fixture(scope="module")
def near() -> Iterator[Lan]:
    require("network namespaces", possible())
    with office_lan(NEAR, "10.66.0.0/24") as made:
        yield made


@pytest.fixture(scope="module")
def far(near: Lan) -> Iterator[Far]:
    with far_lan(near) as made:
        yield made


def scanned(near: Lan, far: Far) -> tuple[dict[str, dict[str, object]], dict[str, object]]:
    """(address → sighting, the last line) of a scan of the far LAN."""
    argv = (sys.executable, "-m", "rasoat", "scan", str(far.network), "--json", "--fast")
    config = near.truth_file.with_name("scan.yaml")
    config.write_text(f"networks: [{{cidr: {far.network}}}]\n", "utf-8")
    out = near.run(*argv, "--ports", "none", "--config", str(config), cwd=ROOT).stdout
    *lines, last = map(json.loads, out.splitlines())
    return {one["ip"]: one for one in lines}, last["scan"]


def heard(far: Far) -> set[str]:
    """Whoever answers anything that is asked: a silent wall without a door answers nobody."""
    asked = {443, 80, 445, 22, 3389}

    def answers(host: Host) -> bool:
        return host.firewall in ("none", "reject") or bool(set(host.open_tcp) & asked)

    return {host.ip for host in far.truth if host.firewall != "drop" and answers(host)}


@pytest.mark.parametrize("loss", [0.0, 0.05])
def test_they_are_found_by_way_of_the_router(near: Lan, far: Far, loss: float) -> None:
    near.set_loss(loss)
    found, scan = scanned(near, far)
    near.set_loss(0)
    router = str(far.network[-2])
    assert len(heard(far)) >= 15
    assert set(found) - {router} == heard(far)
    assert all("mac" not in one for one in found.values())  # the router's is not theirs
    methods = {str(method) for one in found.values() for method in one["methods"]}  # type: ignore[attr-defined]
    assert methods >= {"echo", "tcp_answer"}
    assert scan["complete"]


def test_far_hosts_that_drop_everything_are_not_called_absent(near: Lan, far: Far) -> None:
    """The control of the test above: some are there and unheard, and the truth knows it."""
    found, _ = scanned(near, far)
    silent = {host.ip for host in far.truth} - set(found)
    assert len(silent) >= 10


def test_a_slow_line_costs_patience_and_nobody() -> None:
    require("network namespaces", possible())
    with office_lan(40, "10.66.0.0/24", delay=0.05) as slow:
        argv = (sys.executable, "-m", "rasoat", "scan", str(slow.network), "--json", "--fast")
        *lines, last = map(json.loads, slow.run(*argv, cwd=ROOT).stdout.splitlines())
        found = {one["ip"]: one for one in lines if one["ip"] != slow.address}
        assert set(found) == {host.ip for host in slow.truth}
        assert {ip: one["mac"] for ip, one in found.items()} == {h.ip: h.mac for h in slow.truth}
        for host in slow.truth:
            told = {
                one["port"] for one in found[host.ip].get("ports", ()) if one["state"] == "open"
            }
            assert set(host.seen_tcp) & set(named("quick")) <= told
        assert last["scan"]["loss"] == 0.0
