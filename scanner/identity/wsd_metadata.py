"""WS-Discovery's metadata: a Windows PC's name and workgroup, a device's maker and model.

WS-Transfer's Get over HTTP (Devices Profile for Web Services 1.0; [MS-PBSD] for computers). The
few texts wanted are cut out of the XML, no parser expands it.
"""

from __future__ import annotations

import html
import re

from scanner.heard import Heard, evidence, names, plain
from scanner.identity import http
from scanner.wire.talks import Talk

_FIELDS = ("FriendlyName", "Manufacturer", "ModelName", "ModelNumber")
_FIELD = re.compile(
    rf"<(?:[\w.-]{{1,40}}:)?({'|'.join(_FIELDS)})(?:\s[^<>]{{0,200}})?>([^<>]{{1,300}})</"
)
_COMPUTER = re.compile(r"<(?:[\w.-]{1,40}:)?Computer(?:\s[^<>]{0,200})?>([^<>]{1,300})</")
_LONGEST = 32 << 10  #: bytes of metadata that are read
_GET = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header>'
    "<a:To>{endpoint}</a:To>"
    "<a:Action>http://schemas.xmlsoap.org/ws/2004/09/transfer/Get</a:Action>"
    "<a:MessageID>urn:uuid:52617361-0000-4000-8000-000000000001</a:MessageID>"
    "<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
    "</a:Address></a:ReplyTo></s:Header><s:Body/></s:Envelope>"
)


def talk(ip: str, port: int, path: str, endpoint: str) -> Talk:
    """Ask a device for what it is; ``endpoint`` is what it calls itself (urn:uuid:…)."""
    body = _GET.format(endpoint=endpoint).encode()
    host = f"[{ip}]" if ":" in ip else ip
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: rasoat\r\n"
        f"Content-Type: application/soap+xml\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return http.exchange(head.encode() + body)


def read(received: bytes) -> Heard:
    """What the metadata tells; nothing where it is none."""
    text = plain(received.partition(b"\r\n\r\n")[2][:_LONGEST])
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(text):
        fields.setdefault(name, html.unescape(value))
    computer = _COMPUTER.search(text)
    word = html.unescape(computer[1]) if computer else ""
    return Heard(
        names=names("wsd", re.split(r"[/\\]", word)[0]),
        evidence=evidence(
            ("wsd_computer", word),
            *(("wsd_device", f"{name}={value}") for name, value in fields.items()),
        ),
    )
