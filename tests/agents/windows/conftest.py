"""One Windows for all tests of a session that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.wine import Wine, wine


@pytest.fixture(scope="session")
def pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """A PC with Windows and two Pythons; every test leaves its own registry keys there."""
    started = wine(tmp_path_factory.mktemp("wine"))
    try:
        yield started
    finally:
        started.stop()
