"""Against real daemons: names, products and certificates, and nmap as the second opinion."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nmap
import pytest

from tests.conftest import require
from tests.lab.namespaces import Namespace, possible
from tests.scanner.identity.daemons import COMMUNITY, IP, LINK_LOCAL, NETWORK, TCP, daemons, missing

pytestmark = [pytest.mark.netns, pytest.mark.slow]


@pytest.fixture(scope="module")
def scanner() -> Iterator[Namespace]:
    require("network namespaces", possible())
    require(f"daemons {missing()}", not missing())
    with daemons() as side:
        yield side


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("truth") / "truth.json"
    path.write_text(json.dumps([{"ip": IP}]), "utf-8")
    return path


def run(scanner: Namespace, truth: Path, technique: str, **options: object) -> dict[str, Any]:
    said = json.dumps({"rate": 0, "networks": [NETWORK], **options})
    argv = [sys.executable, "-m", "tests.scanner.inside", str(truth), technique, said]
    found: dict[str, Any] = json.loads(scanner.run(*argv).stdout)
    return found


def test_every_protocol_gives_the_daemons_own_names(scanner: Namespace, truth: Path) -> None:
    result = run(scanner, truth, "names", communities=[COMMUNITY], resolver=IP)
    names = {(name["source"], name["name"]) for one in result["partials"] for name in one["names"]}
    assert names == {
        ("netbios", "PC-VANTHU-09"),
        ("mdns", "may-in-avahi.local"),
        ("snmp", "SRV-TRUNGTAM"),
        ("dns", "srv.ubnd.example"),
    }
    evidence = {tuple(pair) for one in result["partials"] for pair in one["evidence"]}
    assert {
        ("netbios_group", "UBND"),
        ("snmp_descr", "Simulated server"),
        ("mdns_service", "_workstation._tcp"),
    } <= evidence
    assert not any(one["flags"] for one in result["partials"])


def test_a_community_that_is_not_the_devices_gives_nothing(scanner: Namespace, truth: Path) -> None:
    result = run(scanner, truth, "names", communities=["public"])
    assert "snmp" not in {one["method"] for one in result["partials"]}
    assert {one["method"] for one in result["partials"]} >= {"netbios", "mdns"}, "the control"


def test_the_identity_pass_names_what_nmap_names(scanner: Namespace, truth: Path) -> None:
    result = run(scanner, truth, "identity", ports={IP: TCP})
    (found,) = result["partials"]
    ours = {port["port"]: (port["service"], port["product"]) for port in found["ports"]}
    assert ours == {
        21: ("ftp", "vsFTPd"),
        22: ("ssh", "OpenSSH"),
        23: ("telnet", ""),
        53: ("dns", "dnsmasq"),
        80: ("http", "nginx"),
        443: ("https", "nginx"),
        445: ("smb", "Samba"),
        631: ("ipp", "CUPS"),
    }
    names = {(name["source"], name["name"]) for name in found["names"]}
    assert ("certificate", "web.ubnd.example") in names
    assert ("smb", "PC-VANTHU-09") in names
    assert {("http_title", "Cổng nội bộ"), ("ipp_name", "may-in-tang-2")} <= {
        tuple(pair) for pair in found["evidence"]
    }
    assert found["flags"] == []
    assert result["counts"]["connections"]["identity"] <= len(TCP) + 3
    by_nmap = versions(scanner)
    assert len(by_nmap) >= 7
    only_nmap = {port: one for port, one in by_nmap.items() if port not in ours}
    assert only_nmap.keys() <= {139}, "NetBIOS sessions are SMB's, which is read on 445"
    for port in by_nmap.keys() & ours.keys() - {23, 445}:
        version = next(one["version"] for one in found["ports"] if one["port"] == port)
        assert by_nmap[port].split(" ")[0] == version, port


def test_ipv6_addresses_of_the_link_are_asked_alike(scanner: Namespace, truth: Path) -> None:
    inside = {"networks": ["fe80::/10"]}
    (found,) = run(scanner, truth, "identity", ports={LINK_LOCAL: [22]}, **inside)["partials"]
    assert (found["ip"], found["ports"][0]["product"]) == (LINK_LOCAL, "OpenSSH")
    result = run(scanner, truth, "names", hosts=[LINK_LOCAL], **inside)
    assert result["counts"]["sent"]["mdns"] >= 2
    assert result["counts"]["broadcasts"] == {"mdns": 2, "ssdp": 2, "wsd": 2}
    assert not result["losses"]


def versions(scanner: Namespace) -> dict[int, str]:
    """Port → version, of those that nmap told by what was said there."""
    wanted = ",".join(map(str, TCP))
    done = scanner.run("nmap", "-n", "-Pn", "-sV", "-p", wanted, "-oX", "-", IP)
    host = nmap.PortScanner().analyse_nmap_xml_scan(done.stdout)["scan"][IP]
    return {port: one["version"] for port, one in host["tcp"].items() if one["conf"] == "10"}
