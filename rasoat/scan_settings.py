"""``scan.yaml``: which networks may be scanned, and how, as an officer wrote it; read strictly."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from language.said import joined, said
from rasoat.problems import Problem
from scanner.networks import Networks
from scanner.pace import CAP, POLITE
from scanner.problems import ScannerError

if TYPE_CHECKING:
    from policies.fields import Fields
    from policies.problems import Problems

FILE = "scan.yaml"  #: in the data folder
_ALLOWED = {
    "networks": "the networks that may be scanned, and nothing else",
    "rate": "packets per second, at most 1000",
    "communities": "SNMP communities to ask with",
    "resolver": "a DNS server inside the networks, for names of addresses",
}
_NETWORK = {"cidr": "such as 10.1.0.0/22", "unit": "the organisational unit that it belongs to"}


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What may be scanned and how; ``units``: network → unit, where one was named."""

    networks: Networks | None = None
    units: dict[str, str] = field(default_factory=dict)
    rate: float = POLITE
    communities: tuple[str, ...] = ()
    resolver: str | None = None


def load(data: Path, config: Path | None) -> ScanSettings:
    """The settings in ``config``, else in the data folder, else none.

    Raises:
        Problem: the file cannot be read, or what it says is wrong: each place with what to do.
    """
    path = config or data / FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        if config is None:
            return ScanSettings()
        raise Problem(said("{path}: there is no such file", path=path)) from None
    return read(raw, str(path))


def read(raw: bytes, name: str) -> ScanSettings:
    """The settings in a file's bytes.

    Raises:
        Problem: as `load`.
    """
    from inventory.yaml_tree import read_tree
    from policies.fields import Fields
    from policies.problems import Problems

    problems = Problems(name)
    fields = Fields(read_tree(raw, problems), FILE, _ALLOWED, problems)
    units = _networks(fields, problems)
    rate = _rate(fields, problems)
    communities = _communities(fields)
    networks = Networks.configured(units)
    resolver = _resolver(fields, networks)
    if not units and not problems.found:
        problems.add((1, 1), said("networks names no network: nothing may be scanned"))
    if problems.found:
        raise Problem(joined("\n", (one.__str__() for one in problems.found)))
    named = {net: unit for net, unit in units.items() if unit}
    return ScanSettings(networks, named, rate, communities, resolver)


def _items(fields: Fields, key: str) -> list[Any]:
    """The items of a list; what is no list was told already, or is told now."""
    from inventory.yaml_tree import Sequence

    node = fields.node(key)
    if isinstance(node, Sequence):
        return list(node.items)
    if node is not None:
        fields.problems.add(node.place, said("{key} is a list", key=key))
    return []


def _networks(fields: Fields, problems: Problems) -> dict[str, str]:
    """Network → unit, "" where none is named."""
    from policies.fields import Fields as Reader

    found: dict[str, str] = {}
    fields.node("networks", required=True)
    for item in _items(fields, "networks"):
        one = Reader(item, said("a network"), _NETWORK, problems)
        cidr = one.text("cidr", required=True)
        try:
            for network in Networks.configured([cidr] if cidr else []).allowed:
                found[str(network)] = one.text("unit") or ""
        except ScannerError as why:
            problems.add(item.place, why.said)
    return found


def _communities(fields: Fields) -> tuple[str, ...]:
    """What was typed, as text; an empty one would be asked with, too, and is refused."""
    found = []
    for item in _items(fields, "communities"):
        if text := getattr(item, "text", ""):
            found.append(text)
        else:
            fields.problems.add(item.place, said("a community is a text that is not empty"))
    return tuple(found)


def _resolver(fields: Fields, networks: Networks) -> str | None:
    """The address of a DNS server inside ``networks``."""
    text = fields.text("resolver")
    if text is None:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        fields.complain("resolver", said("{text!r} is no address of a DNS server", text=text[:60]))
        return None
    if networks.allowed and address not in networks:
        fields.complain("resolver", said("{text} is outside the networks above", text=text))
    return text


def _rate(fields: Fields, problems: Problems) -> float:
    node, text = fields.node("rate"), fields.text("rate")
    if node is None or text is None:
        return POLITE
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= CAP:
        return float(text)
    problems.add(
        node.place, said("rate is a whole number from 1 to {cap:.0f}: packets per second", cap=CAP)
    )
    return POLITE
