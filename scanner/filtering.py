"""The network's own word on a firewall: what a host does with questions that no service answers.

Ports that nothing listens on tell what stands before the stack (RFC 9293 §3.10.7.1: a closed port
answers with RST; RFC 1122 §3.2.2.1 for ICMP). A host that is there and keeps quiet drops; ICMP
refuses; RST means that no packet filter was seen, which is no proof that there is none. What loss
could explain is unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.sighting import Filtering

PROBES = 8  #: ports asked for this alone
#: Where no service is registered and no system's own ephemeral ports begin: between both.
FIRST, LAST = 29170, 29998  #: the longest unassigned stretch below Linux's and Windows' own
DOUBT = 1e-6  #: probability below which loss no longer explains silence
_SURE = 0.75  #: share of probes that must say the same
_REFUSALS = {
    0: "network unreachable",
    1: "host unreachable",
    2: "protocol unreachable",
    3: "port unreachable",
    9: "network prohibited",
    10: "host prohibited",
    13: "administratively prohibited",
}


@dataclass(frozen=True, slots=True)
class Probed:
    """What one host did with the probes of closed ports.

    ``states``: open, closed, filtered or silent, one a probe; ``codes``: the ICMP codes and
    whether the host itself sent them; ``silence_doubt``: the probability that a probe that would be
    answered was never heard; ``present``: something else shows that the host is there.
    """

    states: Sequence[str]
    codes: Sequence[tuple[int, bool]] = ()
    silence_doubt: float = 1.0
    present: bool = False
    whole: bool = (
        True  #: False: the scan was stopped before all was asked, and silence tells nothing
    )


def verdict(probed: Probed) -> Filtering:
    """What the probes say, and what that rests on."""
    count = Counter(probed.states)
    evidence = _evidence(probed, count)
    total = len(probed.states)
    enough = _SURE * total
    if not total:
        return Filtering("unknown", "not_probed", evidence)
    if count["open"]:
        return Filtering("unknown", "closed_ports_answer", evidence)
    if count["filtered"]:
        return _refused(probed, count, evidence)
    if count["closed"] >= enough:
        return Filtering("open", "", evidence)
    if count["closed"] and probed.whole:
        return Filtering("unknown", "contradictory", evidence)
    return _silent(probed, evidence)


def _silent(probed: Probed, evidence: tuple[str, ...]) -> Filtering:
    """Nothing came, or not enough: a filter, unless something else explains it."""
    if not probed.whole:
        return Filtering("unknown", "stopped", evidence)
    if not probed.present:
        return Filtering("unknown", "not_seen_otherwise", evidence)
    if probed.silence_doubt ** len(probed.states) > DOUBT:
        return Filtering("unknown", "too_much_loss", evidence)
    return Filtering("drops", "", evidence)


def _refused(probed: Probed, count: Counter[str], evidence: tuple[str, ...]) -> Filtering:
    """ICMP came: of the host itself, or of something on the way to it."""
    if not any(own for _, own in probed.codes):
        return Filtering("unknown", "router_refuses", evidence)
    if count["closed"]:
        return Filtering("unknown", "contradictory", evidence)
    return Filtering("rejects", "", evidence)  # silence beside it: ICMP is rate-limited by design


def _evidence(probed: Probed, count: Counter[str]) -> tuple[str, ...]:
    answers = (
        ("closed", "RST"),
        ("filtered", "ICMP refused"),
        ("open", "SYN-ACK"),
        ("silent", "no answer"),
    )
    said = [f"{count[state]} {words}" for state, words in answers if count[state]]
    lines = [f"{len(probed.states)} TCP probes of closed ports: {', '.join(said) or 'none'}"]
    for code, own in sorted(set(probed.codes)):
        words = _REFUSALS.get(code, f"code {code}")
        lines.append(f"ICMP {words}, from {'the host' if own else 'a router'}")
    return tuple(lines)
