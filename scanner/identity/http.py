"""HTTP: server, title, realm of the first page (RFC 9110); reading is bounded and never raises."""

from __future__ import annotations

import html
import re
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from scanner.heard import Heard, evidence, opened, plain
from scanner.wire.talks import Say, Talk

_ENOUGH = 32 << 10  #: bytes of a page in which its title stands, or nowhere
_MOST_FIELDS = 64
_LONGEST_PATH = 300
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,2000})", re.IGNORECASE)
_REALM = re.compile(r'realm="?([^",]{1,200})', re.IGNORECASE)
_PRODUCT = re.compile(r"(?P<product>[A-Za-z][\w .+-]{0,60}?)/[vV]?(?P<version>\d[\w.+~-]{0,40})")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)? (\d{3})")
#: what servers that want TLS say to a request without
_WANTS_TLS = ("HTTP request to an HTTPS", "HTTP request was sent to HTTPS", "speaking plain HTTP")
_TLS_ALERT = b"\x15\x03"


def talk(host: str, path: str = "/", *, tls: bool = False) -> Talk:
    """Ask for one page and take it until its title."""
    return exchange(request(host, path), tls=tls)


def exchange(said: bytes, *, tls: bool = False) -> Talk:
    """One request, and of the answer what `enough` wants."""
    received = bytearray()
    piece = yield Say(said, tls=tls)
    while not enough(bytes(received := received + piece)):
        piece = yield Say()


def request(host: str, path: str = "/") -> bytes:
    """A request that ends the connection with its answer."""
    shown = f"[{host}]" if ":" in host else host
    return (
        f"GET {path} HTTP/1.1\r\nHost: {shown}\r\nUser-Agent: rasoat\r\nAccept: */*\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii", "replace")


def enough(received: bytes) -> bool:
    """Whether the header is there, and of the body what is wanted or all there is."""
    head, ended, body = received.partition(b"\r\n\r\n")
    if not ended:
        head, ended, body = received.partition(b"\n\n")
    if not ended:
        return False
    if len(received) >= _ENOUGH or b"</title" in body.lower() or body.endswith(b"0\r\n\r\n"):
        return True
    length = fields_of(head).get("content-length", "")
    return length.isdecimal() and len(body) >= int(length[:9])


def fields_of(head: bytes) -> dict[str, str]:
    """The header's fields; of one that stands twice the first."""
    fields: dict[str, str] = {}
    for line in plain(head).replace("\r", "").split("\n")[1 : _MOST_FIELDS + 1]:
        name, colon, text = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), text.strip())
    return fields


def read(port: int, received: bytes, *, tls: bool = False) -> Heard:
    """What a page tells; nothing when it is none."""
    head, _, body = received.partition(b"\r\n\r\n")
    status = _STATUS.match(plain(head[:40]))
    if status is None:
        return Heard()
    fields = fields_of(head)
    server = fields.get("server", "")
    realm = _REALM.search(fields.get("www-authenticate", "")[:1000])
    product = _PRODUCT.match(server[:200])
    title = _TITLE.search(plain(body[:_ENOUGH]))
    found = opened(
        port,
        "https" if tls else "http",
        product["product"] if product else server,
        product["version"] if product else "",
        plain(head).split("\n", 1)[0],
    )
    told = evidence(
        ("http_server", server),
        ("http_title", html.unescape(title[1]) if title else ""),
        ("http_realm", realm[1] if realm else ""),
        ("http_redirect", fields.get("location", "")[:_LONGEST_PATH]),
    )
    return Heard(ports=(found,), evidence=told)


def wants_tls(received: bytes) -> bool:
    """Whether a server that was asked in plain text speaks TLS."""
    return received.startswith(_TLS_ALERT) or any(
        one in plain(received[:4096]) for one in _WANTS_TLS
    )


def redirect(received: bytes, ip: str, port: int, *, tls: bool = False) -> str | None:
    """The path that a page sends a browser to, if it is at the very same door; else None.

    To follow a device's word to any other address would make the scanner its hand.
    """
    head = received.partition(b"\r\n\r\n")[0]
    status = _STATUS.match(plain(head[:40]))
    place = fields_of(head).get("location", "")
    if status is None or status[1][0] != "3" or not 0 < len(place) <= _LONGEST_PATH:
        return None
    if not place.isascii() or not place.isprintable() or " " in place:
        return None
    scheme = "https" if tls else "http"
    try:
        here = f"{scheme}://{f'[{ip}]' if ':' in ip else ip}:{port}/"
        parts = urlsplit(urljoin(here, place))
        same = ip_address(parts.hostname or "") == ip_address(ip)
        there = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    if not same or there != port or parts.scheme != scheme:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return None if path == "/" else path
