"""The burst over a simulated office: every name that is offered, nothing to anybody else."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

import pytest

from scanner.networks import GROUPS
from scanner.pace import CAP
from scanner.wire.filters import TCP, UDP
from tests.conftest import require
from tests.lab.capture import Capture
from tests.lab.lan import Lan, office_lan
from tests.lab.namespaces import possible

pytestmark = [pytest.mark.netns, pytest.mark.slow]
LOSSES = (0.0, 0.05)
RATE = 400  #: packets per second that the identity pass is given, well under what it could


@pytest.fixture(scope="module")
def office() -> Iterator[Lan]:
    require("network namespaces", possible())
    with office_lan(hosts=300, seed=3) as lan:
        yield lan


def run(lan: Lan, technique: str, **options: object) -> dict[str, Any]:
    """What a technique gives that runs on the scanner's side."""
    argv = [sys.executable, "-m", "tests.scanner.inside", str(lan.truth_file), technique]
    found: dict[str, Any] = json.loads(lan.run(*argv, json.dumps(options)).stdout)
    return found


def offered(lan: Lan) -> set[tuple[str, str]]:
    """(address, method) of every responder that no firewall hides."""
    return {
        (host.ip, service)
        for host in lan.truth
        if host.firewall == "none" and not host.arp_only
        for service in host.udp
    }


@pytest.mark.parametrize("loss", LOSSES)
def test_every_name_that_is_offered_is_found(office: Lan, loss: float) -> None:
    wanted = offered(office)
    assert len(wanted) >= 60
    assert {service for _, service in wanted} == {"netbios", "llmnr", "mdns", "snmp", "ssdp"}
    office.set_loss(loss)
    try:
        result = run(office, "names", rate=0, communities=["public"])
    finally:
        office.set_loss(0.0)
    found = {(one["ip"], one["method"]) for one in result["partials"]}
    assert found <= wanted, "a host is given what it does not offer"
    missed = wanted - found
    assert len(missed) <= (0.02 if loss else 0) * len(wanted), missed


def test_names_are_the_hosts_own(office: Lan) -> None:
    result = run(office, "names", rate=0, communities=["public"])
    names = {host.ip: host.name for host in office.truth}
    checked = 0
    for one in result["partials"]:
        for found in one["names"]:
            assert found["name"].removesuffix(".local").lower() == names[one["ip"]].lower()
            checked += 1
    assert checked >= 60


def test_nothing_goes_outside_and_the_rate_is_kept(office: Lan) -> None:
    office.scanner.run("sysctl", "-qw", f"net.ipv6.conf.{office.interface}.disable_ipv6=1")
    with office.capture() as seen:
        result = run(office, "names", rate=CAP, communities=["public"], descriptions=False)
    allowed = {str(one) for one in office.network} | set(GROUPS)
    assert {str(one) for one in seen.destinations} <= allowed
    assert len(seen.packets) >= 500
    assert seen.dropped == 0
    assert datagrams(seen) == result["counts"]["packets_sent"]
    groups = {str(one) for one in seen.destinations if IPv4Address(str(one)).is_multicast}
    assert groups == {"224.0.0.251", "239.255.255.250"}
    assert all(raw[22] == 1 for _, raw in seen.packets if raw[0] & 1 and raw[12:14] == b"\x08\0")
    assert most_per_second(seen) <= CAP


def test_descriptions_are_asked_of_hosts_that_pointed_to_them(office: Lan) -> None:
    with office.capture() as seen:
        run(office, "names", rate=0)
    pointed = {(ip, 80) for ip, service in offered(office) if service == "ssdp"}
    assert len(pointed) >= 5
    assert tcp_doors(seen) == pointed


def datagrams(seen: Capture) -> int:
    """UDP that left; the kernel's own ARP, and ICMP to a late answer, are not counted."""
    return sum(1 for _, raw in seen.packets if raw[12:14] == b"\x08\0" and raw[23] == UDP)


def most_per_second(seen: Capture) -> int:
    """The most packets of ours in any second; the kernel's own ARP questions are not paced."""
    times = [at for at, raw in seen.packets if raw[12:14] != b"\x08\x06"]
    first = most = 0
    for last, at in enumerate(times):
        while times[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def test_identity_reads_what_the_office_says_and_no_printer_prints(office: Lan) -> None:
    ports = {host.ip: host.seen_tcp for host in office.truth if host.seen_tcp}
    assert sum(9100 in one for one in ports.values()) >= 5
    with office.capture() as seen:
        result = run(office, "identity", rate=RATE, ports=ports)
    assert len(seen.packets) >= 500
    assert most_per_second(seen) <= RATE * 1.02, "the kernel's own packets are in it"
    talked = {(host, port) for host, port in tcp_doors(seen)}
    assert len(talked) >= 100
    assert not {door for door in talked if door[1] in (515, 9100)}
    allowed = {(host, port) for host, found in ports.items() for port in found}
    assert talked <= allowed
    by_ip = {one["ip"]: one for one in result["partials"]}
    for host in office.truth:
        if 80 in host.seen_tcp and host.kind in ("printer", "camera", "switch", "nas", "phone"):
            said = dict(map(tuple, by_ip[host.ip]["evidence"]))
            assert host.vendor in said["http_title"]
    assert not result["losses"]


def tcp_doors(seen: Capture) -> set[tuple[str, int]]:
    """(address, port) of every TCP packet that left."""
    return {
        (str(IPv4Address(raw[30:34])), int.from_bytes(raw[36:38], "big"))
        for _, raw in seen.packets
        if raw[12:14] == b"\x08\0" and raw[23] == TCP
    }
