"""NetBIOS node status: a Windows or Samba host's names, workgroup and card (RFC 1002 4.2.17)."""

from __future__ import annotations

import struct

from scanner.heard import Heard, evidence, names, plain
from scanner.names import dns

PORT = 137
STATUS = 0x21  #: question type NBSTAT
_WILDCARD = b"*" + bytes(15)
_NAME = 18  #: bytes of one name: 15 characters, suffix, flags
_GROUP = 0x8000
_MOST_NAMES = 64
_ROLES = {0x00: "workstation", 0x20: "server", 0x1C: "domain_controller", 0x1D: "browser"}
_NO_MAC = bytes(6)
_CLAIMS = (5, 8)  #: operations: registration, refresh


def question(ip: str, token: int) -> bytes:
    """Ask a host for all its names."""
    name = bytes(65 + half for one in _WILDCARD for half in (one >> 4, one & 15))
    header = struct.pack(">6H", token, 0, 1, 0, 0, 0)
    return header + b"\x20" + name + b"\0" + struct.pack(">HH", STATUS, dns.IN)


def read(datagram: bytes, token: int) -> Heard | None:
    """What a node status answer tells; None when it answers nothing that we asked."""
    answer = dns.read(datagram)
    if answer is None or answer.token != token:
        return None
    data = next((one.data for one in answer.records if one.kind == STATUS), b"")
    return _table(data) if data else None


def _table(data: bytes) -> Heard:
    count = min(data[0], _MOST_NAMES, (len(data) - 1) // _NAME)
    rows = [data[1 + _NAME * number : 1 + _NAME * (number + 1)] for number in range(count)]
    alone = [row for row in rows if not int.from_bytes(row[16:18], "big") & _GROUP]
    groups = [row for row in rows if int.from_bytes(row[16:18], "big") & _GROUP]
    own = [_text(row) for row in alone if row[15] in (0x00, 0x20)]
    pairs = [("netbios_group", _text(row)) for row in groups if row[15] in (0x00, 0x1C)]
    pairs += [("netbios_role", _ROLES[row[15]]) for row in rows if row[15] in _ROLES]
    mac = data[1 + _NAME * count :][:6]
    if len(mac) == len(_NO_MAC) and mac != _NO_MAC:
        pairs.append(("netbios_mac", mac.hex(":")))
    return Heard(names=names("netbios", *own), evidence=evidence(*pairs))


def _text(row: bytes) -> str:
    return plain(row[:15].rstrip(b" \0"))


def announced(datagram: bytes) -> Heard | None:
    """The name that a host registers or defends by broadcast (RFC 1002 4.2.2); None of all else.

    A question for somebody else's name tells nothing about who asks, and is not taken.
    """
    if len(datagram) < 50 or datagram[2] >> 3 & 15 not in _CLAIMS or datagram[2] & 0x80:  # noqa: PLR2004
        return None
    named = dns.name_at(datagram, 12)
    if named is None or len(named[0]) < 32:  # noqa: PLR2004 - a first-level encoded name
        return None
    row = _decoded(named[0][:32])
    group = int.from_bytes(datagram[-6:-4], "big") & _GROUP
    if len(row) != 16:  # noqa: PLR2004 - bytes of a name
        return None
    if group:
        return Heard(evidence=evidence(("netbios_group", _text(row))))
    own = names("netbios", _text(row)) if row[15] in (0x00, 0x20) else ()
    role = evidence(("netbios_role", _ROLES.get(row[15], "")))
    return Heard(names=own, evidence=role)


def _decoded(text: str) -> bytes:
    """The sixteen bytes of a first-level encoded name (RFC 1001 section 14.1)."""
    halves = [ord(one) - 65 for one in text]
    if not all(0 <= half < 16 for half in halves):  # noqa: PLR2004 - four bits
        return b""
    return bytes(high << 4 | low for high, low in zip(halves[::2], halves[1::2], strict=True))
