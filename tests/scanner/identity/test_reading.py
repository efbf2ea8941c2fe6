"""What services say is read into products, names and evidence."""

from __future__ import annotations

import pytest

from scanner.heard import Heard
from scanner.identity import (
    certificates,
    greetings,
    http,
    ipp,
    ntlm,
    rdp,
    resolvers,
    rtsp,
    smb,
    telnet,
)
from scanner.sighting import Name
from tests.scanner.identity import answers

IP_ADDRESS = "10.66.0.7"


@pytest.mark.parametrize(
    ("said", "service", "product", "version"),
    [
        (answers.SSH, "ssh", "OpenSSH", "9.2p1"),
        (b"SSH-2.0-dropbear_2022.83\r\n", "ssh", "dropbear", "2022.83"),
        (b"Go away, bots\r\nSSH-2.0-Cisco-1.25\r\n", "ssh", "Cisco", "1.25"),
        (answers.FTP, "ftp", "vsFTPd", "3.0.3"),
        (b"220 ProFTPD 1.3.5rc3 Server ready.\r\n", "ftp", "ProFTPD", "1.3.5rc3"),
        (answers.SMTP, "smtp", "Postfix", ""),
        (b"+OK Dovecot (Ubuntu) ready.\r\n", "pop3", "Dovecot", ""),
        (b"* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n", "imap", "Dovecot", ""),
        (answers.VNC, "vnc", "", "003.008"),
        (answers.MYSQL, "mysql", "MariaDB", "5.5.5-10.11.6-MariaDB-0+deb12u1"),
        (b"hello, who are you?\r\n", "", "", ""),
    ],
)
def test_greetings(said: bytes, service: str, product: str, version: str) -> None:
    (port,) = greetings.read(2222, said).ports
    assert (port.port, port.state) == (2222, "open")
    assert (port.service, port.product, port.version) == (service, product, version)
    assert port.banner


def test_a_greeting_names_system_and_mail_host() -> None:
    assert greetings.read(22, answers.SSH).os_guess == "Debian"
    assert greetings.read(25, answers.SMTP).names == (Name("mail.xa-binhminh.example", "smtp"),)


def test_a_page_gives_server_title_and_realm() -> None:
    heard = http.read(80, answers.PAGE)
    (port,) = heard.ports
    assert (port.service, port.product, port.version) == ("http", "nginx", "1.22.1")
    assert set(heard.evidence) == {
        ("http_server", "nginx/1.22.1 (Debian)"),
        ("http_title", "Trang quản trị & báo cáo"),
        ("http_realm", "NETGEAR R7000"),
    }
    assert not http.read(80, b"SSH-2.0-x\r\n")


def test_a_page_is_taken_until_its_title_and_no_further() -> None:
    assert not http.enough(b"HTTP/1.1 200 OK\r\nServer: x\r\n")
    assert not http.enough(b"HTTP/1.1 200 OK\r\n\r\n<title>x")
    assert http.enough(b"HTTP/1.1 200 OK\r\n\r\n<TITLE>x</TITLE>")
    assert http.enough(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
    assert http.enough(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (32 << 10))


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("/login.htm", "/login.htm"),
        ("login.htm?x=1", "/login.htm?x=1"),
        ("http://10.66.0.7:8080/a", "/a"),
        ("http://10.66.0.7/a", None),
        ("https://10.66.0.7:8080/", None),
        ("http://10.66.0.8:8080/a", None),
        ("//10.66.0.9/a", None),
        ("http://169.254.169.254/latest/meta-data/", None),
        ("http://router.local:8080/", None),
        ("file:///etc/passwd", None),
        ("/", None),
        ("/a b", None),
        ("/" + "a" * 400, None),
    ],
)
def test_only_a_redirect_to_the_same_door_is_followed(place: str, path: str | None) -> None:
    page = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\n\r\n".encode()
    assert http.redirect(page, IP_ADDRESS, 8080) == path


def test_telnet_options_are_refused_and_the_text_is_kept() -> None:
    talk = telnet.talk()
    assert next(talk).data == b""
    reply = talk.send(answers.TELNET[:9])
    assert reply.data == b"\xff\xfc\x18\xff\xfc\x20\xff\xfe\x01"
    with pytest.raises(StopIteration):
        talk.send(answers.TELNET[9:])
    heard = telnet.read(23, answers.TELNET)
    assert heard.ports[0].service == "telnet"
    assert heard.evidence == (("telnet_greeting", "Huawei HG8245H Login:"),)


def test_smb_gives_names_build_dialect_and_signing() -> None:
    heard = smb.read(445, answers.smb())
    assert set(heard.names) == {
        Name("PC-VANTHU-01", "smb"),
        Name("pc-vanthu-01.ubnd.example", "smb"),
    }
    assert heard.os_guess == "Windows 10"
    assert set(heard.evidence) == {
        ("smb_domain", "UBND"),
        ("smb_build", "10.0.19045"),
        ("smb_dialect", "3.0.2"),
        ("smb_signing", "required"),
    }
    samba = smb.read(445, answers.smb(answers.challenge(build=0, major=6, minor=1)))
    assert samba.os_guess == ""
    assert samba.ports[0].product == "Samba"


def test_smb_of_old_is_flagged() -> None:
    heard = smb.read(445, answers.smb_old())
    assert heard.flags == ("smb1_only",)
    assert heard.names == (Name("MAYTINH-CU", "smb"),)
    assert ("smb_domain", "VANPHONG") in heard.evidence


def test_smb_talks_in_two_steps_and_logs_nobody_in() -> None:
    talk = smb.talk()
    said = next(talk).data
    assert said[4:8] == b"\xfeSMB"
    whole = answers.smb()
    first = 4 + int.from_bytes(whole[:4], "big")
    assert talk.send(whole[:10]).data == b""
    setup = talk.send(whole[10:first]).data
    assert b"NTLMSSP\0\x01\0\0\0" in setup
    assert b"NTLMSSP\0\x03\0\0\0" not in setup
    with pytest.raises(StopIteration):
        talk.send(whole[first:])


def test_remote_desktop_gives_security_and_names() -> None:
    heard = rdp.read(3389, answers.rdp())
    assert heard.ports[0].service == "rdp"
    assert heard.os_guess == "Windows 11"
    assert Name("PC-VANTHU-01", "smb") in heard.names
    assert ("rdp_security", "credssp") in heard.evidence
    plain = rdp.read(3389, bytes.fromhex("0300000b06d00000123400"))
    assert plain.evidence == (("rdp_security", "rdp"),)
    assert not rdp.read(3389, b"HTTP/1.1 400 Bad\r\n\r\n")


def test_rtsp_gives_server_and_realm() -> None:
    heard = rtsp.read(554, answers.RTSP)
    assert heard.ports[0].product == "Dahua Rtsp Server"
    assert set(heard.evidence) == {
        ("rtsp_server", "Dahua Rtsp Server"),
        ("rtsp_realm", "Login to 4C01"),
    }


@pytest.mark.parametrize(
    ("said", "product", "version"),
    [
        (b"dnsmasq-2.90", "dnsmasq", "2.90"),
        (b"9.18.24-1-Debian", "9.18.24-1-Debian", ""),
        (b"unbound 1.17.1", "unbound", "1.17.1"),
        (b"go away", "go away", ""),
    ],
)
def test_dns_servers_give_their_software(said: bytes, product: str, version: str) -> None:
    (port,) = resolvers.read(53, answers.resolver(said)).ports
    assert (port.service, port.product, port.version) == ("dns", product, version)


def test_ipp_gives_model_and_name() -> None:
    heard = ipp.read(631, answers.ipp())
    assert heard.ports[0].product == "HP LaserJet M404dn"
    assert set(heard.evidence) == {
        ("ipp_model", "HP LaserJet M404dn"),
        ("ipp_name", "May in tang 2"),
    }


def test_ipp_is_read_from_chunks_too() -> None:
    head, _, body = answers.ipp().partition(b"\r\n\r\n")
    head = head.split(b"\r\nContent-Length")[0] + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"".join(
        f"{len(body[place : place + 9]):x}\r\n".encode() + body[place : place + 9] + b"\r\n"
        for place in range(0, len(body), 9)
    )
    heard = ipp.read(631, head + chunks + b"0\r\n\r\n")
    assert ("ipp_model", "HP LaserJet M404dn") in heard.evidence


def test_ipp_only_reads() -> None:
    """Operations of RFC 8011 that print begin at 2 (Print-Job); ours are these two."""
    for queues, operation in ((False, b"\x00\x0b"), (True, b"\x40\x02")):
        body = ipp.request(IP_ADDRESS, 631, queues=queues).partition(b"\r\n\r\n")[2]
        assert body[2:4] == operation


def test_certificates_give_names_and_no_makers_words() -> None:
    heard = certificates.read(answers.der("nas.ubnd.example", "nas.ubnd.example", "*.ubnd.example"))
    assert heard.names == (Name("nas.ubnd.example", "certificate"),)
    assert ("tls_subject", "CN=nas.ubnd.example") in heard.evidence
    assert certificates.read(answers.der("HIKVISION")).names == ()
    own = certificates.read(answers.der("PC-VANTHU-01"), own_name=True)
    assert own.names == (Name("PC-VANTHU-01", "certificate"),)
    assert certificates.read(b"\x30\x03\x02\x01\x07") == Heard(flags=("malformed",))


def test_ntlm_without_its_pairs_gives_what_is_there() -> None:
    assert ntlm.read(answers.challenge()[:55]) == Heard()
    cut = ntlm.read(answers.challenge()[:80])
    assert ("smb_build", "10.0.19045") in cut.evidence
