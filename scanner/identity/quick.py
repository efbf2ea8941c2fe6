"""The quick identity pass: every known-open port asked who it is, by one short connection each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from scanner.heard import Heard, evidence
from scanner.identity import certificates, greetings, http, ipp, rdp, resolvers, rtsp, smb, telnet
from scanner.identity.plan import MOST_PORTS, jobs, web
from scanner.partial import Partial
from scanner.scanning import Scanning
from scanner.wire.streams import converse
from scanner.wire.talks import Job, Outcome

TECHNIQUE = "identity"
_IPP = 631
_TURNS = 2  #: the first talks, and what follows from them
_READERS: dict[str, Callable[[int, bytes], Heard]] = {
    "greeting": greetings.read,
    "mysql": greetings.read,
    "telnet": telnet.read,
    "http": http.read,
    "http_page": http.read,
    "https": lambda port, received: http.read(port, received, tls=True),
    "https_page": lambda port, received: http.read(port, received, tls=True),
    "ipp": ipp.read,
    "ipp_queues": ipp.read,
    "rtsp": rtsp.read,
    "dns": resolvers.read,
    "smb": smb.read,
    "smb_old": smb.read,
    "rdp": rdp.read,
    "tls": lambda port, received: Heard(),
}
#: talks of lines: who stops in the middle of the first one trickles
_OF_LINES = frozenset(("greeting", "http", "http_page"))


def identify(scanning: Scanning, open_ports: Mapping[str, Sequence[int]]) -> list[Partial]:
    """What stands behind ports (TCP) that are known to be open: address → its ports.

    One connection at a time to a host. Raw printing ports are not even connected to.

    Raises:
        NotAllowed: an address is outside the scan's networks; nothing was sent.
    """
    for ip, ports in open_ports.items():
        if len(ports) > MOST_PORTS:
            detail = f"{ip} has {len(ports)} open ports; {MOST_PORTS} were looked at"
            scanning.lost(TECHNIQUE, "too_many", detail)
    heard: dict[str, Heard] = {}
    when: dict[str, float] = {}
    todo = [job for ip, ports in open_ports.items() for job in jobs(ip, ports)]
    for _ in range(_TURNS):
        outcomes = list(converse(scanning, TECHNIQUE, todo))
        for outcome in outcomes:
            if told := conclude(outcome):
                ip = outcome.job.ip
                heard[ip] = heard.get(ip, Heard()) + told
                when[ip] = outcome.at
        todo = list(_follow_ups(outcomes))
        if not todo or scanning.stop.is_set():
            break
    return [told.partial(ip, TECHNIQUE, when[ip]) for ip, told in heard.items()]


def conclude(outcome: Outcome) -> Heard:
    """What one connection told; the reader is chosen by what was said, the port by the job."""
    job = outcome.job
    heard = _READERS[job.what](job.port, outcome.received)
    if job.port == _IPP:  # its pages stand at the printer's own door
        heard = replace(heard, ports=tuple(replace(one, service="ipp") for one in heard.ports))
    if outcome.certificate:
        heard += certificates.read(outcome.certificate, own_name=job.what == "rdp")
        heard += Heard(evidence=evidence(("tls_version", outcome.tls)))
    if flag := _flag(outcome):
        heard += Heard(flags=(flag,))
    return heard


def _flag(outcome: Outcome) -> str:
    if outcome.end in ("tarpit", "endless"):
        return outcome.end
    unfinished = outcome.job.what in _OF_LINES and b"\n" not in outcome.received
    return "tarpit" if outcome.end == "quiet" and unfinished else ""


def _follow_ups(outcomes: Iterable[Outcome]) -> Iterator[Job]:
    """What an outcome asks for; a host that trickled or never stopped is left alone."""
    traps = {one.job.ip for one in outcomes if _flag(one)}
    for one in outcomes:
        if one.job.ip not in traps:
            yield from _follow_up(one)


def _follow_up(one: Outcome) -> Iterator[Job]:
    job, received = one.job, one.received
    secured = job.what == "https"
    if job.what == "http" and http.wants_tls(received):
        yield web(job.ip, job.port, tls=True)
    elif secured and one.end == "no_tls":
        yield web(job.ip, job.port)
    elif job.what in ("http", "https"):
        path = http.redirect(received, job.ip, job.port, tls=secured)
        if path:
            yield web(job.ip, job.port, path, tls=secured)
    if job.what == "http" and job.port == _IPP and b"CUPS" in received[:2048]:
        yield Job(job.ip, job.port, "ipp_queues", partial(ipp.talk, job.ip, job.port, queues=True))
    if job.what == "smb" and one.end == "closed" and not received:
        yield Job(job.ip, job.port, "smb_old", smb.talk_old)
