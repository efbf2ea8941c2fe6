"""What identifies a machine, in one spelling, with when it held true."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from inventory.identity import junk

_NOT_HEX = re.compile(r"[^0-9a-f]")
_MAC_DIGITS, _UUID_DIGITS = 12, 32


class Kind(StrEnum):
    """The kinds of evidence; `inventory.identity.weights` says what each is worth."""

    KEY = "agent_key"
    UUID = "hardware_uuid"
    SERIAL = "serial"
    BOARD = "board_serial"
    DISK = "disk_serial"
    MAC = "mac"
    TAG = "asset_tag"
    NAME = "hostname"
    UNIT = "unit"
    ADDRESS = "address"


class Evidence(msgspec.Struct, frozen=True, order=True, gc=False):
    """One value; ``first`` and ``last``, seconds since 1970, are when it was seen to hold."""

    kind: Kind
    value: str
    first: int = 0
    last: int = 0

    def overlaps(self, other: Evidence, slack: int = 0) -> bool:
        """Whether both held at one time, or within ``slack`` seconds."""
        return self.first <= other.last + slack and other.first <= self.last + slack


@dataclass(frozen=True, slots=True)
class Observation:
    """What one source knows of one thing: an agent's key on one board, an asset, a network host.

    ``id`` never changes: ``agent:KEY:BOARD``, ``asset:NUMBER``, ``host:SENSOR:MAC``.
    """

    id: str
    source: str  #: agent, asset or host
    first: int
    last: int
    evidence: frozenset[Evidence] = field(default_factory=frozenset)
    _by_kind: dict[Kind, list[Evidence]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of(self, kind: Kind) -> list[Evidence]:
        """Its evidence of one kind, in order."""
        return self._sorted().get(kind, [])

    @property
    def kinds(self) -> AbstractSet[Kind]:
        """The kinds of its evidence."""
        return self._sorted().keys()

    def _sorted(self) -> dict[Kind, list[Evidence]]:
        """Its evidence by kind: made once, for it is asked of every pair."""
        if not self._by_kind:
            for one in sorted(self.evidence):
                self._by_kind.setdefault(one.kind, []).append(one)
        return self._by_kind

    def of_kinds(self, *kinds: Kind) -> list[tuple[Kind, str]]:
        """Its values of these kinds, whenever they held."""
        return sorted({(one.kind, one.value) for one in self.evidence if one.kind in kinds})


def usable(kind: Kind, text: str) -> str | None:
    """A value in the one spelling in which values are compared, or None where it is junk."""
    plain = text.strip()
    if kind is Kind.MAC:
        return _mac(plain)
    if kind is Kind.UUID:
        return _uuid(plain)
    if kind in (Kind.SERIAL, Kind.BOARD, Kind.DISK, Kind.TAG):
        folded = " ".join(plain.split()).upper()
        return None if junk.is_junk_text(folded) else folded
    if kind is Kind.NAME:
        return plain.casefold().partition(".")[0] or None
    return plain or None


def _mac(text: str) -> str | None:
    digits = _NOT_HEX.sub("", text.lower())
    if len(digits) != _MAC_DIGITS or junk.is_junk_mac(bytes.fromhex(digits)):
        return None
    return ":".join(digits[place : place + 2] for place in range(0, _MAC_DIGITS, 2))


def _uuid(text: str) -> str | None:
    """The lesser of the two spellings that tools give one SMBIOS UUID (DMTF DSP0134, 7.2.1).

    Its first three fields are little-endian since SMBIOS 2.6, and some tools do not turn them.
    """
    digits = _NOT_HEX.sub("", text.lower())
    if len(digits) != _UUID_DIGITS:
        return None
    raw = bytes.fromhex(digits)
    turned = raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]
    if junk.is_junk_uuid(raw) or junk.is_junk_uuid(turned):
        return None
    return min(raw, turned).hex()
