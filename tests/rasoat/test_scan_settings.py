"""scan.yaml is read strictly: each error has its file, line and column, and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasoat import scan_settings
from rasoat.problems import Problem
from scanner.pace import POLITE

WHOLE = """\
networks:
  - {cidr: 10.1.0.0/22, unit: UBND-01}
  - {cidr: 192.168.7.0/24}
rate: 200
communities: [hospital]
resolver: 10.1.0.53
"""

WRONG = [
    ("", "1:1: scan.yaml needs networks"),
    ("networks: 10.1.0.0/22\n", "1:11: networks is a list"),
    ("networks: []\n", "1:1: networks names no network: nothing may be scanned"),
    ("rate: 100\n", "1:1: scan.yaml needs networks"),
    ("networks: [{cidr: 10.1.0.0/22}]\nrates: 5\n", "2:1: scan.yaml has no key rates"),
    ("networks: [{cidr: 10.1.0.0/22}]\nrate: fast\n", "2:7: rate is a whole number from 1 to 1000"),
    ("networks: [{cidr: 10.1.0.0/22}]\nrate: 1001\n", "2:7: rate is a whole number from 1 to 1000"),
    ("networks: [{cidr: 10.1.0.0/22}]\nrate: 0\n", "2:7: rate is a whole number"),
    ("networks: [{cidr: 10.1.0.0/22}]\nrate: -5\n", "2:7: rate is a whole number"),
    ("networks: [{cidr: 10.1.0.0/22}]\nrate: 9e2\n", "2:7: rate is a whole number"),
    ("networks: [{cidr: 10.1.0.0/22}]\nrate: ٩\n", "2:7: rate is a whole number"),
    ("networks: [{cidr: 10.1.0.0/22}]\nrate: [5]\n", "2:7: rate must be a text, not a list"),
    ("networks:\n  - cidr: 10.1.0.5/22\n", "2:5: '10.1.0.5/22' is no network such as 10.1.0.0/22"),
    ("networks:\n  - cidr: office\n", "2:5: 'office' is no network such as 10.1.0.0/22"),
    ("networks:\n  - cidr: 8.8.8.0/24\n", "2:5: 8.8.8.0/24 is not private"),
    ("networks:\n  - cidr: 0.0.0.0/0\n", "2:5: 0.0.0.0/0 is not private"),
    ("networks:\n  - cidr: fe80::%eth0/64\n", "2:5: "),
    ("networks:\n  - unit: UBND-01\n", "2:5: a network needs cidr"),
    ("networks:\n  - 10.1.0.0/22\n", "2:5: a network must be a mapping, not a plain value"),
    ("networks:\n  - {cidr: 10.1.0.0/22, office: A}\n", "2:25: a network has no key office"),
    ("networks: [{cidr: 10.1.0.0/22}]\ncommunities: public\n", "2:14: communities is a list"),
    ("networks: [{cidr: 10.1.0.0/22}]\ncommunities: [[a]]\n", "2:15: a community is a text"),
    ("networks: [{cidr: 10.1.0.0/22}]\ncommunities: ['']\n", "2:15: a community is a text"),
    (
        "networks: [{cidr: 10.1.0.0/22}]\nresolver: 8.8.8.8\n",
        "2:11: resolver: 8.8.8.8 is outside the networks above",
    ),
    (
        "networks: [{cidr: 10.1.0.0/22}]\nresolver: dns\n",
        "2:11: resolver: 'dns' is no address of a DNS server",
    ),
    ("networks: [{cidr: 10.1.0.0/22}]\nnetworks: [{cidr: 10.2.0.0/22}]\n", "2:1: "),
    ("networks: &a [{cidr: 10.1.0.0/22}]\n", "1:11: "),
    ("networks: !!python/object:os.system [x]\n", "1:11: "),
    ("networks: [{cidr: 10.1.0.0/22}\n", "2:1: not readable as YAML"),
]


def read(text: str) -> scan_settings.ScanSettings:
    return scan_settings.read(text.encode(), "office/scan.yaml")


def test_every_key_is_taken() -> None:
    one = read(WHOLE)
    assert str(one.networks) == "10.1.0.0/22, 192.168.7.0/24"
    assert one.units == {"10.1.0.0/22": "UBND-01"}
    assert (one.rate, one.communities, one.resolver) == (200.0, ("hospital",), "10.1.0.53")


def test_what_is_not_named_has_a_default() -> None:
    one = read("networks: [{cidr: 10.1.0.0/22}]\n")
    assert (one.rate, one.communities, one.resolver, one.units) == (POLITE, (), None, {})


def test_a_community_stays_what_was_typed() -> None:
    one = read("networks: [{cidr: 10.1.0.0/22}]\ncommunities: [no, 1.10, '0x1']\n")
    assert one.communities == ("no", "1.10", "0x1")


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[told for _, told in WRONG])
def test_an_error_has_its_place_and_nothing_is_taken(text: str, told: str) -> None:
    with pytest.raises(Problem) as caught:
        read(text)
    assert f"office/scan.yaml:{told}" in str(caught.value)
    assert caught.value.exit_code == 2
    assert len(str(caught.value)) < 700


def test_every_error_is_told_at_once() -> None:
    with pytest.raises(Problem) as caught:
        read("networks: [{cidr: 8.8.8.0/24}, {cidr: x}]\nrate: 5000\nresolve: 10.1.0.1\n")
    places = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert sorted(places) == [
        "office/scan.yaml:1:12",
        "office/scan.yaml:1:32",
        "office/scan.yaml:2:7",
        "office/scan.yaml:3:1",
    ]
    assert "did you mean resolver?" in str(caught.value)


def test_not_utf_8_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "scan.yaml"
    path.write_bytes(b"networks: []\n# \xff\n")
    with pytest.raises(Problem, match=r"scan.yaml:2:3: not UTF-8 text"):
        scan_settings.load(tmp_path, None)


def test_the_data_folders_file_is_used_unless_another_is_named(tmp_path: Path) -> None:
    (tmp_path / "scan.yaml").write_text("networks: [{cidr: 10.1.0.0/22}]\n", "utf-8")
    other = tmp_path / "other.yaml"
    other.write_text("networks: [{cidr: 10.2.0.0/22}]\n", "utf-8")
    assert str(scan_settings.load(tmp_path, None).networks) == "10.1.0.0/22"
    assert str(scan_settings.load(tmp_path, other).networks) == "10.2.0.0/22"
    assert scan_settings.load(tmp_path / "empty", None).networks is None
    with pytest.raises(Problem, match="there is no such file"):
        scan_settings.load(tmp_path, tmp_path / "missing.yaml")
