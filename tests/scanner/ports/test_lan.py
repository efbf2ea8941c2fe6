"""Ports and the network's word on firewalls, on a LAN that loses one packet in twenty each way."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from scanner.ports.lists import named
from tests.conftest import require
from tests.lab.hosts import Host
from tests.lab.lan import Lan, office_lan
from tests.lab.namespaces import possible
from tests.scanner.discovery.scans import Scanned, scanned

pytestmark = [pytest.mark.netns, pytest.mark.slow]
LOSS = 0.05


@pytest.fixture(scope="module")
def lan() -> Iterator[Lan]:
    require("network namespaces", possible())
    with office_lan() as made:
        yield made


@pytest.fixture(scope="module")
def clean(lan: Lan) -> Scanned:
    return scanned(lan, "--ports", "top100", "--fast")


@pytest.fixture(scope="module")
def lossy(lan: Lan, clean: Scanned) -> Iterator[Scanned]:
    assert clean.sightings
    lan.set_loss(LOSS)
    yield scanned(lan, "--ports", "top100", "--fast")
    lan.set_loss(0)


def true_ports(host: Host) -> set[int]:
    """The open TCP ports that a scan of the first hundred can see."""
    return set(host.seen_tcp) & set(named("top100"))


def recall(lan: Lan, seen: Scanned) -> tuple[int, int, int]:
    """(found, there, not there): open ports over the whole LAN."""
    found = there = false = 0
    for host in lan.truth:
        true = true_ports(host)
        ports = seen.sightings.get(host.ip, {}).get("ports", ())
        told = {one["port"] for one in ports if one["state"] == "open" and one["protocol"] == "tcp"}
        found, there, false = found + len(told & true), there + len(true), false + len(told - true)
    return found, there, false


def verdicts(lan: Lan, seen: Scanned) -> dict[str, Counter[str]]:
    """Kind of firewall → how often each verdict was given."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for host in lan.truth:
        one = seen.sightings.get(host.ip, {})
        said[host.filtering][one.get("filtering", {}).get("verdict", "not seen")] += 1
    return said


def test_every_open_port_is_found(lan: Lan, clean: Scanned) -> None:
    found, there, false = recall(lan, clean)
    assert there > 600
    assert (found, false) == (there, 0)


def test_loss_hides_next_to_none(lan: Lan, lossy: Scanned) -> None:
    found, there, false = recall(lan, lossy)
    assert there > 600
    assert found >= 0.999 * there
    assert false == 0
    assert lossy.scan["ports"]["loss"] == pytest.approx(1 - (1 - LOSS) ** 2, rel=0.3)


@pytest.mark.parametrize("line", ["clean", "lossy"])
def test_the_word_on_firewalls_is_right_or_unknown(
    lan: Lan, line: str, request: pytest.FixtureRequest
) -> None:
    said = verdicts(lan, request.getfixturevalue(line))
    assert set(said) == {"drops", "rejects", "open"}
    for true, words in said.items():
        assert words.total() >= 15
        assert words[true] >= 0.99 * words.total(), (true, words)
        assert set(words) <= {true, "unknown"}, (true, words)


def test_the_measure_sees_a_wrong_word(lan: Lan, clean: Scanned) -> None:
    """The control of the test above: one word turned is seen."""
    victim = next(host.ip for host in lan.truth if host.filtering == "open")
    turned = {**clean.sightings[victim], "filtering": {"verdict": "drops"}}
    wrong = dataclasses.replace(clean, sightings={**clean.sightings, victim: turned})
    assert set(verdicts(lan, wrong)["open"]) == {"open", "drops"}
