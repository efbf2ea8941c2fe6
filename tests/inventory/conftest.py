"""A store in a new folder with a difficult name, closed whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from inventory.store import Store

NAME = "Xã Bảo Yên 100% #1?"  #: a space, Vietnamese letters, and what a URI gives a meaning


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The name of a data folder that is not there yet."""
    return tmp_path / NAME / "dữ liệu"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """An empty inventory."""
    with closing(Store.create(folder)) as made:
        yield made
