"""SHA-256 (FIPS 180-4): OpenSSL's where it is loaded already, as in a server; else libsodium's.

Loading hashlib takes 3 ms, a tenth of what a whole run may cost above its floor.
"""

from __future__ import annotations

import sys

from nacl._sodium import ffi, lib  # type: ignore[import-not-found,unused-ignore]

BYTES = 32


def by_sodium(data: bytes) -> bytes:
    """The digest, 32 bytes."""
    digest = ffi.new("unsigned char[]", BYTES)
    if lib.crypto_hash_sha256(digest, data, len(data)) != 0:
        raise RuntimeError("libsodium does not hash")
    return bytes(ffi.buffer(digest))


def by_openssl(data: bytes) -> bytes:
    """The same by hashlib."""
    import hashlib

    return hashlib.sha256(data).digest()


sha256 = by_openssl if "hashlib" in sys.modules else by_sodium
