"""One office on a line, at a time that a test sets: agent and collector together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.line import Clock, Office, office


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with office(tmp_path, clock, monkeypatch) as made:
        yield made
