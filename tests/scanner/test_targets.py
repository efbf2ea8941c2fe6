"""Words of a command line: addresses inside the networks, or a refusal before anything runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from scanner.networks import INSIDE, Networks
from scanner.problems import BadTarget, NotAllowed
from scanner.targets import MOST_HOSTS, targets
from tests.conftest import ROOT, require
from tests.lab.lan import Lan, office_lan
from tests.lab.namespaces import possible

OFFICE = Networks.configured(["10.68.0.0/24", "fd00:68::/64"])
EVERYTHING = Networks(INSIDE)

NO_TARGET = [
    *("-oN/x", "--script=http-shellshock", "-iL/etc/passwd", "--", "-", ";", "10.68.0.1;id"),
    *("10.68.0.1 10.68.0.2", "10.68.0.1\n", "\n10.68.0.1", "10.68.0.1\n-oN/x", "10.68.0.1\t"),
    *("10.68.0.1\x00", "$(id)", "`id`", "|id", "&", "10.68.0.1,2", "10.68.0.*", "10.68.0.1-9"),
    *("fe80::1%eth0", "fe80::1%25eth0", "fd00:68::1%1", "[fd00:68::1]", "10.68.0.1:22"),
    *("１０.68.0.1", "10.68.0.٣", "10.68.0.¹", "10\u30026868.0.1"),
    *("10.68.0.01", "0x0a440001", "010.68.0.1", "10.68.1", "172032001", "10.68.0.1/255.255.255.0x"),
    *("localhost", "router.lan", "http://10.68.0.1", "@hosts", "10.68.0.1/33", "10.68.0.1/24"),
    *("10.68.0.9-10.68.0.1", "10.68.0.1-fd00:68::1", "10.68.0.1-10.68.0.2-10.68.0.3", "", " "),
    *("1" * 65536, "a" * 65536, "10.68.0.1/" + "9" * 65000, "-" * 65536, "::" * 30000),
]
OUTSIDE = [
    *("0.0.0.0/0", "::/0", "8.8.8.8", "10.69.0.1", "10.68.0.0/16", "10.68.0.0-10.68.1.0"),
    *("255.255.255.255", "224.0.0.1", "127.0.0.1", "::1", "2001:db8::1", "::ffff:10.68.0.1"),
    *("0.0.0.0-255.255.255.255", "fd00::/16"),
]


@pytest.mark.parametrize("word", NO_TARGET, ids=lambda word: repr(word[:24]))
def test_what_is_no_target_is_refused_with_a_short_sentence(word: str) -> None:
    with pytest.raises(BadTarget) as refusal:
        targets(["10.68.0.1", word], OFFICE)
    told = str(refusal.value)
    assert 10 < len(told) < 400
    assert told.isprintable()


@pytest.mark.parametrize("word", OUTSIDE)
def test_what_is_outside_is_refused(word: str) -> None:
    with pytest.raises(NotAllowed, match="nothing was sent"):
        targets(["10.68.0.1", word], OFFICE)


@pytest.mark.parametrize("word", ["0.0.0.0/0", "8.8.8.0/24", "::/0", "2000::/3", "11.0.0.0/8"])
def test_public_addresses_are_outside_every_network(word: str) -> None:
    with pytest.raises(NotAllowed):
        targets([word], EVERYTHING)
    with pytest.raises(NotAllowed):
        Networks.configured([word])


def test_good_targets_are_taken() -> None:
    """The control of all refusals above."""
    found = targets(["10.68.0.1", "10.68.0.8/29", "10.68.0.20-10.68.0.22", "fd00:68::5"], OFFICE)
    assert list(found)[:2] == [ip_address("10.68.0.1"), ip_address("10.68.0.9")]
    assert len(found) == 1 + 6 + 3 + 1
    assert all(one in OFFICE for one in found)


def test_none_and_too_many_are_refused() -> None:
    with pytest.raises(BadTarget, match="name what to scan"):
        targets([], OFFICE)
    with pytest.raises(BadTarget, match=f"scan {MOST_HOSTS} at a time"):
        targets(["10.0.0.0/8"], EVERYTHING)
    assert len(targets(["10.0.0.0/16"], EVERYTHING)) == MOST_HOSTS - 2


@pytest.fixture(scope="module")
def lan() -> Iterator[Lan]:
    require("network namespaces", possible())
    with office_lan(hosts=4, network="10.68.0.0/28") as up:
        yield up


def scan(lan: Lan, *words: str) -> subprocess.CompletedProcess[str]:
    """The command on the scanner's side, looking for hosts alone."""
    argv = [sys.executable, "-m", "rasoat", "scan", "--ports", "none", "--fast", *words]
    return lan.scanner.run(*argv, check=False, cwd=str(ROOT))


@pytest.mark.netns
@pytest.mark.slow
def test_the_command_sends_nothing_for_a_hostile_word(lan: Lan) -> None:
    """With tcpdump as the witness, and a good target as the control."""
    hostile = [word for word in NO_TARGET + OUTSIDE if "\x00" not in word]
    chosen = [*hostile[:14], *hostile[20:26], *OUTSIDE[:4], "9" * 65536]
    with lan.capture() as quiet:
        for word in chosen:
            done = scan(lan, "10.68.0.1", "--", word)
            assert done.returncode not in (0, 1), (word[:30], done.stdout)
            assert "Traceback" not in done.stderr
            assert len(done.stderr) < 2000
    sent = [to for to in quiet.destinations if to in {ip_address(one.ip) for one in lan.truth}]
    assert sent == []
    with lan.capture() as loud:
        assert scan(lan, lan.truth[0].ip).returncode == 0
    assert ip_address(lan.truth[0].ip) in loud.destinations
