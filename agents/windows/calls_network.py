"""Calls that tell the network adapters, their addresses, and the domain or workgroup."""

from __future__ import annotations

import ctypes
import socket
from ctypes import (
    POINTER,
    byref,
    c_char_p,
    c_int32,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
    c_wchar_p,
)

from agents.outcome import Unknown, attempt
from agents.windows.api import GROWTHS, function, refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

_FLAGS = 0x2 | 0x4 | 0x80  #: GAA_FLAG_SKIP_ANYCAST, _SKIP_MULTICAST, _INCLUDE_GATEWAYS
_OVERFLOW, _NO_DATA = 111, 232  #: ERROR_BUFFER_OVERFLOW, ERROR_NO_DATA
_DHCP = 4  #: IP_ADAPTER_DHCP_ENABLED
_UP = 1  #: IfOperStatusUp
_HARDWARE = 1  #: HardwareInterface, the first bit of InterfaceAndOperStatusFlags
_NO_SPEED = 2**64 - 1
_JOINED = {0: "unknown", 1: "unjoined", 2: "workgroup", 3: "domain"}  #: NETSETUP_JOIN_STATUS
_MOST = 4096  #: elements of one linked list; more is a list that bites its tail


class SocketAddress(ctypes.Structure):
    """SOCKET_ADDRESS (MS docs, ws2def.h)."""

    _fields_ = [("sockaddr", c_void_p), ("length", c_int32)]


class Address(ctypes.Structure):
    """The common head of IP_ADAPTER_UNICAST_ADDRESS_LH, _GATEWAY_ADDRESS_LH, _DNS_SERVER_ADDRESS.

    Source: MS docs, iptypes.h.
    """


Address._fields_ = [
    ("length", c_uint32),
    ("flags", c_uint32),
    ("next", POINTER(Address)),
    ("address", SocketAddress),
]


class Unicast(ctypes.Structure):
    """IP_ADAPTER_UNICAST_ADDRESS_LH (MS docs, iptypes.h)."""


Unicast._fields_ = [
    ("length", c_uint32),
    ("flags", c_uint32),
    ("next", POINTER(Unicast)),
    ("address", SocketAddress),
    ("prefix_origin", c_int32),
    ("suffix_origin", c_int32),
    ("duplicate_state", c_int32),
    ("valid_lifetime", c_uint32),
    ("preferred_lifetime", c_uint32),
    ("lease_lifetime", c_uint32),
    ("prefix", c_uint8),
]


class Adapter(ctypes.Structure):
    """The head of IP_ADAPTER_ADDRESSES_LH (MS docs, iptypes.h), as far as it is read."""


Adapter._fields_ = [
    ("length", c_uint32),
    ("index", c_uint32),
    ("next", POINTER(Adapter)),
    ("guid", c_char_p),
    ("unicast", POINTER(Unicast)),
    ("anycast", c_void_p),
    ("multicast", c_void_p),
    ("dns", POINTER(Address)),
    ("suffix", c_wchar_p),
    ("description", c_wchar_p),
    ("name", c_wchar_p),
    ("physical", c_uint8 * 8),
    ("physical_length", c_uint32),
    ("flags", c_uint32),
    ("mtu", c_uint32),
    ("type", c_uint32),
    ("status", c_int32),
    ("index6", c_uint32),
    ("zones", c_uint32 * 16),
    ("prefixes", c_void_p),
    ("transmit_speed", c_uint64),
    ("receive_speed", c_uint64),
    ("wins", c_void_p),
    ("gateways", POINTER(Address)),
    ("metric4", c_uint32),
    ("metric6", c_uint32),
    ("luid", c_uint64),
]


class InterfaceRow(ctypes.Structure):
    """MIB_IF_ROW2 (MS docs, netioapi.h); its counters are left as bytes."""

    _fields_ = [
        ("luid", c_uint64),
        ("index", c_uint32),
        ("guid", c_uint8 * 16),
        ("alias", c_uint16 * 257),
        ("description", c_uint16 * 257),
        ("physical_length", c_uint32),
        ("physical", c_uint8 * 32),
        ("permanent", c_uint8 * 32),
        ("mtu", c_uint32),
        ("type", c_uint32),
        ("tunnel_type", c_int32),
        ("media_type", c_int32),
        ("medium", c_int32),
        ("access_type", c_int32),
        ("direction", c_int32),
        ("flags", c_uint8),
        ("oper_status", c_int32),
        ("admin_status", c_int32),
        ("media_state", c_int32),
        ("network", c_uint8 * 16),
        ("connection", c_int32),
        ("transmit_speed", c_uint64),
        ("receive_speed", c_uint64),
        ("counters", c_uint64 * 18),
    ]


def addresses() -> list[dict[str, Any]]:
    """Every adapter with its addresses, ways out and name servers (GetAdaptersAddresses)."""
    types = (c_uint32, c_uint32, c_uint32, c_void_p, c_void_p, POINTER(c_uint32))
    ask = function("iphlpapi", "GetAdaptersAddresses", *types)
    size = c_uint32(32 << 10)
    for _ in range(GROWTHS):
        buffer = ctypes.create_string_buffer(size.value)
        code = ask(0, _FLAGS, None, buffer, byref(size))
        if code == 0:
            first = ctypes.cast(buffer, POINTER(Adapter))
            return [_adapter(one) for one in linked(first)]
        if code == _NO_DATA:
            return []
        if code != _OVERFLOW:
            raise refused("GetAdaptersAddresses", code)
    raise Unknown("unreadable", "GetAdaptersAddresses: the answer grows faster than it is read")


def linked(first: Any) -> Iterator[Any]:
    """The elements of a linked list of structures that have a ``next``."""
    pointer = first
    for _ in range(_MOST):
        if not pointer:
            return
        yield pointer.contents
        pointer = pointer.contents.next
    raise Unknown("unreadable", "a list of adapters without an end")


def _adapter(one: Any) -> dict[str, Any]:
    row = attempt(_row, one.luid)
    known = not isinstance(row, Unknown)
    return {
        "name": one.name or "",
        "description": one.description or "",
        "mac": _mac(one.physical, one.physical_length),
        "permanent_mac": _mac(row.permanent, row.physical_length) if known else None,
        "type": one.type,
        "hardware": bool(row.flags & _HARDWARE) if known else None,
        "up": one.status == _UP,
        "dhcp": bool(one.flags & _DHCP),
        "speed": None if one.transmit_speed in (0, _NO_SPEED) else one.transmit_speed,
        "addresses": [
            {"address": _address(entry.address), "prefix": entry.prefix}
            for entry in linked(one.unicast)
        ],
        "gateways": [_address(entry.address) for entry in linked(one.gateways)],
        "dns": [_address(entry.address) for entry in linked(one.dns)],
    }


def _row(luid: int) -> InterfaceRow:
    row = InterfaceRow(luid=luid)
    ask = function("iphlpapi", "GetIfEntry2", c_uint32, POINTER(InterfaceRow))
    code = ask(byref(row))
    if code != 0:
        raise refused("GetIfEntry2", code)
    return row


def _mac(raw: Any, length: int) -> str | None:
    """Six bytes as text; anything else, or none but zeros, is no MAC address."""
    found = bytes(raw)[:length]
    if len(found) != 6 or not any(found):  # noqa: PLR2004 - EUI-48
        return None
    return ":".join("%02x" % byte for byte in found)


def _address(address: Any) -> str:
    """The IP address in a sockaddr_in (at byte 4) or sockaddr_in6 (at byte 8)."""
    raw = ctypes.string_at(address.sockaddr, address.length)
    family = int.from_bytes(raw[:2], "little")
    if family == 2 and len(raw) >= 8:  # noqa: PLR2004 - AF_INET
        return socket.inet_ntop(socket.AF_INET, raw[4:8])
    if family == 23 and len(raw) >= 24:  # noqa: PLR2004 - AF_INET6 of Windows
        return socket.inet_ntop(socket.AF_INET6, raw[8:24])
    raise Unknown("unreadable", "an address of family %d" % family)


def domain() -> dict[str, str]:
    """The domain or workgroup that the computer is in (NetGetJoinInformation)."""
    name, status = c_void_p(), c_int32()
    types = (c_uint32, c_wchar_p, POINTER(c_void_p), POINTER(c_int32))
    code = function("netapi32", "NetGetJoinInformation", *types)(None, byref(name), byref(status))
    if code != 0:
        raise refused("NetGetJoinInformation", code)
    try:
        text = ctypes.wstring_at(name.value) if name.value else ""
    finally:
        function("netapi32", "NetApiBufferFree", c_uint32, c_void_p)(name)
    return {"name": text, "kind": _JOINED.get(status.value, "unknown")}
