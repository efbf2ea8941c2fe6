"""Services that speak first: SSH, FTP, SMTP, POP3, IMAP, VNC, MySQL, and what else greets.

What a greeting is, is told by its words, not by the number of its port.
"""

from __future__ import annotations

import re

from scanner.heard import Heard, evidence, names, opened, plain
from scanner.sighting import clean
from scanner.wire.talks import Say, Talk

_LONGEST = 4096  #: bytes of a greeting; who sends more at once has not stopped
_MYSQL_PROTOCOL = 10
_MYSQL_HEADER = 5  #: length (3), number (1), protocol (1)
_SSH = re.compile(r"SSH-[\d.]{1,8}-(?P<software>[^\s]{1,200})(?: (?P<comment>[^\r\n]{0,200}))?")
_PRODUCT = re.compile(
    r"\b(?P<product>vsFTPd|ProFTPD|Pure-FTPd|FileZilla Server|Microsoft FTP Service|bftpd|uFTP"
    r"|Postfix|Exim|Sendmail|Microsoft ESMTP MAIL Service|Dovecot|Courier|Cyrus|MDaemon"
    r"|hMailServer)"
    r"(?:[ /v,]{1,9}(?:[Vv]ersion:? ?)?(?P<version>\d[\w.+~-]{0,40}))?",
    re.IGNORECASE,
)
_SYSTEMS = ("Ubuntu", "Debian", "Raspbian", "FreeBSD", "NetBSD", "OpenBSD", "Windows")
_MAIL_HOST = re.compile(r"220[ -](?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})[ \r\n]")


def listen() -> Talk:
    """Say nothing; it is enough when a line has come, and no more with it than a greeting has."""
    received = bytearray()
    while b"\n" not in received or len(received) > _LONGEST:
        received += yield Say()


def listen_ssh() -> Talk:
    """Say nothing until the identification line; a server may say other lines before (RFC 4253)."""
    received = bytearray()
    while not re.search(rb"^SSH-[^\n]*\n", received, re.MULTILINE) or len(received) > _LONGEST:
        received += yield Say()


def listen_mysql() -> Talk:
    """Say nothing until the whole first packet is there."""
    received = bytearray()
    while len(received) < 4 + int.from_bytes(received[:3], "little") or len(received) > _LONGEST:
        received += yield Say()


def read(port: int, received: bytes) -> Heard:
    """What a greeting tells; a text that nobody knows is a banner."""
    if not received:
        return Heard()
    if len(received) > _MYSQL_HEADER and received[3] == 0 and received[4] == _MYSQL_PROTOCOL:
        return _mysql(port, received)
    text = plain(received[:_LONGEST])
    if found := _SSH.search(text):
        return _ssh(port, found)
    if text.startswith("RFB "):
        version = clean(text[4:11], 8)
        return _heard(port, "vnc", "", version, text[:12], ("vnc_version", version))
    for service, begins in _BEGINS:
        if text.startswith(begins):
            return _mail(port, service(text), text)
    return _heard(port, "", "", "", text)


def _file_or_mail(text: str) -> str:
    return "smtp" if "SMTP" in text.upper() or "mail" in text.lower() else "ftp"


_BEGINS = (
    (_file_or_mail, ("220 ", "220-")),
    (lambda _: "pop3", ("+OK",)),
    (lambda _: "imap", ("* OK", "* PREAUTH")),
)


def _heard(
    port: int, service: str, product: str, version: str, banner: str, *pairs: tuple[str, str]
) -> Heard:
    found = opened(port, service, product, version, banner)
    return Heard(ports=(found,), evidence=evidence(*pairs))


def _ssh(port: int, found: re.Match[str]) -> Heard:
    product, _, version = found["software"].replace("-", "_", 1).partition("_")
    comment = found["comment"] or ""
    heard = _heard(port, "ssh", product, version, found[0], ("ssh_greeting", found[0]))
    system = next((one for one in _SYSTEMS if one.lower() in f"{version} {comment}".lower()), "")
    return heard + Heard(os_guess=system)


def _mail(port: int, service: str, text: str) -> Heard:
    line = text.split("\n", 1)[0]
    product = _PRODUCT.search(line)
    host = _MAIL_HOST.match(f"{line}\n") if service == "smtp" else None
    heard = _heard(
        port,
        service,
        product["product"] if product else "",
        (product["version"] or "") if product else "",
        line,
        (f"{service}_greeting", line),
    )
    return heard + Heard(names=names("smtp", host["host"]) if host else ())


def _mysql(port: int, received: bytes) -> Heard:
    version = plain(received[_MYSQL_HEADER:].split(b"\0", 1)[0][:80])
    product = "MariaDB" if "mariadb" in version.lower() else "MySQL"
    return _heard(port, "mysql", product, version, version, ("mysql_version", version))
