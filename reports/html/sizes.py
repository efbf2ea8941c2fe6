"""Sizes as dealers say them: of memory and of disks."""

from __future__ import annotations

from language.forms import number
from policies.wording import TWO_DIGITS

_PREFIXES = ((4, "TB"), (3, "GB"), (2, "MB"))


def memory(n: int, lang: str) -> str:
    """Bytes of memory, which is sold by powers of 1024: ``8 GB``."""
    return _size(n, 1024, lang)


def disk(n: int, lang: str) -> str:
    """Bytes of disks, which are sold by powers of 1000: ``256 GB``, ``1,8 TB``."""
    return _size(n, 1000, lang)


def _size(n: int, base: int, lang: str) -> str:
    for power, name in _PREFIXES:
        value = round(n / base**power, 1)
        if value >= 1:
            decimals = 1 if value < TWO_DIGITS and value % 1 else 0
            return f"{number(value, lang, decimals=decimals)} {name}"
    return f"{number(n, lang)} B"
