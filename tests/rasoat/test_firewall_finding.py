"""From a real kernel's rules to the finding: off, on, off, on, unknown, each with its reason.

`rasoat up` runs whole inside the namespace: agent, TLS, collector, store, verdict. The machine that
may not read its rules runs its agent as a plain user, and its document is judged.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, require
from tests.lab.firewalls import plain_users_agent, ufw_files
from tests.lab.namespaces import Namespace, namespace, possible
from tests.rasoat.conftest import called

pytestmark = pytest.mark.netns

CHAIN = (
    "add table inet f; add chain inet f input { type filter hook input priority 0; policy %s; };"
)
LOOPBACK = ' add rule inet f input iifname "lo" accept'


@pytest.fixture
def inside() -> Iterator[Namespace]:
    require("root with ip netns", possible())
    require("nft", shutil.which("nft") is not None)
    with namespace("up") as made:
        yield made


def judged_inside(made: Namespace, folder: Path, binds: dict[Path, str]) -> dict[str, Any]:
    """The firewall finding of this kernel's machine, after `up` inside the namespace."""
    argv = (sys.executable, "-m", "rasoat", "--data", str(folder), "up", "--once")
    done = made.run(*argv, binds=binds, check=False, cwd=ROOT)
    assert done.returncode in {0, 1}, done.stderr
    out = folder / "report.json"
    assert called("--data", folder, "report", "--format", "json", "--out", out).code in {0, 1}
    return finding(json.loads(out.read_text("utf-8")))


def finding(report: dict[str, Any]) -> dict[str, Any]:
    (device,) = report["devices"]
    (found,) = [one for one in device["findings"] if one["rule"] == "FW-001"]
    result: dict[str, Any] = found
    return result


@pytest.mark.parametrize(
    ("setup", "result", "vi", "en"),
    [
        ([], "fail", "nftables: không có luật nào", "nftables: empty"),
        ([["nft", CHAIN % "drop" + LOOPBACK]], "pass", "", ""),
        (
            [["nft", CHAIN % "accept"]],
            "fail",
            "nftables: cho qua tất cả",
            "nftables: accepts all",
        ),
        ([["ufw", "--force", "enable"]], "pass", "", ""),
    ],
    ids=["no rules", "policy drop", "accepts all", "ufw"],
)
def test_the_finding_follows_the_kernels_rules(
    inside: Namespace, tmp_path: Path, setup: list[list[str]], result: str, vi: str, en: str
) -> None:
    binds = ufw_files(tmp_path)
    for argv in setup:
        inside.run(*argv, binds=binds)
    found = judged_inside(inside, tmp_path / "office", binds)
    assert found["result"] == result
    if result == "fail":
        assert "đang tắt; yêu cầu bật" in found["explanation"]["vi"]
        assert "is off; expected on" in found["explanation"]["en"]
    assert vi in found["explanation"]["vi"]
    assert en in found["explanation"]["en"]
    device = json.loads(called("--data", tmp_path / "office", "devices", "--json").out)[0]["device"]
    shown = called("--data", tmp_path / "office", "device", "show", device, "--json")
    effective = json.loads(shown.out)["facts"]["firewall"]["effective"]
    assert effective == {"fail": "off", "pass": "on"}[result]


@pytest.mark.parametrize("rules", ["", CHAIN % "drop", CHAIN % "accept"])
def test_rules_that_cannot_be_read_are_unknown_in_both_languages(
    inside: Namespace, tmp_path: Path, rules: str
) -> None:
    if rules:
        inside.run("nft", rules)
    with plain_users_agent() as agent:
        document = json.loads(inside.run(*agent, "show", "--json", cwd="/").stdout)
    file = tmp_path / "machines.ndjson"
    file.write_text(json.dumps(document) + "\n", "utf-8")
    done = called("policy", "check", "--facts", file, "--json")
    assert done.code == 1
    found = finding(json.loads(done.out)[0])
    assert (found["result"], found["reason"]) == ("unknown", "not_elevated")
    assert "cần quyền quản trị" in found["explanation"]["vi"]
    assert "administrator rights are needed" in found["explanation"]["en"]
