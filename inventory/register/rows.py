"""What a register says: its rows, and what is wrong with some, each at the cell where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

#: Kinds of problems that are told and do not refuse the row.
WARNINGS = frozenset(
    (
        *("unit_unknown", "unit_ambiguous", "unit_ended", "unit_missing", "kind_unknown"),
        *("state_unknown", "number_junk", "mac_local", "not_distinct", "tag_elsewhere"),
        "serial_elsewhere",
    )
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell, or one row at its first cell, that a person should look at.

    ``column``: the head as it stands in the sheet; ``said``: what the words for ``kind`` need.
    """

    sheet: str
    cell: str
    kind: str
    column: str = ""
    value: str = ""
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where, as Excel names it: ``Xã Bảo Hà!C14``."""
        return f"{self.sheet}!{self.cell}"

    @property
    def refuses(self) -> bool:
        """Whether the row was left out because of it."""
        return self.kind not in WARNINGS


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that is no machine: a total, a heading, a signature."""

    sheet: str
    cell: str
    why: str  #: total, section, signature, numbers, header_again, numbered_only
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRow:
    """One machine as a row of the register describes it.

    ``unit_text`` is what stands there and ``unit`` the code that it was resolved to; ``kind`` is
    one of `values.words`; ``bought_on`` is an ISO date with what is known (``2021``, ``2021-05``);
    ``place`` is where the row stands (``Xã Bảo Hà!A14``), ``location`` where the machine does.
    """

    place: str
    sheet: str
    name: str = ""
    tag: str | None = None
    serial: str | None = None
    macs: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    unit_text: str | None = None
    unit: str | None = None
    kind: str = "unknown"
    model: str | None = None
    vendor: str | None = None
    holder: str | None = None
    bought_on: str | None = None
    state: str | None = None
    location: str | None = None
    note: str | None = None

    def plain(self) -> dict[str, Any]:
        """What it says, without what is empty and without where it stands."""
        named = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in named
            if value and name not in {"place", "sheet"}
        }
