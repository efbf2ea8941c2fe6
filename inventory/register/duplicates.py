"""Numbers that two lines of one file share: both are told, and neither is taken.

Which of the two is right, a spreadsheet does not say; taking the first would lose a machine. Lines
that share a name alone are several machines: each is taken, and it is told that nobody can tell
them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from inventory.folding import folded
from inventory.identity.evidence import Kind, usable
from inventory.register.drafts import Draft
from inventory.register.matching import contradict, keys_of
from inventory.register.rows import Problem

_NAMED = 5  #: places of other lines that a problem names
_FEW = 50  #: lines that share a value: more are not compared one by one
_KINDS = {"tag": "tag_twice", "serial": "serial_twice", "macs": "mac_twice"}


def mark_duplicates(drafts: Sequence[Draft]) -> None:
    """Add to each draft the problem that another one has its tag, serial number or MAC.

    Two sheets of one file are two lists: communes number alike, so equal tags there are a doubt
    alone, where the rest says that these are two machines.
    """
    told: set[tuple[int, int]] = set()
    for field in ("tag", "serial", "macs"):
        for value, holders in _holders(drafts, field).items():
            few = len(holders) <= _FEW
            for place in holders:
                same: list[int] = []
                alike: list[int] = []
                for one in holders if few else holders[: _NAMED + 2]:
                    if one == place or (place, one) in told:
                        continue
                    apart = field == "tag" and few and _apart(drafts[place], drafts[one])
                    (alike if apart else same).append(one)
                if same:
                    _tell(drafts, place, same, field, _KINDS[field], value)
                elif alike:
                    _tell(drafts, place, alike, field, "tag_elsewhere", value)
                told.update((place, one) for one in same)


def _apart(one: Draft, other: Draft) -> bool:
    if one.row.sheet == other.row.sheet:
        return False
    first, second = (keys_of(draft.row.plain(), draft.row.sheet) for draft in (one, other))
    return contradict(first, second)


def mark_alike(drafts: Sequence[Draft]) -> None:
    """Warn, at the first of them, of lines that only their order in the list tells apart."""
    alike: dict[tuple[str, str, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        row = draft.row
        numbered = any(_values(draft, field) for field in ("tag", "serial", "macs"))
        if row.name and not numbered and not draft.refused:
            unit = row.unit or row.unit_text or row.sheet
            alike[row.sheet, folded(unit), folded(row.name)].append(draft)
    for same in alike.values():
        if len(same) > 1:
            row, cell = same[0].row, same[0].cells["name"]
            others = ", ".join(_place(one, "name") for one in same[1:_NAMED])
            said = {"shown": row.name, "number": str(len(same)), "others": others}
            warning = Problem(
                row.sheet, cell, "not_distinct", same[0].heads["name"], row.name, said
            )
            same[0].problems.append(warning)


def _holders(drafts: Sequence[Draft], field: str) -> dict[str, list[int]]:
    """value → the drafts that hold it, where several do."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, draft in enumerate(drafts):
        for value in dict.fromkeys(_values(draft, field)):
            found[value].append(place)
    return {value: places for value, places in found.items() if len(places) > 1}


def _values(draft: Draft, field: str) -> list[str]:
    row = draft.row
    if field == "macs":
        return [mac for one in row.macs if (mac := usable(Kind.MAC, one))]
    text = row.tag if field == "tag" else row.serial
    number = usable(Kind.TAG if field == "tag" else Kind.SERIAL, text or "")
    return [number] if number else []


def _tell(
    drafts: Sequence[Draft], place: int, others: Sequence[int], field: str, kind: str, value: str
) -> None:
    draft = drafts[place]
    cells = [_place(drafts[one], field) for one in others[:_NAMED]]
    more = ", …" if len(others) > _NAMED else ""
    said = {"shown": value, "others": ", ".join(cells) + more}
    cell, head = draft.cells[field], draft.heads[field]
    draft.problems.append(Problem(draft.row.sheet, cell, kind, head, value, said))


def _place(draft: Draft, field: str) -> str:
    return f"{draft.row.sheet}!{draft.cells[field]}"
