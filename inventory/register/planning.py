"""What an import would do to the register: rows added, changed, come back, retired, or as before.

An asset is retired when the list in which it stood is imported and it is not in it. Lists are told
apart by file name and sheet, so one commune's file never retires another's machines. A row that
was refused holds its asset; while there is a refused row that cannot be told to be a new machine,
nothing is retired at all, for it may be one of those that seem gone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from inventory.register.assets import Asset
from inventory.register.drafts import Draft
from inventory.register.matching import Keys, by_any_key, keys_of, matched, touched
from inventory.register.rows import AssetRow, Problem
from inventory.register.values.words import DISPOSED


class Act(StrEnum):
    """What becomes of one asset."""

    ADDED = "added"
    CHANGED = "changed"
    BACK = "back"
    RETIRED = "retired"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of one asset, before and after."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One asset's part; ``row`` is None where it vanished, ``asset`` is None where it is new."""

    act: Act
    asset: Asset | None
    row: AssetRow | None
    scope: str
    differences: tuple[Difference, ...] = ()

    @property
    def retires(self) -> bool:
        """Whether it does not stand afterwards: it vanished, or was disposed of."""
        return self.row is None or self.row.state == DISPOSED


@dataclass(slots=True)
class Plan:
    """All of it; ``held``: assets that seem gone and are kept because of refused rows.

    ``vanishing``: list → how many of its machines that stood would be retired, and of how many.
    """

    steps: list[Step]
    held: list[Asset] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    vanishing: dict[str, tuple[int, int]] = field(default_factory=dict)

    def count(self, act: Act) -> int:
        """How many assets have this part."""
        return sum(step.act is act for step in self.steps)

    @property
    def empties(self) -> list[str]:
        """The lists of which more than half would be retired."""
        return [scope for scope, (gone, of) in self.vanishing.items() if gone * 2 > of]


@dataclass(frozen=True)
class Listed:
    """One readable or refused row, and the list that it stands in."""

    draft: Draft
    scope: str

    @cached_property
    def keys(self) -> Keys:
        """What identifies it."""
        return keys_of(self.draft.row.plain(), self.scope)


def plan(
    rows: Sequence[Listed],
    known: Sequence[Asset],
    scopes: frozenset[str],
    units: frozenset[str] = frozenset(),
    unreadable: int = 0,
) -> Plan:
    """What importing these rows would do.

    Args:
        rows: every row of the file, the refused ones too.
        known: the whole register, the retired included.
        scopes: the lists that the file holds.
        units: units of which the file is the whole register (``--unit``).
        unreadable: lines that could not even be read as rows.
    """
    good = [one for one in rows if not one.draft.refused]
    tags = frozenset(tag for one in rows if (tag := one.keys.tag))
    found = matched([one.keys for one in good], known, tags)
    made = Plan([_step(one, asset) for one, asset in zip(good, found, strict=True)])
    seen = {asset.id for asset in found if asset is not None}
    covered = [asset for asset in known if asset.scope in scopes or asset.unit in units]
    gone = [one for one in covered if one.retired_at is None and one.id not in seen]
    _retire(made, gone, [one for one in rows if one.draft.refused], unreadable)
    _count_vanishing(made, covered)
    made.warnings = _elsewhere(good, found, known)
    return made


def _step(one: Listed, asset: Asset | None) -> Step:
    row = one.draft.row
    if asset is None:
        return Step(Act.ADDED, None, row, one.scope)
    found = _differences(asset.row, row.plain())
    disposed = row.state == DISPOSED
    if asset.retired_at is not None and not disposed:
        return Step(Act.BACK, asset, row, one.scope, found)
    if asset.retired_at is None and disposed:
        return Step(Act.RETIRED, asset, row, one.scope, found)
    return Step(Act.CHANGED if found else Act.SAME, asset, row, one.scope, found)


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    columns = sorted(old.keys() | new.keys())
    return tuple(
        Difference(name, old.get(name), new.get(name))
        for name in columns
        if old.get(name) != new.get(name)
    )


def _retire(made: Plan, gone: Sequence[Asset], refused: Sequence[Listed], unreadable: int) -> None:
    index = by_any_key(gone)
    held: set[str] = set()
    unplaced = unreadable
    for one in refused:
        keys = one.keys
        mine = touched(keys, index)
        held.update(asset.id for asset in mine)
        unplaced += not (mine or keys.tag or keys.serial)
    if unplaced:
        made.held = list(gone)
        return
    made.held = [asset for asset in gone if asset.id in held]
    made.steps += [
        Step(Act.RETIRED, asset, None, asset.scope) for asset in gone if asset.id not in held
    ]


def _count_vanishing(made: Plan, covered: Sequence[Asset]) -> None:
    stood = Counter(asset.scope for asset in covered if asset.retired_at is None)
    going = Counter(
        step.asset.scope for step in made.steps if step.asset is not None and step.row is None
    )
    made.vanishing = {scope: (going[scope], stood[scope]) for scope in going}


def _elsewhere(
    good: Sequence[Listed], found: Sequence[Asset | None], known: Sequence[Asset]
) -> list[Problem]:
    """New machines with a tag or serial number that another list's machine has."""
    holders: dict[tuple[str, str], list[Asset]] = defaultdict(list)
    for asset in known:
        if asset.retired_at is None:
            keys = keys_of(asset.row, asset.scope)
            for field_name, value in (("tag", keys.tag), ("serial", keys.serial)):
                if value:
                    holders[field_name, value].append(asset)
    warnings: list[Problem] = []
    for one, same in zip(good, found, strict=True):
        if same is None:
            warnings += _shared(one, holders)
    return warnings


def _shared(one: Listed, holders: Mapping[tuple[str, str], Sequence[Asset]]) -> list[Problem]:
    keys, draft = one.keys, one.draft
    made = []
    for name, value in (("tag", keys.tag), ("serial", keys.serial)):
        other = next(iter(holders.get((name, value or ""), ())), None)
        if other is not None:
            said = {"shown": value or "", "others": f"{other.scope} ({other.place})"}
            cell = draft.cells.get(name, "")
            made.append(Problem(draft.row.sheet, cell, f"{name}_elsewhere", "", value or "", said))
    return made
