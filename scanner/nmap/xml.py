"""Import of nmap's XML (`nmap -oX`): what another scan saw, as partial sightings.

Nothing is sent to anybody, so the hosts need not be in the networks that may be scanned; they must
be private addresses all the same, because the register is of what stands inside the offices.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from time import time
from xml.parsers.expat import ExpatError

from language.said import said
from language.system import reason
from scanner.networks import inside
from scanner.nmap.document import Document, seconds
from scanner.nmap.hosts import NotReadable, partial
from scanner.partial import Partial
from scanner.problems import BadFile
from scanner.scanning import Loss

METHOD = "nmap_xml"
_PIECE = 1 << 16  #: bytes that are read at a time
_DAY = 86400.0  #: a clock ahead of ours by more is wrong


def read_nmap_xml(path: Path) -> tuple[list[Partial], list[Loss]]:
    """The hosts of one file, and what could not be taken of it.

    A file that ends early, as an interrupted nmap leaves it, gives its whole hosts and a loss.

    Raises:
        BadFile: it cannot be opened, is no XML of nmap's, or holds what nmap never writes.
    """
    reading = _Reading()
    try:
        with path.open("rb") as file:
            reading.read(iter(lambda: file.read(_PIECE), b""))
    except OSError as fault:
        raise BadFile(said("{path}: {why}", path=path, why=reason(fault))) from None
    except BadFile as fault:
        raise BadFile(said("{path} was not imported: {fault}", path=path, fault=fault)) from None
    return reading.partials, reading.losses()


class _Reading:
    """One file: what was taken, and what was not."""

    def __init__(self) -> None:
        self.partials: list[Partial] = []
        self._document = Document()
        self._broken = ""
        self._outside: list[str] = []
        self._unreadable: list[str] = []
        self._no_time = 0

    def read(self, pieces: Iterator[bytes]) -> None:
        try:
            for piece in pieces:
                self._document.feed(piece)
                self._take()
            self._document.feed(b"", last=True)
        except ExpatError as fault:
            self._take()
            if not self._document.version:
                raise BadFile(said("it is no XML of nmap's ({fault})", fault=fault)) from None
            self._broken = str(fault)

    def _take(self) -> None:
        for host in self._document.hosts:
            at = seconds(host.get("endtime", "")) or self._document.started
            if not 0 < at < time() + _DAY:
                self._no_time += 1
                continue
            try:
                self._keep(partial(host, METHOD, at))
            except NotReadable as fault:
                self._unreadable.append(str(fault))
        self._document.hosts.clear()

    def _keep(self, one: Partial) -> None:
        if not inside(ip_network(ip_address(one.ip))):
            self._outside.append(one.ip)
        elif one.answered:
            self.partials.append(one)

    def losses(self) -> list[Loss]:
        """What was not taken, each kind once, with how many and the first of them."""
        counted = (
            ("not_private", self._outside, "hosts with a public address were left out"),
            ("unreadable", self._unreadable, "hosts are not in nmap's form"),
        )
        found = [
            Loss(METHOD, reason, f"{len(which)} {what}; the first: {which[0]}")
            for reason, which, what in counted
            if which
        ]
        if self._no_time:
            found.append(Loss(METHOD, "no_time", f"{self._no_time} hosts have no believable time"))
        if self._broken or not self._document.finished:
            why = self._broken or "nmap was stopped before it was done"
            found.append(Loss(METHOD, "interrupted", f"only what came before is here: {why}"))
        return found
