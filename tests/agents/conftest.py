"""Which tests of the agent need the present Python: on 3.8, Windows 7's last, all others run.

And an agent that is enrolled at a collector which says what a test tells it to.
"""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from agents.enrol import enrol
from tests.agents.fake_collector import Fake, Said, acknowledged, enrolled, fake_collector
from tests.lab.server_asked import PRESENT

#: file → why it cannot run on 3.8; tests/house/test_agents_on_3_8.py sees that no other is named
NOT_ON_3_8 = {
    "test_second_signatures.py": "the second implementation of RFC 9421 is not for 3.8",
    "windows/test_wine_firewall.py": "a real collector beside Wine, whose own Pythons are the test",
    "windows/test_wine_machine.py": "a real collector beside Wine, whose own Pythons are the test",
    "windows/test_wine_record.py": "the server's types beside Wine, whose own Pythons are the test",
    "windows/test_wine_sections.py": "the catalogue beside Wine, whose own Pythons are the test",
}
collect_ignore = [] if PRESENT else list(NOT_ON_3_8)


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Fake]:
    """The collector."""
    with fake_collector(tmp_path / "fake") as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, fake: Fake) -> str:
    """The state of an agent that is enrolled at it."""
    where = str(tmp_path / "agent")
    fake.answer = lambda _, body: Said(200, enrolled(body))
    enrol(where, fake.enrolment_file())
    fake.seen.clear()
    fake.answer = lambda headers, _: acknowledged(headers)
    return where
