"""A token in software (SoftHSM2) with an officer's key on it: a folder, a label and a PIN."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pkcs11
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pkcs11.util.rsa import decode_rsa_private_key

from tests.reports.signing.people import Identity

PIN, LABEL = "2468", "Thẻ thử"
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so")


def module() -> Path | None:
    """The library, where it is installed."""
    there = [Path(one) for one in MODULES if Path(one).exists()]
    return there[0] if there and shutil.which("softhsm2-util") else None


@contextmanager
def token(home: Path, identity: Identity, key: str) -> Iterator[Path]:
    """The token with this identity's key under the id ``key``; SoftHSM is told where it lies."""
    library = module()
    assert library is not None
    (home / "tokens").mkdir()
    settings = home / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {home / 'tokens'}\nlog.level = ERROR\n")
    before, os.environ["SOFTHSM2_CONF"] = os.environ.get("SOFTHSM2_CONF"), str(settings)
    try:
        words = ["--init-token", "--free", "--label", LABEL, "--so-pin", "97531", "--pin", PIN]
        subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
        _filled(library, identity, bytes.fromhex(key))
        yield library
    finally:
        os.environ.pop("SOFTHSM2_CONF")
        if before is not None:
            os.environ["SOFTHSM2_CONF"] = before


def _filled(library: Path, identity: Identity, key: bytes) -> None:
    """Key and certificate have one id and two labels, as officers' tokens do."""
    loaded = pkcs11.lib(str(library))
    loaded.reinitialize()
    private = identity.key.private_bytes(
        Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    der = identity.certificate.public_bytes(Encoding.DER)
    with loaded.get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        attributes = decode_rsa_private_key(private)
        attributes |= {
            pkcs11.Attribute.TOKEN: True,
            pkcs11.Attribute.ID: key,
            pkcs11.Attribute.LABEL: "khóa riêng",
        }
        session.create_object(attributes)
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.ID: key,
                pkcs11.Attribute.LABEL: "chứng thư số",
                pkcs11.Attribute.SUBJECT: identity.certificate.subject.public_bytes(),
                pkcs11.Attribute.VALUE: der,
            }
        )
