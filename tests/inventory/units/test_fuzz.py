"""Whatever a file holds, it is taken in or refused with its place: no other error comes out."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from inventory.errors import InventoryError
from inventory.units import UnitsRefused
from inventory.units.drafts import read
from inventory.units.planning import plan
from inventory.units.tree import History
from tests.inventory.units.files import PROVINCE, written

TABLE = """\
code;kind;name_vi;parent;valid_from;valid_to;networks;successors
T;tỉnh;Tỉnh T;;;;10.0.0.0/8 2001:db8::/32;
A;xã;Xã A;T;01/01/2011;30/06/2025;10.1.0.0/16;B
B;xã;Xã B;T;2025-07-01;;10.1.0.0/16;
"""
SPLICES = (
    *(b"[", b"{", b"}", b"- ", b": ", b"#", b"&a ", b"*a", b"!!int ", b"\t", b"\n", b"\r", b"\0"),
    *(b'"', b"'", b";", b",", b"\xff", b"\xc4\x90", b"9999-12-31", b"0001-01-01", b"0000-00-00"),
    *(
        b"0.0.0.0/0",
        b"::/129",
        b"fe80::%eth0/64",
        b"10.1.2.0/255.255.255.0",
        b"=1/0",
        b"~",
        b"null",
    ),
    *(b"\xe2\x80\xae", b"\\ud800", b"T", b"A", b"9" * 30, b"x" * 300),
)


def mutated(text: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 4)):
        start = dice.randrange(len(text))
        end = start + dice.choice((0, 0, 1, 3, 12))
        text = text[:start] + dice.choice(SPLICES) + text[end:]
    return text


def outcome(path: Path) -> tuple[str, list[str]]:
    """What becomes of a file, and what is said of it."""
    try:
        plan(History([]), read(path))
    except UnitsRefused as refusal:
        return "refused", [one.place for one in refusal.problems]
    except InventoryError as fault:
        return "unreadable", [str(fault)]
    return "good", [str(path)]


@pytest.mark.parametrize(("name", "text"), [("u.yaml", PROVINCE), ("u.csv", TABLE)])
def test_a_spoilt_file_is_refused_with_its_place(tmp_path: Path, name: str, text: str) -> None:
    path = written(tmp_path, text, name)
    assert outcome(path)[0] == "good"
    dice, seen = random.Random(5), Counter[str]()
    for _ in range(700):
        path.write_bytes(mutated(text.encode(), dice))
        what, said = outcome(path)
        seen[what] += 1
        assert said
        assert [one for one in said if not one.startswith(str(path))] == []
    assert seen["refused"] >= 300, seen
    assert seen["good"] >= 10, seen
