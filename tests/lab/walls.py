"""The office side's packet rules: a MAC for every address, the hosts' firewalls, lost packets.

Many addresses on one interface look like many machines because the kernel's own frames get the MAC
of the address that speaks, and frames to any of those MACs are taken as ours. All look-ups are maps
and sets: a thousand hosts cost what one costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.lab.hosts import Host

DROPS = 10_000  #: the die's sides


def macs(hosts: Sequence[Host], card: str) -> str:
    """Rules by which each host speaks, and is spoken to, with a MAC of its own."""
    pairs = _elements(f"{host.ip} : {host.mac}" for host in hosts)
    return f"""
table netdev machines {{
  map macs {{ type ipv4_addr : ether_addr; elements = {{ {pairs} }} }}
  chain out {{
    type filter hook egress device "{card}" priority 0; policy accept;
    ether type ip ether saddr set ip saddr map @macs
    ether type arp ether saddr set arp saddr ip map @macs
    ether type arp arp saddr ether set arp saddr ip map @macs
  }}
  chain in {{
    type filter hook ingress device "{card}" priority 10; policy accept;
    ether type {{ ip, arp }} meta pkttype set host
  }}
}}
"""


def firewalls(hosts: Sequence[Host]) -> str:
    """Each host's own firewall."""
    shut = [host.ip for host in hosts if host.firewall in ("drop", "openings") or host.arp_only]
    refusing = [host.ip for host in hosts if host.firewall == "reject" and not host.arp_only]
    doors = [
        f"{host.ip} . {port}"
        for host in hosts
        if host.firewall == "openings" and not host.arp_only
        for port in host.open_tcp
    ]
    return f"""
table inet office {{
  set shut {{ type ipv4_addr; {_filled(shut)} }}
  set refusing {{ type ipv4_addr; {_filled(refusing)} }}
  set doors {{ type ipv4_addr . inet_service; {_filled(doors)} }}
  chain input {{
    type filter hook input priority 0; policy accept;
    ip daddr . tcp dport @doors accept
    ip daddr @shut drop
    ip daddr @refusing reject with icmp admin-prohibited
  }}
}}
"""


def losses(card: str, share: float) -> str:
    """Rules that lose this share of the packets in each direction; none for 0."""
    if not share:
        return ""
    sides = round(share * DROPS)
    die = f"numgen random mod {DROPS} < {sides} drop"
    return f"""
table netdev losses {{
  chain out {{ type filter hook egress device "{card}" priority 20; {die}; }}
  chain in {{ type filter hook ingress device "{card}" priority 0; {die}; }}
}}
"""


def _elements(words: Iterable[str]) -> str:
    return ", ".join(words)


def _filled(words: Sequence[str]) -> str:
    """The elements of a set; an empty set has no such line."""
    return f"elements = {{ {_elements(words)} }};" if words else ""
