"""Every recorded machine, replayed by the collectors on Windows' own Pythons: the same facts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents.collect import collect
from agents.recorded import RecordedMachine
from tests.conftest import ROOT
from tests.lab.wine import VERSIONS, Wine, windows

pytestmark = [pytest.mark.wine, pytest.mark.timeout(180)]

FOLDER = ROOT / "tests" / "recordings"
RECORDINGS = sorted(path.parent.name for path in FOLDER.glob("*/machine.json"))
REPLAYING = """
import json, os, sys
from agents.cli import _speak_utf8
from agents.collect import collect
from agents.recorded import RecordedMachine
_speak_utf8()
for name in json.loads(sys.argv[2]):
    document = collect(RecordedMachine(os.path.join(sys.argv[1], name)))
    print(json.dumps([name, document["facts"], document["unknown"]]))
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_recordings_give_the_same_facts_on_windows(pc: Wine, version: str) -> None:
    assert len(RECORDINGS) >= 8
    script = pc.folder / "replay.py"
    script.write_text(REPLAYING, encoding="utf-8")
    done = pc.python(
        version, "-W", "error", windows(script), windows(FOLDER), json.dumps(RECORDINGS)
    )
    assert done.returncode == 0, done.stderr.decode()
    replayed = {name: (facts, unknown) for name, facts, unknown in map(json.loads, lines(done))}
    assert list(replayed) == RECORDINGS
    for name, (facts, unknown) in replayed.items():
        here: dict[str, Any] = collect(RecordedMachine(str(FOLDER / name)))
        assert facts == here["facts"], name
        assert {k: v["reason"] for k, v in unknown.items()} == {
            k: v["reason"] for k, v in here["unknown"].items()
        }, name


def lines(done: Any) -> list[bytes]:
    """What the program printed, a line for each recording."""
    said: bytes = done.stdout
    return said.splitlines()
