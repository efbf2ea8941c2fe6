"""Each test runs once on every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from inventory.store import Store

#: name → makes an empty store in a new folder, and opens it again
ENGINES: dict[str, tuple[Callable[[Path], Store], Callable[[Path], Store]]] = {
    "sqlite": (Store.create, Store.open),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> tuple[Callable[[Path], Store], ...]:
    """How stores of this engine are made and opened."""
    return ENGINES[request.param]


@pytest.fixture
def store(engine: tuple[Callable[[Path], Store], ...], tmp_path: Path) -> Iterator[Store]:
    """An empty inventory."""
    with closing(engine[0](tmp_path / "dữ liệu")) as made:
        yield made


@pytest.fixture
def reopened(engine: tuple[Callable[[Path], Store], ...]) -> Iterator[Callable[[Store], Store]]:
    """Closes a store and opens its folder anew."""
    opened: list[Store] = []

    def again(store: Store) -> Store:
        store.close()
        opened.append(engine[1](store.folder))
        return opened[-1]

    yield again
    for one in opened:
        one.close()
