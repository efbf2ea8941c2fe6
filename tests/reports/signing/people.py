"""Invented officers with their keys: an authority, and certificates in PKCS#12 files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import NameOID

PASSPHRASE = "mật khẩu thử"
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
AUTHORITY = "Cơ quan chứng thực thử nghiệm"
PERSON, AGENCY = "Nguyễn Thị Hường", "Ủy ban nhân dân xã Bảo Yên"


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def p12(self, file: Path, passphrase: str = PASSPHRASE) -> Path:
        """The PKCS#12 file of it."""
        locked = BestAvailableEncryption(passphrase.encode())
        name, chain = b"key", list(self.chain)
        file.write_bytes(
            pkcs12.serialize_key_and_certificates(name, self.key, self.certificate, chain, locked)
        )
        return file


def authority(name: str = AUTHORITY) -> Identity:
    """A certification authority that nobody else knows; one for each name."""
    return _authority(name)


@cache
def _authority(name: str) -> Identity:
    key = rsa.generate_private_key(65537, 2048)
    subject = _name(name)
    builder = _certificate(subject, subject, key).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    return Identity(builder.sign(key, hashes.SHA256()), key)


@cache
def officer(name: str = PERSON, of: str = AUTHORITY) -> Identity:
    """Somebody whom the authority gave a certificate for signing."""
    root, key = authority(of), rsa.generate_private_key(65537, 2048)
    builder = _certificate(_name(name), root.certificate.subject, key).add_extension(
        _usage(content_commitment=True), critical=True
    )
    return Identity(builder.sign(root.key, hashes.SHA256()), key, (root.certificate,))


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL - timedelta(days=1))
    )


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _usage(*, content_commitment: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
