"""IPP: a printer's make and model, or CUPS' queues, over HTTP on port 631 (RFC 8010, 8011).

Two operations that only read. Nothing is ever said to the ports that print what they are sent.
"""

from __future__ import annotations

import struct

from scanner.heard import Heard, evidence, opened, plain
from scanner.identity.http import exchange, fields_of
from scanner.wire.talks import Talk

_GET_PRINTER_ATTRIBUTES, _CUPS_GET_PRINTERS = 0x000B, 0x4002
_OPERATION, _END = 1, 3  #: tags of groups (RFC 8010 section 3.5.1)
_CHARSET, _LANGUAGE, _URI, _KEYWORD = 0x47, 0x48, 0x45, 0x44
_LAST_DELIMITER = 0x0F
_MOST_ATTRIBUTES, _MOST_CHUNKS = 512, 1024
#: attribute → word of evidence
_WANTED = {
    "printer-make-and-model": "ipp_model",
    "printer-device-id": "ipp_device",
    "printer-name": "ipp_name",
    "printer-info": "ipp_name",
    "printer-dns-sd-name": "ipp_name",
}


def talk(ip: str, port: int, *, queues: bool = False) -> Talk:
    """Ask a printer at the usual path what it is; with ``queues`` CUPS for its printers."""
    return exchange(request(ip, port, queues=queues))


def request(ip: str, port: int, *, queues: bool = False) -> bytes:
    """The HTTP request with the operation."""
    host = f"[{ip}]" if ":" in ip else ip
    path, operation = (
        ("/", _CUPS_GET_PRINTERS) if queues else ("/ipp/print", _GET_PRINTER_ATTRIBUTES)
    )
    attributes = _attribute(_CHARSET, "attributes-charset", "utf-8")
    attributes += _attribute(_LANGUAGE, "attributes-natural-language", "en")
    if not queues:
        attributes += _attribute(_URI, "printer-uri", f"ipp://{host}:{port}{path}")
    for place, wanted in enumerate(_WANTED):
        attributes += _attribute(_KEYWORD, "" if place else "requested-attributes", wanted)
    body = struct.pack(">BBHIB", 1, 1, operation, 1, _OPERATION) + attributes + bytes((_END,))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: rasoat\r\n"
        f"Content-Type: application/ipp\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def _attribute(tag: int, name: str, value: str) -> bytes:
    data = value.encode()
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(data)) + data


def read(port: int, received: bytes) -> Heard:
    """What an answer tells; nothing where it is not IPP."""
    head, _, body = received.partition(b"\r\n\r\n")
    fields = fields_of(head)
    if "application/ipp" not in fields.get("content-type", "").lower():
        return Heard()
    found = attributes_of(
        _joined(body) if "chunked" in fields.get("transfer-encoding", "") else body
    )
    pairs = [(_WANTED[name], text) for name, text in found if name in _WANTED]
    models = [plain(text) for name, text in found if name == "printer-make-and-model"]
    product = "CUPS" if "CUPS" in fields.get("server", "") else "".join(models[:1])
    return Heard(ports=(opened(port, "ipp", product),), evidence=evidence(*pairs))


def attributes_of(body: bytes) -> list[tuple[str, bytes]]:
    """(name, value) of every attribute, up to the first that is cut (RFC 8010 section 3.1)."""
    found: list[tuple[str, bytes]] = []
    place, name = 8, ""
    while place < len(body) and len(found) < _MOST_ATTRIBUTES:
        if body[place] <= _LAST_DELIMITER:
            if body[place] == _END:
                break
            place += 1
            continue
        named = _sized(body, place + 1)
        valued = _sized(body, named[1]) if named else None
        if named is None or valued is None:
            break
        name = named[0].decode("ascii", "replace") or name
        found.append((name, valued[0]))
        place = valued[1]
    return found


def _sized(body: bytes, place: int) -> tuple[bytes, int] | None:
    """(bytes after a length of two bytes, where they end)."""
    if place + 2 > len(body):
        return None
    end = place + 2 + int.from_bytes(body[place : place + 2], "big")
    return (body[place + 2 : end], end) if end <= len(body) else None


def _joined(body: bytes) -> bytes:
    """A chunked body in one piece (RFC 9112 section 7.1)."""
    whole = b""
    for _ in range(_MOST_CHUNKS):
        size, _, rest = body.partition(b"\r\n")
        try:
            length = int(size.split(b";")[0][:8], 16)
        except ValueError:
            break
        if length <= 0:
            break
        whole += rest[:length]
        body = rest[length + 2 :]
    return whole
