"""Discovery on a simulated LAN: everybody, nobody else, at the rate that was promised."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from ipaddress import IPv4Network

import pytest

from inventory.store import Store
from tests.conftest import require
from tests.lab.lan import Lan, office_lan
from tests.lab.namespaces import possible
from tests.scanner.discovery.scans import scanned

pytestmark = [pytest.mark.netns, pytest.mark.slow]
ALONE = ("--ports", "none")
CAP = 1000  #: packets in any second, by the issue

#: The same command, but a sweep may ask only once: what says so must say that it may have missed.
ONE_ROUND = (
    *(sys.executable, "-c"),
    (
        "import sys; from scanner.discovery import arp, sweeping; sweeping.LEAST_ROUNDS = 1; "
        "arp.arp.__defaults__ = (None, 1); from rasoat.cli import run; sys.exit(run())"
    ),
)


@pytest.fixture(scope="module")
def lan() -> Iterator[Lan]:
    require("network namespaces", possible())
    with office_lan() as made:
        # The kernel's own neighbour discovery is not the scan's, and would be counted as such.
        made.run("sysctl", "-qw", f"net.ipv6.conf.{made.interface}.disable_ipv6=1")
        yield made


@pytest.fixture
def quiet(lan: Lan) -> Iterator[Lan]:
    """The LAN without loss, whatever the test does to it."""
    yield lan
    lan.set_loss(0)


def true(lan: Lan) -> set[str]:
    return {host.ip for host in lan.truth}


def test_everybody_and_nobody_else_at_a_polite_rate(quiet: Lan) -> None:
    with quiet.capture() as seen:
        polite = scanned(quiet, *ALONE)
    assert len(true(quiet)) == 568
    assert polite.found == true(quiet)
    assert polite.scan["loss"] == 0.0
    assert polite.scan["probability_missed"] <= 0.002
    for ip, one in polite.sightings.items():
        assert one["mac"] == quiet.host(ip).mac
    assert len(seen.packets) >= 1022  # the floor: every address was asked
    assert seen.dropped == 0
    assert seen.most_per_second <= CAP
    assert polite.scan["packets"]["packets_sent"] <= len(seen.packets)
    with quiet.capture() as seen:
        assert scanned(quiet, *ALONE, "--fast").found == true(quiet)
    assert seen.most_per_second > CAP  # the control: the same measure sees a faster scan


def test_nothing_is_asked_outside_the_network(quiet: Lan) -> None:
    with quiet.capture() as seen:
        assert scanned(quiet, "--fast").found == true(quiet)
    allowed = IPv4Network(quiet.network)
    outside = {one for one in seen.destinations if isinstance(one, str) or one not in allowed}
    groups = {"224.0.0.251", "224.0.0.252", "239.255.255.250"}
    assert {str(one) for one in outside} <= groups
    assert len(seen.packets) > 30_000
    with quiet.capture() as seen:  # the control: one packet to somewhere else is seen
        quiet.run("ip", "route", "add", "default", "via", quiet.truth[0].ip)
        code = "import socket; socket.socket(2, 2).sendto(b'x', ('198.51.100.7', 9))"
        quiet.run(sys.executable, "-c", code)
    assert "198.51.100.7" in {str(one) for one in seen.destinations}


@pytest.mark.parametrize("loss", [0.05, 0.15])
def test_loss_is_measured_and_nobody_is_missed(quiet: Lan, loss: float) -> None:
    quiet.set_loss(loss)
    exchange = 1 - (1 - loss) ** 2  # a question and its answer
    runs = [scanned(quiet, *ALONE, "--fast") for _ in range(3)]
    for one in runs:
        assert one.found <= true(quiet)
        assert one.scan["probability_missed"] <= 0.002
        assert one.scan["loss"] == pytest.approx(exchange, rel=0.35)
    assert sum(one.found == true(quiet) for one in runs) >= 2


def test_one_look_misses_some_and_says_that_it_cannot_tell(quiet: Lan) -> None:
    quiet.set_loss(0.15)
    one = scanned(quiet, *ALONE, "--fast", python=ONE_ROUND)
    assert 300 < len(one.found) < 568
    assert one.found < true(quiet)
    assert one.scan["loss"] is None
    assert one.scan["probability_missed"] == 1.0


def test_known_hosts_are_asked_alone(quiet: Lan, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A second scan sends a third of the broadcasts; a silent host is gone by a probability."""
    folder = tmp_path_factory.mktemp("office") / "data"
    Store.create(folder).close()
    start = (sys.executable, "-m", "rasoat", "--data", str(folder))
    with quiet.capture() as seen:
        first = scanned(quiet, *ALONE, "--fast", python=start)
    before = seen.kinds()
    away = quiet.truth[7]
    quiet.office.run("ip", "addr", "del", f"{away.ip}/22", "dev", "off0")
    try:
        with quiet.capture() as seen:
            second = scanned(quiet, *ALONE, "--fast", python=start)
    finally:
        quiet.office.run(*("ip", "addr", "add", f"{away.ip}/22", "dev", "off0", "noprefixroute"))
    after = seen.kinds()
    assert first.found == true(quiet)
    assert second.found == true(quiet) - {away.ip}
    assert before["broadcast"] >= 1022
    assert after["unicast"] >= 568
    assert 0 < after["broadcast"] <= before["broadcast"] / 3
    assert list(second.scan["gone"]) == [away.ip]
    assert 0.99 < second.scan["gone"][away.ip] < 1.0
