"""DNS servers over TCP: their software, by the question that BIND began (version.bind)."""

from __future__ import annotations

import re
import struct

from scanner.heard import Heard, opened, plain
from scanner.names import dns
from scanner.wire.talks import Say, Talk

_CHAOS = 3  #: class of questions about the server itself
_TOKEN = 0x5253
_LONGEST = 4096  #: bytes of an answer that are waited for
_SOFTWARE = re.compile(
    r"(?P<product>[A-Za-z][A-Za-z ._]{0,40}?)[- /]?(?P<version>\d[\w.+~-]{0,40})"
)


def talk() -> Talk:
    """Ask for the version; the answer has its length before it (RFC 1035 section 4.2.2)."""
    question = struct.pack(">6H", _TOKEN, 0, 1, 0, 0, 0) + dns.wire_name("version.bind")
    question += struct.pack(">HH", dns.TXT, _CHAOS)
    received = bytearray()
    while len(received) < 2 or len(received) < 2 + int.from_bytes(received[:2], "big"):  # noqa: PLR2004
        received += yield Say(b"" if received else struct.pack(">H", len(question)) + question)
        if len(received) > _LONGEST:
            return


def read(port: int, received: bytes) -> Heard:
    """The software; a server that keeps it to itself is a DNS server all the same."""
    answer = dns.read(received[2:_LONGEST])
    if answer is None or answer.token != _TOKEN:
        return Heard()
    texts = [text for one in answer.records if one.kind == dns.TXT for text in one.texts]
    banner = plain(texts[0]) if texts else ""
    found = _SOFTWARE.match(banner)
    product, version = (found["product"], found["version"]) if found else (banner, "")
    return Heard(ports=(opened(port, "dns", product, version, banner),))
