"""ARP (RFC 826): who has an address of an attached IPv4 network, and with which card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address

from scanner.discovery.sweeping import MOST_ROUNDS, Question, Swept, sweep
from scanner.interfaces import Interface
from scanner.partial import Partial
from scanner.scanning import Scanning
from scanner.wire.filters import ARP_REPLIES
from scanner.wire.link import Link

METHOD = "arp"
BROADCAST = b"\xff" * 6
PROXY = 8  #: addresses that one MAC answers for, before it counts as answering for others
_LENGTH = 42  #: bytes of an ARP packet over Ethernet
_ETHERNET_IPV4 = b"\x08\x06\x00\x01\x08\x00\x06\x04"  #: ethertype, then the kinds of addresses
_REQUEST = b"\x00\x01"


def packed(mac: str) -> bytes:
    """A MAC with colons as six bytes."""
    return bytes.fromhex(mac.replace(":", ""))


def question(own_mac: bytes, own: IPv4Address) -> Question:
    """Who has this address? Tell ``own``. To everybody, or to one."""
    sender = own_mac + own.packed

    def ask(target: bytes, mac: bytes) -> bytes:
        head = (mac or BROADCAST) + own_mac + _ETHERNET_IPV4 + _REQUEST
        return head + sender + bytes(6) + target

    def read(frame: bytes) -> tuple[bytes, bytes] | None:
        # A reply's sender must be who sent the frame, and speak to us: others lie, or gossip.
        mac = frame[22:28]
        if len(frame) < _LENGTH or frame[6:12] != mac or frame[32:_LENGTH] != sender:
            return None
        return frame[28:32], mac

    return Question(METHOD, ask, read)


def arp(
    scanning: Scanning,
    interface: Interface,
    targets: Sequence[IPv4Address],
    own: IPv4Address,
    known: Mapping[str, str] | None = None,
    most_rounds: int = MOST_ROUNDS,
) -> Swept:
    """Sweep ``targets`` from ``own``; ``known``: address → MAC of an earlier scan.

    Raises:
        NotAllowed: a target is outside the networks of the scan; nothing was sent to it.
        CannotScan: no rights, or the interface went down.
    """
    before = {IPv4Address(ip).packed: packed(mac) for ip, mac in (known or {}).items() if mac}
    with Link(scanning, interface, METHOD, ARP_REPLIES) as link:
        asked = question(packed(interface.mac), own)
        others = [target for target in targets if target != own]
        return sweep(scanning, link, asked, others, before, most_rounds)


def partials(swept: Swept) -> list[Partial]:
    """What a sweep saw, an address each; contradictions are flagged.

    ``duplicate_ip``: two cards answer for one address. ``proxy_arp``: one card answers for a large
    share of all addresses that answered, as routers and some access points do for others.
    """
    count = Counter(macs[0] for macs in swept.macs.values())
    least = max(PROXY, len(swept.macs) // 4)
    proxies = {mac for mac, times in count.items() if times >= least}
    return [
        Partial(
            str(IPv4Address(ip)),
            METHOD,
            swept.times[ip],
            mac=macs[0].hex(":"),
            evidence=tuple(("also_answered", mac.hex(":")) for mac in macs[1:]),
            flags=_flags(macs, proxies),
        )
        for ip, macs in swept.macs.items()
    ]


def _flags(macs: Sequence[bytes], proxies: set[bytes]) -> tuple[str, ...]:
    found = ("duplicate_ip",) if len(macs) > 1 else ()
    return (*found, "proxy_arp") if macs[0] in proxies else found


def gone(swept: Swept, known: Mapping[str, str]) -> dict[str, float]:
    """Known hosts that stayed silent → the probability that their silence is not just loss.

    Of those that would answer, so many stay unheard after all rounds; a host is never simply gone.
    """
    here = 1.0 - swept.answers.unheard(swept.rounds)
    return {ip: here for ip in known if IPv4Address(ip).packed not in swept.macs}
