"""A simulated office LAN in network namespaces: up in a second, torn down whatever happens.

Two namespaces and one cable (veth): the scanner's side and the office's. Nothing leads outside, so
no packet of a scan can leave. Each host has an IP and a MAC of its own, see `tests.lab.walls`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Network
from pathlib import Path

from tests.conftest import ROOT
from tests.lab import hosts as truth
from tests.lab import walls
from tests.lab.capture import Capture
from tests.lab.hosts import Host
from tests.lab.namespaces import Namespace

HERE, THERE = "lan0", "off0"  #: the cable's ends: the scanner's and the office's
_CARRIER = 5.0  #: seconds that a cable may take to be there
_SYSCTLS = {
    "net.ipv4.icmp_ratelimit": "0",  # a Linux host's own limit is per host: here they are 568
    "net.ipv4.icmp_msgs_per_sec": "1000000",
    "net.ipv4.tcp_max_syn_backlog": "65536",
    "net.core.somaxconn": "4096",
    "net.ipv4.tcp_syncookies": "0",
    "net.ipv4.icmp_echo_ignore_broadcasts": "1",
}


class Lan:
    """The LAN while it is up."""

    def __init__(self, network: IPv4Network, found: list[Host], folder: Path) -> None:
        self.network = network
        self.truth = found
        self.truth_file = folder / "truth.json"
        self.scanner, self.office = Namespace("scanner"), Namespace("office")
        self.interface = HERE
        self.address = str(network[-2])
        truth.write(found, self.truth_file)

    def wire(self) -> None:
        """Give every host its address; lay the cable, unless a slow one lies there."""
        if HERE not in cards(self.scanner):
            cable(self.scanner, HERE, self.office, THERE)
        length = self.network.prefixlen
        self.scanner.run("ip", "addr", "add", f"{self.address}/{length}", "dev", HERE)
        self.scanner.run("ip", "link", "set", HERE, "up")
        self.office.run("ip", "link", "set", THERE, "up")
        lines = [f"addr add {host.ip}/{length} dev {THERE} noprefixroute" for host in self.truth]
        lines.append(f"route add {self.network} dev {THERE}")
        lines.append("route add 224.0.0.0/4 dev " + THERE)
        self.office.run("ip", "-batch", "-", input="\n".join(lines))
        for name, value in _SYSCTLS.items():
            self.office.run("sysctl", "-qw", f"{name}={value}", check=False)
        self._rules(walls.macs(self.truth, THERE) + walls.firewalls(self.truth))

    def set_loss(self, share: float) -> None:
        """Lose this share of packets in each direction from now on."""
        self.office.run("nft", "delete", "table", "netdev", "losses", check=False)
        if share:
            self._rules(walls.losses(THERE, share))

    def _rules(self, text: str) -> None:
        self.office.run("nft", "-f", "-", input=text)

    def run(self, *argv: str, **options: object) -> subprocess.CompletedProcess[str]:
        """Run a program on the scanner's side."""
        return self.scanner.run(*argv, **options)  # type: ignore[arg-type]

    @contextmanager
    def capture(self) -> Iterator[Capture]:
        """Every packet that the scanner's side sends, for the time of a ``with``."""
        with Capture(self.office, THERE) as found:
            yield found

    def host(self, ip: str) -> Host:
        """The host of an address."""
        return next(one for one in self.truth if one.ip == ip)


@contextmanager
def services(space: Namespace, file: Path) -> Iterator[None]:
    """What the hosts of a truth file offer, for the time of a ``with``."""
    with running(space, "tests.lab.office", str(file)):
        yield


@contextmanager
def running(space: Namespace, module: str, *arguments: str) -> Iterator[None]:
    """A program of the laboratory inside a namespace, from its "ready" to the end of a ``with``."""
    argv = space.command([sys.executable, "-m", module, *arguments])
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise AssertionError(f"{module} did not start")
            yield
        finally:
            process.terminate()


@contextmanager
def office_lan(
    hosts: int = 568,
    network: str = "10.66.0.0/22",
    *,
    loss: float = 0.0,
    delay: float = 0.0,
    seed: int = 1,
) -> Iterator[Lan]:
    """A LAN of so many simulated hosts.

    ``loss`` is the share of packets lost, and ``delay`` the seconds taken, in each direction.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rasoat-lab-")))
        where = IPv4Network(network)
        lan = Lan(where, truth.made(hosts, where, seed), folder)
        stack.enter_context(lan.scanner)
        stack.enter_context(lan.office)
        if delay:
            stack.enter_context(slow_cable(lan, delay))
        lan.wire()
        wait_for_carrier(lan.scanner, HERE)
        stack.enter_context(services(lan.office, lan.truth_file))
        lan.set_loss(loss)
        yield lan


@contextmanager
def slow_cable(lan: Lan, delay: float) -> Iterator[None]:
    """Two cables with a relay between them, which passes every frame on so many seconds later."""
    with Namespace("relay") as between:
        cable(lan.scanner, HERE, between, "left")
        cable(lan.office, THERE, between, "right")
        for card in ("left", "right"):
            between.run("sysctl", "-qw", f"net.ipv6.conf.{card}.disable_ipv6=1")
            between.run("ip", "link", "set", card, "up", "arp", "off")
        with running(between, "tests.lab.relay", "left", "right", str(delay)):
            yield


def wait_for_carrier(space: Namespace, card: str) -> None:
    """The kernel may take a second to find that a cable is plugged in at both ends."""
    ends = time.monotonic() + _CARRIER
    while '"operstate":"UP"' not in space.run("ip", "-j", "link", "show", card).stdout:
        assert time.monotonic() < ends, f"{card} has no carrier"
        time.sleep(0.02)


def cable(one: Namespace, card: str, other: Namespace, peer: str) -> None:
    """A veth pair between two namespaces."""
    one.run("ip", "link", "add", card, "type", "veth", "peer", "name", peer, "netns", other.name)


def cards(space: Namespace) -> list[str]:
    """The names of a namespace's interfaces."""
    found = json.loads(space.run("ip", "-j", "link", "show").stdout)
    return [one["ifname"] for one in found]
