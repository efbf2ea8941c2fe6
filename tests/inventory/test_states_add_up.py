"""The sum over coverage states is the register plus what is not in it, whatever came in when."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory import devices
from inventory.coverage import SILENT_AFTER, State
from inventory.identity import settling
from inventory.register.keeping import Source
from inventory.register.keeping import take_in as register
from inventory.register.reading import Choices, read_register
from inventory.register.units import resolver
from inventory.store import Store
from inventory.units import at as units_at
from tests.inventory.identity.network import take_in
from tests.inventory.identity.test_settling import DAY, office, report
from tests.inventory.office import NOW, Machine, at, rows
from tests.inventory.register.workbooks import machines, write_office

BOARDS = "ABCDEF"
OURS = {State.MANAGED, State.SILENT, State.NO_AGENT, State.MISSING}


def registered(store: Store, folder: Path, chance: random.Random) -> int:
    """Take in a register of some of the office's boards and of machines that nobody has seen."""
    listed = machines(chance.randrange(1, 7))
    for row, board in zip(listed, chance.sample(BOARDS, len(listed)), strict=True):
        if chance.random() < 0.7:
            row["serial"] = f"SN-{board}"
    path = write_office(folder / "so.xlsx", {"Sổ": listed})
    read = read_register(
        path, Choices(), date(2026, 11, 23), resolver(units_at(store, "2026-11-23"))
    )
    register(store, read, Source("so.xlsx", b"\0" * 32), by="officer", now=NOW)
    return len(listed)


@given(st.integers(0, 2**32), st.integers(0, 90), st.booleans())
@settings(max_examples=30, deadline=None)
def test_every_thing_is_in_one_state_and_every_row_of_the_register_is_there(
    tmp_path_factory: pytest.TempPathFactory, seed: int, days: int, late: bool
) -> None:
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("sum")
    with closing(Store.create(folder / "data")) as store:
        for key in ("k1", "k2", "k3", "k4"):
            Machine(key).enrol(store)
        listed = 0 if late else registered(store, folder, chance)
        for what, news in office(seed):
            if what == "report":
                report(store, *news)
            else:
                take_in(store, news[0], at(news[1]), *news[2])
        listed += registered(store, folder, chance) if late else 0
        settling.settle(store, at(60 * DAY))
        found = devices.everything(store, at(days * DAY))
        states = Counter(State(one.state) for one in found)
        assert sum(states[state] for state in OURS) == listed
        assert len({one.asset for one in found if one.asset}) == listed
        assert len({one.device for one in found}) == len(found) == states.total()
        of = {device for (device,) in rows(store, "SELECT DISTINCT device FROM observations")}
        assert {one.device for one in found} == of
        for one in found:
            assert (one.state in OURS) == (one.asset is not None)
            if one.state == State.MANAGED:
                assert one.received_at is not None
                assert at(days * DAY) - one.received_at <= SILENT_AFTER
