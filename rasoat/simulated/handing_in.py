"""What the office hands in: its units and its register as workbooks, imported like any others."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from inventory.register.keeping import Source, take_in
from inventory.register.planning import Plan
from inventory.register.reading import Choices, read_register
from inventory.register.units import resolver
from inventory.store import Store
from inventory.units import at
from inventory.units.keeping import import_units
from rasoat.simulated import MARK, sheet, unit_sheet
from rasoat.simulated.district import District

REGISTER = "mo-phong-so-tai-san.xlsx"  #: the workbooks, in the data folder
UNITS = "mo-phong-don-vi.xlsx"
BEFORE = timedelta(days=100)  #: the register is older than whatever reports


def units(store: Store, district: District, folder: Path) -> int:
    """Write the district's list of units into ``folder``, and import it; gives how many."""
    file = folder / UNITS
    unit_sheet.write(district.units(), file)
    return len(import_units(store, file, by=MARK, now=district.now - BEFORE).changes)


def register(store: Store, district: District, folder: Path) -> Plan:
    """Write the district's register into ``folder``, and import it."""
    file = folder / REGISTER
    sheet.write(district.rows(), file)
    day = district.now.date()
    read = read_register(file, Choices(), day, resolver(at(store, day.isoformat())))
    source = Source(REGISTER, hashlib.sha256(file.read_bytes()).digest())
    return take_in(store, read, source, by=MARK, now=district.now - BEFORE)
