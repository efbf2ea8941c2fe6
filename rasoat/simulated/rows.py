"""The office's register of the district, row by row, with the habits of those who keep it.

MACs in every notation, dates in several, serial numbers in small letters or "Không có": whatever a
careful reader understands. A row that tells nothing by which its PC could be known leaves the PC
``apart``.
"""

from __future__ import annotations

import random
from datetime import date

from inventory.coverage import State
from inventory.identity.evidence import Kind, usable
from rasoat.simulated import MARK
from rasoat.simulated.chance import one_of
from rasoat.simulated.hardware import Card
from rasoat.simulated.machines import Pc, Phase

COLUMNS = (
    *("tag", "name", "unit", "kind", "vendor", "model", "serial", "macs", "addresses"),
    *("bought_on", "state", "place", "note"),
)
_KINDS = {
    "laptop": "Máy tính xách tay",
    "server": "Máy chủ",
    "all_in_one": "Máy tính để bàn",
    "mini": "Máy tính để bàn",
    "desktop": "Máy tính để bàn",
    "virtual": "Máy chủ",
}
_NO_SERIAL = {"": 0.5, "Không có": 0.3, "N/A": 0.1, "Không": 0.1}
#: share of rows that name a MAC; the office noted them first for what has no serial and no agent
_WITH_MAC = {State.MANAGED: 0.55, State.SILENT: 0.55, State.NO_AGENT: 0.9, State.MISSING: 0.3}
_WITH_MAC_ALONE = 0.96


def row(draws: random.Random, one: Pc) -> dict[str, str]:
    """What the register says of a PC; notes on the PC whether anything can join the two."""
    first = one.phases[0]
    model = first.hardware.model
    alone = model.assembled and one.agent
    share = _WITH_MAC_ALONE if alone else _WITH_MAC[one.state]
    made = {
        "tag": f"SIM-TS-{one.number:06}",
        "name": first.name,
        "unit": one.place.unit.name_vi,
        "kind": _KINDS[model.chassis],
        "vendor": "Lắp ráp" if model.assembled else model.vendor,
        "model": "" if model.assembled else model.name,
        "serial": one_of(draws, _NO_SERIAL) if model.assembled else first.hardware.serial,
        "macs": _card(first).mac if draws.random() < share else "",
        "addresses": "",
        "bought_on": _bought(draws, first.hardware.bought),
        "state": "Đang dùng",
        "place": f"Phòng {draws.randint(101, 310)}",
        "note": MARK,
    }
    made["macs"] = made["macs"] and notation(draws, made["macs"])
    if draws.random() < 0.06:
        made["serial"] = f" {made['serial'].lower()}  "
    return made


def _card(phase: Phase) -> Card:
    """The card that the machine is on the network with."""
    return next((card for card in phase.cards if card.host is not None), phase.cards[0])


def is_apart(one: Pc) -> bool:
    """Whether nothing in its row is known from elsewhere: a name alone joins nobody."""
    cards = {card.mac for phase in one.phases for card in phase.cards}
    if usable(Kind.MAC, one.row["macs"]) in cards:
        return one.place.routed and not one.agent
    serials = {usable(Kind.SERIAL, phase.hardware.serial) for phase in one.phases} - {None}
    found = one.agent and usable(Kind.SERIAL, one.row["serial"]) in serials
    return not found and (one.agent or any(one.seen))


def stranger_row(
    draws: random.Random, number: int, kind: str, unit: str, mac: str
) -> dict[str, str]:
    """What the register says of a printer and the like."""
    made = dict.fromkeys(COLUMNS, "")
    made |= {"tag": f"SIM-TB-{number:06}", "name": f"{kind} {number}", "unit": unit, "kind": kind}
    serial = f"SIMT{number:06}"
    return made | {"serial": serial, "macs": notation(draws, mac), "note": MARK}


def notation(draws: random.Random, mac: str) -> str:
    """A MAC as one clerk or another writes it."""
    bare = mac.replace(":", "")
    pairs = [bare[at : at + 2] for at in range(0, 12, 2)]
    forms = (
        mac,
        mac.upper(),
        "-".join(pairs).upper(),
        f"{bare[:4]}.{bare[4:8]}.{bare[8:]}",
        bare.upper(),
        f" {mac.upper()} ",
    )
    return draws.choice(forms)


def _bought(draws: random.Random, year: int) -> str:
    day = date(year, draws.randint(1, 12), draws.randint(1, 28))
    return draws.choice((f"{day:%d/%m/%Y}", f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"{day:%Y}"))


def mistyped(draws: random.Random, serial: str) -> str:
    """A serial with one slip, which makes it nobody's: two neighbours swapped, O for a digit."""
    if draws.random() < 0.5:
        return f"{serial[:-2]}{serial[-1]}{serial[-2]}"
    place = draws.randrange(3, len(serial) - 1)
    return f"{serial[:place]}O{serial[place + 1 :]}"
