"""The private CA and the collector's certificate: EC P-256, made here, never sent anywhere.

The CA signs nothing but collectors of this folder (pathlen 0). Its key and the collector's are
readable by their owner alone. The collector's certificate is renewed by itself; its key stays, so a
new certificate is one file replaced whole.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from language.said import SaidError, said

CA_LIFE = timedelta(days=3652)  #: ten years
SERVER_LIFE = timedelta(days=397)  #: below the 398 days that TLS clients accept (CA/B Forum BR)
RENEW_BEFORE = timedelta(days=60)  #: of the end: a machine that is off for weeks still meets it
BACKDATED = timedelta(days=1)  #: clocks of agents are behind

CA_FILE, CA_KEY_FILE = "ca.pem", "ca.key"
SERVER_FILE, SERVER_KEY_FILE = "server.pem", "server.key"


class KeysDamaged(SaidError):
    """A key or certificate of the data folder is missing or cannot be read."""

    exit_code = 3


def ensure_authority(folder: Path) -> None:
    """Make the CA of ``folder`` where there is none; an existing one is left alone."""
    if (folder / CA_FILE).exists():
        return
    key = _key(folder / CA_KEY_FILE)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ra Soat private CA")])
    now = datetime.now(UTC)
    builder = _builder(name, name, key.public_key(), now, CA_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    builder = builder.add_extension(_key_identifier(key.public_key()), critical=False)
    write(folder / CA_FILE, _pem(builder.sign(key, hashes.SHA256())), 0o644)


def ensure_server(folder: Path, names: Iterable[str], now: datetime | None = None) -> bool:
    """See that the collector's certificate holds for all ``names`` and does not end soon.

    ``names`` are host names and addresses; those that the certificate has already stay in it.
    Gives True where a new certificate was made.

    Raises:
        KeysDamaged: the CA's key is needed and is not there.
    """
    now = now or datetime.now(UTC)
    wanted = {_canonical(name) for name in names}
    path = folder / SERVER_FILE
    current = load_certificate(path) if path.exists() else None
    if current is not None:
        held = certificate_names(current)
        lasts = current.not_valid_after_utc - now > RENEW_BEFORE
        if wanted <= held and lasts and current.not_valid_before_utc <= now:
            return False
        wanted |= held
    write(path, _pem(_issued(folder, sorted(wanted), now)), 0o644)
    return True


def _issued(folder: Path, names: list[str], now: datetime) -> x509.Certificate:
    authority = load_certificate(folder / CA_FILE)
    if not (folder / CA_KEY_FILE).exists():
        raise KeysDamaged(
            said("{file} is missing; restore the keys from a backup", file=folder / CA_KEY_FILE)
        )
    ca_key, key = _key(folder / CA_KEY_FILE), _key(folder / SERVER_KEY_FILE)
    life = min(SERVER_LIFE, authority.not_valid_after_utc - now)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ra Soat collector")])
    builder = _builder(subject, authority.subject, key.public_key(), now, life)
    for extension, critical in (
        (x509.SubjectAlternativeName([_general_name(name) for name in names]), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(digital_signature=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (_key_identifier(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False),
    ):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(ca_key, hashes.SHA256())


def certificate_names(certificate: x509.Certificate) -> set[str]:
    """The host names and addresses that a certificate holds for."""
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = found.get_values_for_type(x509.IPAddress)
    return {*found.get_values_for_type(x509.DNSName), *map(str, addresses)}


def load_certificate(path: Path) -> x509.Certificate:
    """The certificate in a PEM file.

    Raises:
        KeysDamaged: it is missing or none.
    """
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        raise KeysDamaged(
            said("{path} cannot be read; restore it from a backup", path=path)
        ) from None


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The private key in a PEM file, a new one where there is none."""
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        private = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write(path, private, 0o600)
        return made
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysDamaged(said("{path} cannot be read; restore it from a backup", path=path))
    return key


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    begins = now - BACKDATED
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + life)
    )


def _usage(
    *, key_cert_sign: bool = False, crl_sign: bool = False, digital_signature: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _key_identifier(key: ec.EllipticCurvePublicKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key)


def _canonical(name: str) -> str:
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return name.rstrip(".").lower()


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def write(path: Path, content: bytes, mode: int) -> None:
    """Replace a file whole and durably; a private one is never open to others, not for a moment."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    if os.name == "posix":
        handle = os.open(path.parent, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
