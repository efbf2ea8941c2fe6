"""Vendors of cards: every entry of the registry is found; an unregistered card names nobody."""

from __future__ import annotations

import random
import re
import subprocess
import sys

import pymanuf
import pytest

from scanner import vendors
from scanner.vendors import Card, card
from tests.conftest import ROOT

ENTRY = re.compile(rb"^([0-9A-F:]+)(?:/(28|36))?\t+(.+)$", re.MULTILINE)


def entries() -> list[tuple[str, int, str]]:
    """(a MAC with this prefix, its bits, the name) of every line of the package's file."""
    found = []
    for prefix, bits, name in ENTRY.findall(vendors._registry()):
        digits = prefix.replace(b":", b"").decode().lower().ljust(12, "0")
        mac = ":".join(digits[at : at + 2] for at in range(0, 12, 2))
        found.append((mac, int(bits or 24), name.decode().strip()))
    return found


def test_halving_finds_what_reading_everything_finds() -> None:
    """The package's own look-up is the witness; a sample of every kind of block."""
    found = entries()
    assert len(found) > 50_000
    assert {bits for _, bits, _ in found} == {24, 28, 36}
    plain = [one for one in found if not int(one[0][:2], 16) & 3 and not card(one[0]).random]
    chosen = random.Random(4).sample(plain, 6000) + plain[:20] + plain[-20:]
    asked = [mac for mac, _, _ in chosen if not any(map(mac.startswith, vendors.MADE))]
    assert len(asked) > 5000
    wrong = [
        (mac, card(mac).vendor, pymanuf.lookup(mac))
        for mac in asked
        if card(mac).vendor != " ".join(pymanuf.lookup(mac).split())[:100]
        and pymanuf.lookup(mac) != vendors._NOBODY
    ]
    assert wrong == []


def test_the_file_is_sorted_so_that_halving_is_all_it_takes() -> None:
    keys = [line.split(b"\t")[0] for line in vendors._registry()[vendors._body() :].splitlines()]
    plain = [key[:8] for key in keys if key]
    assert len(plain) > 50_000
    assert plain == sorted(plain)


def test_a_file_that_is_not_sorted_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b"# top", b"", b"F0:00:01\t\tLast", b"00:00:01\t\tFirst", b"80:00:01\t\tMiddle", b""]
    for function in (vendors._body, vendors._block):
        function.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(vendors, "_registry", lambda: b"\n".join(lines))
        names = [card(f"{first}:00:01:00:00:01").vendor for first in ("f0", "00", "80", "40")]
    for function in (vendors._body, vendors._block):
        function.cache_clear()
    assert names == ["Last", "First", "Middle", ""]


@pytest.mark.parametrize(
    ("mac", "expected"),
    [
        ("da:a1:19:00:00:01", Card(random=True)),
        ("02:00:00:00:00:01", Card(random=True)),
        ("01:00:5e:00:00:fb", Card(group=True)),
        ("ff:ff:ff:ff:ff:ff", Card(group=True)),
        ("00:00:5e:00:01:0a", Card("VRRP (virtual router)")),
        ("00:00:0c:9f:f0:01", Card("HSRP (virtual router)")),
        ("52:54:00:12:34:56", Card("QEMU/KVM (virtual machine)")),
        ("00:15:5d:01:02:03", Card("Hyper-V (virtual machine)")),
        ("", Card()),
        ("00:11", Card()),
        ("00:11:22:33:44:5g", Card()),
        ("００:11:22:33:44:55", Card()),
    ],
)
def test_what_no_registry_names(mac: str, expected: Card) -> None:
    assert card(mac) == expected


def test_a_shared_block_names_its_holder_and_not_the_registry() -> None:
    shared = {mac[:8] for mac, bits, name in entries() if bits == 24 and name == vendors._NOBODY}
    holders = [one for one in entries() if one[1] != 24 and one[0][:8] in shared]
    assert len(holders) > 1000
    mac, _, name = holders[0]
    assert card(mac).vendor == name
    assert all(card(f"{prefix}:ff:ff:ff").vendor != vendors._NOBODY for prefix in shared)


def test_the_copy_has_a_date() -> None:
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", vendors.registry_date())


def test_without_the_package_nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for function in (vendors._registry, vendors._body, vendors._block):
        function.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(vendors, "PACKAGE", "no_such_registry")
        nobody, date = card("00:00:0c:01:02:03"), vendors.registry_date()
    for function in (vendors._registry, vendors._body, vendors._block):
        function.cache_clear()
    assert (nobody, date) == (Card(), "")
    assert card("00:00:0c:01:02:03").vendor.startswith("Cisco")


def test_a_look_up_does_not_run_the_package() -> None:
    code = (
        "import sys; from scanner.vendors import card; "
        "print(card('00:00:0c:01:02:03').vendor, 'pymanuf' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[0] == "Cisco Systems, Inc False"
