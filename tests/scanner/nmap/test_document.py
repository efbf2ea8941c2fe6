"""The reader of nmap's XML takes nmap's own documents and refuses what an attacker adds to them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

import pytest

from scanner.nmap import document as reading
from scanner.nmap.document import Document, seconds
from scanner.problems import BadFile
from tests.scanner.nmap.documents import HEAD, document, host

DOCTYPE = "<!DOCTYPE nmaprun>"


def read(data: bytes, piece: int = 1000) -> Document:
    """A document fed in pieces."""
    one = Document()
    for start in range(0, len(data), piece):
        one.feed(data[start : start + piece])
    one.feed(b"", last=True)
    return one


@pytest.mark.parametrize("piece", [1, 7, 1000, 1 << 20])
def test_a_genuine_document_is_read(piece: int) -> None:
    one = read(document(host(1), host(2)), piece)
    assert [len(list(found.iter("port"))) for found in one.hosts] == [4, 4]
    assert (one.version, one.started, one.finished) == ("7.93", 1794816000.0, True)
    kept = {element.tag for found in one.hosts for element in found.iter()}
    assert "script" not in kept


def test_progress_is_read_while_it_comes() -> None:
    one = Document()
    one.feed(HEAD.encode())
    task = b'<taskprogress task="Service scan" time="1794816010" percent="%s" remaining="9"/>\n'
    for percent, expected in ((b"12.50", 12.5), (b"999", 100.0), (b"-3", 0.0), (b"nan", 0.0)):
        one.feed(task % percent + b"<task/>")
        assert one.percent == expected


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">\n' for n in range(10))


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        (f"<!DOCTYPE nmaprun [{LAUGHS}]>", "&l9;"),
        ('<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "&x;"),
        ('<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>', "&x;"),
        ('<!DOCTYPE nmaprun [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>', ""),
        ('<!DOCTYPE nmaprun [<!ENTITY x "harmless">]>', ""),
        ('<!DOCTYPE nmaprun [<!NOTATION n SYSTEM "x"><!ENTITY g SYSTEM "g" NDATA n>]>', ""),
        ('<!DOCTYPE nmaprun [<!ATTLIST host endtime CDATA "1794816030">]>', ""),
        ('<!DOCTYPE nmaprun SYSTEM "nmap.dtd">', ""),
        ('<!DOCTYPE nmaprun PUBLIC "-//x" "http://127.0.0.1:9/nmap.dtd">', ""),
        ("<!DOCTYPE html>", ""),
    ],
)
def test_what_a_doctype_can_carry_is_refused(declared: str, used: str) -> None:
    hostile = document(host(1).replace("OpenSSH", f"{used}OpenSSH")).decode()
    one = Document()
    with pytest.raises(BadFile, match=r"DOCTYPE|entities"):
        one.feed(hostile.replace(DOCTYPE, declared).encode(), last=True)
    assert one.hosts == []


def test_the_attacks_are_real_and_their_absence_is_read() -> None:
    """Controls: the standard library expands what is refused here; without it all is well."""
    entity = '<!DOCTYPE a [<!ENTITY x "expanded">]><a>&x;</a>'
    assert ET.fromstring(entity).text == "expanded"  # noqa: S314 - that is the point
    assert len(read(document(host(1))).hosts) == 1
    with pytest.raises(ExpatError, match="undefined entity"):
        read(document(host(1).replace("OpenSSH", "&l9;")))


def test_no_file_is_opened_for_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    declared = f'<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    hostile = document(host(1).replace("conf=", 'x="&x;" conf=')).decode()
    with pytest.raises((BadFile, ExpatError)) as refusal:
        read(hostile.replace(DOCTYPE, declared).encode())
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (document("<a>" * 40 + "</a>" * 40), "deep"),
        (b"<html><body/></html>", "begins with 'html'"),
        (document(host(1).replace("OpenSSH", "x" * (5 << 20))), "longer than 4 MB"),
    ],
)
def test_what_nmap_never_writes_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(BadFile, match=why):
        read(data, 1 << 16)


def test_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = document(*(host(n) for n in range(1, 40)))
    monkeypatch.setattr(reading, "LARGEST_HOST", 20_000)
    assert len(read(whole).hosts) == 39, "many small hosts are no large one"
    large = host(1).replace("<ports>", "<ports>" + '<port protocol="tcp" portid="1"/>' * 2000)
    with pytest.raises(BadFile, match="hosts is larger"):
        read(document(large))
    monkeypatch.setattr(reading, "LARGEST", 30_000)
    with pytest.raises(BadFile, match="it is larger"):
        read(whole)


def test_a_host_inside_a_host_is_none() -> None:
    nested = host(1).replace("<ports>", host(2) + "<ports>")
    found = read(document(nested)).hosts
    assert len(found) == 1
    assert next(one.get("addr") for one in found[0].findall("address")) == "10.66.0.1"


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e9", "-1", "１２", "0x10", "1_0", " 5"])
def test_only_plain_digits_are_a_time(text: str) -> None:
    assert seconds(text) == 0.0
    assert seconds("12.5") == 12.5
