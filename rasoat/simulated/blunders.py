"""What the register says wrongly, or not at all, of the PCs of some cases."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from rasoat.simulated.machines import Pc
from rasoat.simulated.rows import mistyped, notation


def _swapped(_: random.Random, pcs: Sequence[Pc]) -> None:
    """Two serial numbers changed places; no MAC stands beside them."""
    first, second = pcs
    first.row["serial"], second.row["serial"] = second.row["serial"], first.row["serial"]
    first.row["macs"] = second.row["macs"] = ""


def _mistyped(draws: random.Random, pcs: Sequence[Pc]) -> None:
    for one in pcs:
        one.row["serial"] = mistyped(draws, one.phases[0].hardware.serial)
    _with_macs(draws, pcs)


def _nothing(_: random.Random, pcs: Sequence[Pc]) -> None:
    for one in pcs:
        one.row["serial"] = one.row["macs"] = ""


def _with_macs(draws: random.Random, pcs: Sequence[Pc]) -> None:
    for one in pcs:
        card = next(card for card in one.phases[0].cards if card.host is not None)
        one.row["macs"] = notation(draws, card.mac)


def _cloned(draws: random.Random, pcs: Sequence[Pc]) -> None:
    """The register has a name for each, whatever was cloned from where."""
    _with_macs(draws, pcs)
    for place, one in enumerate(pcs):
        one.row["name"] = f"{one.phases[0].name}{'AB'[place]}"


#: case → what becomes of the rows of its PCs
BLUNDERS: Mapping[str, Callable[[random.Random, Sequence[Pc]], None]] = {
    "serials_swapped": _swapped,
    "serial_mistyped": _mistyped,
    "nothing_to_know_it_by": _nothing,
    "cloned_key": _cloned,
}
