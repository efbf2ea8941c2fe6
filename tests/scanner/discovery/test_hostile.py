"""A LAN that lies: storms of spoofed replies cost neither the result nor the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import pytest

from tests.conftest import ROOT, require
from tests.lab.lan import THERE, Lan, office_lan
from tests.lab.namespaces import possible
from tests.scanner.discovery.scans import Scanned, scanned
from tests.scanner.discovery.storm import FRAMES

pytestmark = [pytest.mark.netns, pytest.mark.slow]
MEMORY = 120  #: MB of address space beyond an empty Python's: more, and the scan is ended
#: The command with a bound on its memory: a scan that keeps what it is sent without end dies of it.
BOUNDED = (
    sys.executable,
    "-c",
    (
        "import resource, sys; from rasoat.cli import run; import scanner.scan\n"
        "have = int(open('/proc/self/statm').read().split()[0]) * 4096\n"
        f"resource.setrlimit(resource.RLIMIT_AS, (have + ({MEMORY} << 20),) * 2); sys.exit(run())"
    ),
)


@pytest.fixture(scope="module")
def lan() -> Iterator[Lan]:
    require("network namespaces", possible())
    with office_lan() as made:
        yield made


@contextmanager
def playing(lan: Lan, part: str, *more: str) -> Iterator[list[str]]:
    """A hostile program on the office's side for the time of a ``with``; then what it said."""
    (link,) = json.loads(lan.run("ip", "-j", "link", "show", lan.interface).stdout)
    argv = [sys.executable, "-m", f"tests.scanner.discovery.{part}", THERE, link["address"]]
    with subprocess.Popen(
        lan.office.command([*argv, *more]),
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        said: list[str] = []
        try:
            yield said
        finally:
            if part == "proxy":
                process.terminate()
            said += process.communicate(timeout=20)[0].split()


def test_a_storm_of_spoofed_hosts_is_bounded_and_flagged(lan: Lan) -> None:
    with playing(lan, "storm", lan.address, str(lan.network)) as sent:
        seen = scanned(lan, "--ports", "none", python=BOUNDED)
    assert int(sent[0]) >= FRAMES
    assert {host.ip for host in lan.truth} <= seen.found  # the true ones are found all the same
    assert all(ip_address(ip) in lan.network for ip in seen.found)
    contested = flagged(seen, "duplicate_ip")
    assert len(contested) >= 200  # whoever two cards answer for is named
    assert most_also_answered(seen) <= 8
    assert seen.scan["packets"]["ignored"]["not_asked"] > 1000
    reasons = [loss["reason"] for loss in seen.scan["losses"]]
    assert ("flooded" in reasons) == (seen.scan["packets"]["kernel_drops"] > 0)
    calm = scanned(
        lan, "--ports", "none", python=BOUNDED
    )  # the control: without lies, none is seen
    assert calm.found == {host.ip for host in lan.truth}
    assert flagged(calm, "duplicate_ip") == set()


def flagged(seen: Scanned, flag: str) -> set[str]:
    """The addresses with this flag."""
    return {ip for ip, one in seen.sightings.items() if flag in one.get("flags", ())}


def most_also_answered(seen: Scanned) -> int:
    """The most cards that any one address keeps as evidence."""
    pieces = (one.get("evidence", ()) for one in seen.sightings.values())
    return max(
        len([piece for piece in some if piece["what"] == "also_answered"]) for some in pieces
    )


def test_one_card_for_many_addresses_is_called_a_proxy(lan: Lan) -> None:
    """A router that answers ARP for others (RFC 1027): what it answers for may not be there."""
    with playing(lan, "proxy", "3c:52:82:00:00:fe"):
        seen = scanned(lan, "--ports", "none", "--fast")
    strangers = seen.found - {host.ip for host in lan.truth}
    assert len(strangers) > 300
    assert strangers <= flagged(seen, "proxy_arp")
