"""SSDP: what UPnP devices answer to a search and announce (UPnP Device Architecture 2.0, part 1).

The description that LOCATION points to is not fetched here; `location` is the rule for who does.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from scanner.heard import Heard, evidence, plain

PORT = 1900
GROUPS = ("239.255.255.250", "ff02::c")
_LONGEST = 4096  #: bytes of a message that are read
_LONGEST_LOCATION = 300
_SEARCH = (
    "M-SEARCH * HTTP/1.1\r\n"
    "HOST: {host}:1900\r\n"
    'MAN: "ssdp:discover"\r\n'
    "MX: 1\r\n"
    "ST: upnp:rootdevice\r\n"
    "\r\n"
)


def question(ip: str, token: int) -> bytes:
    """Search one host (section 1.3.2, unicast)."""
    return _SEARCH.format(host=f"[{ip}]" if ":" in ip else ip).encode()


def group_question(group: str) -> bytes:
    """Search everybody; answers are spread over a second (MX)."""
    return question(group, 0)


def read(datagram: bytes, ip: str) -> Heard | None:
    """What an answer or an announcement of ``ip`` tells; None when it is neither."""
    head = plain(datagram[:_LONGEST]).replace("\r\n", "\n").split("\n\n", 1)[0].split("\n")
    if not head[0].upper().startswith(("HTTP/1.", "NOTIFY * HTTP/1.")):
        return None
    fields = {
        name.strip().lower(): text.strip()
        for name, colon, text in (line.partition(":") for line in head[1:64])
        if colon
    }
    kinds = [fields.get("st", ""), fields.get("nt", ""), fields.get("usn", "").rpartition("::")[2]]
    pairs = [("ssdp_type", device_type(one)) for one in kinds]
    pairs.append(("ssdp_server", fields.get("server", "")))
    if location(fields.get("location", ""), ip):
        pairs.append(("ssdp_location", fields["location"]))
    return Heard(evidence=evidence(*pairs))


def device_type(urn: str) -> str:
    """``MediaServer:1`` of ``urn:schemas-upnp-org:device:MediaServer:1``; empty of other words."""
    words = urn.split(":")
    if len(words) == 5 and words[0] == "urn" and words[2] in ("device", "service"):  # noqa: PLR2004
        return ":".join(words[3:])
    return ""


def location(url: str, ip: str) -> tuple[int, str] | None:
    """(port, path) of a description on the host that gave it itself; None for any other address.

    A device may write any URL here; one of another host would make the scanner that device's hand.
    """
    if len(url) > _LONGEST_LOCATION or not url.isascii() or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        if parts.scheme != "http" or ip_address(parts.hostname or "") != ip_address(ip):
            return None
        port = parts.port or 80
    except ValueError:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return None if " " in path else (port, path)
