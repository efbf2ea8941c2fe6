"""What nmap is asked: one connection a host, printers spared, addresses and ports alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from scanner.networks import Networks
from scanner.nmap.plan import Job, plan, unexplained
from scanner.partial import Partial
from scanner.problems import BadTarget, NotAllowed
from scanner.sighting import Port
from scanner.wire.streams import FRAGILE

NETWORKS = Networks.configured(["10.66.0.0/22", "fd00::/64", "fe80::/10"])
OFFICE = {
    "10.66.0.9": (22, 80),
    "10.66.0.10": (80, 22),
    "10.66.0.2": (445,),
    "fd00::5": (22,),
    "10.66.0.11": (),
}


def told(jobs: tuple[Job, ...]) -> list[tuple[int, list[str]]]:
    """Jobs as plain words."""
    return [(job.port, list(map(str, job.hosts))) for job in jobs]


def test_one_port_a_job_and_each_port_of_a_host_once() -> None:
    jobs = plan(OFFICE, NETWORKS).jobs
    assert told(jobs) == [
        (22, ["10.66.0.9", "10.66.0.10"]),
        (22, ["fd00::5"]),
        (80, ["10.66.0.9", "10.66.0.10"]),
        (445, ["10.66.0.2"]),
    ]
    asked = Counter((str(ip), job.port) for job in jobs for ip in job.hosts)
    assert asked == Counter((ip, port) for ip, ports in OFFICE.items() for port in ports)


def test_printers_are_left_alone_wholly() -> None:
    assert {515, 9100} <= FRAGILE
    for port in sorted(FRAGILE):
        planned = plan({"10.66.0.3": (80, port), "10.66.0.4": (80,)}, NETWORKS)
        assert planned.fragile == ("10.66.0.3",)
        assert told(planned.jobs) == [(80, ["10.66.0.4"])]


def test_link_local_addresses_are_told_and_not_asked() -> None:
    planned = plan({"fe80::1": (22,), "fd00::1": (22,)}, NETWORKS)
    assert planned.link_local == ("fe80::1",)
    assert told(planned.jobs) == [(22, ["fd00::1"])]


HOSTILE: list[Any] = [
    *("-oN/x", "--script=http-shellshock", ";", "10.66.0.1; reboot", "10.66.0.1\n10.66.0.2"),
    *("10.66.0.1 -oN /x", "10.66.0.0/24", "10.66.0.1-9", "0.0.0.0/0", "fe80::1%eth0", "1" * 65536),
    *("１０.66.0.1", "localhost", "router.lan", "$(id)", "", "10.66.0.01", "0x0a420001"),
    *("10.66.0.1\x00", "-iL", "@file"),
]


@pytest.mark.parametrize("word", HOSTILE, ids=lambda word: repr(word[:20]))
def test_what_is_no_address_is_refused(word: str) -> None:
    with pytest.raises(BadTarget, match=r"is no address|zone"):
        plan({"10.66.0.4": (22,), word: (22,)}, NETWORKS)


@pytest.mark.parametrize("word", ["10.66.4.1", "8.8.8.8", "0.0.0.1", "255.255.255.255", "::1"])
def test_an_address_outside_is_refused(word: str) -> None:
    with pytest.raises(NotAllowed):
        plan({word: (22,)}, NETWORKS)


@pytest.mark.parametrize("port", [0, -1, 65536, "22", "22,80", "-oN", "T:22", 22.5, True, None])
def test_what_is_no_port_is_refused(port: Any) -> None:
    with pytest.raises(BadTarget, match="no port"):
        plan({"10.66.0.4": [port]}, NETWORKS)


def test_only_what_nobody_explained_is_left_for_nmap() -> None:
    partials = [
        Partial("10.66.0.1", "syn", 1.0, ports=(Port("tcp", 22, "open"), Port("tcp", 80, "open"))),
        Partial("10.66.0.1", "identity", 2.0, ports=(Port("tcp", 22, "open", "ssh", "OpenSSH"),)),
        Partial("10.66.0.2", "syn", 1.0, ports=(Port("tcp", 22, "closed"),)),
        Partial("10.66.0.3", "identity", 1.0, ports=(Port("tcp", 22, "open", "ssh", "x"),)),
        Partial("10.66.0.4", "names", 1.0, ports=(Port("udp", 161, "open"),)),
    ]
    assert unexplained(partials) == {"10.66.0.1": (80,)}
    assert unexplained(reversed(partials)) == {"10.66.0.1": (80,)}
