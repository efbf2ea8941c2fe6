"""Import of nmap's XML: whole hosts become sightings, and what could not be taken is told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.nmap import xml
from scanner.nmap.xml import read_nmap_xml
from scanner.partial import Partial, merge
from scanner.problems import BadFile
from scanner.scanning import Loss
from scanner.sighting import Name, Port
from tests.scanner.nmap.documents import HEAD, document, host


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "scan.xml"


def taken(file: Path, data: bytes) -> tuple[list[Partial], list[Loss]]:
    """What a file with these bytes gives."""
    file.write_bytes(data)
    return read_nmap_xml(file)


def test_a_whole_file(file: Path) -> None:
    partials, losses = taken(file, document(host(1), host(2)))
    assert losses == []
    assert [one.ip for one in partials] == ["10.66.0.1", "10.66.0.2"]
    one = partials[0]
    assert (one.mac, one.at, one.method) == ("44:19:b6:00:00:01", 1794816030.0, "nmap_xml")
    assert one.names == (Name("host-1.lan", "dns"),)
    assert one.os_guess == "Linux 5.0 - 5.14"
    assert one.ports == (
        Port("tcp", 22, "open", "ssh", "OpenSSH", "9.2p1 Debian 2+deb12u3", "protocol 2.0"),
        Port("tcp", 80, "open"),  # "http" is what nmap read off the number alone
        Port("tcp", 631, "filtered"),
    )
    assert merge(partials)[0].first_answer == "2026-11-16T08:00:30Z"


def test_a_file_that_ends_early_gives_its_whole_hosts_and_says_so(file: Path) -> None:
    """Cut anywhere: the hosts before the cut, one loss, and never another error."""
    whole = document(*(host(number) for number in range(1, 6)))
    ends = [at + len(b"</host>") for at in range(len(whole)) if whole.startswith(b"</host>", at)]
    begins = whole.index(b"<scaninfo")
    chance = random.Random(7)
    cuts = {*chance.sample(range(begins, len(whole) - 12), 150), *ends}
    assert len(cuts) > 150
    for cut in cuts:
        partials, losses = taken(file, whole[:cut])
        assert len(partials) == sum(end <= cut for end in ends), cut
        assert [loss.reason for loss in losses] == ["interrupted"]


def test_a_file_without_closing_statistics_was_interrupted(file: Path) -> None:
    partials, losses = taken(file, document(host(1), tail="</nmaprun>"))
    assert (len(partials), [loss.reason for loss in losses]) == (1, ["interrupted"])


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"not xml", b"{}", b"<html/>", b"\xff\xfe\x00", HEAD.encode()[:100], b"PK\x03\x04"),
        b'<?xml version="1.0" encoding="TF-8"?><nmaprun/>',
        b'<?xml version="1.0" encoding="shift_jis"?><nmaprun/>',
    ],
)
def test_what_is_no_xml_of_nmaps_is_refused_with_its_name(file: Path, data: bytes) -> None:
    with pytest.raises(BadFile, match=r"scan\.xml"):
        taken(file, data)


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    with pytest.raises(BadFile, match="No such file"):
        read_nmap_xml(file)


def test_public_addresses_are_left_out_and_told(file: Path) -> None:
    outside = [host(3, "203.0.113.9"), host(4, "8.8.8.8"), host(5, "127.0.0.1")]
    partials, losses = taken(file, document(host(1), *outside))
    assert [one.ip for one in partials] == ["10.66.0.1"]
    assert [(loss.reason, loss.detail[:7]) for loss in losses] == [("not_private", "3 hosts")]


def test_private_ipv6_is_taken(file: Path) -> None:
    partials, losses = taken(file, document(host(1, "fd00::1", family="ipv6")))
    assert ([one.ip for one in partials], losses) == (["fd00::1"], [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('addr="10.66.0.2"', 'addr="10.66.0.2; reboot"'),
        ('addr="10.66.0.2"', 'addr="fe80::1%eth0"'),
        ('portid="22"', 'portid="x"'),
        ('portid="22"', 'portid=""'),
        ('<status state="up" reason="arp-response"', '<stat state="up"'),
        ('conf="10"', 'conf="many"'),
        ('accuracy="96"', 'accuracy="most"'),
        ('<state state="open" reason="syn-ack" reason_ttl="64"/>', ""),
    ],
)
def test_a_host_that_is_not_in_nmaps_form_costs_only_itself(file: Path, old: str, new: str) -> None:
    broken = host(2).replace(old, new)
    assert broken != host(2)
    partials, losses = taken(file, document(host(1), broken, host(3)))
    ips = [one.ip for one in partials]
    assert ips == ["10.66.0.1", "10.66.0.3"]
    assert [loss.reason for loss in losses] == ["unreadable"]


@pytest.mark.parametrize("end", ["", "0", "99999999999", "soon", "1e9"])
def test_a_host_without_a_believable_time(file: Path, end: str) -> None:
    partials, losses = taken(file, document(host(1, end=end)))
    if end == "99999999999":
        assert (partials, [loss.reason for loss in losses]) == ([], ["no_time"])
    else:  # the start of the run is then the best that is known
        assert [one.at for one in partials] == [1794816000.0]


def test_who_did_not_answer_is_no_sighting(file: Path) -> None:
    """With -Pn nmap calls every address up, and says that the user set so."""
    silent = host(1, reason="user-set").replace('state="open"', 'state="filtered"')
    assert taken(file, document(silent)) == ([], [])
    answered = host(1, reason="user-set")
    assert len(taken(file, document(answered))[0]) == 1


def test_texts_are_cleaned_and_ports_bounded(file: Path) -> None:
    many = "".join(
        f'<port protocol="tcp" portid="{n}"><state state="open" reason="syn-ack"/></port>'
        for n in range(1000, 9000)
    )
    strange = host(1).replace("OpenSSH", "Open&#x202e;SSH&#10;x" + "y" * 9000)
    partials, _ = taken(file, document(strange.replace("</ports>", many + "</ports>")))
    ports = partials[0].ports
    assert len(ports) == 1000
    assert ports[0].product.startswith("Open SSH x")
    assert max(len(port.product) for port in ports) <= 1024


@given(st.integers(0, 2**32), st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_any_bytes_end_in_hosts_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, seed: int, changes: int
) -> None:
    chance = random.Random(seed)
    data = bytearray(document(host(1), host(2), host(3)))
    for _ in range(changes):
        start = chance.randrange(len(data))
        data[start : start + chance.randrange(9)] = chance.randbytes(chance.randrange(5))
    file = tmp_path_factory.getbasetemp() / "changed.xml"
    try:
        partials, losses = taken(file, bytes(data))
    except BadFile:
        return
    assert len(partials) <= 6
    assert all(loss.technique == xml.METHOD for loss in losses)
