"""The NTLM handshake's first half: a Windows or Samba host tells its names and version to anybody.

[MS-NLMP] 2.2.1.1 and 2.2.1.2. Nothing is logged in to: the exchange ends with the challenge.
"""

from __future__ import annotations

import struct

from scanner.heard import Heard, evidence, names

_SIGNATURE = b"NTLMSSP\0"
#: Unicode, target name, NTLM, always sign, extended security, version, 128 and 56 bits.
_FLAGS = 0xE2088205
_NETBIOS_NAME, _NETBIOS_DOMAIN, _DNS_NAME, _DNS_DOMAIN = 1, 2, 3, 4
_MOST_PAIRS = 16
#: (major, minor) → what it was sold as; 10.0 is told apart by its build
_SOLD_AS = {
    (5, 1): "Windows XP",
    (5, 2): "Windows Server 2003",
    (6, 0): "Windows Vista or Server 2008",
    (6, 1): "Windows 7 or Server 2008 R2",
    (6, 2): "Windows 8 or Server 2012",
    (6, 3): "Windows 8.1 or Server 2012 R2",
}
_BUILD_OF_11 = 22000
#: builds of servers that no client shares
_SERVERS = {20348: "Windows Server 2022", 25398: "Windows Server, version 23H2"}


def negotiate() -> bytes:
    """The message that asks for a challenge."""
    version = struct.pack("<BBH3xB", 10, 0, 19045, 15)
    return _SIGNATURE + struct.pack("<II", 1, _FLAGS) + bytes(16) + version


def der(tag: int, *parts: bytes) -> bytes:
    """One element of DER (X.690) around others; up to 64 KiB."""
    data = b"".join(parts)
    size = len(data)
    return (
        bytes((tag,))
        + (
            bytes((size,)) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")  # noqa: PLR2004
        )
        + data
    )


def spnego() -> bytes:
    """The same inside SPNEGO's first token (RFC 4178), as SMB wants it."""
    mechanism = der(0x06, bytes.fromhex("2b06010401823702020a"))
    inside = der(0x30, der(0xA0, der(0x30, mechanism)), der(0xA2, der(0x04, negotiate())))
    return der(0x60, der(0x06, bytes.fromhex("2b0601050502")), der(0xA0, inside))


def credssp() -> bytes:
    """The same inside a TSRequest, as remote desktop wants it ([MS-CSSP] 2.2.1)."""
    token = der(0x30, der(0x30, der(0xA0, der(0x04, negotiate()))))
    return der(0x30, der(0xA0, der(0x02, b"\x06")), der(0xA1, token))


def read(data: bytes) -> Heard:
    """What a challenge somewhere in ``data`` tells; nothing without one."""
    place = data.find(_SIGNATURE + b"\x02\0\0\0")
    message = data[place:] if place >= 0 else b""
    if len(message) < 56:  # noqa: PLR2004 - up to the version
        return Heard()
    length, _, offset = struct.unpack_from("<HHI", message, 40)
    pairs = _pairs(message[offset : offset + length])
    domain = pairs.get(_NETBIOS_DOMAIN) or pairs.get(_DNS_DOMAIN) or ""
    major, minor, build = struct.unpack_from("<BBH", message, 48)
    told = [("smb_domain", domain)]
    if build:
        told.append(("smb_build", f"{major}.{minor}.{build}"))
    return Heard(
        names=names("smb", pairs.get(_DNS_NAME, ""), pairs.get(_NETBIOS_NAME, "")),
        os_guess=_sold_as(major, minor, build),
        evidence=evidence(*told),
    )


def is_samba(data: bytes) -> bool:
    """Whether a challenge has the version that Samba gives for itself: 6.1 without a build."""
    place = data.find(_SIGNATURE + b"\x02\0\0\0")
    return place >= 0 and data[place + 48 : place + 52] == b"\x06\x01\0\0"


def _sold_as(major: int, minor: int, build: int) -> str:
    """What a version is sold as; Samba has no build and is no Windows."""
    if not build:
        return ""
    if (major, minor) == (10, 0):
        return _SERVERS.get(build) or ("Windows 11" if build >= _BUILD_OF_11 else "Windows 10")
    return _SOLD_AS.get((major, minor), "")


def _pairs(data: bytes) -> dict[int, str]:
    """The attribute pairs of the target information ([MS-NLMP] 2.2.2.1)."""
    found: dict[int, str] = {}
    place = 0
    while place + 4 <= len(data) and len(found) < _MOST_PAIRS:
        kind, length = struct.unpack_from("<HH", data, place)
        if not kind:
            break
        text = data[place + 4 : place + 4 + length]
        found.setdefault(kind, text.decode("utf-16-le", "replace"))
        place += 4 + length
    return found
