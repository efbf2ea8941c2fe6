"""The hard cases of identity and the contradicting witnesses, each as an office meets it.

A case takes so many PCs of one place, all of them in order and reporting, and makes of them what
its name says. What it does to the register's rows comes afterwards (`blunders`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inventory.coverage import State
from rasoat.simulated.hardware import DOCK_OUI, GUEST_OUI, Card, hardware, mac, random_mac
from rasoat.simulated.machines import Pc
from rasoat.simulated.making import Calendar, spare, with_state
from rasoat.simulated.models import DESKTOPS, GUEST, LAPTOPS, MODELS, NO_NAMES, Model
from rasoat.simulated.posture import Posture
from rasoat.simulated.systems import DEBIAN, TEN, UBUNTU

Make = Callable[[random.Random, Calendar, Sequence[Pc]], None]


@dataclass(frozen=True, slots=True)
class Case:
    """A case: in which place, on how many PCs of which models."""

    name: str
    place: str
    machines: int
    make: Make
    models: dict[Model, float]


def _changed(one: Pc, when: datetime, **changes: object) -> None:
    """From this moment on the PC is different; a little while before it was still as before."""
    before = one.now
    after = replace(before, first=when, **changes)  # type: ignore[arg-type]
    one.phases[-1:] = [replace(before, last=when - (when - before.first) / 100), after]


def _reimaged(draws: random.Random, calendar: Calendar, pcs: Sequence[Pc]) -> None:
    """A new system, a new key and a new name on the same hardware."""
    for one in pcs:
        name = f"DESKTOP-{draws.getrandbits(32):08X}"[:15]
        _changed(one, calendar.change, key=f"{one.number}b", name=name, system=TEN)


def _new_board(draws: random.Random, calendar: Calendar, pcs: Sequence[Pc]) -> None:
    """A new mainboard: other UUID, serials and MAC; the disks, the name and the key remain."""
    for one in pcs:
        old = one.now
        new = hardware(draws, one.number + 500_000, old.hardware.model)
        new = replace(new, disks=old.hardware.disks, modules=old.hardware.modules)
        card = replace(spare(one, "Ethernet", "ethernet"), host=old.cards[0].host)
        _changed(one, calendar.change, hardware=new, cards=(card, *old.cards[1:]))


def _new_card(_: random.Random, calendar: Calendar, pcs: Sequence[Pc]) -> None:
    """A new network card in place of the one that broke."""
    for one in pcs:
        card = replace(spare(one, "Ethernet 2", "ethernet"), host=one.now.cards[0].host)
        _changed(one, calendar.change, cards=(card, *one.now.cards[1:]))


def _renamed(draws: random.Random, calendar: Calendar, pcs: Sequence[Pc]) -> None:
    for one in pcs:
        _changed(one, calendar.change, name=f"KETOAN-{draws.getrandbits(20):05X}")


def _dock(_: random.Random, calendar: Calendar, pcs: Sequence[Pc]) -> None:
    """Three laptops take turns at one dock; its MAC and address go with it."""
    thing = f"dock-{pcs[0].number:06}"
    host = 150 + pcs[0].number % 40
    card = Card("Ethernet 3", "ethernet", mac(pcs[0].number, DOCK_OUI), host, of=thing)
    turns = ((12.0, 5.0), (10.1, 4.0), (2.0, 1.1))  # days ago; the second and last meet the scans
    for one, days in zip(pcs, turns, strict=True):
        now = one.now
        docked = replace(now, cards=(*now.cards, card))
        phases = [replace(now, last=calendar.ago(13))]
        for day in days:
            begin, end = calendar.ago(day), calendar.ago(day - 0.3)
            phases += [replace(docked, first=begin, last=end)]
            phases += [replace(now, first=calendar.ago(day - 0.4), last=calendar.ago(day - 0.6))]
        one.phases = [*phases[:-1], replace(phases[-1], last=now.last)]


def _cloned_key(_: random.Random, __: Calendar, pcs: Sequence[Pc]) -> None:
    """A disk cloned after its agent had enrolled: one key on two boards; both reports collide."""
    first, second = pcs
    second.phases = [
        replace(second.now, key=first.now.key, name=first.now.name, first=first.now.first)
    ]
    first.state, second.state = State.SILENT, State.NO_AGENT
    second.comes_out = (State.MISSING, State.UNKNOWN_DEVICE)  # it goes by the other's name


def _same_uuid(_: random.Random, __: Calendar, pcs: Sequence[Pc]) -> None:
    """Two boards, or twenty, that their maker gave one UUID."""
    for one in pcs:
        parts = replace(one.now.hardware, uuid=pcs[0].now.hardware.uuid)
        one.phases = [replace(one.now, hardware=parts)]


def _random_wifi(draws: random.Random, _: Calendar, pcs: Sequence[Pc]) -> None:
    """Windows makes up a MAC for the Wi-Fi at hand; the card's own is known to the agent alone."""
    for one in pcs:
        cards = [
            replace(card, random=random_mac(draws)) if card.kind == "wifi" else card
            for card in one.now.cards
        ]
        one.phases = [replace(one.now, cards=tuple(cards))]


def _two_cards(_: random.Random, __: Calendar, pcs: Sequence[Pc]) -> None:
    """A second card with an address of its own: the network sees two hosts."""
    for one in pcs:
        cards = (*one.now.cards, spare(one, "Ethernet 2", "ethernet"))
        one.phases = [replace(one.now, cards=cards)]


def _dhcp(_: random.Random, calendar: Calendar, pcs: Sequence[Pc]) -> None:
    """One PC fell silent; its address went to the other, which scans see there."""
    gone, new = pcs
    last = calendar.ago(20)
    gone.phases = [replace(gone.now, last=last)]
    gone.state, gone.seen = State.SILENT, (False, False)
    host = next(card.host for card in gone.now.cards if card.host is not None)
    before = replace(new.now, first=calendar.ago(60), last=calendar.ago(16))
    after = replace(new.now, first=calendar.ago(15), cards=_moved(new.now.cards, host))
    new.phases = [before, after]


def _moved(cards: Sequence[Card], host: int) -> tuple[Card, ...]:
    return tuple(replace(card, host=host) if card.host is not None else card for card in cards)


def _virtual(draws: random.Random, _: Calendar, pcs: Sequence[Pc]) -> None:
    """A PC with VMware's adapters, and three guests in it, one of them without an agent."""
    host, *guests = pcs
    adapters = (
        Card("VMware Network Adapter VMnet1", "virtual", "00:50:56:c0:00:01"),
        Card("VMware Network Adapter VMnet8", "virtual", "00:50:56:c0:00:08"),
    )
    host.phases = [replace(host.now, cards=(*host.now.cards, *adapters))]
    for one in guests:
        parts = hardware(draws, one.number, GUEST)
        parts = replace(parts, serial=f"VMware-56 4d 53 49 {one.number:06}")
        address = next(card.host for card in one.now.cards if card.host is not None)
        card = Card("eth0", "ethernet", mac(one.number, GUEST_OUI), address)
        one.phases = [replace(one.now, hardware=parts, system=DEBIAN, cards=(card,))]
        one.registered, one.state = False, State.UNREGISTERED
    guests[-1].agent, guests[-1].state = False, State.UNKNOWN_DEVICE


def _shows(about: str, firewall: str, **shown: str) -> Make:
    """The network shows something else than the agent says."""

    def make(_: random.Random, __: Calendar, pcs: Sequence[Pc]) -> None:
        for one in pcs:
            kept: Posture = replace(one.now.posture, firewall=firewall)
            system = one.now.system if one.now.system != UBUNTU else TEN
            one.phases = [replace(one.now, posture=kept, system=system)]
            one.shown = shown
            one.contradictions = [about]

    return make


def _past(what: str) -> Make:
    """Something was changed, and some of it changed back."""

    def make(_: random.Random, calendar: Calendar, pcs: Sequence[Pc]) -> None:
        for one in pcs:
            now = one.now
            posture, parts = now.posture, now.hardware
            if what == "firewall":
                on = replace(posture, firewall="on")
                one.phases = [replace(now, posture=on)]
                off = replace(posture, firewall="all_off")
                _changed(one, calendar.ago(3, 508), posture=off)
                _changed(one, calendar.ago(3), posture=on)
            elif what == "memory":
                more = replace(parts, modules=(8, 8))
                one.phases = [replace(now, hardware=more)]
                _changed(one, calendar.change, hardware=replace(parts, modules=(8,)))
            else:
                disk = replace(parts.disks[0], serial=f"{parts.disks[0].serial}X")
                _changed(one, calendar.change, hardware=replace(parts, disks=(disk,)))

    return make


def _silent(draws: random.Random, calendar: Calendar, pcs: Sequence[Pc]) -> None:
    for one in pcs:
        with_state(draws, calendar, one, State.SILENT)


#: Every case; a place has room for its own, see `places`.
CASES = (
    Case("twenty_of_one_uuid", "P01", 20, _same_uuid, NO_NAMES),
    Case("shared_dock", "P02", 3, _dock, LAPTOPS),
    Case("shared_dock", "P02", 3, _dock, LAPTOPS),
    Case("virtual_machines", "P02", 4, _virtual, DESKTOPS),
    Case("two_cards", "P02", 4, _two_cards, DESKTOPS),
    Case("reimaged", "P03", 5, _reimaged, MODELS),
    Case("new_mainboard", "P03", 3, _new_board, DESKTOPS),
    Case("new_card", "P03", 4, _new_card, DESKTOPS),
    Case("renamed", "P03", 5, _renamed, DESKTOPS),
    Case("cloned_key", "P04", 2, _cloned_key, DESKTOPS),
    Case("two_of_one_uuid", "P04", 2, _same_uuid, DESKTOPS),
    Case("serials_swapped", "P04", 2, lambda *_: None, LAPTOPS),
    Case("serial_mistyped", "P04", 4, lambda *_: None, LAPTOPS),
    Case("nothing_to_know_it_by", "P04", 3, lambda *_: None, DESKTOPS),
    Case("dhcp_reuse", "X01", 2, _dhcp, DESKTOPS),
    Case("random_wifi", "X01", 5, _random_wifi, LAPTOPS),
    Case("dhcp_reuse_routed", "X11", 2, _dhcp, DESKTOPS),
    Case("on_but_open", "X02", 2, _shows("firewall", "on", filtering="open"), LAPTOPS),
    Case("off_but_drops", "X02", 1, _shows("firewall", "all_off", filtering="drops"), LAPTOPS),
    Case("hidden_port", "X03", 2, _shows("ports", "on", port="8080"), LAPTOPS),
    Case("other_name", "X03", 1, _shows("name", "on", name="SIM-MAY-KHAC"), LAPTOPS),
    Case("other_system", "X03", 1, _shows("system", "on", os="Linux"), LAPTOPS),
    Case("firewall_off_for_hours", "P05", 3, _past("firewall"), LAPTOPS),
    Case("memory_removed", "P05", 3, _past("memory"), DESKTOPS),
    Case("disk_swapped", "P05", 2, _past("disk"), DESKTOPS),
    Case("silent", "X05", 1, _silent, DESKTOPS),
)
