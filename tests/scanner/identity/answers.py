"""What services say, made here: by cryptography for TLS, by hand for the rest."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
FTP = b"220 (vsFTPd 3.0.3)\r\n"
SMTP = b"220 mail.xa-binhminh.example ESMTP Postfix (Debian/GNU)\r\n"
MYSQL = b"\x4a\0\0\0\x0a5.5.5-10.11.6-MariaDB-0+deb12u1\0" + bytes(40)
VNC = b"RFB 003.008\n"
TELNET = b"\xff\xfd\x18\xff\xfd\x20\xff\xfb\x01\r\nHuawei HG8245H\r\nLogin: "
PAGE = (
    b"HTTP/1.1 401 Unauthorized\r\nServer: nginx/1.22.1 (Debian)\r\n"
    b'WWW-Authenticate: Basic realm="NETGEAR R7000"\r\nContent-Length: 74\r\n\r\n'
    b"<html><head><title>"
    b"Trang qu\xe1\xba\xa3n tr\xe1\xbb\x8b &amp; b\xc3\xa1o c\xc3\xa1o"
    b"</title></head></html>\n\n\n"
)
RTSP = (
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: Dahua Rtsp Server\r\nPublic: OPTIONS\r\n\r\n"
    b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="Login to 4C01", '
    b'nonce="1"\r\n\r\n'
)


def resolver(version: bytes = b"dnsmasq-2.90") -> bytes:
    """A DNS server's answer to version.bind over TCP."""
    name = b"\7version\4bind\0\0\x10\0\3"
    answer = b"RS\x85\0\0\1\0\1\0\0\0\0" + name + b"\xc0\x0c\0\x10\0\3\0\0\0\0"
    answer += struct.pack(">HB", len(version) + 1, len(version)) + version
    return struct.pack(">H", len(answer)) + answer


def challenge(build: int = 19045, major: int = 10, minor: int = 0) -> bytes:
    """An NTLM challenge with names ([MS-NLMP] 2.2.1.2)."""
    names = {2: "UBND", 1: "PC-VANTHU-01", 4: "ubnd.example", 3: "pc-vanthu-01.ubnd.example"}
    pairs = b"".join(
        struct.pack("<HH", kind, len(text) * 2) + text.encode("utf-16-le")
        for kind, text in names.items()
    ) + bytes(4)
    target = "UBND".encode("utf-16-le")
    head = b"NTLMSSP\0" + struct.pack("<IHHII", 2, len(target), len(target), 56, 0xE2898235)
    head += bytes(16) + struct.pack("<HHI", len(pairs), len(pairs), 56 + len(target))
    return head + struct.pack("<BBH3xB", major, minor, build, 15) + target + pairs


def smb(said: bytes = b"") -> bytes:
    """Answers to a negotiation (3.0.2, signing required) and to a session's set-up."""
    head = b"\xfeSMB" + bytes(60)
    first = head + struct.pack("<HHHH", 65, 3, 0x0302, 0) + bytes(56)
    second = head + struct.pack("<HHHH", 9, 0, 72, 200) + (said or challenge())
    return b"".join(struct.pack(">I", len(one)) + one for one in (first, second))


def smb_old() -> bytes:
    """An answer of a host that speaks SMB 1 alone."""
    words = struct.pack("<HBHHIIIIQhB", 0, 3, 50, 1, 16644, 65536, 0, 0xF3F9, 0, 0, 8)
    texts = "VANPHONG\0MAYTINH-CU\0".encode("utf-16-le")
    body = b"\xffSMB" + bytes(28) + bytes((17,)) + words + struct.pack("<H", 8 + len(texts))
    body += bytes(8) + texts
    return struct.pack(">I", len(body)) + body


def rdp() -> bytes:
    """A confirm that chose CredSSP, and the challenge that followed."""
    confirm = bytes.fromhex("030000130ed000001234000200080002000000")
    return confirm + b"\x30\x82\x01\x00" + challenge(22631)


def ipp() -> bytes:
    """A printer's attributes over HTTP (RFC 8011)."""
    body = bytes.fromhex("0101000000000001") + b"\x01"
    values = (("printer-make-and-model", "HP LaserJet M404dn"), ("printer-info", "May in tang 2"))
    body += (
        b"".join(
            struct.pack(">BH", 0x41, len(name))
            + name.encode()
            + struct.pack(">H", len(text))
            + text.encode()
            for name, text in values
        )
        + b"\x03"
    )
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def certificate(common: str, *alternative: str) -> tuple[bytes, bytes]:
    """(certificate, key) as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
    )
    if alternative:
        words = [x509.DNSName(one) for one in alternative]
        builder = builder.add_extension(x509.SubjectAlternativeName(words), critical=False)
    made = builder.sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.public_bytes(serialization.Encoding.PEM), secret


def der(common: str, *alternative: str) -> bytes:
    """A certificate as a server shows it."""
    pem, _ = certificate(common, *alternative)
    return x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
