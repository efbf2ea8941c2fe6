"""What may not be scanned is refused in one sentence before anything leaves this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import require
from tests.lab.capture import Capture
from tests.lab.lan import office_lan
from tests.lab.namespaces import possible
from tests.rasoat.scanning import HOSTS, NETWORK, Scanner

pytestmark = [pytest.mark.netns, pytest.mark.slow]

HOSTILE = [
    *(("-oN/x",), ("--", "-oN/x"), ("--script=http-slowloris",), ("--", "--script=x")),
    *((";",), ("; reboot",), ("$(reboot)",), ("10.66.0.1;10.66.0.2",), ("10.66.0.1\n10.66.0.2",)),
    *(("10.66.0.1\n",), (" ",), ("",), ("10.66.0.1 -oN /x",), ("@/etc/passwd",), ("*",)),
    *(("0.0.0.0/0",), ("::/0",), ("0.0.0.0",)),  # noqa: S104 - nobody binds it
    *(("255.255.255.255",), ("224.0.0.251",)),
    *(("fe80::1%lan0",), ("10.66.0.1%lan0",), ("8.8.8.0/24",), ("2001:db8::1",), ("10.67.0.0/26",)),
    *(("10.66.0.0/25",), ("10.66.0.1-8.8.8.8",), ("10.66.0.9-10.66.0.1",), ("10.66.0.1-",)),
    *(("10.66.0.1/26",), ("0x0a.66.0.1",), ("010.066.000.001",), ("1113718785",), ("localhost",)),
    *(("pc-1.example",), ("127.0.0.1",), ("10.66.0.1", "8.8.8.8"), ("١٠.66.0.1",), ("1" * 5000,)),
]
WRONG = [
    *(("--ports", "0"), ("--ports", "65536"), ("--ports", "top"), ("--ports", "22;id")),
    *(("--ports", "-oN"), ("--ports", ""), ("--listen", "0"), ("--listen", "nan")),
    *(("--config", "/nowhere/scan.yaml"), ("--import", "/nowhere.xml"), ("--unit", "UBND-09")),
    *(("--import", __file__), ("--listen", "5", "--ports", "22"), ("--listen", "5", "--services")),
    ("--services", "--ports", "none"),
]


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    require("network namespaces", possible())
    with office_lan(HOSTS, NETWORK) as lan:
        yield Scanner(lan, tmp_path_factory.mktemp("scans") / "data")


def frames(seen: Capture) -> list[bytes]:
    """The frames that the scan sent: without the kernel's own IPv6 set-up (multicast, ICMPv6)."""
    return [raw for _, raw in seen.packets if raw[:2] != b"\x33\x33"]


def test_hostile_targets_are_refused_and_nothing_is_sent(scanner: Scanner) -> None:
    with scanner.lan.capture() as seen:
        for words in HOSTILE:
            done = scanner.run("scan", "--json", *words)
            told = [line for line in done.err.splitlines() if not line.startswith(("Usage", "Try"))]
            assert done.code == 2, (words, done.err)
            assert done.out == ""
            assert len([line for line in told if line.strip()]) == 1, (words, done.err)
            assert len(done.err) < 500, words
    assert len(HOSTILE) >= 35
    assert seen.dropped == 0
    assert frames(seen) == []


def test_the_control_a_good_target_sends(scanner: Scanner) -> None:
    with scanner.lan.capture() as seen:
        scanner.scan("10.66.0.1", "--ports", "none")
    assert frames(seen)


def test_one_bad_word_stops_the_good_ones(scanner: Scanner) -> None:
    with scanner.lan.capture() as seen:
        done = scanner.run("scan", NETWORK, "8.8.8.8")
    assert (done.code, done.out) == (2, "")
    assert "8.8.8.8/32 is outside the networks that may be scanned: 10.66.0.0/26" in done.err
    assert frames(seen) == []


@pytest.mark.parametrize("options", WRONG, ids=" ".join)
def test_a_wrong_option_is_refused_before_anything(
    scanner: Scanner, options: tuple[str, ...]
) -> None:
    with scanner.lan.capture() as seen:
        done = scanner.run("scan", NETWORK, *options)
    assert (done.code, done.out) == (2, ""), done.err
    assert "Traceback" not in done.err
    assert frames(seen) == []


def test_a_configured_public_network_is_refused(scanner: Scanner, tmp_path: Path) -> None:
    config = tmp_path / "scan.yaml"
    config.write_text("networks: [{cidr: 8.8.8.0/24}]\n", "utf-8")
    done = scanner.run("scan", "8.8.8.8", "--config", config)
    assert done.code == 2
    assert f"{config}:1:12: 8.8.8.0/24 is not private" in done.err


def test_without_a_private_network_nothing_may_be_scanned(tmp_path: Path) -> None:
    require("network namespaces", possible())
    with office_lan(1, "203.0.113.0/29") as lan, lan.capture() as seen:
        lan.scanner.run("ip", "-6", "addr", "flush", "dev", lan.interface)
        done = Scanner(lan, tmp_path / "data").run("scan", "203.0.113.1")
    assert done.code == 2
    assert "name the office's networks in scan.yaml" in done.err
    assert frames(seen) == []


def test_a_units_networks_are_targets(scanner: Scanner, tmp_path: Path) -> None:
    config = tmp_path / "scan.yaml"
    networks = "[{cidr: 10.66.0.0/29, unit: UBND-01}, {cidr: 10.66.0.32/29, unit: UBND-02}]"
    config.write_text(f"networks: {networks}\n", "utf-8")
    _, scan = scanner.scan("--unit", "UBND-02", "--config", config, "--ports", "none")
    assert scan["targets"] == ["10.66.0.32/29"]
    done = scanner.run("scan", "--unit", "UBND-03", "--config", config)
    assert done.code == 2
    assert "no network to the unit 'UBND-03'; units there: UBND-01, UBND-02" in done.err
