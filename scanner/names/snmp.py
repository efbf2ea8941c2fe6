"""SNMP: a device's own description, asked with configured communities alone (RFC 3416, 1157).

Our own small BER: scapy's costs 0.2 s to import, and five constant questions need none of it.
A community is a password: it is never kept, printed or made evidence. One that everybody knows,
``public``, raises the flag `snmp_public` where it is answered.
"""

from __future__ import annotations

from scanner.heard import Heard, evidence, names, plain

PORT = 161
V1, V2C = 0, 1
EVERYBODYS = "public"
_LONGEST_COMMUNITY = 64
_INTEGER, _OCTETS, _NULL, _OID, _SEQUENCE, _GET, _RESPONSE = 2, 4, 5, 6, 0x30, 0xA0, 0xA2
_SYSTEM = bytes((0x2B, 6, 1, 2, 1, 1))  #: 1.3.6.1.2.1.1, the system group (RFC 3418)
_DESCR, _OBJECT, _NAME, _SERVICES = 1, 2, 5, 7
_MOST_ITEMS = 32


def question(community: str, token: int, version: int = V2C) -> bytes:
    """Ask for description, object identifier, name and services; ``token`` marks the answer."""
    wanted = (_SYSTEM + bytes((leaf, 0)) for leaf in (_DESCR, _OBJECT, _NAME, _SERVICES))
    bindings = b"".join(_put(_SEQUENCE, _put(_OID, one) + _put(_NULL, b"")) for one in wanted)
    number = _put(_INTEGER, token.to_bytes(3, "big"))
    zero = _put(_INTEGER, b"\0")
    request = _put(_GET, number + zero + zero + _put(_SEQUENCE, bindings))
    said = community.encode()[:_LONGEST_COMMUNITY]
    return _put(_SEQUENCE, _put(_INTEGER, bytes((version,))) + _put(_OCTETS, said) + request)


def read(datagram: bytes, token: int) -> Heard | None:
    """What an answer to ``token`` tells; None when it is none."""
    message = _items(_inner(datagram, _SEQUENCE))
    if len(message) < 3 or message[2][0] != _RESPONSE:  # noqa: PLR2004 - version, community, PDU
        return None
    response = _items(message[2][1])
    if len(response) < 4 or int.from_bytes(response[0][1], "big") != token:  # noqa: PLR2004
        return None
    found = {}
    for _, binding in _items(response[3][1]):
        pair = _items(binding)
        if len(pair) == 2 and pair[0][1].startswith(_SYSTEM):  # noqa: PLR2004 - name and value
            found[pair[0][1][len(_SYSTEM) : len(_SYSTEM) + 1]] = pair[1]
    return _told({leaf[0]: value for leaf, value in found.items() if leaf})


def answered_community(datagram: bytes) -> str:
    """The community that an answer names, to compare with what was asked; never to be shown."""
    message = _items(_inner(datagram, _SEQUENCE))
    return plain(message[1][1]) if len(message) > 1 and message[1][0] == _OCTETS else ""


def _told(values: dict[int, tuple[int, bytes]]) -> Heard:
    pairs: list[tuple[str, str | bytes]] = []
    own: list[bytes] = []
    for leaf, (kind, data) in values.items():
        if leaf == _DESCR and kind == _OCTETS:
            pairs.append(("snmp_descr", data))
        elif leaf == _NAME and kind == _OCTETS:
            own.append(data)
        elif leaf == _OBJECT and kind == _OID:
            pairs.append(("snmp_object", _dotted(data)))
        elif leaf == _SERVICES and kind == _INTEGER and len(data) <= 2:  # noqa: PLR2004 - 0 to 127
            pairs.append(("snmp_services", str(int.from_bytes(data, "big"))))
    return Heard(names=names("snmp", *own), evidence=evidence(*pairs))


def _dotted(data: bytes) -> str:
    """An object identifier as text (X.690 section 8.19)."""
    numbers: list[int] = []
    value = 0
    for one in data[:64]:
        value = (value << 7) | (one & 0x7F)
        if not one & 0x80:
            numbers.append(value)
            value = 0
    if not numbers:
        return ""
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def _put(tag: int, data: bytes) -> bytes:
    size = len(data)
    length = bytes((size,)) if size < 0x80 else bytes((0x82,)) + size.to_bytes(2, "big")  # noqa: PLR2004
    return bytes((tag,)) + length + data


def _inner(data: bytes, tag: int) -> bytes:
    found = _items(data)
    return found[0][1] if found and found[0][0] == tag else b""


def _items(data: bytes) -> list[tuple[int, bytes]]:
    """(tag, content) one after the other, up to the first that is cut."""
    items: list[tuple[int, bytes]] = []
    place = 0
    while place + 2 <= len(data) and len(items) < _MOST_ITEMS:
        tag, size = data[place], data[place + 1]
        place += 2
        if size & 0x80:
            wide = size & 0x7F
            if not 1 <= wide <= 4:  # noqa: PLR2004 - no datagram needs more
                break
            size = int.from_bytes(data[place : place + wide], "big")
            place += wide
        content = data[place : place + size]
        if len(content) < size:
            break
        items.append((tag, content))
        place += size
    return items
