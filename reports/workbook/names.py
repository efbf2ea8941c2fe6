"""Names of sheets as Excel allows them: short, unique, without certain characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reports.visible import visible

MOST = 31  #: UTF-16 units (Microsoft, "Rename a worksheet")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = frozenset({"history"})  #: Excel keeps it for itself


def unique_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A name of a sheet for each wanted one, in order; two never differ by case alone."""
    used = {name.casefold() for name in taken} | _RESERVED
    made = []
    for name in wanted:
        free = _free(_allowed(name), used)
        used.add(free.casefold())
        made.append(free)
    return made


def _allowed(name: str) -> str:
    shown = re.sub(r"\[(U\+[0-9A-F]+)\]", r"(\1)", visible(name))
    return " ".join(_FORBIDDEN.sub("-", shown).split()).strip("'") or "-"


def _free(name: str, used: set[str]) -> str:
    short = _short(name, MOST)
    number = 2
    while short.casefold() in used:
        ending = f" ({number})"
        short = _short(name, MOST - len(ending)) + ending
        number += 1
    return short


def _short(name: str, most: int) -> str:
    """The name cut to so many UTF-16 units, and not inside a letter."""
    units = name.encode("utf-16-le", "replace")[: 2 * most]
    return units.decode("utf-16-le", "ignore").strip().strip("'") or "-"
