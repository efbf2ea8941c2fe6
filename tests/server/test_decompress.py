"""Unpacking is bounded in size, in ratio and in memory, and takes one whole gzip member."""

from __future__ import annotations

import gzip
import os
import tracemalloc
import zlib

import pytest

from server.decompress import decompress
from server.refused import Refused
from server.settings import LONGEST_DOCUMENT


def refused(body: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        decompress(body)
    return caught.value


def bomb(size: int) -> bytes:
    """gzip of that many zeros, made piece by piece."""
    maker = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = bytes(1 << 20)
    return b"".join(maker.compress(piece) for _ in range(size >> 20)) + maker.flush()


def test_a_report_comes_back() -> None:
    raw = os.urandom(3000).hex().encode()
    assert decompress(gzip.compress(raw)) == raw
    assert decompress(gzip.compress(b"")) == b""


def test_a_gibibyte_of_zeros_is_refused_in_bounded_memory() -> None:
    body = bomb(1 << 30)
    assert 1_000_000 < len(body) < 1_100_000
    tracemalloc.start()
    why = refused(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (why.status, why.code) == (413, "too_long")
    assert peak < 3 * LONGEST_DOCUMENT


def test_a_small_bomb_is_refused_by_its_ratio() -> None:
    assert refused(bomb(1 << 20)).code == "too_long"
    body = gzip.compress(b"x" * 5000)
    limit = 100 * len(body)
    assert limit < 5000
    assert str(limit) in str(refused(body))


def test_16_mib_are_taken_and_one_byte_more_is_not() -> None:
    block = os.urandom(1 << 15)
    raw = (block * (1 + LONGEST_DOCUMENT // len(block)))[:LONGEST_DOCUMENT]
    packed = gzip.compress(raw, 1)
    if 100 * len(packed) < LONGEST_DOCUMENT:
        pytest.fail("the ratio would hide the size's own limit")
    assert decompress(packed) == raw
    assert refused(gzip.compress(raw + b"x", 1)).code == "too_long"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "cut short"),
        (b"{}", "not sound gzip"),
        (zlib.compress(b"{}"), "not sound gzip"),
        (gzip.compress(b"{}")[:-1], "cut short"),
        (gzip.compress(b"{}")[:12], "cut short"),
        (gzip.compress(b"{}") + b"x", "something follows"),
        (gzip.compress(b"{}") + gzip.compress(b"{}"), "something follows"),
        (gzip.compress(b"{}")[:-8] + b"\0\0\0\0" + gzip.compress(b"{}")[-4:], "not sound gzip"),
    ],
)
def test_anything_but_one_whole_member_is_refused(body: bytes, says: str) -> None:
    why = refused(body)
    assert (why.status, why.code) == (422, "not_gzip")
    assert says in why.message
