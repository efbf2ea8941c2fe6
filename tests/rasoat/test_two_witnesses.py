"""Two witnesses in the laboratory: what PCs claim of their firewalls, and what the network shows.

The PCs' reports are authored (and rightly signed in form); every sighting is of a real scan of the
simulated LAN.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory import devices, intake
from inventory.devices import DeviceView
from inventory.store import Store
from policies.load import load_policy
from rasoat import judging
from reports.summary import FindingLine, Summary
from tests.conftest import ROOT, require
from tests.inventory.office import Machine
from tests.lab.hosts import Host
from tests.lab.lan import Lan, office_lan
from tests.lab.namespaces import possible

pytestmark = [pytest.mark.netns, pytest.mark.slow]
NETWORK = "10.66.0.0/24"


@pytest.fixture(scope="module")
def lan() -> Iterator[Lan]:
    require("network namespaces", possible())
    with office_lan(60, NETWORK, seed=3) as made:
        yield made


def claims(store: Store, host: Host, firewall: str, now: datetime) -> None:
    """A PC's agent says that its firewall is on, or off."""
    pc = Machine(host.name)
    pc.enrol(store)
    facts = {
        "os": {"family": "windows", "hostname": host.name},
        "firewall": {"effective": firewall},
        "network": {
            "interfaces": [
                {
                    "name": "Ethernet",
                    "kind": "ethernet",
                    "mac": host.mac,
                    "addresses": [{"address": host.ip, "prefix": 24}],
                }
            ],
            "listening": [
                {"protocol": "tcp", "address": host.ip, "port": port} for port in host.open_tcp
            ],
        },
    }
    sent = replace(pc.sends(facts=facts), received_at=now)
    assert intake.accept(store, [sent])[0].outcome == "stored"


def scanned(lan: Lan, folder: Path) -> None:
    argv = [sys.executable, "-m", "rasoat", "--data", str(folder), "scan", NETWORK, "--fast"]
    done = lan.run(*argv, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_who_is_contradicted_and_who_is_confirmed(lan: Lan, tmp_path: Path) -> None:
    folder, now = tmp_path / "dữ liệu", datetime.now(UTC).replace(microsecond=0)
    pcs = [host for host in lan.truth if host.kind == "pc"]
    bare = [host for host in pcs if host.firewall == "none"][:4]
    walled = [host for host in pcs if host.firewall == "drop" and not host.arp_only][:6]
    honest = [host for host in pcs if host.firewall == "none"][4:6]
    assert (len(bare), len(walled), len(honest)) == (4, 6, 2)
    with closing(Store.create(folder)) as store:
        for host in (*bare, *walled):
            claims(store, host, "on", now)
        for host in honest:
            claims(store, host, "off", now)
    scanned(lan, folder)
    summary = judging.judged(folder, load_policy("office-baseline"), datetime.now(UTC))
    firewall = summary.headline
    assert "Contradicted by the network: 4" in firewall.sentence["en"]
    assert "Mạng cho thấy điều ngược lại: 4" in firewall.sentence["vi"]
    assert "Confirmed by the network: 6, claimed only: 0" in firewall.sentence["en"]
    assert "Fail: 2" in firewall.sentence["en"]
    assert firewall.verdict == "not_met"
    with closing(Store.open(folder, read_only=True)) as store:
        known = {one.name: one for one in devices.everything(store)}
    for host in bare:
        told = said(summary, host.name)
        assert (told.result, told.reason) == ("unknown", "contradicted")
        assert "the agent says on, but the network shows no packet filter" in told.explanation["en"]
    assert {about(known[host.name])["firewall"] for host in (*walled, *honest)} == {True}
    assert {about(known[host.name])["firewall"] for host in bare} == {False}
    strangers = [one for one in known.values() if one.state == "unknown_device"]
    assert len(strangers) >= 40  # the other hosts of the LAN: seen, nobody's, and never a pass
    assert len(summary.devices) == 12


def said(summary: Summary, name: str) -> FindingLine:
    """The firewall finding of a machine."""
    device = next(one for one in summary.devices if one.name == name)
    return next(one for one in device.findings if one.rule == "FW-001")


def about(device: DeviceView) -> dict[str, bool]:
    """What was compared, and whether it agreed."""
    return {one.about: one.confirmed for one in device.compared}
