"""Ed25519 (RFC 8032) by libsodium: PyNaCl's library, without PyNaCl's two dozen modules around it.

``nacl.bindings`` imports a module for every function of libsodium; a run needs three of them.
"""

from __future__ import annotations

from nacl._sodium import ffi, lib  # type: ignore[import-not-found,unused-ignore]

PUBLIC_BYTES, SECRET_BYTES, SEED_BYTES, SIGNATURE_BYTES = 32, 64, 32, 64

if lib.sodium_init() < 0:  # 1 where it was done before
    raise RuntimeError("libsodium does not start")


def keypair(seed: bytes) -> tuple[bytes, bytes]:
    """The public key, and the secret key that signs, of a seed of 32 bytes.

    Raises:
        ValueError: the seed has another length.
    """
    _check("seed", seed, SEED_BYTES)
    public, secret = (
        ffi.new("unsigned char[]", PUBLIC_BYTES),
        ffi.new("unsigned char[]", SECRET_BYTES),
    )
    if lib.crypto_sign_seed_keypair(public, secret, seed) != 0:
        raise RuntimeError("libsodium makes no key")
    return bytes(ffi.buffer(public)), bytes(ffi.buffer(secret))


def sign(message: bytes, secret: bytes) -> bytes:
    """The signature, 64 bytes, of a message by a secret key of `keypair`.

    Raises:
        ValueError: the key has another length.
    """
    _check("secret key", secret, SECRET_BYTES)
    signed = ffi.new("unsigned char[]", SIGNATURE_BYTES + len(message))
    length = ffi.new("unsigned long long *")
    if lib.crypto_sign(signed, length, message, len(message), secret) != 0:
        raise RuntimeError("libsodium does not sign")
    return bytes(ffi.buffer(signed, SIGNATURE_BYTES))


def verifies(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the signature is of this message by the owner of this public key.

    Raises:
        ValueError: the key or the signature has a length that none has.
    """
    _check("public key", public, PUBLIC_BYTES)
    _check("signature", signature, SIGNATURE_BYTES)
    signed = signature + message
    opened, length = ffi.new("unsigned char[]", len(signed)), ffi.new("unsigned long long *")
    return bool(lib.crypto_sign_open(opened, length, signed, len(signed), public) == 0)


def _check(what: str, value: bytes, length: int) -> None:
    if len(value) != length:
        raise ValueError("an Ed25519 %s has %d bytes" % (what, length))
