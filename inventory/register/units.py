"""Which unit a register means by the text that stands in it.

A unit is known by its code, or by its name without case and diacritics, with or without the words
in front of it (``UBND xã Bảo Hà``, ``Xã Bảo Hà``, ``Bảo Hà``) where that leaves only one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from inventory.folding import folded

_OFFICE = re.compile(r"^(?:ubnd|uy ban nhan dan|van phong|vp|people'?s committee of)\s+")
_RANK = re.compile(r"^(?:xa|phuong|thi tran|thi xa|huyen|tinh|thanh pho|tp|phong|ban|so)\.?\s+")
_MARKS = re.compile(r"[^\w\s']+")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A unit's code; or why there is none (unknown, ambiguous, ended, none), and what is near."""

    code: str | None
    why: str = ""
    near: tuple[str, ...] = ()


Resolve = Callable[[str], Resolved]


def no_units(text: str) -> Resolved:
    """Where no units are known: every text stays as it is."""
    return Resolved(None, "none")


def resolver(db: Database, day: str) -> Resolve:
    """How texts are resolved by the units in the store that are valid on a day (ISO)."""
    rows = db.execute(
        "SELECT code, name_vi, name_en, coalesce(valid_to, '9999') >= ?1 FROM units "
        "WHERE valid_from <= ?1 ORDER BY valid_from",
        (day,),
    ).fetchall()
    if not rows:
        return no_units
    successors: dict[str, list[str]] = defaultdict(list)
    for old, new in db.execute("SELECT old, new FROM unit_successors ORDER BY new"):
        successors[old].append(new)
    return named([row[:3] for row in rows if row[3]], [row[:3] for row in rows], successors)


def named(
    valid: Iterable[tuple[str, str, str]],
    known: Iterable[tuple[str, str, str]] = (),
    successors: dict[str, list[str]] | None = None,
) -> Resolve:
    """How texts are resolved by (code, Vietnamese name, English name) of units."""
    now, ever = _Names(valid), _Names(known)

    def resolve(text: str) -> Resolved:
        found = now.find(text)
        if len(found) == 1:
            return Resolved(found[0])
        if found:
            return Resolved(None, "ambiguous", tuple(found))
        past = ever.find(text)
        heirs = tuple(new for old in past for new in (successors or {}).get(old, ()))
        return Resolved(None, "ended", heirs) if past else Resolved(None, "unknown")

    return resolve


class _Names:
    """Units by their names, from the exact to the bare one."""

    def __init__(self, units: Iterable[tuple[str, str, str]]) -> None:
        self._codes: dict[str, str] = {}
        self._names: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(3)]
        for code, *names in units:
            self._codes[folded(code)] = code
            for name in filter(None, names):
                for step, spelling in enumerate(_spellings(name)):
                    self._names[step][spelling].add(code)

    def find(self, text: str) -> list[str]:
        """The codes that a text may mean."""
        code = self._codes.get(folded(text))
        if code is not None:
            return [code]
        plain, bare, rankless = _spellings(text)
        for spelling, steps in ((plain, 3), (bare, 3), (rankless, 2)):
            for names in self._names[:steps]:  # Phòng Nội vụ is not Sở Nội vụ
                if spelling in names:
                    return sorted(names[spelling])
        return []


def _spellings(name: str) -> tuple[str, str, str]:
    """A name as it stands, without the office before it, and without its rank."""
    plain = " ".join(_MARKS.sub(" ", folded(name)).split())
    bare = _OFFICE.sub("", plain)
    return plain, bare, _RANK.sub("", bare)
