"""Listening sockets, from the kernel's own tables; part of the network section."""

from __future__ import annotations

import socket
import sys

from agents.addresses import address
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import integer, line, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

    from agents.machine import Machine

_TABLES = {"tcp": "tcp", "tcp6": "tcp", "udp": "udp", "udp6": "udp"}
_TABLE_LIMIT = 32 << 20  #: bytes; a busy server's 100,000 connections take about 15 MB
_LISTENING = {
    "tcp": "0A",
    "udp": "07",
}  #: states of include/net/tcp_states.h; a UDP socket is "closed" until connected
_COLUMNS = 10  #: the inode is the tenth
_SOCKETS_LIMIT = 4096  #: what a report may hold
_IPV4_DIGITS = 8
_PORTS = 1 << 16
_MAPPED = bytes(10) + b"\xff\xff"


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for the four tables, and for who holds the sockets."""
    quick = not isinstance(answers.ask("tcp", machine.value, "listening_tcp"), Unknown)
    for table, protocol in _TABLES.items():
        if quick and protocol == "tcp":
            continue
        answers.ask("table " + table, machine.read_file, "/proc/net/" + table, _TABLE_LIMIT)
    answers.ask("owners", machine.value, "socket_owners")


def rows(answers: Answers) -> list[Facts]:
    """A row for each protocol, address and port that listens.

    Raises:
        Unknown: a table could not be read; one of IPv6 may be absent.
    """
    owners = attempt(answers.get, "owners")
    found: dict[tuple[str, int, str], str] = {}
    quick = attempt(_quick, answers)
    if isinstance(quick, dict):
        found.update(quick)
    for table, protocol in _TABLES.items():
        if isinstance(quick, dict) and protocol == "tcp":
            continue
        text = attempt(answers.text, "table " + table)
        if isinstance(text, Unknown):
            if table.endswith("6") and text.reason == "not_found":
                continue
            raise text
        for where, port, inode in _listening(text, protocol):
            found.setdefault((protocol, port, where), inode)
    if len(found) > _SOCKETS_LIMIT:
        raise Unknown(
            "unreadable", "%d listening sockets; a report holds %d" % (len(found), _SOCKETS_LIMIT)
        )
    return [_row(*key, owners, inode) for key, inode in sorted(found.items())]


def _quick(answers: Answers) -> dict[tuple[str, int, str], str]:
    """The TCP sockets where the kernel told them at once."""
    rows = answers.get("tcp")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise Unknown("unreadable", "no list of sockets")
    found: dict[tuple[str, int, str], str] = {}
    for one in rows:
        port = integer(str(one.get("port")))
        if not 0 <= port < _PORTS:
            raise Unknown("unreadable", "no port: %d" % port)
        where = _plain(address(str(one.get("address"))))
        found.setdefault(("tcp", port, where), str(one.get("inode")))
    return found


def _plain(where: str) -> str:
    """An IPv4 address that an IPv6 socket shows as ::ffff:192.0.2.1, as itself."""
    return where[7:] if where.startswith("::ffff:") and "." in where else where


def _listening(text: str, protocol: str) -> Iterator[tuple[str, int, str]]:
    """Address, port and inode of the sockets of one table that wait for anybody."""
    for row in list(words(text, comment="\n"))[1:]:
        if len(row) < _COLUMNS:
            raise Unknown("unreadable", "a socket table with %d columns" % len(row))
        if row[3] == _LISTENING[protocol] and set(row[2]) <= set("0:"):
            local, _, port = row[1].partition(":")
            yield _address(local), _port(port), row[9]


def _port(digits: str) -> int:
    try:
        return int(digits, 16) & 0xFFFF
    except ValueError:
        raise Unknown("unreadable", "no port: %r" % digits[:20]) from None


def _address(digits: str) -> str:
    """The kernel prints 32-bit words in the machine's own byte order."""
    try:
        raw = bytes.fromhex(digits)
    except ValueError:
        raw = b""
    if len(raw) not in (4, 16):
        raise Unknown("unreadable", "no address: %r" % digits[:40])
    if sys.byteorder == "little":
        raw = b"".join(raw[i : i + 4][::-1] for i in range(0, len(raw), 4))
    if raw.startswith(_MAPPED):
        raw = raw[12:]
    family = socket.AF_INET if len(digits) == _IPV4_DIGITS or len(raw) == 4 else socket.AF_INET6  # noqa: PLR2004
    return socket.inet_ntop(family, raw)


def _row(protocol: str, port: int, where: str, owners: Any, inode: str) -> Facts:
    facts = Facts()
    facts.set("protocol", protocol)
    facts.set("address", where)
    facts.set("port", port)
    facts.set("exposed", not (where.startswith("127.") or where == "::1"))
    facts.put("process", _process, owners, inode)
    return facts


def _process(owners: Any, inode: str) -> str:
    if isinstance(owners, Unknown):
        raise owners
    name = owners.get(inode) if isinstance(owners, dict) else None
    if not isinstance(name, str):
        raise Unknown("not_found", "no process holds the socket; the kernel may")
    return line(name)
