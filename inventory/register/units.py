"""Which unit a register means by the text that stands in it.

A unit is known by its code, or by its name without case and diacritics, with or without the words
in front of it (``UBND xã Bảo Hà``, ``Xã Bảo Hà``, ``Bảo Hà``) where that leaves only one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from inventory.folding import folded
from inventory.units import Tree, Unit

_OFFICE = re.compile(r"^(?:ubnd|uy ban nhan dan|van phong|vp|people'?s committee of)\s+")
_RANK = re.compile(r"^(?:xa|phuong|thi tran|thi xa|huyen|tinh|thanh pho|tp|phong|ban|so)\.?\s+")
_MARKS = re.compile(r"[^\w\s']+")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A unit's code, or None; and why it is doubtful: unknown, ambiguous, ended, none."""

    code: str | None
    why: str = ""
    near: tuple[str, ...] = ()


Resolve = Callable[[str], Resolved]


def no_units(text: str) -> Resolved:
    """Where no units are known: every text stays as it is."""
    return Resolved(None, "none")


def resolver(tree: Tree) -> Resolve:
    """How texts are resolved on the day of a tree.

    A name or code that a unit had before is that unit. One that has ended keeps its own code, and
    who took its place is told (`inventory.units.unit_of` finds the successor of any day).
    """
    now, ever = _Names(tree), _Names(tree.history)

    def resolve(text: str) -> Resolved:
        found = now.find(text) or ever.find(text)
        if not found:
            return Resolved(None, "unknown")
        if len(found) > 1:
            return Resolved(None, "ambiguous", tuple(found))
        [code] = found
        if tree.get(code) is not None:
            return Resolved(code)
        return Resolved(code, "ended", tuple(unit.code for unit in tree.today(code)))

    return resolve if any(tree.history) else no_units


class _Names:
    """Units by their names, from the exact to the bare one."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._codes: dict[str, str] = {}
        self._names: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(3)]
        for unit in units:
            self._codes[folded(unit.code)] = unit.code
            for name in filter(None, (unit.name_vi, unit.name_en)):
                for step, spelling in enumerate(_spellings(name)):
                    self._names[step][spelling].add(unit.code)

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
