"""WS-Discovery: Windows PCs, printers and ONVIF cameras (OASIS WS-Discovery 1.1; ONVIF Core 7.3).

The answers are XML from strangers: the few texts wanted are cut out of it, no parser expands it.
"""

from __future__ import annotations

import re
import uuid

from scanner.heard import Heard, evidence, plain
from scanner.names.ssdp import location

PORT = 3702
GROUPS = ("239.255.255.250", "ff02::c")
_LONGEST = 16 << 10  #: bytes of a message that are read
_MOST_SCOPES = 32
_PROBE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">'
    "<s:Header><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>"
    "<a:MessageID>urn:uuid:{message}</a:MessageID>"
    "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>"
    "<s:Body><d:Probe/></s:Body></s:Envelope>"
)
_TYPES = re.compile(r"<(?:[\w.-]{1,40}:)?Types(?:\s[^<>]{0,500})?>([^<>]{1,2000})<")
_SCOPES = re.compile(r"<(?:[\w.-]{1,40}:)?Scopes(?:\s[^<>]{0,500})?>([^<>]{1,4000})<")
_ADDRESSES = re.compile(r"<(?:[\w.-]{1,40}:)?XAddrs(?:\s[^<>]{0,500})?>([^<>]{1,4000})<")
_ID = re.compile(r"<(?:[\w.-]{1,40}:)?Address>\s{0,9}(urn:uuid:[0-9a-fA-F-]{36})\s{0,9}<")


def question(ip: str, token: int) -> bytes:
    """Ask for every kind of device; the scan's token makes the message's own identifier."""
    message = uuid.uuid5(uuid.NAMESPACE_OID, f"rasoat-{token}-{ip}")
    return _PROBE.format(message=message).encode()


def group_question(token: int) -> bytes:
    """The same asked of everybody."""
    return question("group", token)


def read(datagram: bytes, ip: str) -> Heard | None:
    """What an answer or a greeting of ``ip`` tells; None when it is neither."""
    text = plain(datagram[:_LONGEST])
    if "discovery" not in text or not any(word in text for word in ("ProbeMatch", "Hello")):
        return None
    types, scopes, addresses = (
        [word for found in one.findall(text) for word in found.split()]
        for one in (_TYPES, _SCOPES, _ADDRESSES)
    )
    own = [one for one in addresses if location(one, ip)]
    return Heard(
        evidence=evidence(
            *(("wsd_type", one.rpartition(":")[2]) for one in types),
            *(("wsd_scope", one) for one in scopes[:_MOST_SCOPES]),
            *(("wsd_address", one) for one in own[:1]),
            *(("wsd_id", one) for one in _ID.findall(text)[:1]),
        )
    )
