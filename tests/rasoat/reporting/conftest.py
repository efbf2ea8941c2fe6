"""The simulated district of 568 machines and its report, made once for every test of reports."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from inventory.store import Store
from policies.load import load_policy
from rasoat import judging
from rasoat.simulated.district import district
from rasoat.simulated.filling import fill
from reports.summary import Summary

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@cache
def filled(base: Path) -> Path:
    """The district's data folder, never judged: one for each process."""
    folder = base / "district" / "dữ liệu"
    folder.parent.mkdir()
    store = Store.create(folder)
    fill(store, district(1, now=NOW))
    store.close()
    return folder


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for whoever names this fixture; tests that change it copy it."""
    own = tmp_path_factory.mktemp("office") / "dữ liệu"
    return shutil.copytree(filled(tmp_path_factory.getbasetemp()), own)


@pytest.fixture(scope="session")
def summary(office: Path) -> Summary:
    """Its report on the office's baseline."""
    return judging.judged(office, load_policy("office-baseline"), NOW)
