"""`rasoat scan`: what stands on which stream, exit codes, ctrl-C, and what it loads."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.vendors import registry_date
from tests.conftest import ROOT, require
from tests.lab.lan import office_lan
from tests.lab.namespaces import possible
from tests.rasoat.scanning import HOSTS, NETWORK, Scanner, lines

SLOW_RATE = 5  #: packets a second: 62 addresses take long enough to be stopped in between
HEAVY = ("scapy", "rich", "nmap", "yaml", "sqlite_utils", "litestar", "pymanuf")
NET = [pytest.mark.netns, pytest.mark.slow]


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    require("network namespaces", possible())
    with office_lan(HOSTS, NETWORK) as lan:
        yield Scanner(lan, tmp_path_factory.mktemp("scans") / "data")


def loaded(*words: str) -> set[str]:
    """The heavy libraries that a command has loaded when it ends."""
    program = (
        "import sys\nfrom rasoat.cli import run\n"
        f"run({list(words)!r})\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return {name.partition(".")[0] for name in done.stderr.split()} & set(HEAVY)


def test_help_loads_no_library_of_the_scanner() -> None:
    assert loaded("--help") & {"scapy", "nmap", "pymanuf"} == set()
    assert loaded("scan", "--help") == set()
    assert "yaml" in loaded("policy", "facts", "--json"), "the control"


@pytest.mark.parametrize("words", [("scan",), ("scan", "8.8.8.8"), ("scan", "10.0.0.0/8;")])
def test_a_refusal_loads_none_either(words: tuple[str, ...]) -> None:
    assert loaded(*words, "--config", "/nowhere/scan.yaml") == set()


class TestOnALan:
    """The whole command on a simulated LAN."""

    pytestmark = NET

    def test_json_is_one_sighting_a_line_and_the_scan_last(self, scanner: Scanner) -> None:
        done = scanner.run("scan", NETWORK, "--json")
        sightings, scan = lines(done.out)
        truth = {host.ip: host.mac for host in scanner.lan.truth}
        seen = {one["ip"]: one["mac"] for one in sightings if one["ip"] != scanner.lan.address}
        assert (done.code, done.err) == (0, "")
        assert seen == truth
        assert scan["hosts"] == len(sightings) == HOSTS + 1
        assert scan["complete"] is True
        assert 0 <= scan["probability_missed"] <= 0.01
        assert {one["scan"] for one in sightings} == {scan["id"]}
        assert scan["packets"]["most_in_a_second"] <= 1000

    def test_ports_none_is_discovery_alone(self, scanner: Scanner) -> None:
        sightings, scan = scanner.scan(NETWORK, "--ports", "none")
        assert scan["ports"] is None
        assert set(scan["packets"]["sent"]) == {"arp"}
        assert len(sightings) == HOSTS + 1
        assert not any(one.get("ports") for one in sightings)

    def test_people_get_a_table_on_stdout_and_the_doubt_on_stderr(self, scanner: Scanner) -> None:
        done = scanner.run("scan", NETWORK, "--ports", "none")
        assert done.code == 0
        assert "address" in done.out.splitlines()[0]
        assert sum(host.ip in done.out for host in scanner.lan.truth) == HOSTS
        assert "31 hosts of 62 addresses" in done.err
        assert f"Vendors by the IEEE's register of {registry_date()}" in done.err
        assert "probability that a host was missed: 0." in done.err
        assert "\x1b" not in done.out + done.err

    def test_a_second_scan_on_the_same_lan_says_the_same_without_an_inventory(
        self, scanner: Scanner
    ) -> None:
        assert not scanner.data.exists(), "a scan makes no data folder"

    def test_the_rate_that_was_configured_is_kept(self, scanner: Scanner, tmp_path: Path) -> None:
        with scanner.lan.capture() as seen:
            scanner.scan(
                "10.66.0.1-10.66.0.6", "--ports", "none", "--config", slow(tmp_path, rate=10)
            )
        assert len(seen.packets) >= 8
        assert seen.most_per_second <= 12  # IPv6 set-up of the kernel's may stand among them

    def test_fast_lifts_the_rate_and_sees_the_same(self, scanner: Scanner) -> None:
        sightings, scan = scanner.scan(NETWORK, "--fast", "--ports", "none")
        assert scan["rate"] is None
        assert len(sightings) == HOSTS + 1
        assert scanner.scan(NETWORK, "--ports", "none")[1]["rate"] == 1000, "the control"

    def test_services_asks_nmap_what_is_left(self, scanner: Scanner) -> None:
        require("nmap", Path("/usr/bin/nmap").exists())
        doors = [one for one in scanner.lan.truth if {135, 445} & set(one.open_tcp)]
        bare = [one.ip for one in doors if one.filtering == "open" and not one.arp_only][:2]
        assert bare
        _, scan = scanner.scan(*bare, "--ports", "135,445", "--services")
        assert scan["packets"]["connections"]["nmap"] >= 2
        assert "no_program" not in {one["reason"] for one in scan["losses"]}

    def test_listening_sends_nothing(self, scanner: Scanner) -> None:
        with scanner.lan.capture() as seen:
            _, scan = scanner.scan(NETWORK, "--listen", "2")
        assert [raw for _, raw in seen.packets if raw[:2] != b"\x33\x33"] == []
        assert scan["packets"]["packets_sent"] == 0
        assert scan["probability_missed"] is None


class TestStopped:
    """Ctrl-C, and a scheduler's SIGTERM."""

    pytestmark = NET

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_it_leaves_a_valid_partial_result(
        self, scanner: Scanner, tmp_path: Path, number: int
    ) -> None:
        before = sent(scanner)
        process = scanner.start("scan", NETWORK, "--json", "--config", slow(tmp_path))
        while sent(scanner) < before + 12:
            assert process.poll() is None, "it ended before it could be stopped"
            time.sleep(0.05)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        sightings, scan = lines(out)
        assert process.returncode == 1
        assert "stopping; what was seen so far follows" in err
        assert scan["complete"] is False
        assert scan["probability_missed"] is None
        assert 0 < len(sightings) < HOSTS
        assert scan["packets"]["packets_sent"] < 62
        assert ("ports", "stopped") in {(one["technique"], one["reason"]) for one in scan["losses"]}

    @pytest.mark.parametrize(("user", "packets"), [("", 30), ("nobody", 40)])
    def test_who_was_not_asked_is_never_called_silent(
        self, scanner: Scanner, tmp_path: Path, user: str, packets: int
    ) -> None:
        """Stopped in the midst of the ports: a host without a filter must not seem to have one."""
        bare = [one.ip for one in scanner.lan.truth if one.filtering == "open" and not one.arp_only]
        folder = tmp_path if not user else Path(tempfile.mkdtemp(dir="/tmp"))  # nobody's to read
        folder.chmod(0o755)
        before = sent(scanner)
        words = (*bare[:8], "--json", "--config", slow(folder, rate=10))
        process = replace(scanner, data=Path("/nonexistent")).start("scan", *words, user=user)
        while sent(scanner) < before + packets:
            assert process.poll() is None, "it ended before it could be stopped"
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        sightings, scan = lines(process.communicate(timeout=30)[0])
        assert scan["complete"] is False
        assert len(bare[:8]) == 8
        assert len(sightings) >= 6
        assert {one["filtering"]["verdict"] for one in sightings} <= {"unknown", "open"}
        assert "stopped" in {one["filtering"].get("reason") for one in sightings}

    def test_a_person_is_told_that_it_is_partial(self, scanner: Scanner, tmp_path: Path) -> None:
        before = sent(scanner)
        process = scanner.start("scan", NETWORK, "--config", slow(tmp_path))
        while sent(scanner) < before + 8:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "PARTIAL" in err
        assert "address" in out

    def test_twice_ends_it_all(self, scanner: Scanner, tmp_path: Path) -> None:
        before = sent(scanner)
        process = scanner.start("scan", NETWORK, "--json", "--config", slow(tmp_path))
        while sent(scanner) < before + 8:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        assert process.returncode in {1, 3}
        assert out == "" or lines(out)[1]["complete"] is False


class TestWithoutRights:
    """As a user who may not open raw sockets."""

    pytestmark = NET

    @pytest.fixture
    def readable(self) -> None:
        """This checkout, and its Python, as another user sees them."""
        argv = [
            "setpriv",
            "--reuid=nobody",
            "--clear-groups",
            sys.executable,
            "-c",
            "import rasoat",
        ]
        done = subprocess.run(argv, cwd=ROOT, check=False, capture_output=True)
        require("a checkout that nobody may read", done.returncode == 0)

    @pytest.fixture
    def scanner(self, scanner: Scanner) -> Scanner:
        return replace(scanner, data=Path("/nonexistent"))  # pytest's folders are root's alone

    def test_it_says_what_it_cannot_see(self, scanner: Scanner, readable: None) -> None:
        sightings, scan = scanner.scan(NETWORK, "--ports", "22,80", user="nobody")
        reasons = {(one["technique"], one["reason"]) for one in scan["losses"]}
        assert ("connect", "no_rights") in reasons
        assert scan["probability_missed"] is None
        assert scan["loss"] is None
        seen = {one["ip"] for one in sightings}
        answering = {h.ip for h in scanner.lan.truth if h.filtering == "open" and not h.arp_only}
        assert len(answering) >= 5
        assert answering <= seen, "who answers connections is found"
        person = scanner.run("scan", "10.66.0.1", "--ports", "none", user="nobody")
        assert "Limit: no rights: raw sockets need root" in person.err
        assert "what was missed cannot be told" in person.err

    def test_who_cannot_listen_is_told_and_it_is_no_result(
        self, scanner: Scanner, readable: None
    ) -> None:
        done = scanner.run("scan", NETWORK, "--listen", "1", "--json", user="nobody")
        assert (done.code, done.out) == (3, "")
        assert "nothing can be heard" in done.err
        assert "CAP_NET_RAW" in done.err

    def test_the_one_capability_that_the_timer_leaves_is_enough(self, scanner: Scanner) -> None:
        for bounds, complete in (("-all,+net_raw", True), ("-all", False)):
            words = scanner.inside("scan", NETWORK, "--ports", "none", "--json")
            done = scanner.lan.run("setpriv", f"--bounding-set={bounds}", *words, cwd=ROOT)
            _, scan = lines(done.stdout)
            assert (scan["losses"] == []) is complete
            assert (scan["probability_missed"] is not None) is complete


def slow(folder: Path, rate: int = SLOW_RATE) -> Path:
    """Settings with so few packets a second that a scan can be watched."""
    path = folder / "scan.yaml"
    path.write_text(f"networks: [{{cidr: {NETWORK}}}]\nrate: {rate}\n", "utf-8")
    return path


def sent(scanner: Scanner) -> int:
    """Packets that have left the scanner's side so far."""
    card = json.loads(scanner.lan.run("ip", "-j", "-s", "link", "show", "lan0").stdout)
    return int(card[0]["stats64"]["tx"]["packets"])
