"""The guard of tests/guard.py: each way out is refused, and what stays inside is not."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.conftest import ROOT, require
from tests.guard import Outside
from tests.lab.namespaces import Namespace, possible

ELSEWHERE = "198.51.100.7"  #: of a block that nobody has (RFC 5737)


def datagram(host: str) -> None:
    """Send one datagram."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", (host, 9))


def connection(host: str) -> None:
    """Begin one connection."""
    with socket.socket() as one:
        one.settimeout(0.2)
        one.connect((host, 9))


WAYS_OUT: dict[str, Callable[[], object]] = {
    "a datagram": lambda: datagram(ELSEWHERE),
    "a broadcast": lambda: datagram("255.255.255.255"),
    "a group": lambda: datagram("224.0.0.251"),
    "the machine's own LAN": lambda: datagram("192.168.1.1"),
    "a connection": lambda: connection(ELSEWHERE),
    "a name": lambda: socket.getaddrinfo("example.org", 80),
    "a packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0),
    "a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    "nmap": lambda: subprocess.run(["nmap", "-sn", "10.0.0.0/24"], check=False),
    "nmap, its version told by the way": lambda: subprocess.run(
        ["nmap", "-V", "10.0.0.1"], check=False
    ),
    "our scan": lambda: subprocess.run(
        [sys.executable, "-m", "rasoat", "scan", "10.0.0.0/24"], check=False
    ),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_way_leads_out(way: str) -> None:
    with pytest.raises(Outside):
        WAYS_OUT[way]()


def test_loopback_is_free() -> None:
    """The control: what is refused is the address, not the socket."""
    datagram("127.0.0.1")
    with pytest.raises(ConnectionRefusedError):
        connection("127.0.0.1")
    assert socket.getaddrinfo("localhost", 80)


def test_asking_a_scanner_its_version_is_free() -> None:
    require("nmap", shutil.which("nmap") is not None)
    said = subprocess.run(["nmap", "-V"], check=True, capture_output=True, text=True).stdout
    assert said.startswith("Nmap version")
    assert socket.getaddrinfo(ELSEWHERE, 80, flags=socket.AI_NUMERICHOST)


@pytest.mark.netns
def test_a_namespace_of_a_test_is_free() -> None:
    require("network namespaces", possible())
    require("ip", shutil.which("ip") is not None)
    with Namespace("guard") as made:
        said = made.run(
            sys.executable, "-c", "import socket; socket.socket(17, 3, 0); print('open')", cwd=ROOT
        )
    assert said.stdout == "open\n"
