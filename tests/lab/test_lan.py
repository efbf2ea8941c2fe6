"""The laboratory itself, seen by other people's tools: it is what its truth says."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import require
from tests.lab.hosts import Host
from tests.lab.lan import HERE, Lan, cards, office_lan
from tests.lab.namespaces import possible

pytestmark = [pytest.mark.netns, pytest.mark.slow]


@pytest.fixture(scope="module")
def lan() -> Iterator[Lan]:
    require("network namespaces", possible())
    with office_lan() as up:
        yield up


def swept(lan: Lan, *options: str) -> dict[str, str]:
    """IP → MAC as arp-scan sees it."""
    said = lan.run("arp-scan", "-I", HERE, "-x", "-i20u", "-t50", *options, str(lan.network)).stdout
    return {ip: mac for ip, mac, *_ in (line.split("\t") for line in said.splitlines() if line)}


def tcp(lan: Lan, host: Host, port: int) -> str:
    """One port's state and reason as nmap sees it."""
    said = lan.run("nmap", "-n", "-Pn", "-sS", "--reason", "-p", str(port), host.ip).stdout
    return " ".join(next(line for line in said.splitlines() if "/tcp" in line).split()[1:4])


def echoes(lan: Lan, ip: str) -> bool:
    """Whether an address answers an ICMP echo request, as nmap sees it."""
    said = lan.run("nmap", "-n", "-sn", "-PE", "--send-ip", "--disable-arp-ping", ip).stdout
    return "Host is up" in said


def test_every_host_has_its_own_address_and_mac(lan: Lan) -> None:
    assert len(lan.truth) == 568
    assert swept(lan, "-r5") == {host.ip: host.mac for host in lan.truth}


def test_an_office_has_all_kinds_and_walls(lan: Lan) -> None:
    kinds = Counter(host.kind for host in lan.truth)
    assert kinds["pc"] > 400
    assert {"printer", "camera", "switch", "nas", "server", "phone"} <= set(kinds)
    assert {host.firewall for host in lan.truth} == {"none", "drop", "reject", "openings"}
    assert any(host.arp_only for host in lan.truth)


@pytest.mark.parametrize(
    ("firewall", "offered", "closed"),
    [
        ("none", "syn-ack", "reset"),
        ("openings", "syn-ack", "no-response"),
        ("drop", "no-response", "no-response"),
        ("reject", "admin-prohibited", "admin-prohibited"),
    ],
)
def test_each_firewall_does_what_its_word_says(
    lan: Lan, firewall: str, offered: str, closed: str
) -> None:
    fitting = [
        host
        for host in lan.truth
        if host.firewall == firewall and host.open_tcp and not host.arp_only
    ]
    for host in fitting[:3]:
        assert offered in tcp(lan, host, host.open_tcp[0])
        assert closed in tcp(lan, host, 29_999)
    assert len(fitting) >= 3


def test_what_answers_arp_only_answers_nothing_else(lan: Lan) -> None:
    quiet = next(host for host in lan.truth if host.arp_only)
    assert "no-response" in tcp(lan, quiet, 445)
    assert not echoes(lan, quiet.ip)
    other = next(host for host in lan.truth if host.filtering == "open")
    assert echoes(lan, other.ip), "the control"


def test_packets_get_lost_as_asked_for(lan: Lan) -> None:
    lan.set_loss(0.2)
    try:
        lossy = len(swept(lan, "-r1"))
    finally:
        lan.set_loss(0.0)
    assert len(swept(lan, "-r1")) == 568, "the control"
    assert abs(lossy - 568 * 0.8**2) < 60


def test_the_capture_sees_what_is_sent(lan: Lan) -> None:
    with lan.capture() as seen:
        swept(lan, "-r1")
    assert len(seen.packets) >= 1022
    assert seen.kinds()["broadcast"] >= 1022
    assert {str(one) for one in seen.destinations} >= {host.ip for host in lan.truth}
    assert seen.dropped == 0


def test_nothing_leads_out_of_the_laboratory(lan: Lan) -> None:
    assert cards(lan.scanner) == ["lo", HERE]
    assert "default" not in lan.run("ip", "route").stdout


def namespaces() -> set[str]:
    """The namespaces that this process made: others test beside it."""
    said = subprocess.run(["ip", "netns"], check=True, capture_output=True, text=True).stdout
    return {name for name in said.split() if name.startswith(f"rst{os.getpid()}-")}


def test_it_is_torn_down_even_when_the_test_fails() -> None:
    require("network namespaces", possible())
    before, links = namespaces(), set(Path("/sys/class/net").iterdir())
    with suppress(KeyboardInterrupt), office_lan(hosts=20, network="10.67.0.0/26") as up:
        assert namespaces() > before
        assert len(up.truth) == 20
        raise KeyboardInterrupt
    assert namespaces() == before
    assert set(Path("/sys/class/net").iterdir()) == links
