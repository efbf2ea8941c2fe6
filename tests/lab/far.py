"""A second LAN behind a router: the office's side routes, and far hosts' MACs are never seen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Network
from pathlib import Path

from tests.lab import hosts as truth
from tests.lab import walls
from tests.lab.hosts import Host
from tests.lab.lan import THERE, Lan, services
from tests.lab.namespaces import Namespace

UP, DOWN = "far0", THERE  #: the cable between the router and the far LAN


class Far:
    """The far LAN while it is up."""

    def __init__(self, network: IPv4Network, hosts: list[Host], space: Namespace) -> None:
        self.network, self.truth, self.space = network, hosts, space
        self.router = ""  #: the router's address on the near LAN

    def wire(self, near: Lan) -> None:
        """Lay the cable behind the near LAN's office side, which becomes the router."""
        length, router = self.network.prefixlen, str(self.network[-2])
        taken = {near.address, *(host.ip for host in near.truth)}
        self.router = next(str(ip) for ip in near.network.hosts() if str(ip) not in taken)
        office = near.office.run
        office("ip", "link", "add", UP, "type", "veth", "peer", DOWN, "netns", self.space.name)
        office("ip", "addr", "add", f"{router}/{length}", "dev", UP)
        office("ip", "addr", "add", f"{self.router}/{near.network.prefixlen}", "dev", THERE)
        office("ip", "link", "set", UP, "up")
        office("sysctl", "-qw", "net.ipv4.ip_forward=1")
        lines = [f"addr add {host.ip}/{length} dev {DOWN} noprefixroute" for host in self.truth]
        lines += [f"link set {DOWN} up", f"route add {self.network} dev {DOWN}"]
        lines.append(f"route add default via {router}")
        self.space.run("ip", "-batch", "-", input="\n".join(lines))
        for setting in ("icmp_ratelimit=0", "icmp_msgs_per_sec=1000000"):
            self.space.run("sysctl", "-qw", f"net.ipv4.{setting}")
        self.space.run("nft", "-f", "-", input=walls.firewalls(self.truth))
        near.run("ip", "route", "add", str(self.network), "via", self.router)
        self._greet(near)

    def _greet(self, near: Lan) -> None:
        """As any PC does all day: one packet by way of the router, whose MAC is then known."""
        code = f"import socket; socket.socket(2, 2).sendto(b'x', ('{self.network[-2]}', 9))"
        near.run(sys.executable, "-c", code)


@contextmanager
def far_lan(
    near: Lan, hosts: int = 60, network: str = "10.67.0.0/24", seed: int = 5
) -> Iterator[Far]:
    """So many hosts on a LAN behind ``near``, which is up."""
    with ExitStack() as stack:
        where = IPv4Network(network)
        # Quiet hosts of the near LAN answer ARP alone: behind a router there is no such thing.
        found = [one for one in truth.made(hosts, where, seed) if not one.arp_only]
        far = Far(where, found, stack.enter_context(Namespace("far")))
        file = Path(near.truth_file).with_name("far.json")
        truth.write(found, file)
        far.wire(near)
        stack.enter_context(services(far.space, file))
        yield far
