"""The name protocols in one table: where each listens, how it asks, how it reads an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from scanner.heard import Heard
from scanner.names import llmnr, mdns, netbios, snmp, ssdp, wsd
from scanner.wire.datagrams import Datagram


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way to ask hosts for their names."""

    method: str
    port: int
    questions: Callable[[str, int], Sequence[bytes]]  #: (address, round from 0) → what to send
    read: Callable[[Datagram], Heard | None]
    fixed_port: bool = True  #: answers come from `port`; some answer from another
    reaches: str = "all"  #: all; v4; routed (hosts that a group question does not reach)
    groups: tuple[str, ...] = ()
    group_question: Callable[[str], bytes] = str.encode  #: group → what to send there


def protocols(token: int, communities: Sequence[str]) -> list[Protocol]:
    """Every protocol of one scan; ``token`` (16 bits) marks the answers to it."""
    found = [
        Protocol(
            "mdns",
            mdns.PORT,
            lambda ip, _: [mdns.question(ip, token)],
            lambda got: mdns.read(got.payload, got.ip, token),
            groups=mdns.GROUPS,
            group_question=lambda _: mdns.group_question(token),
        ),
        Protocol(
            "netbios",
            netbios.PORT,
            lambda ip, _: [netbios.question(ip, token)],
            lambda got: netbios.read(got.payload, token),
            reaches="v4",
        ),
        Protocol(
            "llmnr",
            llmnr.PORT,
            lambda ip, _: [llmnr.question(ip, token)],
            lambda got: llmnr.read(got.payload, token),
        ),
        Protocol(
            "ssdp",
            ssdp.PORT,
            lambda ip, _: [ssdp.question(ip, token)],
            lambda got: ssdp.read(got.payload, got.ip),
            fixed_port=False,
            reaches="routed",
            groups=ssdp.GROUPS,
            group_question=ssdp.group_question,
        ),
        Protocol(
            "wsd",
            wsd.PORT,
            lambda ip, _: [wsd.question(ip, token)],
            lambda got: wsd.read(got.payload, got.ip),
            fixed_port=False,
            reaches="routed",
            groups=wsd.GROUPS,
            group_question=lambda _: wsd.group_question(token),
        ),
    ]
    if communities:
        asked, read = partial(_snmp_questions, token, communities), partial(_snmp_read, token)
        found.append(Protocol("snmp", snmp.PORT, asked, read))
    return found


def _snmp_questions(token: int, communities: Sequence[str], _ip: str, turn: int) -> list[bytes]:
    """Version 2c first; what stays silent is asked in version 1 too, which old devices speak."""
    versions = (snmp.V2C,) if not turn else (snmp.V2C, snmp.V1)
    return [snmp.question(one, token, version) for one in communities for version in versions]


def _snmp_read(token: int, got: Datagram) -> Heard | None:
    heard = snmp.read(got.payload, token)
    if heard is not None and snmp.answered_community(got.payload) == snmp.EVERYBODYS:
        return replace(heard, flags=("snmp_public",))
    return heard
