"""A simulated office LAN in network namespaces: up in a second, torn down whatever happens.

Two namespaces and one cable (veth): the scanner's side and the office's. Nothing leads outside, so
no packet of a scan can leave. Each host has an IP and a MAC of its own, see `tests.lab.walls`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
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
        """Lay the cable, give every host its address."""
        self.scanner.run(
            *("ip", "link", "add", HERE, "type", "veth", "peer", "name", THERE),
            *("netns", self.office.name),
        )
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

    @contextmanager
    def answering(self) -> Iterator[None]:
        """The hosts' services, for the time of a ``with``."""
        argv = self.office.command([sys.executable, "-m", "tests.lab.office", str(self.truth_file)])
        with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                if process.stdout.readline() != "ready\n":
                    raise AssertionError("the office's services did not start")
                yield
            finally:
                process.terminate()

    def host(self, ip: str) -> Host:
        """The host of an address."""
        return next(one for one in self.truth if one.ip == ip)


@contextmanager
def office_lan(
    hosts: int = 568,
    network: str = "10.66.0.0/22",
    *,
    loss: float = 0.0,
    seed: int = 1,
) -> Iterator[Lan]:
    """A LAN of so many simulated hosts; ``loss`` is the share of packets lost in each direction."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rasoat-lab-")))
        where = IPv4Network(network)
        lan = Lan(where, truth.made(hosts, where, seed), folder)
        stack.enter_context(lan.scanner)
        stack.enter_context(lan.office)
        lan.wire()
        stack.enter_context(lan.answering())
        lan.set_loss(loss)
        yield lan


def cards(space: Namespace) -> list[str]:
    """The names of a namespace's interfaces."""
    found = json.loads(space.run("ip", "-j", "link", "show").stdout)
    return [one["ifname"] for one in found]
