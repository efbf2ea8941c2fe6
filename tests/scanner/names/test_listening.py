"""Listening: everything that is said is heard, nothing at all is sent, memory is bounded."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from ipaddress import IPv4Interface, IPv6Interface
from typing import Any

import pytest

from language.said import said
from scanner.heard import Heard
from scanner.interfaces import Interface
from scanner.names import listening
from scanner.names.listening import Memory
from scanner.networks import Networks
from scanner.scanning import Scanning
from scanner.sighting import Name
from tests.conftest import ROOT, require
from tests.lab.lan import THERE, Lan, office_lan
from tests.lab.namespaces import possible
from tests.scanner.names import answers
from tests.scanner.names.answers import IP_ADDRESS, MAC

CARD = Interface(
    "lan0",
    2,
    "02:00:5e:00:00:01",
    (IPv4Interface("10.66.3.254/22"), IPv6Interface("fe80::1/64")),
    up=True,
    loopback=False,
)


def memory() -> tuple[Memory, Scanning]:
    one = Scanning(Networks.configured(["10.66.0.0/22", "10.67.0.0/24"]), (CARD,))
    return Memory(one, CARD), one


def test_what_is_known_is_given_once() -> None:
    kept, _ = memory()
    frame = answers.arp()
    (first,) = kept.take(frame, 1.0)
    assert (first.ip, first.mac, first.method) == (IP_ADDRESS, MAC, "listening")
    assert list(kept.take(frame, 2.0)) == []
    (second,) = kept.take(answers.frame(answers.mdns(), 5353), 3.0)
    assert Name("laser2.local", "mdns") in second.names


def test_a_dhcp_client_without_an_address_is_named_once_it_has_one() -> None:
    kept, _ = memory()
    assert list(kept.take(answers.frame(answers.dhcp("discover"), 67, "0.0.0.0"), 1.0)) == []  # noqa: S104 - DHCP
    (found,) = kept.take(answers.arp(), 2.0)
    assert Name("PC-VANTHU-01", "dhcp") in found.names
    assert ("dhcp_vendor", "MSFT 5.0") in found.evidence


def test_addresses_outside_are_counted_and_those_behind_a_router_have_no_card() -> None:
    kept, one = memory()
    assert list(kept.take(answers.arp(ip="10.99.0.1"), 1.0)) == []
    assert list(kept.take(answers.arp(ip="8.8.8.8"), 1.0)) == []
    assert one.ledger.ignored["outside"] == 2
    (routed,) = kept.take(answers.frame(answers.mdns(), 5353, "10.67.0.9"), 1.0)
    assert routed.mac == "", "the frame's address is the router's"


def test_a_storm_of_made_up_hosts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOST_HOSTS", 500)
    monkeypatch.setattr(listening, "MOST_LEASES", 100)
    kept, one = memory()
    chance = random.Random(4)
    given = 0
    base = answers.arp(ip="10.66.0.1")
    for _ in range(50_000):
        ip = bytes((10, 66, chance.randrange(4), chance.randrange(256)))
        mac = chance.randbytes(6)
        frame = base[:6] + mac + base[12:22] + mac + ip + base[32:]
        given += len(list(kept.take(frame, 1.0)))
    assert given == 500
    assert one.ledger.ignored["too_many"] >= 49_000
    before = answers.dhcp("discover")
    for _ in range(300):
        before.chaddr = chance.randbytes(6)
        list(kept.take(answers.frame(before, 67), 1.0))
    assert len(kept._leases) == 100


def test_texts_are_bounded_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOST_TEXT", 20_000)
    kept, one = memory()
    chance = random.Random(5)
    for _ in range(500):
        text = answers.SSDP.replace(b"Linux/3.14", chance.randbytes(120).hex().encode())
        ip = f"10.66.{chance.randrange(4)}.{chance.randrange(1, 255)}"
        list(kept.take(answers.frame(text, 1900, ip), 1.0))
    assert sum(heard.size for heard in kept._known.values()) <= 20_000
    assert one.ledger.ignored["too_many"] >= 100
    assert any(heard != Heard() for heard in kept._known.values())


@pytest.mark.netns
@pytest.mark.slow
def test_listening_hears_an_office_and_sends_nothing() -> None:
    require("network namespaces", possible())
    with office_lan(hosts=20, seed=2) as lan:
        lan.scanner.run("sysctl", "-qw", f"net.ipv6.conf.{lan.interface}.disable_ipv6=1")
        host = next(one for one in lan.truth if one.firewall == "none")
        time.sleep(1)  # the kernel's own farewells to IPv6
        with lan.capture() as silence:
            result = listened(lan, host.ip, host.mac)
        with lan.capture() as control:
            lan.run(
                sys.executable, "-m", "tests.scanner.inside", str(lan.truth_file), "names", "{}"
            )
    assert silence.packets == [], "listening sends no packet at all"
    assert len(control.packets) >= 20, "the control: the same capture sees what is sent"
    own = [one for one in result["partials"] if one["ip"] == host.ip and one["mac"] == host.mac]
    evidence = {what for one in own for what, _ in one["evidence"]}
    assert {"mdns_service", "ssdp_server", "wsd_type", "dhcp_vendor", "dhcp_client"} <= evidence
    assert {one["source"] for found in own for one in found["names"]} == {"dhcp"}
    assert not any(one["ip"] == "8.8.8.8" for one in result["partials"])
    assert result["counts"]["ignored"]["outside"] >= 1
    assert len(result["partials"]) >= 500, "the storm was heard as well"


def listened(lan: Lan, ip: str, mac: str) -> dict[str, Any]:
    """What is heard while one host speaks, and a storm after it."""
    options = json.dumps({"interface": lan.interface, "seconds": 4})
    argv = [sys.executable, "-m", "tests.scanner.inside", str(lan.truth_file), "listen", options]
    command = lan.scanner.command(argv)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as hearing:
        time.sleep(1.5)
        lan.office.run(
            sys.executable, "-m", "tests.scanner.names.speaking", THERE, ip, mac, cwd=ROOT
        )
        said, _ = hearing.communicate(timeout=30)
    found: dict[str, Any] = json.loads(said)
    return found


def test_no_rights_is_a_stated_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    from scanner.problems import CannotScan

    def refused(*_: object) -> None:
        raise CannotScan(said("raw sockets need root, or the capability CAP_NET_RAW"))

    monkeypatch.setattr(listening, "Link", refused)
    one = Scanning(Networks.configured(["10.66.0.0/22"]), (CARD,))
    assert list(listening.listen(one, CARD, 1.0)) == []
    assert [(loss.technique, loss.reason) for loss in one.losses] == [("listening", "no_rights")]
