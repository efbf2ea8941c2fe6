"""The ARP sweep of an attached IPv4 network (RFC 826): complete, or it says how likely it is not.

Frames are made before the first leaves. Who is known is asked alone first, by unicast; who is
silent, with the rest, by broadcast, round after round, until the loss that the rounds themselves
measure leaves no reason to expect anybody more. Only answers to what was asked count.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from scanner.interfaces import Interface
from scanner.loss import FirstAnswers
from scanner.partial import Partial
from scanner.patience import Patience
from scanner.scanning import Scanning
from scanner.wire.filters import ARP_REPLIES
from scanner.wire.link import Link

METHOD = "arp"
BROADCAST = b"\xff" * 6
LEAST_ROUNDS, MOST_ROUNDS = 2, 12  #: one look tells nothing about what it missed
MISSED = 0.002  #: probability that somebody was missed, when the last round is over
GROUP = 256  #: requests between two looks at the answers
MOST_MACS = 8  #: different answers for one address that are kept as evidence
_LENGTH = 42  #: bytes of an ARP packet over Ethernet
_TO_PROTOCOL = b"\x08\x06\x00\x01\x08\x00\x06\x04\x00"  #: Ethernet and IPv4, then the operation


@dataclass(slots=True)
class Swept:
    """What a sweep found, and how sure it is.

    ``macs``: address → the MACs that answered for it, the first one first. ``proxies``: MACs that
    answered for so many addresses that they answer for others.
    """

    macs: dict[str, list[str]] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    answers: FirstAnswers = field(default_factory=FirstAnswers)
    rounds: int = 0
    complete: bool = True

    @property
    def loss(self) -> float | None:
        """The share of exchanges that get lost; None where too few answers tell."""
        return self.answers.loss

    @property
    def probability_missed(self) -> float:
        """The probability that a host which answers ARP was missed."""
        return self.answers.probability_missed(max(len(self.macs), 1), self.rounds)


def sweep(
    scanning: Scanning,
    interface: Interface,
    targets: Sequence[IPv4Address],
    own: IPv4Address,
    known: Mapping[str, str] | None = None,
    *,
    most_rounds: int = MOST_ROUNDS,
) -> Swept:
    """Ask every target who has its address; ``known``: address → MAC of an earlier scan.

    Raises:
        NotAllowed: a target is outside the networks of the scan; nothing was sent.
        CannotScan: no rights, or the interface went down.
    """
    with Link(scanning, interface, METHOD, ARP_REPLIES) as link:
        return _Sweep(scanning, link, targets, own, most_rounds).run(known or {})


class _Sweep:
    def __init__(
        self,
        scanning: Scanning,
        link: Link,
        targets: Sequence[IPv4Address],
        own: IPv4Address,
        most_rounds: int,
    ) -> None:
        self._scanning, self._link, self._most = scanning, link, most_rounds
        self._own = bytes.fromhex(link.interface.mac.replace(":", "")) + own.packed
        #: who has not answered → how often it was asked
        self._silent = {target.packed: 0 for target in targets if target != own}
        self._total = len(self._silent)
        self._patience = Patience(burst=not scanning.pace.rate)
        self._swept = Swept()

    def run(self, known: Mapping[str, str]) -> Swept:
        if asked := self._unicast(known):
            self._round(asked)
        while self._silent and self._more():
            self._round({target: self._frame(BROADCAST, target) for target in self._silent})
        self._swept.complete = not self._scanning.stop.is_set()
        return self._swept

    def _more(self) -> bool:
        """Whether another round may still find somebody; it has waited before it says no."""
        if not self._swept.rounds:
            return True
        if self._scanning.stop.is_set() or not self._doubtful():
            self._settle()
        return self._doubtful() and not self._scanning.stop.is_set()

    def _doubtful(self) -> bool:
        swept = self._swept
        if swept.rounds >= self._most:
            return False
        return swept.rounds < LEAST_ROUNDS or swept.probability_missed > MISSED

    def _unicast(self, known: Mapping[str, str]) -> dict[bytes, bytes]:
        """The requests to those whose MAC is known."""
        pairs = ((IPv4Address(ip).packed, mac) for ip, mac in known.items() if mac)
        return {
            ip: self._frame(bytes.fromhex(mac.replace(":", "")), ip)
            for ip, mac in pairs
            if ip in self._silent
        }

    def _frame(self, mac: bytes, target: bytes) -> bytes:
        """A request "who has ``target``", to everybody or to one."""
        return mac + self._own[:6] + _TO_PROTOCOL + b"\x01" + self._own + bytes(6) + target

    def _round(self, frames: Mapping[bytes, bytes]) -> None:
        """Ask once, and wait unless that took so long that everybody had time to answer."""
        self._swept.answers.begin()
        self._swept.rounds += 1
        began, targets = time.monotonic(), list(frames)
        group = min(self._scanning.pace.group, GROUP)
        for first in range(0, len(targets), group):
            now = targets[first : first + group]
            for target in now:
                if target in self._silent:
                    self._silent[target] += 1
            self._patience.sent(0)
            self._link.send([frames[target] for target in now])
            self._take()
        self._scanning.progress(METHOD, self._total - len(self._silent), self._total)
        if time.monotonic() - began < self._patience.left():
            self._settle()

    def _settle(self) -> None:
        """Read answers until none can be expected any more."""
        while not self._scanning.stop.is_set() and (left := self._patience.left()) > 0:
            self._link.wait(left)
            self._take()

    def _take(self) -> None:
        for frame, at in self._link.ready():
            if not self._answer(frame, at):
                self._scanning.ledger.ignore("not_asked")

    def _answer(self, frame: bytes, at: float) -> bool:
        """Note a reply; False where it answers nothing that was asked.

        A reply's sender must be who sent the frame, and speak to us: others lie, or gossip.
        """
        sender, ip = frame[22:28], frame[28:32]
        if len(frame) < _LENGTH or frame[6:12] != sender or frame[32:42] != self._own:
            return False
        name = ".".join(map(str, ip))
        macs = self._swept.macs.get(name)
        if macs is None and ip not in self._silent:
            return False
        mac = sender.hex(":")
        if macs is not None:
            if mac not in macs and len(macs) < MOST_MACS:
                macs.append(mac)
            return True
        turn = self._silent.pop(ip) - 1
        self._patience.answered(0)
        self._swept.macs[name], self._swept.times[name] = [mac], at
        self._swept.answers.add(max(turn, 0))
        self._scanning.ledger.answer(METHOD)
        return True


def partials(swept: Swept) -> list[Partial]:
    """What a sweep saw, an address each; contradictions are flagged.

    ``duplicate_ip``: two machines answer for one address. ``proxy_arp``: one MAC answers for a
    large share of all that answered, as routers and some access points do for others.
    """
    count: dict[str, int] = {}
    for macs in swept.macs.values():
        count[macs[0]] = count.get(macs[0], 0) + 1
    proxies = {mac for mac, times in count.items() if times >= max(PROXY, len(swept.macs) // 4)}
    return [
        Partial(
            ip,
            METHOD,
            swept.times[ip],
            mac=macs[0],
            evidence=tuple(("also_answered", mac) for mac in macs[1:]),
            flags=_flags(macs, proxies),
        )
        for ip, macs in swept.macs.items()
    ]


PROXY = 8  #: addresses that one MAC answers for, before it counts as answering for others


def _flags(macs: Sequence[str], proxies: set[str]) -> tuple[str, ...]:
    found = ["duplicate_ip"] if len(macs) > 1 else []
    return (*found, "proxy_arp") if macs[0] in proxies else tuple(found)


def gone(swept: Swept, known: Mapping[str, str]) -> dict[str, float]:
    """Known hosts that stayed silent → the probability that their silence is not just loss.

    Of those that would answer, so many stay unheard after all rounds; a host is never simply gone.
    """
    unheard = swept.answers.unheard(swept.rounds)
    return {ip: 1.0 - unheard for ip in known if ip not in swept.macs}
