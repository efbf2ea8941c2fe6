"""`rasoat scan --import`: nmap's XML becomes sightings, kept as a scan; nothing is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inventory.store import Store
from tests.rasoat.conftest import Done, called
from tests.rasoat.scanning import lines
from tests.scanner.nmap.documents import HEAD, TAIL, host

FIRST = HEAD + host(1) + host(2) + TAIL


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    Store.create(folder).close()
    (folder / "scan.yaml").write_text("networks: [{cidr: 10.66.0.0/22}]\n", "utf-8")
    return folder


def imported(data: Path, text: str | bytes, *options: str) -> Done:
    """One file taken in."""
    path = data.parent / "nmap.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return called("--lang", "en", "--data", data, "scan", "--import", path, *options)


def kept(data: Path) -> list[dict[str, object]]:
    """The scans that are kept."""
    found: list[dict[str, object]] = json.loads(called("--data", data, "scans", "--json").out)
    return found


def test_hosts_become_sightings_and_nothing_was_measured(data: Path) -> None:
    done = imported(data, FIRST, "--json")
    sightings, scan = lines(done.out)
    assert done.code == 0, done.err
    assert [one["ip"] for one in sightings] == ["10.66.0.1", "10.66.0.2"]
    assert {"22", "80"} <= {str(port["port"]) for port in sightings[0]["ports"]}
    assert sightings[0]["vendor"]
    assert sightings[0]["filtering"]["verdict"] == "unknown"
    assert (scan["loss"], scan["probability_missed"]) == (None, None)
    assert scan["packets"]["packets_sent"] == 0
    assert scan["sensor"] == "nmap"


def test_it_is_kept_as_a_scan(data: Path) -> None:
    assert "kept as scan" in imported(data, FIRST).err
    assert [one["hosts"] for one in kept(data)] == [2]
    assert called("--data", data, "verify").code == 0


def test_the_next_file_of_the_same_hosts_shows_what_changed(data: Path) -> None:
    imported(data, FIRST)
    changed = FIRST.replace('portid="80"', 'portid="8080"', 1)
    assert "tcp/22, tcp/8080" in imported(data, changed).err
    assert "tcp/22, tcp/8080" in called("--lang", "en", "--data", data, "scans", "changes").out


def test_who_is_outside_is_left_out_and_said(data: Path) -> None:
    done = imported(data, HEAD + host(1) + host(9, ip="10.9.0.9") + TAIL, "--json")
    sightings, scan = lines(done.out)
    assert [one["ip"] for one in sightings] == ["10.66.0.1"]
    assert [one["reason"] for one in scan["losses"]] == ["outside"]
    assert "1 hosts are outside the networks" in scan["losses"][0]["detail"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "nmap.xml"),
        (b"not xml", "nmap.xml"),
        (b"<html></html>", "nmap.xml"),
        (HEAD + TAIL, "names no host inside the networks that may be scanned: 10.66.0.0/22"),
        (HEAD + host(9, ip="10.9.0.9") + TAIL, "names no host inside"),
        (
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><nmaprun>&b;</nmaprun>',
            "nmap.xml",
        ),
        (b"\xff\xfe<nmaprun/>", "nmap.xml"),
    ],
)
def test_what_is_no_such_file_is_refused_and_nothing_is_kept(
    data: Path, text: str | bytes, told: str
) -> None:
    done = imported(data, text, "--json")
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert "Traceback" not in done.err
    assert "root:" not in done.err
    assert kept(data) == []


def test_an_office_with_many_hosts_is_taken_in_whole(data: Path) -> None:
    (data / "scan.yaml").write_text("networks: [{cidr: 10.66.0.0/16}]\n", "utf-8")
    many = [host(n % 200, ip=f"10.66.{n // 250}.{n % 250 + 1}") for n in range(1500)]
    done = imported(data, HEAD + "".join(many) + TAIL)
    assert done.code == 0, done.err[-500:]
    assert [one["hosts"] for one in kept(data)] == [1500]
