"""Two machines with one key: seen at the second report, and judged unknown from then on."""

import json
import shutil
from pathlib import Path

from agents import run
from rasoat import address, first_run
from tests.rasoat.conftest import called, up


def test_two_copies_of_one_state_are_both_put_in_quarantine(tmp_path: Path) -> None:
    office, clone = tmp_path / "office", tmp_path / "clone"
    assert up(office).code in {0, 1}
    shutil.copytree(office / first_run.AGENT_STATE, clone)
    assert called("--data", office, "agent", "list").code == 0
    before = json.loads(called("--data", office, "devices", "--json").out)[0]

    port = address.port_of(address.known(office), 0)
    with first_run.collecting(office, port):
        assert first_run.reported(office) == ""
        outcome = run.run(str(clone))
        assert not outcome.done
        assert "one key" in outcome.problem
        assert first_run.reported(office)  # the first machine is kept out as well

    listed = called("--data", office, "agent", "list")
    assert listed.code == 1
    assert "two machines share this agent's key" in listed.out
    assert "in quarantine" in listed.out
    spoken = called("--data", office, "--lang", "vi", "agent", "list").out
    assert "hai máy dùng chung khóa của tác tử này: báo cáo 1/2" in spoken
    assert "đang cách ly" in spoken
    after = json.loads(called("--data", office, "devices", "--json").out)[0]
    assert after["report"].endswith("/1/2")
    assert before["report"].endswith("/1/1")

    checked = called("--data", office, "policy", "check", "--json")
    assert checked.code == 1
    (device,) = json.loads(checked.out)[0]["devices"]
    assert {finding["result"] for finding in device["findings"]} == {"unknown"}
    assert {finding["reason"] for finding in device["findings"]} == {"quarantined"}
    assert called("--data", office, "verify").code == 0
    found = json.loads(called("--data", office, "verify", "--json").out)
    assert found["quarantined"] >= 1
