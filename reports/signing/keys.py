"""Who signs: a key in a PKCS#12 file, or a key that never leaves a PKCS#11 token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pkcs11
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer, SimpleSigner

from language.said import Said, SaidError, said
from reports.signing.choices import Token

_MOST = 1 << 20  #: bytes of a PKCS#12 file; a key and its chain have some thousands


class NoKey(SaidError, ValueError):
    """The key cannot be had; the message says which, why and what to do."""

    exit_code = 2


def of_file(file: Path, passphrase: bytes) -> Signer:
    """The signer whose key lies in a PKCS#12 file (``.p12``, ``.pfx``).

    Raises:
        NoKey: the passphrase is wrong, or it is no such file, or it holds no key.
        OSError: it cannot be read.
    """
    content = file.read_bytes() if file.stat().st_size <= _MOST else b""
    try:
        found: Signer = SimpleSigner.load_pkcs12_data(content, (), passphrase=passphrase)
        return found
    except Exception as fault:  # of a parser, on a file from anywhere
        raise NoKey(
            said(
                "{file}: the passphrase is wrong, or it is no PKCS#12 file with a key "
                "and its certificate; openssl pkcs12 -info -in FILE shows what it holds",
                file=file,
            )
        ) from fault


@contextmanager
def of_token(token: Token, pin: str) -> Iterator[Signer]:
    """The signer whose key is on a token; the session is open for as long as the context.

    Raises:
        NoKey: no such module, token or key; the PIN is wrong or locked.
    """
    try:
        key = bytes.fromhex(token.key)
    except ValueError as fault:
        raise NoKey(
            said("id={key}: the key's id is hexadecimal, such as id=01", key=token.key)
        ) from fault
    criteria = TokenCriteria(label=token.name) if token.name else None
    try:
        session = open_pkcs11_session(str(token.module), token_criteria=criteria, user_pin=pin)
    except pkcs11.PKCS11Error as fault:
        raise NoKey(_why(token, fault)) from fault
    with session:
        _there(session, token, key)
        yield PKCS11Signer(session, key_id=key, cert_id=key, other_certs_to_pull=None)


def _there(session: pkcs11.Session, token: Token, key: bytes) -> None:
    for kind, word in (
        (pkcs11.ObjectClass.PRIVATE_KEY, said("private key")),
        (pkcs11.ObjectClass.CERTIFICATE, said("certificate")),
    ):
        wanted = {pkcs11.Attribute.CLASS: kind, pkcs11.Attribute.ID: key}
        if not list(session.get_objects(wanted)):
            raise NoKey(
                said(
                    "{module}: the token holds no {what} of the id {key}; pkcs11-tool "
                    "--module MODULE --list-objects --login shows the ids",
                    module=token.module,
                    what=word,
                    key=token.key,
                )
            )


_REASONS = {
    pkcs11.exceptions.PinIncorrect: said("the PIN is wrong; some tokens lock after three times"),
    pkcs11.exceptions.PinLenRange: said("the PIN is wrong (its length)"),
    pkcs11.exceptions.PinLocked: said("the PIN is locked; whoever issued the token can unlock it"),
    pkcs11.exceptions.TokenNotPresent: said("no token is in the reader"),
}


def _why(token: Token, fault: pkcs11.PKCS11Error) -> Said:
    known = _REASONS.get(type(fault))
    if known is None:
        known = said(
            "the module does not open, or has no such token, or several and none was named "
            "({fault}); name it: token=LABEL",
            fault=str(fault) or type(fault).__name__,
        )
    return said("{module}: {why}", module=token.module, why=known)
