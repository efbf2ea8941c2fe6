"""The one place where bytes from outside are unpacked: gzip, bounded in size and in ratio."""

from __future__ import annotations

import zlib

from server.refused import Refused
from server.settings import LONGEST_DOCUMENT, MOST_EXPANSION

_GZIP_ONLY = 31  # zlib's window bits: a gzip wrapper, no other


def decompress(body: bytes) -> bytes:
    """The one gzip member that ``body`` is, unpacked.

    At most 16 MiB and at most 100 bytes for each byte of ``body`` are ever made (DESIGN §5).

    Raises:
        Refused: not gzip, cut short, followed by something, or larger than allowed.
    """
    limit = min(LONGEST_DOCUMENT, MOST_EXPANSION * len(body))
    unpacker = zlib.decompressobj(_GZIP_ONLY)
    try:
        raw = unpacker.decompress(body, limit + 1)
    except zlib.error as fault:
        raise Refused(422, "not_gzip", f"the body is not sound gzip: {fault}") from None
    if len(raw) > limit:
        raise Refused(
            413,
            "too_long",
            f"the report unpacks to over {limit} bytes; at most 16 MiB, and at most "
            f"{MOST_EXPANSION} times its packed size, are taken",
        )
    if not unpacker.eof:
        raise Refused(422, "not_gzip", "the gzip body is cut short")
    if unpacker.unused_data:
        raise Refused(422, "not_gzip", "something follows the gzip body")
    return raw
