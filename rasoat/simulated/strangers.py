"""What else is on an office's LAN: routers, switches, printers, cameras, phones, visitors."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from inventory.coverage import State
from rasoat.simulated.hardware import mac, random_mac
from rasoat.simulated.places import Place

STRANGER_OUI = "58:53:50"
_PER_PLACE = 64  #: numbers of things that are no PCs, for each LAN
_FIRST_HOST = 200


@dataclass(slots=True)
class Stranger:
    """One thing that is no PC of ours. ``macs``: which it showed at each scan, "" if not there."""

    thing: str
    kind: str
    place: Place
    host: int
    macs: tuple[str, str]
    vendor: str = ""
    name: str = ""
    ports: tuple[int, ...] = ()
    os_guess: str = ""
    number: int = 0
    row: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """Nothing but a PC has an agent."""
        return State.NO_AGENT if self.row else State.UNKNOWN_DEVICE

    @property
    def apart(self) -> bool:
        """Whether nothing can join what is observed: it changed its MAC, or a router hides it."""
        return bool(self.row and self.place.routed) or len(set(self.macs) - {""}) > 1

    @property
    def outcomes(self) -> tuple[State, ...]:
        """The states of the devices that it comes out as."""
        if not self.apart:
            return (self.state,)
        return (State.MISSING if self.row else State.UNKNOWN_DEVICE, State.UNKNOWN_DEVICE)


#: kind → how many, vendor, ports, what the scanner guesses
_FIXED = (
    ("router", 1, "SIM Networks", (53, 80), "embedded Linux"),
    ("switch", 1, "SIM Networks", (80,), ""),
    ("access_point", 1, "SIM Networks", (80, 443), "embedded Linux"),
    ("printer", 2, "SIM Print", (80, 515, 9100), ""),
    ("camera", 2, "SIM Vision", (80, 554), "embedded Linux"),
)


def strangers(draws: random.Random, place: Place, lan: int) -> list[Stranger]:
    """The other things of one LAN; ``lan``: its number over the whole district."""
    found = [*_fixed(place, lan * _PER_PLACE), *_phones(draws, place, lan * _PER_PLACE + 32)]
    return [*found, *_visitors(draws, place, lan * _PER_PLACE + 48)]


def _fixed(place: Place, number: int) -> Iterator[Stranger]:
    host = 1
    for kind, count, vendor, ports, system in _FIXED:
        for _ in range(count):
            card = mac(number, STRANGER_OUI)
            thing = f"{kind}-{number:06}"
            name = f"SIM-{kind.upper()}-{number % 100:02}" if kind == "printer" else ""
            yield Stranger(
                *(thing, kind, place, host, (card, card), vendor, name, ports, system, number)
            )
            number, host = number + 1, host + 1


def _phones(draws: random.Random, place: Place, number: int) -> Iterator[Stranger]:
    """Phones keep one made-up MAC for each network; the first of a place makes up new ones."""
    for index in range(draws.randint(3, 9)):
        first = random_mac(draws)
        second = random_mac(draws) if index == 0 and place.short == "P06" else first
        there = (draws.random() < 0.8, draws.random() < 0.8)
        macs = (first if there[0] or index == 0 else "", second if there[1] or index == 0 else "")
        thing = f"phone-{number + index:06}"
        yield Stranger(thing, "phone", place, _FIRST_HOST + index, macs, number=number + index)


def _visitors(draws: random.Random, place: Place, number: int) -> Iterator[Stranger]:
    """Laptops that were here once, with names of their own."""
    for index in range(draws.randint(0, 2)):
        card = mac(number + index, STRANGER_OUI)
        name = f"SIM-KHACH-{(number + index) % 10_000:04}"
        macs = (card, "") if draws.random() < 0.5 else ("", card)
        thing = f"visitor-{number + index:06}"
        where = _FIRST_HOST + 30 + index
        yield Stranger(
            *(thing, "pc", place, where, macs, "SIM Laptops", name, (135, 445), "Windows"),
            number=number + index,
        )
