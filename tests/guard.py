"""No test sends to an address outside loopback and the namespaces that tests made themselves.

An audit hook (PEP 578) sees every socket and every program that the test process starts, whatever
library does it: raw sockets, connections and datagrams to elsewhere, look-ups of names, and
scanners that are not started inside a namespace are refused before anything leaves. What a program
does after it was started inside a namespace cannot get out of there: nothing leads outside.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOME = Path("/proc/thread-self/ns/net")  #: the namespace of whoever asks; a link's text is its id
#: Programs that send by themselves, and this project's command that does.
SCANNERS = frozenset({"nmap", "masscan", "arp-scan", "nbtscan", "arping", "fping", "tcpdump"})
_SYSTEM = {Path(folder) for folder in ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin")}
_promised: list[bool] = []
_INTERNET = (socket.AF_INET, socket.AF_INET6)


class Outside(AssertionError):
    """A test was about to send outside."""


def installed() -> None:
    """From now on nothing in this process sends outside."""
    home = _space()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        check = _CHECKS.get(event)
        if check is not None and _space() == home:
            check(*arguments)

    sys.addaudithook(hook)


def _space() -> str:
    try:
        return os.readlink(str(HOME))
    except OSError:
        return ""


@contextmanager
def scanning_loopback() -> Iterator[None]:
    """For the time of a ``with`` a scanner may be started, on loopback: the test's own promise."""
    _promised.append(True)
    try:
        yield
    finally:
        _promised.pop()


def _sent(one: socket.socket, address: Any) -> None:
    if one.family in _INTERNET and not _inside(address[0]) and not _to_own_group(one, address[0]):
        raise Outside(
            f"a test was about to send to {address[0]}: use a namespace of the laboratory"
        )


def _inside(host: Any) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        address = ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _to_own_group(one: socket.socket, host: str) -> bool:
    """Whether it goes to a group by way of the loopback card alone."""
    if one.family != socket.AF_INET or not _is_address(host) or not ip_address(host).is_multicast:
        return False
    card = one.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, 4)
    return ip_address(card).is_loopback


def _made(_one: object, family: int, kind: int, _protocol: int) -> None:
    packet = getattr(socket, "AF_PACKET", None)
    raw = family in _INTERNET and kind & 0xF == socket.SOCK_RAW
    if raw or (packet is not None and family == packet):
        raise Outside("a test was about to open a raw socket outside the laboratory's namespaces")


def _looked_up(host: Any, *_: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and not _inside(name) and not _is_address(name):
        raise Outside(f"a test was about to look up {name!r}: nobody outside is asked")


def _is_address(name: str) -> bool:
    try:
        ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _started(_executable: object, argv: Any, *_: object) -> None:
    words = [os.fsdecode(word) for word in ([argv] if isinstance(argv, (str, bytes)) else argv)]
    if words[:3] == ["ip", "netns", "exec"] or not words:
        return
    scans = "rasoat" in words[:4] and "scan" in words
    program = Path(words[0])
    real = not program.is_absolute() or program.parent in _SYSTEM  # others are a test's own
    scans |= real and program.name in SCANNERS and words[1:] != ["-V"]  # its version alone
    if scans and not _promised:
        raise Outside(f"a test was about to start {' '.join(words)[:200]} outside the laboratory")


_CHECKS: dict[str, Callable[..., None]] = {
    "socket.connect": _sent,
    "socket.sendto": _sent,
    "socket.sendmsg": lambda one, address: None if address is None else _sent(one, address),
    "socket.__new__": _made,
    "socket.getaddrinfo": _looked_up,
    "socket.gethostbyname": _looked_up,
    "subprocess.Popen": _started,
}
