"""The units of one day as a tree, and all that they ever were behind it.

An address belongs to the unit with the longest network that holds it; the laws of `laws` see to it
that there is at most one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from inventory.collation import collation_key
from inventory.units.model import FIRST, Network, Unit, day_after

Address = IPv4Address | IPv6Address


class Belongs(NamedTuple):
    """A device's unit, and who says so: ``register``, or ``network`` with the network."""

    code: str
    source: str
    network: Network | None = None


class History:
    """Every unit with every span of its days."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: dict[str, list[Unit]] = defaultdict(list)
        for unit in sorted(units, key=lambda one: one.key):
            self.units[unit.code].append(unit)
        self._trees: dict[str, Tree] = {}

    def __iter__(self) -> Iterator[Unit]:
        return (unit for spans in self.units.values() for unit in spans)

    def spans(self, code: str) -> list[Unit]:
        """All that a unit was, oldest first; nothing where the code is unknown."""
        return self.units.get(code, [])

    def on(self, code: str, day: str) -> Unit | None:
        """A unit as it was on a day."""
        return next((unit for unit in self.spans(code) if unit.on(day)), None)

    def tree(self, day: str) -> Tree:
        """The units of one day (ISO)."""
        if day not in self._trees:
            self._trees[day] = Tree(self, day)
        return self._trees[day]


class Tree:
    """The units of one day."""

    def __init__(self, history: History, day: str) -> None:
        self.history, self.day = history, day
        self._units = {unit.code: unit for unit in history if unit.on(day)}
        self._below: dict[str | None, list[Unit]] = defaultdict(list)
        for unit in self._units.values():
            self._below[unit.parent].append(unit)
        self._codes: dict[str, tuple[str, ...]] = {}
        self._networks = {unit.code: self._held(unit) for unit in self._units.values()}
        self._owners = {4: self._by_prefix(4), 6: self._by_prefix(6)}

    def __iter__(self) -> Iterator[Unit]:
        """Every unit, each before its parts, siblings in Vietnamese order."""
        waiting = self.children(None)[::-1]
        while waiting:
            unit = waiting.pop()
            yield unit
            waiting += self.children(unit.code)[::-1]

    def __len__(self) -> int:
        return len(self._units)

    def get(self, code: str) -> Unit | None:
        """A unit of this day."""
        return self._units.get(code)

    def children(self, code: str | None) -> list[Unit]:
        """The parts of a unit in Vietnamese order; of None: those that stand under no other."""
        siblings = self._below.get(code, ())
        return sorted(siblings, key=lambda one: (collation_key(one.name_vi), one.code))

    def path(self, code: str) -> list[Unit]:
        """A unit and all above it, the highest first; nothing where there is no such unit."""
        found: list[Unit] = []
        unit = self.get(code)
        while unit is not None:
            found.append(unit)
            unit = self.get(unit.parent) if unit.parent else None
        return found[::-1]

    def codes(self, code: str) -> tuple[str, ...]:
        """The codes of `path`; asked of every device, found once for each unit."""
        if code not in self._codes:
            self._codes[code] = tuple(unit.code for unit in self.path(code))
        return self._codes[code]

    def part_of(self, code: str) -> frozenset[str]:
        """The codes of a unit and of everything under it; nothing where there is no such unit."""
        waiting, found = [code] if code in self._units else [], set()
        while waiting:
            found.add(code := waiting.pop())
            waiting += [unit.code for unit in self._below.get(code, ())]
        return frozenset(found)

    def networks(self, code: str) -> list[Network]:
        """The networks that a unit itself held on this day."""
        return list(self._networks.get(code, ()))

    def of_address(self, address: str | Address) -> tuple[Unit, Network] | None:
        """Whose network holds an address, and which network; the longest where they are nested.

        Raises:
            ValueError: the text is no IP address.
        """
        ip = _plain(ip_address(address))
        bits = int(ip)
        for shift, owners in self._owners[ip.version]:
            found = owners.get(bits >> shift)
            if found is not None:
                return found
        return None

    def today(self, code: str) -> list[Unit]:
        """What a unit is on this day: itself, or all that came of it by succession.

        Nothing where it ended without successors, or is known only from a later day on.
        """
        found: dict[str, Unit] = {}
        waiting, seen = [(code, FIRST)], {(code, FIRST)}
        while waiting:
            one, since = waiting.pop()
            if (unit := self.get(one)) is not None:
                found[one] = unit
                continue
            fresh = set(self._heirs(one, since)) - seen
            seen |= fresh
            waiting += fresh
        return sorted(found.values(), key=lambda unit: unit.code)

    def _heirs(self, code: str, since: str) -> Iterator[tuple[str, str]]:
        """Who took a unit's place after a day and until this one, and from when on."""
        for past in self.history.spans(code):
            start = day_after(past.until)
            if past.until >= since and start <= self.day:
                yield from ((heir, start) for heir in past.successors)

    def _by_prefix(self, version: int) -> list[tuple[int, dict[int, tuple[Unit, Network]]]]:
        """Networks by the bits of their prefix, the longest prefixes first."""
        lengths: dict[int, dict[int, tuple[Unit, Network]]] = defaultdict(dict)
        for code, networks in self._networks.items():
            for one in networks:
                if one.version == version:
                    shift = one.max_prefixlen - one.prefixlen
                    lengths[shift][int(one.network_address) >> shift] = self._units[code], one
        return sorted(lengths.items())

    def _held(self, unit: Unit) -> list[Network]:
        spans = ((one.network, *unit.span(one)) for one in unit.networks)
        return [network for network, first, last in spans if first <= self.day <= last]


def unit_of(
    asset_unit: str | None, addresses: Iterable[str | Address], day: str, tree: Tree
) -> Belongs | None:
    """A device's unit on a day (ISO): the register's, else that of its network.

    A unit of the register that has ended stands for its successor; of several, for the one in
    whose network (or whose parts' networks) the device is; where that is not known, the register's
    own word stays. Addresses in networks of units that are not one under the other tell nothing.
    """
    tree = tree if tree.day == day else tree.history.tree(day)
    if not asset_unit:
        return _by_network(addresses, tree)
    heirs = [unit.code for unit in tree.today(asset_unit)]
    if len(heirs) > 1 and (network := _by_network(addresses, tree)) is not None:
        above = {unit.code for unit in tree.path(network.code)}
        heirs = [code for code in heirs if code in above]
    return Belongs(heirs[0] if len(heirs) == 1 else asset_unit, "register")


def _by_network(addresses: Iterable[str | Address], tree: Tree) -> Belongs | None:
    found = [place for one in addresses if (place := tree.of_address(one)) is not None]
    if len(found) <= 1:
        return Belongs(found[0][0].code, "network", found[0][1]) if found else None
    unit, _ = max(found, key=lambda one: (len(tree.path(one[0].code)), one[0].code))
    above = {one.code for one in tree.path(unit.code)}
    if any(other.code not in above for other, _ in found):
        return None
    mine = min((net for one, net in found if one.code == unit.code), key=_order)
    return Belongs(unit.code, "network", mine)


def _order(network: Network) -> tuple[int, int, int]:
    """The longest first, and always the same one."""
    return -network.prefixlen, network.version, int(network.network_address)


def _plain(ip: Address) -> Address:
    """An IPv4 address that came as IPv6 (RFC 4291, 2.5.5.2) as itself."""
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return mapped or ip
