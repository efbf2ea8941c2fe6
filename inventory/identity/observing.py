"""What identifies a machine in a report, in a row of the register, and in a sighting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from inventory.identity.evidence import Kind, usable

Piece = tuple[Kind, str]

#: Interfaces that are hardware of the machine; bridges, tunnels and VPNs have made-up addresses.
_CARDS = frozenset({"ethernet", "wifi", "mobile"})
#: Protocols by which a host tells its own name; reverse DNS and certificates may name another.
OWN_NAMES = frozenset({"netbios", "mdns", "llmnr", "smb", "dhcp", "wsd"})
_BOARDS = (Kind.UUID, Kind.SERIAL, Kind.BOARD)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one thing: what identified it at that moment, ``at`` seconds since 1970.

    ``source``: agent, asset or host; ``ref``: the agent's, asset's or sensor's id.
    ``lasting``: what it says holds at all times, and the next look takes its place (a row of the
    register, whenever that was typed); ``momentary``: it
    holds for that moment alone, and the next look is of who knows whom (an address without a card).
    """

    id: str
    source: str
    ref: str
    name: str
    at: int
    pieces: frozenset[Piece]
    lasting: bool = False
    momentary: bool = False


def report_pieces(view: Mapping[str, Any], agent: str, unit: str | None) -> frozenset[Piece]:
    """The evidence in an agent's view, its key among it."""
    return _usable([(Kind.KEY, agent), *_of_view(view["facts"], unit)])


def board_of(pieces: Iterable[Piece]) -> str:
    """What tells one mainboard from another, or "" where the machine could not read any of it."""
    found = sorted(piece for piece in pieces if piece[0] in _BOARDS)
    return next((value for kind in _BOARDS for of, value in found if of is kind), "")


def sighting_pieces(document: Mapping[str, Any]) -> frozenset[Piece]:
    """The evidence in a sighting: its card, its address, the names that it gave itself."""
    names = [
        one["name"]
        for one in document.get("names", ())
        if one["source"].partition(":")[0] in OWN_NAMES
    ]
    pairs: list[tuple[Kind, Any]] = [(Kind.MAC, document.get("mac")), *_each(Kind.NAME, names)]
    return _usable([*pairs, (Kind.ADDRESS, document["ip"])])


def row_pieces(row: Mapping[str, Any], unit: str | None) -> frozenset[Piece]:
    """The evidence in a row of the register: tag, serial, cards, name, unit."""
    pairs = [(Kind.TAG, row.get("tag")), (Kind.SERIAL, row.get("serial"))]
    pairs += [(Kind.NAME, row.get("name")), (Kind.UNIT, unit)]
    return _usable([*pairs, *_each(Kind.MAC, row.get("macs") or ())])


def _of_view(facts: Mapping[str, Any], unit: str | None) -> Iterator[tuple[Kind, Any]]:
    hardware = facts.get("hardware", {})
    yield Kind.UUID, hardware.get("uuid")
    yield Kind.SERIAL, hardware.get("serial")
    yield Kind.BOARD, hardware.get("board", {}).get("serial")
    yield Kind.TAG, hardware.get("asset_tag")
    for disk in hardware.get("disks", ()):
        if not disk.get("removable"):
            yield Kind.DISK, disk.get("serial")
    yield Kind.NAME, facts.get("os", {}).get("hostname")
    yield Kind.UNIT, unit
    for interface in facts.get("network", {}).get("interfaces", ()):
        if interface.get("kind") in _CARDS:
            yield Kind.MAC, interface.get("permanent_mac") or interface.get("mac")
        for address in interface.get("addresses", ()):
            yield Kind.ADDRESS, _routable(address.get("address"))


def _routable(text: str | None) -> str | None:
    """An address by which others may have seen the machine."""
    if not text:
        return None
    address = ip_address(text)
    return None if address.is_loopback or address.is_link_local else str(address)


def _each(kind: Kind, values: Iterable[str]) -> list[tuple[Kind, Any]]:
    return [(kind, value) for value in values]


def _usable(pairs: Iterable[tuple[Kind, Any]]) -> frozenset[Piece]:
    plain = ((kind, usable(kind, str(value))) for kind, value in pairs if value)
    return frozenset((kind, value) for kind, value in plain if value is not None)
