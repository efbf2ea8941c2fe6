"""`rasoat up`: from nothing to a verdict, through the real HTTPS path, and again."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.rasoat.conftest import called, up


def test_the_first_run_judges_this_machines_real_facts(lively: Path) -> None:
    found = json.loads(called("--data", lively, "devices", "--json").out)
    assert len(found) == 1
    shown = json.loads(called("--data", lively, "device", "show", found[0]["device"], "--json").out)
    assert shown["facts"]["os"]["family"] == "linux"
    assert shown["facts"]["os"]["hostname"] == Path("/proc/sys/kernel/hostname").read_text().strip()
    assert len(shown["findings"]) >= 15
    results = {one["result"] for one in shown["findings"]}
    assert "pass" in results
    assert "not_applicable" in results


def test_the_first_run_leaves_reports_in_both_languages(lively: Path) -> None:
    pages = [lively / "reports" / f"office-baseline-{lang}.html" for lang in ("vi", "en")]
    texts = [page.read_text("utf-8") for page in pages]
    assert "Tường lửa" in texts[0]
    assert "Firewall on" in texts[1]


def test_keys_are_private_and_the_token_is_spent(lively: Path) -> None:
    for name in ("ca.key", "server.key", "ack.key"):
        assert (lively / name).stat().st_mode & 0o077 == 0, name
    assert not list(lively.rglob("*.enrol"))
    assert called("--data", lively, "verify").code == 0


def test_a_second_run_continues(tmp_path: Path) -> None:
    first = up(tmp_path / "office")
    second = called("--data", tmp_path / "office", "up", "--once")  # on the port it had
    assert first.code == second.code
    agents = json.loads(called("--data", tmp_path / "office", "agent", "list", "--json").out)
    assert len(agents) == 1
    assert agents[0]["epoch"] == 1
    device = called("--data", tmp_path / "office", "device", "show", agents[0]["device"], "--json")
    assert json.loads(device.out)["report"].endswith("/1/2")


def test_it_tells_what_to_do_next_and_the_reasons(tmp_path: Path) -> None:
    done = up(tmp_path / "office", "--lang", "vi")
    assert "Tường lửa đang có hiệu lực:" in done.out
    assert "rasoat" in done.out
    assert "agent token" in done.out
    assert "✓" in done.err
    assert "\x1b" not in done.out + done.err  # no terminal, no escapes


@pytest.mark.slow
def test_without_once_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    argv = [sys.executable, "-m", "rasoat", "--data", str(folder), "up"]
    with subprocess.Popen(
        argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            assert running.stderr is not None
            lines: list[str] = []
            while not any("Ctrl-C" in line for line in lines):
                line = running.stderr.readline()
                assert line, "".join(lines)
                lines.append(line)
            again = called("--data", folder, "up", "--once")
            assert again.code == 3
            assert "Address already in use" in again.err
            assert called("--data", folder, "policy", "check").code in {0, 1}
            made = called("--data", folder, "agent", "token", "--out", tmp_path / "x.enrol")
            assert made.code == 0  # a second process writes while the collector runs
        finally:
            os.kill(running.pid, signal.SIGINT)
        out, _ = running.communicate(timeout=30)
    assert running.returncode == 0
    assert "agent token" in out
    assert called("--data", folder, "verify").code == 0


@pytest.mark.slow
def test_another_machine_enrols_reports_and_is_counted(tmp_path: Path) -> None:
    """Two agents over the real path: the second from an enrolment file made while serving."""
    from agents import cli as agent_cli

    folder, theirs = tmp_path / "office", tmp_path / "pc"
    up(folder)
    url = json.loads((folder / "collector.json").read_text())["url"]
    argv = [sys.executable, "-m", "rasoat", "--data", str(folder), "serve"]
    with subprocess.Popen(argv, cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr is not None
            assert url in running.stderr.readline()
            file = tmp_path / "pc.enrol"
            assert called("--data", folder, "agent", "token", "--out", file).code == 0
            assert file.stat().st_mode & 0o077 == 0
            assert agent_cli.main(["enrol", str(file), "--state", str(theirs)]) == 0
            assert agent_cli.main(["run", "--state", str(theirs)]) != 0  # pending: kept, not lost
            agents = json.loads(called("--data", folder, "agent", "list", "--json").out)
            pending = [one["agent"] for one in agents if one["status"] == "pending"]
            assert len(pending) == 1
            assert called("--data", folder, "agent", "approve", pending[0]).code == 0
            assert agent_cli.main(["run", "--state", str(theirs)]) == 0
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=30)
    agents = json.loads(called("--data", folder, "agent", "list", "--json").out)
    assert [bool(one["last_report_at"]) for one in agents] == [True, True]
    # Both run on this one machine, one after the other: a re-installed agent, and one device.
    (device,) = json.loads(called("--data", folder, "devices", "--json").out)
    assert device["agent"] == pending[0]
    assert called("--data", folder, "verify").code == 0
