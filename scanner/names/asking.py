"""Every name protocol asked of every live host in one burst, again where it stayed silent."""

from __future__ import annotations

import secrets
import select
import time
from collections.abc import Sequence
from contextlib import ExitStack
from ipaddress import ip_address

from language.said import said
from scanner.heard import Heard
from scanner.interfaces import attached_to
from scanner.names import mdns
from scanner.names.protocols import Protocol, protocols
from scanner.names.resolving import resolved
from scanner.partial import Partial
from scanner.problems import BadTarget
from scanner.scanning import Scanning
from scanner.sighting import Port
from scanner.wire.datagrams import Datagram, Datagrams

TECHNIQUE = "names"
MOST_ROUNDS = 4  #: a third and fourth are asked only while the one before brought something
MOST_UNASKED = 1024  #: hosts that answered a group and were not asked; more are counted
QUIET = 0.3  #: seconds without an answer after which the first round is over
PATIENT = 0.8  #: seconds of the rounds after it: small devices think long, and nothing else waits
LONGEST_WAIT = 2.0  #: seconds after the last question of a round
GROUP_WAIT = 1.15  #: seconds: SSDP's MX of one, and its way back
_GROUP_ROUNDS = 2  #: a group is asked twice: one lost packet would lose all its answers
_BURST = 64  #: questions that leave before answers are taken in


def names(
    scanning: Scanning,
    hosts: Sequence[str],
    *,
    communities: Sequence[str] = (),
    resolver: str | None = None,
    groups: bool = True,
    descriptions: bool = True,
) -> list[Partial]:
    """What ``hosts`` (live addresses inside the scan's networks) call themselves.

    SNMP is asked with ``communities`` alone: name ``public`` among them to have it tried, and
    reported by the flag `snmp_public`. ``resolver`` is the address of a DNS server inside the
    scan's networks; without one no reverse DNS is asked. With ``groups`` mDNS, SSDP and
    WS-Discovery also ask their groups, with TTL 1, on the interfaces that hosts are attached to;
    what answers there without having been asked is reported too, when it is inside the networks.
    With ``descriptions`` one page is read of each host whose SSDP or WS-Discovery points to one
    on itself.

    Raises:
        NotAllowed: a host or the resolver is outside the networks; nothing was sent.
        BadTarget: the resolver is no address.
    """
    for ip in hosts:
        scanning.networks.check(ip_address(ip))
    server = _checked_resolver(scanning, resolver) if resolver is not None else None
    with ExitStack() as stack:
        asking = _Asking(scanning, hosts, communities, stack)
        asking.rounds(groups=groups)
        found = asking.partials()
    if server is not None and hosts:
        found += resolved(scanning, hosts, server)
    if descriptions and any(one.method in ("ssdp", "wsd") for one in found):
        from scanner.identity.descriptions import describe  # TLS and all: only where it is of use

        found += describe(scanning, found)
    return found


def _checked_resolver(scanning: Scanning, resolver: str) -> str:
    try:
        address = ip_address(resolver)
    except ValueError:
        raise BadTarget(
            said("{resolver!r} is no address of a DNS server", resolver=resolver[:60])
        ) from None
    scanning.networks.check(address)
    return str(address)


class _Asking:
    """The burst: one socket for each protocol, all of them heard together."""

    def __init__(
        self,
        scanning: Scanning,
        hosts: Sequence[str],
        communities: Sequence[str],
        stack: ExitStack,
    ) -> None:
        self._scanning, self._hosts = scanning, hosts
        self._attached = {ip: attached_to(ip_address(ip), scanning.interfaces) for ip in hosts}
        self._token = secrets.randbits(16)
        self._doors = {
            one: stack.enter_context(Datagrams(scanning, one.method))
            for one in protocols(self._token, communities)
        }
        self._heard: dict[tuple[str, str], Heard] = {}  #: (address, method) → what it told
        self._when: dict[tuple[str, str], float] = {}
        self._unasked: set[str] = set()  #: hosts that answered a group, or for another
        self._last = 0.0

    def rounds(self, *, groups: bool) -> None:
        """Ask until a round brings nothing new; at least twice, for a packet can be lost."""
        answers_until = 0.0
        for turn in range(MOST_ROUNDS):
            before = len(self._heard)
            if groups and turn < _GROUP_ROUNDS and self._ask_groups():
                answers_until = time.monotonic() + GROUP_WAIT
            self._round(turn)
            self._wait(QUIET if turn == 0 else PATIENT)
            if self._scanning.stop.is_set() or (turn and len(self._heard) == before):
                break
        self._hear_until(answers_until)
        if not self._scanning.stop.is_set() and self._ask_types():
            self._wait(QUIET)

    def partials(self) -> list[Partial]:
        """One for each host and protocol that answered, hosts in order."""
        return [
            heard.partial(ip, method, self._when[ip, method])
            for (ip, method), heard in sorted(self._heard.items(), key=lambda item: item[0])
        ]

    def _round(self, turn: int) -> None:
        # Host by host: the kernel looks for a host's card once, and keeps few of them at a time.
        todo = [(one, ip) for ip in self._hosts for one in self._doors if self._silent(one, ip)]
        for done, (protocol, ip) in enumerate(todo):
            if self._scanning.stop.is_set():
                return
            for question in protocol.questions(ip, turn):
                self._doors[protocol].send(question, ip, protocol.port)
            if done % _BURST == 0:
                self._take()
                self._scanning.progress(TECHNIQUE, done, len(todo))
        self._scanning.progress(TECHNIQUE, len(todo), len(todo))

    def _silent(self, protocol: Protocol, ip: str) -> bool:
        """Whether this protocol may reach the host, and has not heard of it."""
        if protocol.reaches == "v4" and ":" in ip:
            return False
        if protocol.reaches == "routed" and self._attached[ip] is not None:
            return False
        return (ip, protocol.method) not in self._heard

    def _ask_groups(self) -> bool:
        """Ask each group on the interfaces where hosts are, once each: every card hears it."""
        cards = {(card, ":" in ip) for ip, card in self._attached.items() if card}
        sent = False
        for card, is_v6 in cards:
            for protocol, door in self._doors.items():
                for group in protocol.groups:
                    if (":" in group) == is_v6 and not card.loopback:
                        question = protocol.group_question(group)
                        sent |= door.send_group(question, group, protocol.port, card)
        return sent

    def _ask_types(self) -> bool:
        """Ask hosts for the instances of services that they listed and we had not asked for."""
        asked = False
        protocol = next(one for one in self._doors if one.method == "mdns")
        for (ip, method), heard in list(self._heard.items()):
            listed = {text for what, text in heard.evidence if what == "mdns_service"}
            new = sorted(listed - set(mdns.COMMON))
            if method == "mdns" and new:
                question = mdns.follow_up(new, self._token)
                asked |= self._doors[protocol].send(question, ip, protocol.port)
        return asked

    def _wait(self, quiet: float) -> None:
        """Hear answers until they cease for so many seconds."""
        began = self._last = time.monotonic()
        while time.monotonic() < min(began + LONGEST_WAIT, self._last + quiet):
            if not self._hear(0.05):
                return

    def _hear_until(self, moment: float) -> None:
        while time.monotonic() < moment and self._hear(0.05):
            pass

    def _hear(self, seconds: float) -> bool:
        """Take what comes within ``seconds``; False when the scan is to stop."""
        sockets = [one for door in self._doors.values() for one in door.sockets]
        if not sockets or self._scanning.stop.is_set():
            return False
        if select.select(sockets, [], [], seconds)[0]:
            self._take()
        return True

    def _take(self) -> None:
        for protocol, door in self._doors.items():
            for got in door.ready():
                self._believe(protocol, got)

    def _admit(self, ip: str) -> bool:
        """Whether a host that was not asked is one of the first so many."""
        if ip not in self._unasked and len(self._unasked) < MOST_UNASKED:
            self._unasked.add(ip)
        return ip in self._unasked

    def _believe(self, protocol: Protocol, got: Datagram) -> None:
        key = (got.ip, protocol.method)
        heard = protocol.read(got)
        if heard is None or (protocol.fixed_port and got.port != protocol.port):
            self._scanning.ledger.ignore("not_asked")
            return
        if got.ip not in self._attached and not self._admit(got.ip):
            self._scanning.ledger.ignore("too_many")
            return
        self._last = time.monotonic()
        if protocol.fixed_port:
            heard += Heard(ports=(Port("udp", protocol.port, "open", protocol.method),))
        self._heard[key] = self._heard.get(key, Heard()) + heard
        self._when[key] = got.at
