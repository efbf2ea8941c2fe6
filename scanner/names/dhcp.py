"""DHCP as clients broadcast it: hostname, vendor class and fingerprint (RFC 2131, 2132, 4702)."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from scanner.heard import Heard, evidence, names

SERVER_PORT, CLIENT_PORT = 67, 68
_OPTIONS = 240  #: where the options begin, behind the magic number
_MAGIC = bytes.fromhex("63825363")
_ETHERNET = (1, 6)  #: hardware type and length of an address
_PAD, _HOSTNAME, _REQUESTED, _KIND, _WANTED, _VENDOR = 0, 12, 50, 53, 55, 60  #: options
_FULL_NAME, _END = 81, 255
_REQUEST, _ACKNOWLEDGED, _INFORM = 3, 5, 8  #: messages (option 53) that tell a client's address
_MOST_OPTIONS = 64
_NOWHERE = IPv4Address(0)


@dataclass(frozen=True, slots=True)
class Lease:
    """What one message told of a client; ``ip`` is empty while it has none for sure."""

    mac: str
    ip: str
    heard: Heard


def read(datagram: bytes) -> Lease | None:
    """What a message tells of the client it is from or to; None when it is none."""
    if len(datagram) < _OPTIONS or datagram[236:_OPTIONS] != _MAGIC:
        return None
    if (datagram[1], datagram[2]) != _ETHERNET:
        return None
    options = _options(datagram)
    mac = datagram[28:34].hex(":")
    return Lease(mac, _address(datagram, options), _heard(options))


def _address(datagram: bytes, options: dict[int, bytes]) -> str:
    """The client's address, from the messages in which it is settled."""
    kind = options.get(_KIND, b"\0")[:1]
    found = _NOWHERE
    if kind == bytes((_ACKNOWLEDGED,)):
        found = IPv4Address(datagram[16:20])
    elif kind == bytes((_REQUEST,)) and len(options.get(_REQUESTED, b"")) == 4:  # noqa: PLR2004
        found = IPv4Address(options[_REQUESTED])
    if kind in (bytes((_REQUEST,)), bytes((_INFORM,)), bytes((_ACKNOWLEDGED,))):
        found = found if found != _NOWHERE else IPv4Address(datagram[12:16])
    return "" if found == _NOWHERE else str(found)


def _heard(options: dict[int, bytes]) -> Heard:
    host = options.get(_HOSTNAME, b"").rstrip(b"\0")
    full = _full_name(options.get(_FULL_NAME, b""))
    wanted = ",".join(map(str, options.get(_WANTED, b"")))
    told = evidence(
        ("dhcp_client", host),
        ("dhcp_client", full),
        ("dhcp_fingerprint", wanted),
        ("dhcp_vendor", options.get(_VENDOR, b"")),
    )
    return Heard(names=names("dhcp", host, full), evidence=told)


def _full_name(option: bytes) -> str:
    """The client's name of option 81: text, or labels as DNS has them (flag E; RFC 4702 2.1)."""
    if len(option) < 4:  # noqa: PLR2004 - flags and two codes come first
        return ""
    if not option[0] & 4:
        return option[3:].decode("latin-1")
    labels, place = [], 3
    while place < len(option) and option[place]:
        labels.append(option[place + 1 : place + 1 + option[place]].decode("latin-1"))
        place += 1 + option[place]
    return ".".join(labels)


def _options(datagram: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    place = _OPTIONS
    while place + 1 < len(datagram) and len(found) < _MOST_OPTIONS:
        code = datagram[place]
        if code == _PAD:
            place += 1
            continue
        if code == _END:
            break
        size = datagram[place + 1]
        found.setdefault(code, datagram[place + 2 : place + 2 + size])
        place += 2 + size
    return found
