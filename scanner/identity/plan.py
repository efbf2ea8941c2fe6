"""Which talk fits which open port; what is not in these tables is listened to and never spoken to.

A byte that a service did not ask for can stop a fragile device, so unknown ports get none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from scanner.identity import greetings, http, ipp, rdp, resolvers, rtsp, smb, telnet
from scanner.wire.streams import FRAGILE
from scanner.wire.talks import PATIENCE, Job, Say, Talk

LISTENING = 0.7  #: seconds that a service which may greet is given to do so
MOST_PORTS = 40  #: of one host; who has more open is no device but a trap, and that is said

HTTP = frozenset(
    (
        *(80, 81, 82, 3000, 5000, 5357, 5985, 7070, 7547, 8000, 8001, 8008, 8080, 8081, 8083),
        *(8086, 8088, 8090, 8180, 8888, 9000, 9080, 9090, 10000),
    )
)
HTTPS = frozenset((443, 4443, 5001, 5986, 6443, 8006, 8009, 8443, 8834, 9443))
TLS_ONLY = frozenset((465, 636, 853, 989, 990, 993, 995, 3269, 5061, 8883))
SSH = frozenset((22, 222, 2222, 8022, 22222))
TELNET = frozenset((23, 2323))
RTSP = frozenset((554, 8554, 10554))
#: Services that are known to greet, some only after they looked up who came.
_GREET = frozenset((21, 25, 110, 119, 143, 587, 2121, 5900, 5901, 5902, 5903))
#: Services that speak only when spoken to, and to whom we have nothing to say: RPC, Kerberos, LDAP,
#: NetBIOS sessions, Windows' own high ports, iPhones' sync.
SILENT = frozenset(
    (
        *(111, 135, 139, 389, 464, 593, 1433, 2049, 3268, 5040, 7680, 9389, 62078),
        *range(49152, 49170),
        *range(49664, 49680),
    )
)


def jobs(ip: str, ports: Sequence[int]) -> Iterator[Job]:
    """The first jobs of a host, its lowest ports first."""
    for port in sorted(set(ports))[:MOST_PORTS]:
        if port not in FRAGILE and port not in SILENT:
            yield from _of_port(ip, port)


def _of_port(ip: str, port: int) -> Iterator[Job]:
    if port in HTTP:
        yield web(ip, port)
    elif port in HTTPS:
        yield web(ip, port, tls=True)
    elif port == 631:  # noqa: PLR2004 - IPP
        yield web(ip, port)
        yield Job(ip, port, "ipp", partial(ipp.talk, ip, port))
    elif port in RTSP:
        yield Job(ip, port, "rtsp", partial(rtsp.talk, ip, port))
    elif port in TLS_ONLY:
        yield Job(ip, port, "tls", _certificate)
    else:
        yield from _of_service(ip, port)


def _of_service(ip: str, port: int) -> Iterator[Job]:
    known: dict[int, tuple[str, Callable[[], Talk]]] = {
        53: ("dns", resolvers.talk),
        445: ("smb", smb.talk),
        3389: ("rdp", rdp.talk),
        3306: ("mysql", greetings.listen_mysql),
    }
    if port in known:
        what, talk = known[port]
        yield Job(ip, port, what, talk)
    elif port in SSH:
        yield Job(ip, port, "greeting", greetings.listen_ssh)
    elif port in TELNET:
        yield Job(ip, port, "telnet", telnet.talk)
    else:
        patience = PATIENCE if port in _GREET else LISTENING
        yield Job(ip, port, "greeting", greetings.listen, patience)


def web(ip: str, port: int, path: str = "/", *, tls: bool = False) -> Job:
    """One page, with or without TLS; one of another path than the first has its own name."""
    what = ("https" if tls else "http") + ("" if path == "/" else "_page")
    return Job(ip, port, what, partial(http.talk, ip, path, tls=tls))


def _certificate() -> Talk:
    """Nothing but the handshake."""
    yield Say(tls=True, last=True)
