"""The SYN scan: every port of every host asked by bare frames, and asked again as loss demands.

A half-open question (RFC 9293 §3.5): nothing is logged as a connection, and the kernel's own RST
closes what answers. Which (host, port) pairs answered is all that is remembered, a byte each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from scanner.interfaces import Interface
from scanner.patience import Patience
from scanner.ports.frames import CHECKSUM, PORTS, Asking, Reply
from scanner.ports.rounds import Rounds
from scanner.scanning import Scanning
from scanner.wire.block import Block
from scanner.wire.filters import tcp_to
from scanner.wire.link import MOST_AT_ONCE, Link

TECHNIQUE = "syn"
SILENT, OPEN, CLOSED, FILTERED = range(4)  #: what is remembered of a pair
_STATES = {"open": OPEN, "closed": CLOSED, "filtered": FILTERED}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the ports of all hosts answered; ``rounds`` tells how sure silence is."""

    hosts: Sequence[str]
    ports: Sequence[int]
    states: bytearray  #: ports x hosts
    rounds: Rounds
    codes: Mapping[tuple[str, int], tuple[int, bool]]  #: ICMP code, and whether the host sent it
    stacks: Mapping[str, tuple[int, int]]  #: host → (TTL, TCP window) of a first answer

    def of(self, host: int) -> dict[int, int]:
        """Port → state of the host with this number."""
        return dict(zip(self.ports, self.states[host :: len(self.hosts)], strict=True))


def syn_scan(
    scanning: Scanning,
    interface: Interface,
    hosts: Mapping[str, str],
    ports: Sequence[int],
    own: IPv4Address,
    known: tuple[int, int] = (0, 0),
) -> Answers:
    """Ask ``ports`` of ``hosts`` (address → MAC of the next hop) from ``own``.

    ``known``: (exchanges lost, exchanges) that discovery saw on this line.

    Raises:
        NotAllowed: a host is outside the networks of the scan; nothing was sent.
        CannotScan: no rights, or the interface went down.
    """
    asking = Asking(bytes.fromhex(interface.mac.replace(":", "")), own)
    with Link(scanning, interface, TECHNIQUE, tcp_to(asking.port)) as link:
        return _Scan(
            scanning, link, asking, hosts, Rounds(len(hosts), len(ports), known), ports
        ).run()


class _Scan:
    def __init__(
        self,
        scanning: Scanning,
        link: Link,
        asking: Asking,
        hosts: Mapping[str, str],
        rounds: Rounds,
        ports: Sequence[int],
    ) -> None:
        self._scanning, self._link, self._asking = scanning, link, asking
        self._hosts, self._ports = list(hosts), list(ports)
        packed = [IPv4Address(host).packed for host in hosts]
        macs = [bytes.fromhex(mac.replace(":", "")) for mac in hosts.values()]
        frames = [asking.frame(mac, ip) for mac, ip in zip(macs, packed, strict=True)]
        self._block = Block(scanning, link, TECHNIQUE, frames)
        self._number = {ip: number for number, ip in enumerate(packed)}
        self._place = {port: number * len(packed) for number, port in enumerate(self._ports)}
        self._states = bytearray(len(packed) * len(self._ports))
        self._codes: dict[tuple[str, int], tuple[int, bool]] = {}
        self._stacks: dict[str, tuple[int, int]] = {}
        self._patience = Patience(burst=not scanning.pace.rate)
        self._rounds = rounds

    def run(self) -> Answers:
        while not self._scanning.stop.is_set():
            wanted = self._rounds.wanted(self._states, self._states.count(OPEN))
            if wanted is None:
                break
            self._round(wanted)
        answers = (self._hosts, self._ports, self._states, self._rounds)
        return Answers(*answers, self._codes, self._stacks)

    def _round(self, wanted: Mapping[int, Sequence[int]]) -> None:
        """Ask once; ``wanted``: for each port's number, the hosts that are asked."""
        whole = len(self._hosts)
        self._scanning.progress(TECHNIQUE, 0, len(wanted))
        for done, (number, hosts) in enumerate(wanted.items(), 1):
            ports, checksum = self._asking.for_port(self._ports[number], self._rounds.count - 1)
            self._block.patch(PORTS, ports)
            self._block.patch(CHECKSUM, checksum)
            self._patience.sent(number)
            self._block.send(None if len(hosts) == whole else hosts)
            self._take()
            self._scanning.progress(TECHNIQUE, done, len(wanted))
        while not self._scanning.stop.is_set() and (left := self._patience.left()) > 0:
            self._link.wait(left)
            self._take()

    def _take(self) -> None:
        came = answered = 0
        # An answer of every host, and as much as usual of what nobody asked for.
        for frame, _ in self._link.ready(len(self._hosts) + MOST_AT_ONCE):
            reply = self._asking.read(frame)
            came += 1
            if reply is not None and reply.port in self._place:
                answered += 1
                self._note(reply)
        self._scanning.ledger.answer(TECHNIQUE, answered)
        if came > answered:
            self._scanning.ledger.ignore("not_asked", came - answered)

    def _note(self, reply: Reply) -> None:
        """Remember a pair's first answer."""
        place = self._place[reply.port]
        host = self._number[reply.ip]
        if self._states[place + host] != SILENT:
            return
        if reply.turn == self._rounds.count - 1:
            self._patience.answered(place // len(self._hosts))
        self._states[place + host] = _STATES[reply.state]
        name = self._hosts[host]
        if reply.state == "filtered":  # tells nothing of loss: stacks send little ICMP by design
            self._codes[name, reply.port] = (reply.code, reply.own)
        else:
            self._rounds.first_answer(reply.turn)
            self._stacks.setdefault(name, (reply.ttl, reply.window))


def open_ports(answers: Answers) -> dict[str, list[int]]:
    """Host → its open ports in order; a host without any is not in it."""
    found: dict[str, list[int]] = defaultdict(list)
    count = len(answers.hosts)
    place = answers.states.find(OPEN)
    while place >= 0:
        found[answers.hosts[place % count]].append(answers.ports[place // count])
        place = answers.states.find(OPEN, place + 1)
    return {host: sorted(ports) for host, ports in found.items()}
