"""Which known asset a row is: by tag, else by serial number, else by MAC, else by unit and name.

Every asset is taken by at most one row. A tag or serial number joins a row to an asset of another
list only where nothing contradicts it: communes number their machines alike. Rows that say nothing
to tell them apart are never one: the n-th of them is the n-th asset of that name and unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inventory.folding import folded
from inventory.identity.evidence import Kind, usable
from inventory.register.assets import Asset


@dataclass(frozen=True, slots=True)
class Keys:
    """What may identify a row or an asset, in the spelling in which it is compared."""

    scope: str
    tag: str | None
    serial: str | None
    macs: tuple[str, ...]
    unit: str
    name: str

    @property
    def plain(self) -> bool:
        """Whether only a name tells it apart."""
        return not (self.tag or self.serial or self.macs)


def keys_of(row: Mapping[str, Any], scope: str) -> Keys:
    """The keys of a row as it is kept (`rows.AssetRow.plain`)."""
    macs = (usable(Kind.MAC, one) for one in row.get("macs", ()))
    return Keys(
        scope,
        usable(Kind.TAG, row.get("tag") or ""),
        usable(Kind.SERIAL, row.get("serial") or ""),
        tuple(one for one in macs if one),
        folded(row.get("unit") or row.get("unit_text") or ""),
        folded(row.get("name") or ""),
    )


def matched(
    rows: Sequence[Keys], known: Sequence[Asset], tags: frozenset[str]
) -> list[Asset | None]:
    """The asset of each row, or None for a new one; ``tags``: all that the file holds."""
    found: list[Asset | None] = [None] * len(rows)
    matching = _Matching(known, tags)
    for step in _STEPS:
        index = matching.index(step)
        for place, row in enumerate(rows):
            if found[place] is None:
                found[place] = matching.take(step, row, index)
    return found


def touched(row: Keys, index: Mapping[tuple[str, str], Sequence[Asset]]) -> list[Asset]:
    """Every asset that a row may be, by anything that is readable in it (`by_any_key`)."""
    return [asset for key in _all_keys(row) for asset in index.get(key, ())]


def by_any_key(known: Iterable[Asset]) -> dict[tuple[str, str], list[Asset]]:
    """Assets by each of their keys."""
    index: dict[tuple[str, str], list[Asset]] = defaultdict(list)
    for asset in known:
        for key in _all_keys(keys_of(asset.row, asset.scope)):
            index[key].append(asset)
    return index


def _all_keys(one: Keys) -> list[tuple[str, str]]:
    pairs = [("tag", one.tag), ("serial", one.serial), *(("mac", mac) for mac in one.macs)]
    if one.name:
        pairs.append(("name", f"{one.unit}\0{one.name}"))
    return [(kind, value) for kind, value in pairs if value]


def differ(one: str | None, other: str | None) -> bool:
    """Whether both are known, and they are not the same."""
    return bool(one and other and one != other)


def contradict(one: Keys, other: Keys) -> bool:
    """Whether two of one tag, in two lists, are two machines: by serial, or by unit and name."""
    if one.serial and one.serial == other.serial:
        return False
    elsewhere = differ(one.unit, other.unit) and differ(one.name, other.name)
    return elsewhere or differ(one.serial, other.serial)


@dataclass(frozen=True, slots=True)
class _Step:
    """One way to know an asset again; ``allowed`` says whether the rest speaks against it."""

    values: Callable[[Keys], Sequence[str]]
    allowed: Callable[[Keys, Keys, frozenset[str]], bool]


def _tag_allowed(row: Keys, asset: Keys, tags: frozenset[str]) -> bool:
    return row.scope == asset.scope or not contradict(row, asset)


def _serial_allowed(row: Keys, asset: Keys, tags: frozenset[str]) -> bool:
    if not differ(row.tag, asset.tag):
        return True
    return row.scope == asset.scope and asset.tag not in tags  # it got a new label


def _mac_allowed(row: Keys, asset: Keys, tags: frozenset[str]) -> bool:
    return not differ(row.tag, asset.tag) and not differ(row.serial, asset.serial)


def _name_allowed(row: Keys, asset: Keys, tags: frozenset[str]) -> bool:
    same_list = row.scope == asset.scope or bool(row.unit)
    return same_list and _mac_allowed(row, asset, tags)


_STEPS = (
    _Step(lambda one: [one.tag] if one.tag else [], _tag_allowed),
    _Step(lambda one: [one.serial] if one.serial else [], _serial_allowed),
    _Step(lambda one: one.macs, _mac_allowed),
    _Step(lambda one: [f"{one.unit}\0{one.name}"] if one.name else [], _name_allowed),
)


class _Matching:
    """Assets that are not taken yet."""

    def __init__(self, known: Sequence[Asset], tags: frozenset[str]) -> None:
        self._known = [(asset, keys_of(asset.row, asset.scope)) for asset in known]
        self._tags = tags
        self._taken: set[str] = set()

    def index(self, step: _Step) -> dict[str, list[tuple[Asset, Keys]]]:
        """The assets that are left, by one kind of key; in the order of their list."""
        found: dict[str, list[tuple[Asset, Keys]]] = defaultdict(list)
        for asset, keys in self._known:
            if asset.id not in self._taken:
                for value in step.values(keys):
                    found[value].append((asset, keys))
        return found

    def take(
        self, step: _Step, row: Keys, index: Mapping[str, list[tuple[Asset, Keys]]]
    ) -> Asset | None:
        """The best asset for a row: of its own list, and standing, before others."""
        candidates = [
            (asset.scope != row.scope, asset.retired_at is not None, place, asset)
            for value in step.values(row)
            for place, (asset, keys) in enumerate(index.get(value, ()))
            if asset.id not in self._taken and step.allowed(row, keys, self._tags)
        ]
        if not candidates:
            return None
        asset = min(candidates, key=lambda one: one[:3])[3]
        self._taken.add(asset.id)
        return asset
