"""An agent on Python 3.8 against this collector: the whole protocol, over TLS."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory import tokens
from inventory.store import Store
from inventory.verify import verify
from server.enrolment_file import enrolment_file
from server.evidence import check_signature
from server.run import Collector
from tests.house import test_old_python

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
old = test_old_python.old  # the fixture: a 3.8 with the agent's two packages


def test_an_agent_on_3_8_enrols_and_reports(old: str, tmp_path: Path) -> None:
    folder, state = tmp_path / "data", str(tmp_path / "agent")
    store = Store.create(folder)
    later = datetime.now(UTC) + timedelta(hours=1)
    token = tokens.create(store, approve=True, expires_at=later, max_uses=1, unit=None, by="a test")
    with Collector(folder) as running:
        file = tmp_path / "enrolment.json"
        file.write_text(json.dumps(enrolment_file(folder, running.url, token, later)))
        agent = (old, "-W", "error", "-m", "agents")
        enrolled = test_old_python.run(*agent, "enrol", str(file), "--state", state)
        assert "(approved)" in enrolled.stdout
        for number in (1, 2):
            done = test_old_python.run(*agent, "run", "--state", state)
            assert done.stdout == f"collected report {number}; sent 1; waiting 0\n", done.stderr
        shown = test_old_python.run(*agent, "status", "--state", state, "--json")
        assert json.loads(shown.stdout)["last_sequence"] == 2
    found = verify(store, check_signature)
    store.close()
    assert (found.reports, found.problems) == (2, [])
